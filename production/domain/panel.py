"""Panel: one series as a workplace looks at it: its latest figure, its week, its last 28 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from councils.models import Territory
from councils.names import sort_key
from production.analysis import calendar, stock
from production.analysis.usual_range import UsualRange
from production.domain.calendar import WorkingCalendar, calendars_of
from production.domain.judged_course import standing_of
from production.domain.judgement_read import Judged, Told, expected_on, judged_of
from production.domain.recent import Point, recent_points, usual_before
from production.enums import Aggregation, Frequency, IndicatorKind, SeriesStatus
from production.models import Series

#: How many periods a panel draws.
PERIODS = 28


@dataclass(frozen=True)
class Panel:
    """``values``: the last 28 periods, oldest first, None where nothing was reported.

    ``usual``: what is expected of the current period, as on the form. ``watched``: what the engine said of it, None
    where it never did; while it does not watch the series, ``latest_usual`` is what the figures before the latest one
    say of it. All three are judgements: a panel is for members only.
    """

    series: Series
    starts: Sequence[dt.date]
    values: Sequence[Decimal | None]
    points: Sequence[Point]
    usual: UsualRange | None
    latest_usual: UsualRange | None
    days_left: int | None
    watched: Judged | None = None
    #: Of ``starts``, those for which no answer is due: closed days.
    rest: frozenset[dt.date] = frozenset()

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def now(self) -> Decimal | None:
        """What was reported of the current period, if anything."""
        return self.values[-1]

    @property
    def then(self) -> Point | None:
        """The last figure before the current period."""
        return next((p for p in reversed(self.points) if p.start < self.starts[-1]), None)

    @property
    def is_watched(self) -> bool:
        """Whether the engine understands it, so that its word counts and not the usual range."""
        return self.watched is not None and self.watched.status == SeriesStatus.WATCHING

    @property
    def standing(self) -> Told | None:
        """The change of which the engine speaks today."""
        return standing_of(self.watched) if self.is_watched else None

    @property
    def is_odd(self) -> bool:
        """Whether the latest figure lies outside its usual range, of a series that is not watched."""
        usual = None if self.is_watched else self.latest_usual
        return self.latest is not None and usual is not None and not usual.holds(self.latest.value)

    @property
    def is_low(self) -> bool:
        usual = self.latest_usual
        return self.is_odd and self.latest is not None and usual is not None and self.latest.value < usual.low

    @property
    def simulated(self) -> bool:
        return any(p.simulated for p in self.points)

    @property
    def week(self) -> Decimal | None:
        """The week of the latest figure so far: sum or mean; None for levels, and where nothing is there."""
        if self.latest is None or self.series.frequency != Frequency.DAY:
            return None
        monday = calendar.period_start(calendar.WEEK, self.latest.start)
        values = [p.value for p in self.points if p.start >= monday]
        if self.series.indicator.aggregation == Aggregation.SUM:
            return sum(values, Decimal(0))
        if self.series.indicator.aggregation == Aggregation.MEAN:
            return sum(values, Decimal(0)) / len(values)
        return None


def panels_of(*, workplace: Territory, on: dt.date, territory: Territory | None = None) -> list[Panel]:
    """A panel for each series in force on ``on``: the workplace's own, then by section, as on the form.

    Queries do not grow with their number. ``territory``: only that place's series.
    """
    series = Series.objects.of_workplace(workplace).valid_on(on).select_related("indicator", "territory")
    if territory is not None:
        series = series.filter(territory=territory)
    every = sorted(
        series, key=lambda s: (s.territory_id != s.workplace_id, sort_key(s.territory.name), s.position, s.pk)
    )
    points = recent_points(series=every, on=on)
    judged, expected = judged_of(series=every), expected_on(series=every, on=on)
    worked = calendars_of(workplaces=[workplace], first=on - dt.timedelta(days=PERIODS), last=on)[workplace.pk]
    return [
        panel_of(
            series=s,
            points=points,
            siblings=every,
            on=on,
            judged=judged.get(s.pk),
            expected=expected.get(s.pk),
            worked=worked,
        )
        for s in every
    ]


def panel_of(
    *,
    series: Series,
    points: dict[int, list[Point]],
    siblings: Iterable[Series],
    on: dt.date,
    judged: Judged | None = None,
    expected: UsualRange | None = None,
    worked: WorkingCalendar | None = None,
) -> Panel:
    """The panel of ``series``; ``points`` of it and of its ``siblings`` (which may consume its stock).

    ``judged``, ``expected``: what the engine said of it, and what it expects of the current period. ``worked``: on
    which days an answer is due; None: on all.
    """
    own = points[series.pk]
    starts = _starts(series, on)
    by_start = {p.start: p.value for p in own}
    signed = series.indicator.signed
    usual = expected or usual_before(own, starts[-1], signed=signed)
    latest_usual = usual_before(own, own[-1].start, signed=signed) if own else None
    values = [by_start.get(start) for start in starts]
    closed = worked is not None and series.frequency == Frequency.DAY
    rest = frozenset(day for day in starts if closed and worked is not None and not worked.works_on(day))
    return Panel(series, starts, values, own, usual, latest_usual, days_left(series, points, siblings), judged, rest)


def _starts(series: Series, on: dt.date) -> list[dt.date]:
    first = {
        Frequency.DAY: on - dt.timedelta(days=PERIODS - 1),
        Frequency.WEEK: on - dt.timedelta(weeks=PERIODS - 1),
        Frequency.MONTH: on - dt.timedelta(days=31 * (PERIODS - 1)),
    }[Frequency(series.frequency)]
    begins = calendar.period_start(series.frequency, first)
    return list(calendar.starts_between(series.frequency, begins, on))[-PERIODS:]


def days_left_of(*, series: Series, on: dt.date) -> int | None:
    """Days that the stock ``series`` lasts after ``on``; None for what is no stock. Two queries."""
    siblings = Series.objects.of_workplace(series.workplace).valid_on(on).select_related("indicator")
    every = [s for s in siblings if s.pk != series.pk] + [series]
    return days_left(series, recent_points(series=every, on=on), every)


def days_left(series: Series, points: dict[int, list[Point]], siblings: Iterable[Series]) -> int | None:
    """Days that a stock lasts at the pace of the last seven days; None for what is no stock."""
    indicator = series.indicator
    own = points[series.pk]
    if indicator.kind not in (IndicatorKind.STOCK, IndicatorKind.OTHER) or not own or series.frequency != Frequency.DAY:
        return None
    inputs = {
        str(s.pk): s.indicator.name
        for s in siblings
        if s.indicator.kind == IndicatorKind.INPUT and s.indicator.unit == indicator.unit and s.pk in points
    }
    if indicator.kind == IndicatorKind.OTHER and "stock" not in indicator.name_key:
        return None
    consumer = stock.consumption_of(indicator.name, inputs)
    since = own[-1].start - dt.timedelta(days=stock.PACE_DAYS)
    used = [p.value for p in points[int(consumer)] if since < p.start <= own[-1].start] if consumer else []
    if used:
        return stock.days_left(own[-1].value, sum(used, Decimal(0)) / len(used))
    levels = [p.value for p in own if p.start >= since]
    return stock.days_left(own[-1].value, stock.mean_decrease(levels))
