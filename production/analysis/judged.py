"""What is remembered of how a series was judged: of each of its last periods, and where it stands now. Pure: no Django.

Inside the workplace only, as every judgement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LEARNING, WATCHING, RECALIBRATING = "learning", "watching", "recalibrating"
TRANSIENT, STEP, SLOPE = "transient", "step", "slope"
#: From so sure on, a change is shown as a point. What opens an alert is the workplace's own threshold.
SHOWN_FROM = 0.5
#: After so many calm periods what is found is another change.
CALM = 4


@dataclass(frozen=True)
class Judged:
    """One period. ``expected``, ``low``, ``high``: as foreseen before its figure came; None while it was not watched.

    ``kind`` (empty: as expected), ``began_on`` (first day of the period with which the change began), ``size`` with its
    interval (of a slope: per period) and ``probability`` that something changed: as it was said that day. ``by_kind``:
    the chances of an odd period, another level, another direction; None where they were not kept. ``shielded``: a fault
    of the data kept the figure from being judged.
    """

    start: dt.date
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    kind: str = ""
    began_on: dt.date | None = None
    size: float = 0.0
    size_low: float = 0.0
    size_high: float = 0.0
    probability: float = 0.0
    by_kind: tuple[float, float, float] | None = None
    shielded: bool = False

    @property
    def is_change(self) -> bool:
        """Whether something is shown as changed."""
        return bool(self.kind) and self.probability >= SHOWN_FROM

    @property
    def falls(self) -> bool:
        """Whether the change goes down."""
        return self.size < 0

    @property
    def sign(self) -> str:
        """The shape of its point: transient, step, slope-up, slope-down."""
        if self.kind == SLOPE:
            return "slope-down" if self.falls else "slope-up"
        return self.kind


@dataclass(frozen=True)
class Change:
    """One change, by the last that was said of it. ``on``: the period whose point carries its shape."""

    on: dt.date
    last: Judged


@dataclass(frozen=True)
class Watched:
    """A series: its ``status``, how many figures are still ``wanting`` while it learns, its last periods in order.

    ``ahead``: what is expected of the period that comes next.
    """

    status: str
    wanting: int
    periods: Sequence[Judged]
    ahead: Judged | None = None

    @cached_property
    def by_start(self) -> dict[dt.date, Judged]:
        """Each period by its first day."""
        return {period.start: period for period in self.periods}

    @property
    def last(self) -> Judged | None:
        """The period judged last."""
        return self.periods[-1] if self.periods else None

    @cached_property
    def changes(self) -> list[Change]:
        """What was found, oldest first: judgements that follow each other within ``CALM`` periods are one change.

        An odd period and a new level are shown where they began, a direction where it has come to.
        """
        groups: list[list[Judged]] = []
        calm = CALM
        for period in self.periods:
            if not period.is_change:
                calm += 1
                continue
            if groups and calm < CALM:
                groups[-1].append(period)
            else:
                groups.append([period])
            calm = 0
        return [_change(group[-1]) for group in groups]

    @property
    def standing(self) -> Judged | None:
        """The change that stands today: the last judgement, where it says that something changed."""
        return self.last if self.last is not None and self.last.is_change else None


def _change(said: Judged) -> Change:
    where = said.start if said.kind == SLOPE or said.began_on is None else said.began_on
    return Change(where, said)
