"""Where a workplace hung, day by day."""

from production.analysis.lineage import ALL, DAWN, DUSK, Edge, Lineage, Stretch

MILL, NORTH, SOUTH, NATION, GLASS, TEXTILE = range(1, 7)


def tree(*extra: Edge, sectors: tuple[Edge, ...] = ()) -> Lineage:
    placements = [Edge(MILL, 100, 200, NORTH), Edge(MILL, 200, DUSK, SOUTH), *extra]
    return Lineage.of([*placements, *(Edge(c, 50, DUSK, NATION) for c in (NORTH, SOUTH))], sectors)


def test_line_covers_all_of_time():
    assert tree().line(MILL) == [
        Stretch(DAWN, 100, ()),
        Stretch(100, 200, (NORTH, NATION)),
        Stretch(200, DUSK, (SOUTH, NATION)),
    ]


def test_stretches_are_cut_where_the_sector_changes():
    lineage = tree(sectors=(Edge(MILL, 150, 250, GLASS), Edge(MILL, 250, DUSK, TEXTILE)))
    assert [(s.first, s.above[:1], s.sector) for s in lineage.stretches(MILL)] == [
        (DAWN, (), ALL),
        (100, (NORTH,), ALL),
        (150, (NORTH,), GLASS),
        (200, (SOUTH,), GLASS),
        (250, (SOUTH,), TEXTILE),
    ]


def test_above_on_any_day_of_a_period():
    assert tree().above(MILL, 190, 205) == {NORTH, SOUTH, NATION}
    assert tree().above(MILL, 10, 20) == set()
    assert tree().parents(MILL, 190, 205) == {NORTH, SOUTH}


def test_unsettled_names_everything_above_a_move_inside_the_period():
    assert tree().unsettled(190, 205) == {NORTH, SOUTH, NATION}
    assert tree().unsettled(200, 220) == set()  # the move is its first day: one side of it
    assert tree().unsettled(120, 199) == set()


def test_a_circle_of_placements_ends():
    circle = Lineage.of([Edge(NORTH, 0, DUSK, SOUTH), Edge(SOUTH, 0, DUSK, NORTH)], [])
    assert circle.above(NORTH, 1, 1) == {SOUTH}
    assert circle.depth(NORTH) == 1


def test_children_on_a_day():
    assert tree().children(150) == {NORTH: [MILL], NATION: [NORTH, SOUTH]}
