"""Course: one figure over the span that somebody looks at, four weeks or all its years. Inside the workplace only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import cast

from django.db.models import Max, Min

from production.analysis import calendar
from production.domain.calendar import calendars_of
from production.enums import Frequency
from production.models import Figure, Series

_DAY = dt.timedelta(days=1)
#: Below so many periods a span is a handful of points, and is not offered.
FEWEST = 8


class Zoom(StrEnum):
    """How much of it is looked at."""

    WEEKS = "weeks"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


#: Days of each span; of all its years there is no number.
DAYS = {Zoom.WEEKS: 28, Zoom.QUARTER: 91, Zoom.YEAR: 365}


def zooms_of(series: Series) -> list[Zoom]:
    """The spans that make sense for how often it comes, the shortest first."""
    length = {Frequency.DAY: 1, Frequency.WEEK: 7, Frequency.MONTH: 30}[Frequency(series.frequency)]
    return [*(zoom for zoom, days in DAYS.items() if days // length >= FEWEST), Zoom.ALL]


@dataclass(frozen=True)
class Course:
    """``values``: what is in force for the periods that begin on ``starts``, oldest first, None where nothing is.

    ``first_ever`` and ``last_ever``: the first and the last period of which anything was reported. ``earlier`` and
    ``later``: the last day of the span before and after this one, None where there is nothing.
    """

    series: Series
    zoom: Zoom
    starts: Sequence[dt.date]
    values: Sequence[Decimal | None]
    first_ever: dt.date | None
    last_ever: dt.date | None
    earlier: dt.date | None
    later: dt.date | None
    #: Of ``starts``, those for which no answer is due: closed days.
    rest: frozenset[dt.date] = frozenset()

    @property
    def known(self) -> int:
        """How many periods of it have a figure."""
        return sum(value is not None for value in self.values)

    @property
    def lowest(self) -> Decimal | None:
        return min((v for v in self.values if v is not None), default=None)

    @property
    def highest(self) -> Decimal | None:
        return max((v for v in self.values if v is not None), default=None)

    @property
    def rows(self) -> list[tuple[dt.date, Decimal | None]]:
        """Period and figure, the latest first."""
        return list(zip(self.starts, self.values, strict=True))[::-1]


def course_of(*, series: Series, zoom: Zoom | None, until: dt.date | None, today: dt.date) -> Course:
    """The span that ends with the period of ``until`` (None, or beyond it: of ``today``). Four queries.

    A span that is not offered for this frequency (``zooms_of``), and None, is read as the shortest that is.
    """
    offered = zooms_of(series)
    zoom = zoom if zoom in offered else offered[0]
    figures = Figure.objects.current().filter(series=series, value__isnull=False)
    ends = figures.aggregate(first=Min("start"), last=Max("start"))
    first_ever, last_ever = ends["first"], ends["last"]
    newest = max(today, last_ever or today)
    last = min(until, newest) if until is not None and zoom != Zoom.ALL else newest
    if first_ever is not None:
        last = max(last, first_ever)
    first = (first_ever or last) if zoom == Zoom.ALL else last - (DAYS[zoom] - 1) * _DAY
    starts = list(calendar.starts_between(series.frequency, first, last))
    rows = figures.between(first, last).values_list("start", "value")
    found = dict(cast("Iterable[tuple[dt.date, Decimal | None]]", rows))
    worked = calendars_of(workplaces=[series.workplace_id], first=first, last=last)[series.workplace_id]
    daily = series.frequency == Frequency.DAY
    return Course(
        series=series,
        zoom=zoom,
        starts=starts,
        values=[found.get(start) for start in starts],
        first_ever=first_ever,
        last_ever=last_ever,
        earlier=first - _DAY if first_ever is not None and zoom != Zoom.ALL and first_ever < first else None,
        later=min(last + DAYS[zoom] * _DAY, newest) if zoom != Zoom.ALL and last < newest else None,
        rest=frozenset(start for start in starts if daily and not worked.works_on(start)),
    )
