"""Roll-up arithmetic on a handful of figures, each sum written out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from production.analysis.lineage import ALL, DUSK, Edge, Lineage
from production.analysis.rollup import (
    FREQUENCY,
    MICRO,
    Facts,
    Key,
    Row,
    ints,
    join_over_space,
    own_day,
    periods_of,
    summarise,
)

MILL, FOUNDRY, OVEN, NORTH, NATION, GLASS, TONS, STOCK, WASTE, DAYS_LEFT = range(1, 11)
MONDAY = dt.date(2026, 11, 30)  # its week ends in December
HOW = {TONS: "sum", STOCK: "last", WASTE: "mean", DAYS_LEFT: "ratio"}


@dataclass
class World:
    """Facts, one call each."""

    series: list[tuple[int, int, int, str]] = field(default_factory=list)  # territory, workplace, indicator, frequency
    figures: list[tuple[int, dt.date, int]] = field(default_factory=list)
    said: list[tuple[int, int]] = field(default_factory=list)  # of each figure: capability, potentiality
    due: list[tuple[int, dt.date]] = field(default_factory=list)
    stops: list[tuple[int, dt.date]] = field(default_factory=list)
    ratios: dict[int, tuple[int, int]] = field(default_factory=dict)
    edges: list[Edge] = field(
        default_factory=lambda: [
            Edge(MILL, 0, DUSK, NORTH),
            Edge(FOUNDRY, 0, DUSK, NORTH),
            Edge(NORTH, 0, DUSK, NATION),
        ]
    )

    def measure(self, place: int, what: int, frequency: str = "day", workplace: int = 0) -> int:
        self.series.append((place, workplace or place, what, frequency))
        return len(self.series) - 1

    def say(self, series: int, on: dt.date, value: int, due: bool = True, of: tuple[int, int] = (0, 0)) -> None:
        """``of``: what was said could be made; zeros: nothing was said."""
        self.figures.append((series, on, value * MICRO))
        self.said.append((of[0] * MICRO, of[1] * MICRO))
        if due:
            self.due.append((series, on))

    def rows(self) -> dict[Key, Row]:
        lineage = Lineage.of(self.edges, [Edge(MILL, 0, DUSK, GLASS)])
        return summarise(
            Facts(
                territory=ints(s[0] for s in self.series),
                workplace=ints(s[1] for s in self.series),
                indicator=ints(s[2] for s in self.series),
                frequency=ints(FREQUENCY[s[3]] for s in self.series),
                aggregation=HOW,
                ratios=self.ratios,
                stretches={s[1]: lineage.stretches(s[1]) for s in self.series},
                figure_series=ints(f[0] for f in self.figures),
                figure_start=ints(f[1].toordinal() for f in self.figures),
                figure_value=ints(f[2] for f in self.figures),
                figure_simulated=ints(0 for _f in self.figures),
                figure_capability=ints(said[0] for said in self.said),
                figure_potentiality=ints(said[1] for said in self.said),
                due_series=ints(d[0] for d in self.due),
                due_start=ints(d[1].toordinal() for d in self.due),
                stop_series=ints(s[0] for s in self.stops),
                stop_start=ints(s[1].toordinal() for s in self.stops),
                stop_simulated=ints(0 for _s in self.stops),
            )
        )


def row(
    value: int | None,
    base: int | None = None,
    answers: tuple[int, int] = (1, 1),
    of: int = 1,
    largest: int | None = None,
) -> Row:
    micro = [None if v is None else v * MICRO for v in (value, base, value if largest is None else largest)]
    return Row(micro[0], micro[1], *answers, of, micro[2], False)


def at(place: int, what: int, grain: str, start: dt.date, sector: int = ALL) -> Key:
    return Key(place, what, sector, grain, start)


@pytest.mark.parametrize(
    ("frequency", "start", "expected"),
    [
        ("day", MONDAY, [("day", MONDAY), ("week", MONDAY), ("month", dt.date(2026, 11, 1))]),
        ("week", MONDAY, [("week", MONDAY), ("month", dt.date(2026, 12, 1))]),  # its Thursday is in December
        ("month", dt.date(2026, 11, 1), [("month", dt.date(2026, 11, 1))]),
    ],
)
def test_periods_of_a_figure(frequency: str, start: dt.date, expected: list[tuple[str, dt.date]]):
    assert periods_of(frequency, start) == expected


def test_own_day_of_a_month_is_its_last():
    assert own_day("month", dt.date(2024, 2, 1)) == dt.date(2024, 2, 29)


def test_sums_add_over_days_and_workplaces_and_by_sector():
    world = World()
    mill, foundry = world.measure(MILL, TONS), world.measure(FOUNDRY, TONS)
    for series, on, value in ((mill, MONDAY, 3), (mill, MONDAY + dt.timedelta(1), 4), (foundry, MONDAY, 10)):
        world.say(series, on, value)
    rows = world.rows()
    assert rows[at(NATION, TONS, "day", MONDAY)] == row(13, answers=(2, 2), of=2, largest=10)
    assert rows[at(NORTH, TONS, "week", MONDAY)] == row(17, answers=(3, 3), of=2, largest=10)
    assert rows[at(NORTH, TONS, "month", dt.date(2026, 12, 1))] == row(4)
    assert rows[at(NORTH, TONS, "week", MONDAY, GLASS)] == row(7, answers=(2, 2))
    assert at(MILL, TONS, "week", MONDAY, GLASS) not in rows


def test_mean_divides_the_sum_by_the_count():
    world = World()
    mill = world.measure(MILL, WASTE)
    for n, value in enumerate((5, 6, 10)):
        world.say(mill, MONDAY + dt.timedelta(n), value)
    assert world.rows()[at(NORTH, WASTE, "week", MONDAY)] == row(21, 3, (3, 3))


def test_last_keeps_the_last_figure_of_each_workplace():
    world = World()
    mill, foundry = world.measure(MILL, STOCK), world.measure(FOUNDRY, STOCK)
    for series, n, value in ((mill, 0, 50), (mill, 3, 40), (foundry, 1, 7)):
        world.say(series, MONDAY + dt.timedelta(n), value)
    assert world.rows()[at(NATION, STOCK, "week", MONDAY)] == row(47, answers=(3, 3), of=2, largest=40)


def test_last_is_told_by_the_sections_once_they_report_themselves():
    world = World()
    whole, oven = world.measure(MILL, STOCK), world.measure(OVEN, STOCK, workplace=MILL)
    world.say(whole, MONDAY, 50)
    world.say(oven, MONDAY + dt.timedelta(1), 8)
    rows = world.rows()
    assert rows[at(MILL, STOCK, "week", MONDAY)] == row(8, answers=(2, 2))
    assert rows[at(OVEN, STOCK, "week", MONDAY)] == row(8)


def test_ratio_divides_the_sums_of_its_parts():
    world = World(ratios={DAYS_LEFT: (STOCK, TONS)})
    stock, tons, foundry = world.measure(MILL, STOCK), world.measure(MILL, TONS), world.measure(FOUNDRY, TONS)
    for series, value in ((stock, 30), (tons, 4), (foundry, 6)):
        world.say(series, MONDAY, value)
    # both of its parts are known of one workplace only
    assert world.rows()[at(NORTH, DAYS_LEFT, "day", MONDAY)] == row(30, 10, (3, 3), of=1)


def test_ratio_without_its_numerator_has_no_value():
    world = World(ratios={DAYS_LEFT: (STOCK, TONS)})
    world.say(world.measure(MILL, TONS), MONDAY, 4)
    assert world.rows()[at(NORTH, DAYS_LEFT, "day", MONDAY)] == Row(None, 4 * MICRO, 1, 1, 0, None, False)


def test_stoppage_is_an_answer_and_not_a_zero():
    world = World()
    mill, foundry = world.measure(MILL, TONS), world.measure(FOUNDRY, TONS)
    world.due = [(mill, MONDAY), (foundry, MONDAY)]
    world.stops = [(mill, MONDAY), (foundry, MONDAY + dt.timedelta(1))]  # the second was not due
    rows = world.rows()
    assert rows[at(NORTH, TONS, "day", MONDAY)] == Row(None, None, 1, 2, 0, None, False)
    assert at(FOUNDRY, TONS, "day", MONDAY + dt.timedelta(1)) not in rows


def test_figure_of_a_day_that_was_not_due_counts_in_the_value_alone():
    world = World()
    world.say(world.measure(MILL, TONS), MONDAY, 9, due=False)
    assert world.rows()[at(MILL, TONS, "day", MONDAY)] == row(9, answers=(0, 0))


def test_a_move_splits_the_period_and_not_the_nation():
    world = World(
        edges=[
            Edge(MILL, 0, MONDAY.toordinal() + 1, NORTH),
            Edge(MILL, MONDAY.toordinal() + 1, DUSK, NATION),
            Edge(NORTH, 0, DUSK, NATION),
        ]
    )
    mill, stock = world.measure(MILL, TONS), world.measure(MILL, STOCK)
    for n in range(2):
        world.say(mill, MONDAY + dt.timedelta(n), 5)
        world.say(stock, MONDAY + dt.timedelta(n), 20 + n)
    rows = world.rows()
    assert rows[at(NORTH, TONS, "week", MONDAY)] == row(5)
    assert rows[at(NATION, TONS, "week", MONDAY)] == row(10, answers=(2, 2))
    assert rows[at(NATION, STOCK, "week", MONDAY)] == row(21, answers=(2, 2))
    # its last figure was given elsewhere: here it answered, and has no value
    assert rows[at(NORTH, STOCK, "week", MONDAY)] == Row(None, None, 1, 1, 0, None, False)


def test_sums_of_the_largest_figures_are_exact():
    world = World()
    mill = world.measure(MILL, TONS)
    days = [MONDAY + dt.timedelta(n) for n in range(7)]
    for on in days:
        world.say(mill, on, 999_999_999_999)
    for n in range(5):
        world.say(world.measure(100 + n, TONS), MONDAY, 999_999_999_999)
        world.edges.append(Edge(100 + n, 0, DUSK, NORTH))
    assert world.rows()[at(NORTH, TONS, "week", MONDAY)].numerator == 12 * 999_999_999_999 * MICRO


def compared(found: Row) -> tuple[int | None, ...]:
    """Actuality, capability, potentiality (whole units), workplaces and figures."""
    amounts = [None if v is None else v // MICRO for v in (found.actuality, found.capability, found.potentiality)]
    return *amounts, found.answered, found.compared


def test_what_is_made_is_summed_beside_what_could_be_made():
    world = World()
    mill, foundry = world.measure(MILL, TONS), world.measure(FOUNDRY, TONS)
    world.say(mill, MONDAY, 3, of=(5, 9))
    world.say(mill, MONDAY + dt.timedelta(1), 4, of=(6, 9))  # it could more from that day on
    world.say(foundry, MONDAY, 10, of=(12, 20))
    rows = world.rows()
    assert compared(rows[at(NATION, TONS, "day", MONDAY)]) == (13, 17, 29, 2, 2)
    assert compared(rows[at(NATION, TONS, "week", MONDAY)]) == (17, 23, 38, 2, 3)
    assert compared(rows[at(NORTH, TONS, "week", MONDAY, GLASS)]) == (7, 11, 18, 1, 2)


def test_workplace_that_did_not_say_it_is_in_the_sum_and_not_compared():
    world = World()
    world.say(world.measure(MILL, TONS), MONDAY, 3, of=(5, 9))
    world.say(world.measure(FOUNDRY, TONS), MONDAY, 10)
    rows = world.rows()
    assert rows[at(NATION, TONS, "day", MONDAY)].numerator == 13 * MICRO
    assert compared(rows[at(NATION, TONS, "day", MONDAY)]) == (3, 5, 9, 1, 1)
    assert compared(rows[at(FOUNDRY, TONS, "day", MONDAY)]) == (None, None, None, 0, 0)


def test_period_in_which_it_was_said_of_some_days_only_is_not_compared():
    world = World()
    mill = world.measure(MILL, TONS)
    world.say(mill, MONDAY, 3)
    world.say(mill, MONDAY + dt.timedelta(1), 4, of=(6, 9))
    rows = world.rows()
    assert compared(rows[at(MILL, TONS, "day", MONDAY + dt.timedelta(1))]) == (4, 6, 9, 1, 1)
    assert compared(rows[at(NATION, TONS, "week", MONDAY)]) == (None, None, None, 0, 0)


def test_day_without_figure_adds_nothing_to_what_could_be_made():
    world = World()
    mill = world.measure(MILL, TONS)
    world.say(mill, MONDAY, 3, of=(5, 9))
    world.due.append((mill, MONDAY + dt.timedelta(1)))
    world.stops = [(mill, MONDAY + dt.timedelta(1))]
    assert compared(world.rows()[at(MILL, TONS, "week", MONDAY)]) == (3, 5, 9, 1, 1)


def test_last_values_are_compared_by_the_last_alone():
    world = World()
    stock = world.measure(MILL, STOCK)
    world.say(stock, MONDAY, 50)  # nothing was said yet
    world.say(stock, MONDAY + dt.timedelta(3), 40, of=(80, 90))
    assert compared(world.rows()[at(NATION, STOCK, "week", MONDAY)]) == (40, 80, 90, 1, 1)


def test_ratio_is_not_compared():
    world = World(ratios={DAYS_LEFT: (STOCK, TONS)})
    world.say(world.measure(MILL, STOCK), MONDAY, 30, of=(40, 50))
    world.say(world.measure(MILL, TONS), MONDAY, 4, of=(5, 6))
    assert compared(world.rows()[at(NORTH, DAYS_LEFT, "day", MONDAY)]) == (None, None, None, 0, 0)


def test_the_largest_answers_are_summed_exactly():
    world = World()
    most = 999_999_999_999
    for n in range(12):
        world.say(world.measure(100 + n, TONS), MONDAY, most, of=(most, most))
        world.edges.append(Edge(100 + n, 0, DUSK, NORTH))
    assert compared(world.rows()[at(NORTH, TONS, "week", MONDAY)]) == (12 * most, 12 * most, 12 * most, 12, 12)


def test_no_facts_no_rows():
    assert World().rows() == {}
    world = World()
    world.measure(MILL, TONS)
    assert world.rows() == {}


def test_join_over_space_adds_what_there_is():
    parts = [row(3, 1, (1, 1)), Row(None, 0, 1, 1, 0, None, True)]
    assert join_over_space(parts, 5) == Row(3 * MICRO, MICRO, 2, 5, 1, 3 * MICRO, True)
    assert join_over_space([Row(None, None, 1, 1, 0, None, False)], 1) == Row(None, None, 1, 1, 0, None, False)


def test_join_over_space_adds_what_was_compared():
    said = Row(9, None, 1, 1, 1, 9, False, 9, 10, 11, 1, 1)
    assert join_over_space([said, row(3), said], 3)[7:] == (18, 20, 22, 2, 2)
