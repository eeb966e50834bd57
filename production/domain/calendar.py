"""The calendar of a workplace: what production day it is, when its report is due, what is expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Territory
from production.analysis import calendar
from production.models import ClosedDay, Factory, Series

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """What a workplace works: seven marks, Monday first, and the days on which it is closed."""

    working_week: str
    closed: frozenset[dt.date]

    def works_on(self, day: dt.date) -> bool:
        return calendar.is_working_day(day, working_week=self.working_week, closed=self.closed)

    def expected(self, series: Series, first: dt.date, last: dt.date) -> list[dt.date]:
        """Starts of the periods in ``first..last`` for which ``series`` owes an answer."""
        return calendar.expected_periods(
            frequency=series.frequency,
            from_on=series.from_on,
            until_on=series.until_on,
            working_week=self.working_week,
            closed=self.closed,
            first=first,
            last=last,
        )

    def worked(self, frequency: str, first: dt.date, last: dt.date) -> list[dt.date]:
        """Starts of the periods of ``frequency`` beginning in ``first..last`` of which at least one day is worked."""
        return calendar.expected_periods(
            frequency=frequency,
            from_on=first,
            until_on=None,
            working_week=self.working_week,
            closed=self.closed,
            first=first,
            last=last,
        )


def calendars_of(*, workplaces: Iterable[Territory | int], first: dt.date, last: dt.date) -> dict[int, WorkingCalendar]:
    """The calendar of each workplace (by primary key) for periods that begin in ``first..last``: two queries.

    Closed days are read to the end of the month of ``last``, since a month that begins in range may end after it.
    """
    ids = [w.pk if isinstance(w, Territory) else w for w in workplaces]
    until = max(calendar.period_end(calendar.MONTH, last.replace(day=1)), last + 6 * _DAY)
    weeks = dict(Factory.objects.filter(pk__in=ids).values_list("pk", "working_week"))
    closed: dict[int | None, set[dt.date]] = {}
    days = ClosedDay.objects.filter(Q(territory__isnull=True) | Q(territory__in=ids), on__gte=first, on__lte=until)
    for territory, on in days.values_list("territory_id", "on"):
        closed.setdefault(territory, set()).add(on)
    for_all = closed.get(None, set())
    return {i: WorkingCalendar(weeks.get(i, "1111111"), frozenset(for_all | closed.get(i, set()))) for i in ids}


def expected_periods(series: Series, first: dt.date, last: dt.date) -> list[dt.date]:
    """Starts of the periods in ``first..last`` for which ``series`` owes an answer.

    For many series ask ``calendars_of`` once and then ``WorkingCalendar.expected``.
    """
    calendars = calendars_of(workplaces=[series.workplace_id], first=first, last=last)
    return calendars[series.workplace_id].expected(series, first, last)


def factory_of(workplace: Territory) -> Factory:
    """The production side of ``workplace``; where none was set up, one with the defaults (not stored)."""
    return Factory.objects.filter(pk=workplace.pk).first() or Factory(territory=workplace)


def production_day(*, factory: Factory, at: dt.datetime) -> dt.date:
    """The production day to which the moment ``at`` belongs, by the installation's time zone."""
    return factory.production_day(timezone.localtime(at))


def due_at(*, factory: Factory, on: dt.date) -> dt.datetime:
    """When the report of production day ``on`` is due: the first ``report_due_at`` after the day began.

    A factory whose day begins at 22:00 and whose report is due at 18:00 reports on the next calendar day.
    A local hour that the clock skips is read as Python reads it (PEP 495): never an error.
    """
    calendar_day = on if factory.report_due_at > factory.day_starts_at else on + _DAY
    return _moment(calendar_day, factory.report_due_at)


def day_ends_at(*, factory: Factory, on: dt.date) -> dt.datetime:
    """The moment at which production day ``on`` is over."""
    return _moment(on + _DAY, factory.day_starts_at)


def excuse_first_day(*, factory: Factory, at: dt.datetime) -> None:
    """A workplace that begins after the hour of its report owes none that day, though it may give one."""
    today = production_day(factory=factory, at=at)
    if at >= due_at(factory=factory, on=today):
        ClosedDay.objects.create(territory=factory.territory, on=today, reason=_("Began after the hour of the report"))


def _moment(day: dt.date, hour: dt.time) -> dt.datetime:
    """In UTC, because Python never finds a local hour that comes twice equal to anything."""
    return timezone.make_aware(dt.datetime.combine(day, hour)).astimezone(dt.UTC)


def period_of(series: Series, on: dt.date) -> dt.date:
    """First day of the period of ``series`` that holds production day ``on``."""
    return calendar.period_start(series.frequency, on)


def period_is_open(series: Series, on: dt.date) -> bool:
    """Whether ``series`` may be answered with the report of ``on``: the period began while it was in force."""
    start = period_of(series, on)
    return series.from_on <= start and (series.until_on is None or start < series.until_on)
