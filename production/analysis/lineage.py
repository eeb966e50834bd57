"""Where a workplace hung, day by day: its chain of territories and its sector. Pure: no Django, no clock.

Days are proleptic ordinals (``date.toordinal``); periods are half-open, ``first <= day < until``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: Before every date and after every date.
DAWN, DUSK = 0, 4_000_000
#: Stands for "no sector" and, in a row, for "all sectors".
ALL = 0


@dataclass(frozen=True, order=True)
class Edge:
    """``child`` hangs from ``parent`` (or works in sector ``parent``) from ``first`` until before ``until``."""

    child: int
    first: int
    until: int
    parent: int


@dataclass(frozen=True)
class Stretch:
    """Days during which nothing about a place in the tree changed. ``above``: nearest first."""

    first: int
    until: int
    above: tuple[int, ...]
    sector: int = ALL


@dataclass
class Lineage:
    """The dated tree and the dated sectors, with the answers remembered."""

    placements: Mapping[int, list[Edge]]
    sectors: Mapping[int, list[Edge]]
    _lines: dict[int, list[Stretch]] = field(default_factory=dict)

    @classmethod
    def of(cls, placements: Iterable[Edge], sectors: Iterable[Edge]) -> Lineage:
        """Built from the edges of territories and of sectors."""
        return cls(_by_child(placements), _by_child(sectors))

    def line(self, place: int, _seen: frozenset[int] = frozenset()) -> list[Stretch]:
        """What is above ``place`` over all of time, in order and without gaps.

        A circle of placements, which no verb makes, is cut where it closes.
        """
        if place in self._lines:
            return self._lines[place]
        seen = _seen | {place}
        stretches: list[Stretch] = []
        reached = DAWN
        for edge in self.placements.get(place, []):
            if edge.parent in seen:
                continue
            if edge.first > reached:
                stretches.append(Stretch(reached, edge.first, ()))
            for higher in self.line(edge.parent, seen):
                first, until = max(edge.first, higher.first), min(edge.until, higher.until)
                if first < until:
                    stretches.append(Stretch(first, until, (edge.parent, *higher.above)))
            reached = edge.until
        if reached < DUSK:
            stretches.append(Stretch(reached, DUSK, ()))
        self._lines[place] = stretches
        return stretches

    def stretches(self, workplace: int) -> list[Stretch]:
        """``line`` cut once more where the workplace changed its sector."""
        out = []
        for part in self.line(workplace):
            reached = part.first
            for edge in self.sectors.get(workplace, []):
                first, until = max(edge.first, part.first), min(edge.until, part.until)
                if first >= until:
                    continue
                if first > reached:
                    out.append(Stretch(reached, first, part.above))
                out.append(Stretch(first, until, part.above, edge.parent))
                reached = until
            if reached < part.until:
                out.append(Stretch(reached, part.until, part.above))
        return out

    def above(self, place: int, first: int, last: int) -> set[int]:
        """Everything above ``place`` on at least one day of ``first..last``, both included."""
        return {a for s in self.line(place) if s.first <= last and s.until > first for a in s.above}

    def parents(self, place: int, first: int, last: int) -> set[int]:
        """What ``place`` hung from directly on at least one day of ``first..last``, both included."""
        return {e.parent for e in self.placements.get(place, []) if e.first <= last and e.until > first}

    def sector(self, workplace: int, day: int) -> int:
        """The sector of ``workplace`` on ``day``; ``ALL`` where it has none."""
        return next((e.parent for e in self.sectors.get(workplace, []) if e.first <= day < e.until), ALL)

    def children(self, day: int) -> dict[int, list[int]]:
        """Direct children of every territory on ``day``."""
        out: dict[int, list[int]] = {}
        for edges in self.placements.values():
            for e in edges:
                if e.first <= day < e.until:
                    out.setdefault(e.parent, []).append(e.child)
        return out

    def unsettled(self, first: int, last: int) -> set[int]:
        """Territories below which a placement or a sector changed inside ``first..last``.

        A change on ``first`` itself is none: the whole period lies on one side of it.
        """
        moved = {
            edges[0].child
            for table in (self.placements, self.sectors)
            for edges in table.values()
            if any(first < e.first <= last or first < e.until <= last for e in edges)
        }
        return {a for place in moved for a in self.above(place, first, last)}

    def depth(self, place: int) -> int:
        """How many levels are above ``place`` where it hung deepest."""
        return max(len(s.above) for s in self.line(place))


def _by_child(edges: Iterable[Edge]) -> dict[int, list[Edge]]:
    out: dict[int, list[Edge]] = {}
    for edge in sorted(edges):
        out.setdefault(edge.child, []).append(edge)
    return out
