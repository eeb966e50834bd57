"""Overview: how a territory is doing, as one member may see it. Every figure comes through ``visibility``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from councils.clock import local_day
from councils.enums import COUNCIL_OF, TerritoryKind
from councils.models import Body, Seat, Territory
from councils.names import sort_key
from production.analysis.calendar import next_start, period_end, period_start
from production.analysis.lineage import ALL
from production.domain.indices import Index, better
from production.domain.visibility import Gaze, Shown, View
from production.enums import Aggregation, Grain, IndicatorKind
from production.models import Factory, Figure, Indicator, Sector, Submission, Summary

#: How many periods a line draws.
PERIODS = 30
#: How many periods are looked through for a sum that may be seen.
LOOK_BACK = 14
_ONE = dt.timedelta(days=1)
#: The order of the groups of figures: what is made comes first.
_ORDER = [IndicatorKind.OUTPUT, *(kind for kind in IndicatorKind if kind != IndicatorKind.OUTPUT)]


@dataclass(frozen=True)
class Period:
    """A day, a week or a month, by its first day."""

    grain: str
    start: dt.date

    @property
    def end(self) -> dt.date:
        return period_end(self.grain, self.start)

    @property
    def before(self) -> Period:
        return Period(self.grain, period_start(self.grain, self.start - _ONE))

    @property
    def after(self) -> Period:
        return Period(self.grain, next_start(self.grain, self.start))

    def and_before(self, n: int = PERIODS) -> list[dt.date]:
        """First days of the last ``n`` periods, this one last."""
        starts, period = [self.start], self
        while len(starts) < n:
            period = period.before
            starts.append(period.start)
        return starts[::-1]


@dataclass(frozen=True)
class Tile:
    """A workplace as it is seen from outside: it reported today, or it did not; it shares, or it does not."""

    territory: Territory
    reported: bool
    shares: bool


@dataclass(frozen=True)
class SumLine:
    """An indicator of a territory in a period. ``shown`` None: there is a sum, and it is withheld.

    ``index``: what those who said what they could make do make of it; None where nobody did, or it is withheld.
    """

    indicator: Indicator
    shown: Shown | None
    index: Index | None = None


@dataclass(frozen=True)
class BranchLine:
    """One sector of a territory: its sum in the period, and its sums before."""

    sector: Sector
    shown: Shown | None
    run: list[Shown | None]
    index: Index | None = None


@dataclass(frozen=True)
class OwnLine:
    """A figure that a workplace lets out on its own."""

    territory: Territory
    indicator: Indicator
    shown: Shown
    index: Index | None = None


def chosen_period(*, place: Territory, grain: str | None, on: dt.date | None, gaze: Gaze, at: dt.datetime) -> Period:
    """The period of ``grain`` (None: a day) that holds ``on``.

    Without ``on``, the latest of which a sum of ``place`` may be seen, or in which anybody reported at all.
    Without either, the day that runs once half of its answers are in; before that the week that runs, which
    every report moves, if a sum of it may be seen.
    """
    today = local_day(at)
    if on is not None:
        return Period(grain or Grain.DAY, period_start(grain or Grain.DAY, on))
    if grain is None:
        week = Period(Grain.WEEK, period_start(Grain.WEEK, today))
        if not _is_half_in(place, Period(Grain.DAY, today), gaze) and _sums_seen(place, week, gaze):
            return week
        grain = Grain.DAY
    rows = Summary.objects.filter(territory=place, grain=grain, start__lte=today).values_list("start", flat=True)
    latest = [Period(grain, start) for start in rows.distinct().order_by("-start")[:LOOK_BACK]]
    seen = (period for period in latest if _sums_seen(place, period, gaze))
    return next(seen, latest[0] if latest else Period(grain, period_start(grain, today)))


def _sums_seen(place: Territory, period: Period, gaze: Gaze) -> list[Shown]:
    """The sums of ``place`` that may be seen in ``period``."""
    return [line.shown for line in Snapshot(gaze, period).sums(place) if line.shown is not None]


def _is_half_in(place: Territory, period: Period, gaze: Gaze) -> bool:
    """Whether at least half of the answers due are in, of the sum that may be seen and asks for most."""
    widest = max(_sums_seen(place, period, gaze), key=lambda shown: shown.expected, default=None)
    return widest is not None and 2 * widest.reported >= widest.expected


def tiles_of(*, workplaces: Iterable[Territory], gaze: Gaze, at: dt.datetime) -> list[Tile]:
    """The workplaces by name, each on its own production day. Three queries."""
    places = sorted(workplaces, key=lambda place: sort_key(place.name))
    local, today = timezone.localtime(at), local_day(at)
    factories = Factory.objects.in_bulk([place.pk for place in places])
    days = {pk: factory.production_day(local) for pk, factory in factories.items()}
    asked = set(days.values()) | {today}
    given = Figure.objects.current().filter(value__isnull=False, submission__report__on__in=asked)
    stopped = Submission.objects.filter(current=True, report__on__in=asked).exclude(stoppage="")
    reported = set(given.values_list("submission__report__workplace", "submission__report__on"))
    reported |= set(stopped.values_list("report__workplace", "report__on"))
    return [Tile(p, (p.pk, days.get(p.pk, today)) in reported, gaze.shares(p.pk)) for p in places]


class Snapshot:
    """Every indicator in one period."""

    def __init__(self, gaze: Gaze, period: Period) -> None:
        self.period = period
        self.indicators = Indicator.objects.in_bulk()
        views = gaze.views(indicators=self.indicators.keys(), grain=period.grain, starts=[period.start])
        found = [(self.indicators[pk], view) for (pk, _start), view in views.items()]
        self._views = sorted(found, key=lambda pair: _in_order(pair[0]))

    def sums(self, place: Territory) -> list[SumLine]:
        """Every indicator of which ``place`` has a sum; what is made first, then by kind and name."""
        name = (place.pk, ALL)
        return [
            SumLine(i, view.row(*name), Index.of(i, self.period.grain, view.compared(*name)))
            for i, view in self._views
            if name in view.rows or name in view.withheld
        ]

    def shared(self, workplaces: Iterable[Territory]) -> list[OwnLine]:
        """Every figure that these workplaces let out, by name of the workplace."""
        return [
            OwnLine(place, indicator, row, Index.of(indicator, self.period.grain, view.compared(place.pk)))
            for place in sorted(workplaces, key=lambda place: sort_key(place.name))
            for indicator, view in self._views
            if (place.pk, ALL) in view.public and (row := view.row(place.pk)) is not None
        ]


def is_simulated(*lines: Iterable[Shown | None]) -> bool:
    """Whether any figure shown in these lines is invented: the page that shows it says so."""
    return any(row is not None and row.simulated for line in lines for row in line)


def withheld_of(lines: Iterable[SumLine]) -> list[Indicator]:
    """Indicators of which there is a sum that is not shown."""
    return [line.indicator for line in lines if line.shown is None]


def default_indicator(lines: Iterable[SumLine]) -> Indicator | None:
    """What is made and added up; else what is added up; else any.

    Of these the one in which most workplaces have a figure, and the first in the order of the page.
    """
    best = max(lines, key=_tells, default=None)
    return best.indicator if best else None


def _tells(line: SumLine) -> tuple[bool, bool, int]:
    """How much a sum says of a whole country, for comparing."""
    if line.shown is None:
        return False, False, 0
    added = line.indicator.aggregation == Aggregation.SUM
    return added and line.indicator.kind == IndicatorKind.OUTPUT, added, line.shown.workplaces


class Run:
    """One indicator over the last periods."""

    def __init__(self, gaze: Gaze, indicator: Indicator, period: Period) -> None:
        self.indicator, self.period = indicator, period
        self.starts = period.and_before()
        self._views = gaze.views(indicators=[indicator.pk], grain=period.grain, starts=self.starts)

    def view(self, start: dt.date) -> View | None:
        return self._views.get((self.indicator.pk, start))

    def of(self, place: Territory, sector: int = ALL) -> list[Shown | None]:
        """Sums of ``place``, oldest first; None where there is none or it is withheld."""
        views = (self.view(start) for start in self.starts)
        return [view.row(place.pk, sector) if view else None for view in views]

    def is_withheld(self, place: Territory, sector: int = ALL) -> bool:
        """Whether there is a sum in the last period that may not be shown."""
        view = self.view(self.starts[-1])
        return view is not None and (place.pk, sector) in view.withheld

    def branches(self, place: Territory) -> list[BranchLine]:
        """The sectors of ``place`` that have a sum in the last period, by name."""
        view = self.view(self.starts[-1])
        if view is None:
            return []
        names = {sector for territory, sector in view.rows.keys() | view.withheld if territory == place.pk} - {ALL}
        sectors = sorted(Sector.objects.filter(pk__in=names), key=lambda sector: sort_key(sector.name))
        return [BranchLine(s, view.row(place.pk, s.pk), self.of(place, s.pk), self.index(place, s.pk)) for s in sectors]

    def index(self, place: Territory, sector: int = ALL) -> Index | None:
        """What ``place`` makes beside what it could, in the last period; None where it is not told."""
        view = self.view(self.starts[-1])
        return Index.of(self.indicator, self.period.grain, view.compared(place.pk, sector) if view else None)

    def is_index_withheld(self, place: Territory, sector: int = ALL) -> bool:
        """Whether somebody there said in the last period what they could make, and it may not be shown."""
        view = self.view(self.starts[-1])
        return view is not None and (place.pk, sector) in view.withheld_compared and better(self.indicator) is not None

    def shared(self, workplaces: Iterable[Territory]) -> list[OwnLine]:
        """Figures of the last period that workplaces let out, by name."""
        view = self.view(self.starts[-1])
        if view is None:
            return []
        found = [(place, view.row(place.pk)) for place in workplaces if (place.pk, ALL) in view.public]
        return [OwnLine(place, self.indicator, row, self.index(place)) for place, row in found if row is not None]


def council_of(*, place: Territory, at: dt.datetime) -> tuple[Body | None, list[Seat]]:
    """The council of ``place`` and the seats in force in it, by name."""
    kind = COUNCIL_OF.get(TerritoryKind(place.kind))
    body = Body.objects.filter(territory=place, kind=kind).first() if kind else None
    if body is None:
        return None, []
    seats = Seat.objects.held_at(at).in_body(body).select_related("holder", "represents", "elected_by")
    return body, sorted(seats, key=lambda seat: (sort_key(seat.holder.name), seat.pk))


def vacancies_in(*, body: Body, at: dt.datetime) -> list[Seat]:
    """Seats of ``body`` that ended before their term and that nobody holds, the longest vacant first."""
    vacant = Seat.objects.vacant_at(at).in_body(body)
    return list(
        vacant.select_related("represents", "body__territory", "elected_by__territory").order_by("ended_at", "pk")
    )


def workers_of(workplaces: Collection[Territory]) -> int | None:
    """How many people work there; None where fewer than three say so."""
    known = Factory.objects.filter(pk__in=[p.pk for p in workplaces], workers__isnull=False)
    counts = list(known.values_list("workers", flat=True))
    return sum(n or 0 for n in counts) if len(counts) >= 3 else None


def _in_order(indicator: Indicator) -> tuple[int, str, int]:
    return _ORDER.index(IndicatorKind(indicator.kind)), indicator.name_key, indicator.pk
