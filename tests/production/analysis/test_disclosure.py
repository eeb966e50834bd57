"""Which sums may be shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from production.analysis.disclosure import THRESHOLD, Cell, Line, withheld


def sum_of(n: int, public: int = 0) -> Cell:
    return Cell(n, n - public)


def test_sum_of_fewer_than_three_is_withheld():
    assert withheld({"a": sum_of(2), "b": sum_of(3), "c": sum_of(0)}, []) == {"a"}


def test_sum_that_minus_its_public_parts_is_one_workplace_is_withheld():
    assert withheld({"a": sum_of(4, public=3), "b": sum_of(4, public=4), "c": sum_of(5, public=2)}, []) == {"a"}


def test_single_workplace_is_shown_where_it_shares():
    cells = {"shares": Cell(1, 0, single=True), "does not": Cell(1, 1, single=True)}
    assert withheld(cells, []) == {"does not"}


def test_one_withheld_part_takes_a_second_with_it():
    cells = {"nation": sum_of(12), "a": sum_of(2), "b": sum_of(6), "c": sum_of(4)}
    assert withheld(cells, [Line("nation", ("a", "b", "c"))]) == {"a", "c"}


def test_without_a_second_part_the_total_is_withheld():
    cells = {"nation": sum_of(3), "a": sum_of(2), "b": Cell(1, 0, single=True)}
    cells["nation"] = Cell(5, 5)
    assert withheld(cells, [Line("nation", ("a",))]) == {"a"}  # three more have no part of their own
    cells["nation"] = Cell(4, 2)
    assert withheld(cells, [Line("nation", ("a", "b"))]) == {"a", "nation"}


def test_three_withheld_workplaces_are_enough():
    cells = {"nation": sum_of(9), "a": sum_of(2), "b": sum_of(1), "c": sum_of(6)}
    assert withheld(cells, [Line("nation", ("a", "b", "c"))]) == {"a", "b"}


def test_what_was_withheld_is_not_the_sum_of_what_is_shown():
    cells = {
        "nation": sum_of(10), "a": sum_of(2), "b": sum_of(8),
        "b glass": sum_of(3), "b food": sum_of(5),
    }  # fmt: skip
    lines = [Line("nation", ("a", "b")), Line("b", ("b glass", "b food"))]
    assert withheld(cells, lines) == {"a", "b", "b glass"}


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_line_tells_the_sum_of_one_or_two(table: list[list[int]]):
    """Cordones × sectors, with margins: whatever one line leaves over is nothing, or three workplaces."""
    width = max(len(r) for r in table)
    grid = [r + [0] * (width - len(r)) for r in table]
    cells = {(i, j): sum_of(n) for i, r in enumerate(grid) for j, n in enumerate(r)}
    cells |= {(i, "all"): sum_of(sum(r)) for i, r in enumerate(grid)}
    cells |= {("nation", j): sum_of(sum(r[j] for r in grid)) for j in range(width)}
    cells["nation", "all"] = sum_of(sum(map(sum, grid)))
    rows = [*range(len(grid)), "nation"]
    lines = [Line((i, "all"), tuple((i, j) for j in range(width))) for i in rows]
    lines += [Line(("nation", j), tuple((i, j) for i in range(len(grid)))) for j in [*range(width), "all"]]
    hidden = withheld(cells, lines)
    for line in lines:
        left = sum(cells[part].protected for part in line.parts if part in hidden)
        if line.total not in hidden:
            assert left == 0 or left >= THRESHOLD
        elif cells[line.total].protected:
            assert left > 0
    assert all(name in hidden for name, cell in cells.items() if 0 < cell.workplaces < THRESHOLD)
