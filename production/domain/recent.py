"""Recent figures of a workplace, read once for many series: for forms, panels and what the form gives back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db.models import Q

from production.analysis.usual_range import WINDOW, UsualRange, usual_range
from production.enums import Frequency
from production.models import Figure, Series

#: How far back the last 28 values may lie: a workplace may close two days a week, and for holidays.
REACH = {
    Frequency.DAY: dt.timedelta(days=70),
    Frequency.WEEK: dt.timedelta(weeks=WINDOW + 6),
    Frequency.MONTH: dt.timedelta(days=31 * (WINDOW + 3)),
}


@dataclass(frozen=True)
class Point:
    """A current figure with its value; ``start``: first day of its period."""

    start: dt.date
    value: Decimal
    simulated: bool
    remark: str


def recent_points(*, series: Iterable[Series], on: dt.date) -> dict[int, list[Point]]:
    """Figures in force of each series (by primary key) that begin by ``on``, oldest first: one query.

    Each frequency reaches back far enough for its last 28 values.
    """
    every = list(series)
    points: dict[int, list[Point]] = {s.pk: [] for s in every}
    reach = Q(pk__in=())
    for frequency in {s.frequency for s in every}:
        ids = [s.pk for s in every if s.frequency == frequency]
        reach |= Q(series__in=ids, start__gte=on - REACH[Frequency(frequency)])
    rows = (
        Figure.objects.current()
        .filter(reach, start__lte=on)
        .order_by("start")
        .values_list("series_id", "start", "value", "submission__simulated", "remark")
    )
    for pk, start, value, simulated, remark in cast("Iterable[tuple[int, dt.date, Decimal | None, bool, str]]", rows):
        if value is not None:
            points[pk].append(Point(start, value, simulated, remark))
    return points


def usual_before(points: Iterable[Point], start: dt.date, *, signed: bool) -> UsualRange | None:
    """What is expected of the period that begins on ``start``, by the figures before it; the same on every page.

    Inside the workplace only.
    """
    return usual_range([p.value for p in points if p.start < start], signed=signed)
