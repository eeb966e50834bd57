"""Which sums may be shown: the threshold of official statistics, and what subtraction would tell. Pure.

A *cell* is one number: of a workplace alone, or the sum of a territory, for every sector or for
one. ``protected`` counts the workplaces in it whose own figure is not public. A *line* says that
a total is the sum of its parts: a territory of its children, every sector of each sector.

Rules (see e.g. Hundepool et al., *Statistical Disclosure Control*, 2012, ch. 4):

1. Primary: a sum is shown if at least ``THRESHOLD`` workplaces are in it, and if among them those
   that are not public are none, or at least ``THRESHOLD``. (Otherwise the sum minus the public
   parts would be the figure of one, or of two.)
2. Secondary: in each line whose total is shown, what is left after subtracting the parts shown
   must again be nothing or the sum of ``THRESHOLD`` workplaces. Else the smallest part shown is
   withheld too; where no part is left, the total.
3. A total that is withheld must not be the sum of parts that are all shown: the smallest of them
   is withheld as well.

Repeated until nothing changes. Where some of the workplaces of a sum have said more than the others (what they could
make), showing the part that said it tells the rest of the sum as well: both must be safe (``withheld_parts``). This
protects against every subtraction within one line; not against solving several lines together, nor against comparing
periods or two moments of one page.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

THRESHOLD = 3
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Cell:
    """``workplaces`` put a figure in; ``protected`` of them are not public. ``single``: one workplace's own."""

    workplaces: int
    protected: int
    single: bool = False


@dataclass(frozen=True)
class Line(Generic[Name]):
    """``total`` is the sum of ``parts`` and of whatever of it has no part (workplaces without a sector)."""

    total: Name
    parts: tuple[Name, ...]


def withheld(cells: Mapping[Name, Cell], lines: Sequence[Line[Name]]) -> set[Name]:
    """Names of the cells that may not be shown. What lines mention and ``cells`` lacks is nothing: nobody is in it.

    A single workplace is withheld exactly where it is protected. Ties are broken by the order of ``str(name)``,
    so that the same cells are withheld at each look.
    """
    hidden = {name for name, cell in cells.items() if _is_primary(cell)}
    _spread([cells], lines, hidden, cells.keys())
    return hidden


def withheld_parts(
    wholes: Mapping[Name, Cell], parts: Mapping[Name, Cell], lines: Sequence[Line[Name]], hidden: Set[Name]
) -> set[Name]:
    """Names of the ``parts`` that may not be shown, where the ``wholes`` but for the ``hidden`` are shown.

    A part is the sum of some of the workplaces of the whole of its name. Beside its whole it tells the rest, so
    the rest of each shown part must be nothing or the sum of ``THRESHOLD`` workplaces that are not public; and
    so in each line of what is left of the parts, and of the rests. A part whose whole is withheld is withheld.
    """
    rests = {
        name: Cell(whole.workplaces - part.workplaces, whole.protected - part.protected, whole.single)
        for name, whole in wholes.items()
        for part in [parts.get(name, Cell(0, 0))]
    }
    unseen = set(hidden) | {
        name for name, part in parts.items() if _is_primary(part) or 0 < rests[name].protected < THRESHOLD
    }
    _spread([parts, rests], lines, unseen, parts.keys())
    return unseen & parts.keys()


def unmasked(asked: set[Name], cells: Mapping[Name, Cell], lines: Sequence[Line[Name]], hidden: set[Name]) -> set[Name]:
    """Which of the withheld cells ``asked`` may be shown to who is in them: those that tell nothing of others.

    A small sum of her own beside the total of which it is a part would, by subtraction, be the rest of that total.
    """
    free: set[Name] = set()
    for name in sorted(asked, key=str):
        above = [line for line in lines if name in line.parts and line.total not in asked]
        left = hidden - free - {name}
        if all(_unsafe(line, cells, left, cells.keys()) is None for line in above):
            free.add(name)
    return free


def _is_primary(cell: Cell) -> bool:
    if cell.single:
        return cell.protected > 0
    return 0 < cell.workplaces < THRESHOLD or 0 < cell.protected < THRESHOLD


def _spread(
    families: Sequence[Mapping[Name, Cell]], lines: Sequence[Line[Name]], hidden: set[Name], movable: Set[Name]
) -> None:
    """Withhold more, of ``movable``, until no line of any family tells what ``hidden`` withholds."""
    changed = True
    while changed:
        changed = False
        for cells in families:
            for line in lines:
                name = _unsafe(line, cells, hidden, movable)
                if name is not None:
                    hidden.add(name)
                    changed = True


def _unsafe(line: Line[Any], cells: Mapping[Any, Cell], hidden: set[Any], movable: Set[Any]) -> Any:
    """The cell that must be withheld besides, so that ``line`` tells nothing; None if it does not."""
    total = cells.get(line.total)
    if total is None or not total.protected:
        return None
    parts = [(name, cells[name]) for name in line.parts if name in cells]
    rest = max(0, total.protected - sum(cell.protected for _name, cell in parts))
    left = rest + sum(cell.protected for name, cell in parts if name in hidden)
    is_safe = left > 0 if line.total in hidden else left == 0 or left >= THRESHOLD
    if is_safe:
        return None
    free = [(name, cell) for name, cell in parts if name not in hidden and name in movable]
    shown = [(cell.protected, str(name), name) for name, cell in free if cell.protected]
    if shown:
        return min(shown, key=lambda found: found[:2])[2]
    return None if line.total in hidden or line.total not in movable else line.total
