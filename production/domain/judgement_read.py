"""What was judged of series, as the pages of their workplace read it. Nothing outside the workplace may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import DEFAULT, State
from production.analysis.usual_range import UsualRange, rounded
from production.analysis.watch import engine_version, foresee, number_of, start_of
from production.domain.calendar import WorkingCalendar, calendars_of
from production.enums import SeriesStatus
from production.models import EngineState, Series, SeriesJudgement

#: Beyond so many periods after the last judged one nothing is foreseen: the engine would not be watching any more.
FARTHEST = 60
#: A change whose beginning moves by no more than so many periods is the same change, better seen.
SAME_CHANGE = 5


@dataclass(frozen=True)
class Told:
    """After the period that began on ``judged`` a change was likely: of which kind, since when, how large, how sure.

    ``size`` in the unit of the figure (of a slope per period), with its interval; ``probability`` that something
    changed.
    """

    judged: dt.date
    kind: str
    began: dt.date
    size: float
    size_low: float
    size_high: float
    probability: float

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "judged": self.judged.isoformat(),
            "kind": self.kind,
            "began": self.began.isoformat(),
            "size": self.size,
            "low": self.size_low,
            "high": self.size_high,
            "p": self.probability,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Told:
        """The inverse of ``to_json``."""
        judged, began = dt.date.fromisoformat(data["judged"]), dt.date.fromisoformat(data["began"])
        return cls(judged, data["kind"], began, data["size"], data["low"], data["high"], data["p"])


@dataclass(frozen=True)
class Band:
    """What was expected of the period that began on ``start``, before its figure came."""

    start: dt.date
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Judged:
    """What was said of one series up to the period that began on ``start``; oldest first.

    ``wanting``: values that a learning series still needs. ``bands`` lack the periods of which nothing was expected.
    """

    start: dt.date
    status: SeriesStatus
    wanting: int
    bands: list[Band]
    told: list[Told]

    def points(self, threshold: float = DEFAULT.threshold) -> list[Told]:
        """One typed point a change, as it was seen last, of those that reached ``threshold`` (a probability).

        It is the same change, better seen, where it begins about when the one before began, or of the same kind before
        that one was seen last.
        """
        points: list[Told] = []
        for one in self.told:
            if one.probability < threshold:
                continue
            if points and _is_same(one, points[-1]):
                points[-1] = one
            else:
                points.append(one)
        return points

    def band_on(self, start: dt.date) -> Band | None:
        """What was expected of the period that began on ``start``."""
        return next((band for band in reversed(self.bands) if band.start == start), None)


def _is_same(one: Told, before: Told) -> bool:
    near = abs((one.began - before.began).days) <= SAME_CHANGE
    going_on = one.kind == before.kind and (one.size < 0) == (before.size < 0) and one.began <= before.judged
    return near or going_on


def judged_of(*, series: Iterable[Series]) -> dict[int, Judged]:
    """What was said of each series (by primary key); those never judged are missing. One query."""
    every = {s.pk: s.frequency for s in series}
    rows = SeriesJudgement.objects.filter(series__in=every)
    return {row.series_id: judged_from(row, every[row.series_id]) for row in rows}


def judged_from(row: SeriesJudgement, frequency: str) -> Judged:
    """A stored row as the pages read it."""
    table = unpack_bands(row.bands)
    first = number_of(frequency, row.start) - len(table) + 1
    bands = [
        Band(start_of(frequency, first + n), expected, low, high)
        for n, (expected, low, high) in enumerate(table.tolist())
        if np.isfinite(expected)
    ]
    told = [Told.from_json(one) for one in row.told]
    return Judged(row.start, SeriesStatus(row.status), row.wanting, bands, told)


def unpack_bands(packed: bytes | memoryview) -> NDArray[np.float32]:
    """(periods, 3): expected, lower end, upper end."""
    return np.frombuffer(bytes(packed), np.float32).reshape(-1, 3)


def expected_on(*, series: Collection[Series], on: dt.date) -> dict[int, UsualRange]:
    """What the engine expects of each series (by primary key) for the period that holds ``on``; none where it learns.

    Of a period that was judged: what was expected of it before its figure came. Of one to come: what is expected now.
    ``series`` of one workplace. At most four queries.
    """
    every = {s.pk: s for s in series}
    judged = judged_of(series=every.values())
    found: dict[int, UsualRange] = {}
    ahead: dict[str, dt.date] = {}
    for pk, said in judged.items():
        start = start_of(every[pk].frequency, number_of(every[pk].frequency, on))
        if start > said.start:
            ahead[every[pk].frequency] = start
        elif (band := said.band_on(start)) is not None:
            found[pk] = as_range(band.low, band.high, signed=every[pk].indicator.signed)
    if ahead:
        workplace = next(iter(every.values())).workplace_id
        for pk, (low, high) in _ahead(workplace, ahead).items():
            if pk in judged and pk in every:
                found[pk] = as_range(low, high, signed=every[pk].indicator.signed)
    return found


def as_range(low: float, high: float, *, signed: bool) -> UsualRange:
    """A band of the engine as people read it: rounded outwards."""
    return rounded(_decimal(low), _decimal(high), signed=signed)


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


def _ahead(workplace: int, starts: Mapping[str, dt.date]) -> dict[int, tuple[float, float]]:
    """The band of each series of ``workplace`` in the period of its frequency that begins on ``starts[frequency]``."""
    found: dict[int, tuple[float, float]] = {}
    latest: dict[str, EngineState] = {}
    rows = EngineState.objects.filter(workplace=workplace, engine=engine_version(), frequency__in=starts)
    for row in rows.order_by("start").defer("packed"):
        latest[row.frequency] = row
    packed = dict(EngineState.objects.filter(pk__in=[row.pk for row in latest.values()]).values_list("pk", "packed"))
    if not latest:
        return found
    last = max(starts.values())
    calendar = calendars_of(workplaces=[workplace], first=min(r.start for r in latest.values()), last=last)[workplace]
    for frequency, row in latest.items():
        begin, number = number_of(frequency, row.start) + 1, number_of(frequency, starts[frequency])
        if not begin <= number < begin + FARTHEST:
            continue
        state = State.unpack(bytes(packed[row.pk]))
        _expected, low, high = foresee(state, number=number, off=off_of(calendar, frequency, begin, number))
        known = np.isfinite(low) & np.isfinite(high)
        found |= {pk: (float(low[n]), float(high[n])) for n, pk in enumerate(row.series) if n < len(known) and known[n]}
    return found


def off_of(calendar: WorkingCalendar, frequency: str, first: int, last: int) -> NDArray[np.bool_]:
    """Of every period from number ``first`` to ``last``: whether nothing of it is worked."""
    worked = set(calendar.worked(frequency, start_of(frequency, first), start_of(frequency, last)))
    return np.array([start_of(frequency, n) not in worked for n in range(first, last + 1)], dtype=bool)
