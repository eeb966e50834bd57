"""Expected periods: which days, weeks and months owe an answer."""

import datetime as dt

import pytest

from production.analysis import calendar

MONDAY = dt.date(2026, 11, 16)


def expected(frequency: str = "day", week: str = "1111111", closed: tuple[dt.date, ...] = (), **span: dt.date | None):
    given = {"from_on": dt.date(2026, 1, 1), "until_on": None, "first": MONDAY, "last": dt.date(2026, 11, 22), **span}
    return calendar.expected_periods(frequency=frequency, working_week=week, closed=set(closed), **given)


def test_expected_periods_days_follow_the_working_week_and_the_closed_days():
    days = expected(week="1111100", closed=(dt.date(2026, 11, 18),))
    assert [d.day for d in days] == [16, 17, 19, 20]


def test_expected_periods_stay_within_the_series():
    days = expected(from_on=dt.date(2026, 11, 17), until_on=dt.date(2026, 11, 19))
    assert [d.day for d in days] == [17, 18]


def test_expected_periods_a_week_begins_on_monday_and_one_worked_day_is_enough():
    assert expected("week", first=dt.date(2026, 11, 10), last=dt.date(2026, 11, 23)) == [
        dt.date(2026, 11, 16),
        dt.date(2026, 11, 23),
    ]
    whole_week = tuple(MONDAY + dt.timedelta(days=n) for n in range(7))
    assert expected("week", closed=whole_week) == []
    assert expected("week", closed=whole_week[:-1]) == [MONDAY]


def test_expected_periods_a_period_cut_by_the_beginning_of_the_series_is_not_owed():
    assert expected("week", from_on=dt.date(2026, 11, 17)) == []
    span = {"first": dt.date(2026, 11, 1), "last": dt.date(2027, 1, 31)}
    assert expected("month", from_on=dt.date(2026, 11, 2), **span) == [dt.date(2026, 12, 1), dt.date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("frequency", "day", "start", "end"),
    [
        ("day", dt.date(2024, 2, 29), dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        ("week", dt.date(2027, 1, 1), dt.date(2026, 12, 28), dt.date(2027, 1, 3)),
        ("month", dt.date(2024, 2, 29), dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("month", dt.date(2026, 12, 31), dt.date(2026, 12, 1), dt.date(2026, 12, 31)),
    ],
)
def test_period_bounds(frequency, day, start, end):
    assert (calendar.period_start(frequency, day), calendar.period_end(frequency, start)) == (start, end)
