"""Which sums may be shown."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from production.analysis.disclosure import THRESHOLD, Cell, Line, withheld, withheld_parts


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


def test_part_is_shown_where_it_and_the_rest_are_three_or_all():
    wholes = {"a": sum_of(6), "b": sum_of(5), "c": sum_of(4), "d": sum_of(5)}
    parts = {"a": sum_of(3), "b": sum_of(3), "c": sum_of(4), "d": sum_of(2)}
    assert withheld_parts(wholes, parts, [], set()) == {"b", "d"}  # five minus three are two; and two are two


def test_part_of_a_withheld_whole_is_withheld():
    assert withheld_parts({"a": sum_of(9)}, {"a": sum_of(9)}, [], {"a"}) == {"a"}


def test_rest_that_shares_tells_nothing():
    assert withheld_parts({"a": sum_of(5, public=2)}, {"a": sum_of(3)}, [], set()) == set()


def test_rest_of_one_is_not_told_by_the_rests_beside_it():
    """In "a" one of four has not said it. The nation's rest minus that of "b" would be the same one."""
    wholes = {"nation": sum_of(14), "a": sum_of(4), "b": sum_of(10)}
    parts = {"nation": sum_of(10), "a": sum_of(3), "b": sum_of(7)}
    assert withheld_parts(wholes, parts, [Line("nation", ("a", "b"))], set()) == {"a", "b"}


def test_part_is_withheld_beside_those_who_said_nothing():
    """Nobody in "b" has said it, so its whole is its rest: the nation's rest minus it would be the one of "a"."""
    wholes = {"nation": sum_of(9), "a": sum_of(4), "b": sum_of(5)}
    parts = {"nation": sum_of(3), "a": sum_of(3)}
    assert withheld_parts(wholes, parts, [Line("nation", ("a", "b"))], set()) == {"nation", "a"}


def table_of(grid: list[list[int]]) -> dict[Hashable, Cell]:
    """Cordones × sectors, with margins."""
    cells: dict[Hashable, Cell] = {(i, j): sum_of(n) for i, r in enumerate(grid) for j, n in enumerate(r)}
    cells |= {(i, "all"): sum_of(sum(r)) for i, r in enumerate(grid)}
    cells |= {("nation", j): sum_of(sum(column)) for j, column in enumerate(zip(*grid, strict=True))}
    cells["nation", "all"] = sum_of(sum(map(sum, grid)))
    return cells


def lines_of(grid: list[list[int]]) -> list[Line[Hashable]]:
    rows, columns = range(len(grid)), range(len(grid[0]))
    lines: list[Line[Hashable]] = [Line((i, "all"), tuple((i, j) for j in columns)) for i in [*rows, "nation"]]
    return lines + [Line(("nation", j), tuple((i, j) for i in rows)) for j in [*columns, "all"]]


def assert_safe(lines: list[Line[Hashable]], cells: dict[Hashable, Cell], hidden: set[Hashable]) -> None:
    """What each line leaves over is nothing, or three workplaces; a withheld total is not what is shown of it."""
    for line in lines:
        left = sum(cells[part].protected for part in line.parts if part in hidden)
        if line.total not in hidden:
            assert left == 0 or left >= THRESHOLD
        elif cells[line.total].protected:
            assert left > 0


def even(table: list[list[Any]], nothing: Any) -> list[list[Any]]:
    width = max(len(r) for r in table)
    return [r + [nothing] * (width - len(r)) for r in table]


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_line_tells_the_sum_of_one_or_two(table: list[list[int]]):
    grid = even(table, 0)
    cells, lines = table_of(grid), lines_of(grid)
    hidden = withheld(cells, lines)
    assert_safe(lines, cells, hidden)
    assert all(name in hidden for name, cell in cells.items() if 0 < cell.workplaces < THRESHOLD)


said = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(st.lists(st.lists(said, min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_line_tells_who_said_what_they_could_make_and_who_did_not(table: list[list[tuple[int, int]]]):
    """In each cell some have said it and some have not: neither those nor these come down to one or two."""
    grid = even(table, (0, 0))
    lines = lines_of([[sum(n) for n in r] for r in grid])
    wholes = table_of([[sum(n) for n in r] for r in grid])
    parts = {name: cell for name, cell in table_of([[n[0] for n in r] for r in grid]).items() if cell.workplaces}
    rests = table_of([[n[1] for n in r] for r in grid])
    hidden = withheld(wholes, lines)
    unseen = hidden | withheld_parts(wholes, parts, lines, hidden)
    told = parts.keys() - unseen
    assert all(parts[name].workplaces >= THRESHOLD for name in told)
    assert all(rests[name].workplaces == 0 or rests[name].workplaces >= THRESHOLD for name in told)
    nothing = {name: Cell(0, 0) for name in wholes}
    assert_safe(lines, nothing | parts, unseen)
    # a part that is withheld does not tell whether anything of its whole is left: its rest is no known nothing
    unknown = {name: Cell(1, 1) if name in unseen and not rests[name].protected else rests[name] for name in rests}
    assert_safe([line for line in lines if line.total in unseen - hidden], unknown, unseen)
    assert_safe([line for line in lines if line.total not in unseen], rests, unseen)
