"""The calendar of a workplace: production day, hour due, expected periods."""

import datetime as dt

import pytest

from production.domain.calendar import calendars_of, day_ends_at, due_at, expected_periods, production_day
from production.enums import Frequency
from production.models import ClosedDay, Factory
from tests import builders
from tests.conftest import Cast

DAY = dt.date(2026, 11, 16)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("starts", "due", "on", "moment"),
    [
        (dt.time(0), dt.time(18), DAY, utc(2026, 11, 16, 21)),
        (dt.time(6), dt.time(18), DAY, utc(2026, 11, 16, 21)),
        (dt.time(22), dt.time(18), DAY, utc(2026, 11, 17, 21)),  # the day began at 22:00: due the next afternoon
        (dt.time(0), dt.time(0, 30), dt.date(2026, 9, 6), utc(2026, 9, 6, 4, 30)),  # an hour that the clock skips
        (dt.time(0), dt.time(23, 30), dt.date(2026, 4, 4), utc(2026, 4, 5, 2, 30)),  # an hour that comes twice
    ],
)
def test_due_at_is_the_first_such_hour_after_the_day_began(starts, due, on, moment):
    assert due_at(factory=Factory(day_starts_at=starts, report_due_at=due), on=on) == moment


def test_production_day_of_a_night_shift():
    factory = Factory(day_starts_at=dt.time(6))
    assert production_day(factory=factory, at=utc(2026, 11, 16, 8, 59)) == dt.date(2026, 11, 15)
    assert production_day(factory=factory, at=utc(2026, 11, 16, 9, 0)) == DAY
    assert day_ends_at(factory=factory, on=DAY) == utc(2026, 11, 17, 9)


def test_expected_periods_know_the_closed_days_of_all_and_of_the_workplace(cast: Cast):
    series = builders.series(cast.cristalerias, cast.bottles)
    monthly = builders.series(cast.cristalerias, cast.sand, frequency=Frequency.MONTH)
    Factory.objects.filter(pk=cast.cristalerias.pk).update(working_week="1111110")
    ClosedDay.objects.create(on=DAY, reason="For all")
    ClosedDay.objects.create(on=DAY + dt.timedelta(days=1), territory=cast.cristalerias, reason="Ours")
    ClosedDay.objects.create(on=DAY + dt.timedelta(days=2), territory=cast.perlak, reason="Theirs")
    days = expected_periods(series, DAY, DAY + dt.timedelta(days=6))
    assert [day.day for day in days] == [18, 19, 20, 21]
    assert expected_periods(monthly, dt.date(2026, 11, 1), DAY) == [dt.date(2026, 11, 1)]


def test_calendars_are_read_in_two_queries_for_any_number(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendars = calendars_of(workplaces=[cast.cristalerias, cast.perlak], first=DAY, last=DAY)
    assert all(calendar.works_on(DAY) for calendar in calendars.values())
