"""What was judged of a figure, laid beside the figures themselves: band and points of each period that is shown.

Inside the workplace only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from production.analysis.cyberstride import DEFAULT
from production.analysis.finding import Finding
from production.domain.course import Course
from production.domain.judgement_read import Band, Judged, Told
from production.enums import AlertKind


@dataclass(frozen=True)
class Point:
    """A change, by the last that was said of it, and the period whose point of the line carries its shape."""

    on: dt.date
    told: Told

    @property
    def falls(self) -> bool:
        """Whether it goes down."""
        return self.told.size < 0

    @property
    def sign(self) -> str:
        """Its shape: transient, step, slope-up or slope-down."""
        if self.told.kind == AlertKind.SLOPE:
            return "slope-down" if self.falls else "slope-up"
        return self.told.kind


def points_of(judged: Judged | None, *, threshold: float = DEFAULT.threshold) -> list[Point]:
    """An odd period and a new level are marked where they began, a direction where it has come to; oldest first."""
    if judged is None:
        return []
    return [
        Point(told.judged if told.kind == AlertKind.SLOPE else told.began, told) for told in judged.points(threshold)
    ]


def standing_of(judged: Judged | None, *, threshold: float = DEFAULT.threshold) -> Told | None:
    """The change of which the latest judgement speaks; None where it is as expected, or not watched."""
    if judged is None or not judged.told:
        return None
    last = judged.told[-1]
    return last if last.judged == judged.start and last.probability >= threshold else None


def finding_of(judged: Judged, told: Told) -> Finding | None:
    """What was said that day, as an alert would keep it; None where nothing was expected of the day."""
    band = judged.band_on(told.judged)
    if band is None:
        return None
    return Finding(
        kind=told.kind,
        began_on=told.began,
        size=told.size,
        size_low=min(told.size_low, told.size),
        size_high=max(told.size_high, told.size),
        probability=min(told.probability, 1.0),
        expected=band.expected,
        band_low=band.low,
        band_high=band.high,
        judged_on=told.judged,
    )


def bands_of(judged: Judged | None, starts: Sequence[dt.date]) -> tuple[list[float | None], list[float | None]]:
    """Lower and upper end of what was expected of the periods that begin on ``starts``, before their figures came."""
    known: dict[dt.date, Band] = {band.start: band for band in judged.bands} if judged is not None else {}
    found = [known.get(start) for start in starts]
    return [band.low if band else None for band in found], [band.high if band else None for band in found]


@dataclass(frozen=True)
class Row:
    """One period in the table: what was reported, and what was expected of it."""

    start: dt.date
    value: Decimal | None
    band: Band | None


def rows_of(course: Course, judged: Judged | None, most: int) -> list[Row]:
    """The latest ``most`` periods of ``course``, the latest first."""
    known = {band.start: band for band in judged.bands} if judged is not None else {}
    return [Row(start, value, known.get(start)) for start, value in course.rows[:most]]
