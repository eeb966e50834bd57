"""The clock of an alert over closed days, changes of hour, the end of the year: by cases and by properties."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.analysis.recovery import HORIZON_DAYS, due_at, share_left

SANTIAGO = ZoneInfo("America/Santiago")
UTC = dt.UTC
ALL_WEEK, FIVE_DAYS = "1111111", "1111100"


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SANTIAGO)


def on_the_wall(moment: dt.datetime) -> str:
    return moment.astimezone(SANTIAGO).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("opened", "days", "week", "closed", "starts", "due"),
    [
        # as in the drawing: opened on Monday at ten past six, four days
        ("2026-11-16T18:10", 4, ALL_WEEK, [], "00:00", "2026-11-20 18:10"),
        ("2026-11-19T18:10", 4, FIVE_DAYS, [], "00:00", "2026-11-25 18:10"),
        # raised on a Saturday that is not worked: the clock begins on Monday
        ("2026-11-21T10:00", 1, FIVE_DAYS, [], "00:00", "2026-11-24 00:00"),
        # a night shift: two in the morning is still yesterday's production day
        ("2026-11-17T02:00", 1, ALL_WEEK, [], "06:00", "2026-11-18 02:00"),
        ("2026-11-21T02:00", 1, FIVE_DAYS, [], "06:00", "2026-11-24 02:00"),
        ("2026-11-21T07:00", 1, FIVE_DAYS, [], "22:00", "2026-11-24 07:00"),
        # closed weeks at the end of the year
        ("2026-12-23T12:00", 3, FIVE_DAYS, ["2026-12-25", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31",
         "2027-01-01"], "00:00", "2027-01-05 12:00"),
        # the clocks go forward on Saturday 5 September 2026 at 24:00, back on Saturday 3 April 2027 at 24:00
        ("2026-09-05T12:00", 1, ALL_WEEK, [], "00:00", "2026-09-06 12:00"),
        ("2026-09-05T00:30", 1, ALL_WEEK, [], "00:00", "2026-09-06 01:30"),
        ("2027-04-02T23:30", 1, ALL_WEEK, [], "00:00", "2027-04-03 23:30"),
    ],
)  # fmt: skip
def test_due(opened, days, week, closed, starts, due):
    found = due_at(
        local(opened), days=days, zone=SANTIAGO, day_starts_at=dt.time.fromisoformat(starts), working_week=week,
        closed={dt.date.fromisoformat(day) for day in closed},
    )  # fmt: skip
    assert on_the_wall(found) == due


def test_a_place_that_never_works_counts_by_the_calendar():
    opened = local("2026-11-16T18:10")
    assert on_the_wall(due_at(opened, days=4, zone=SANTIAGO, working_week="0000000")) == "2026-11-20 18:10"
    closed = {opened.date() + dt.timedelta(days=n) for n in range(HORIZON_DAYS + 1)}
    assert on_the_wall(due_at(opened, days=4, zone=SANTIAGO, closed=closed)) == "2026-11-20 18:10"


@pytest.mark.parametrize("days", [0, -1, 31])
def test_no_time_of_less_than_a_day_or_more_than_thirty(days):
    with pytest.raises(ValueError):
        due_at(local("2026-11-16T18:10"), days=days, zone=SANTIAGO)


MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(UTC))
WEEKS = st.text("01", min_size=7, max_size=7)
STARTS = st.times().map(lambda t: t.replace(microsecond=0))
CLOSED = st.sets(st.integers(0, 40), max_size=30)


def production_day(moment: dt.datetime, starts: dt.time) -> dt.date:
    return (moment - dt.timedelta(hours=starts.hour, minutes=starts.minute, seconds=starts.second)).date()


@given(MOMENTS, st.integers(1, 10), WEEKS.filter(lambda week: "1" in week), STARTS, CLOSED)
def test_due_is_on_a_worked_day_with_so_many_worked_days_before_it(opened, days, week, starts, closed):
    closed_days = {opened.date() + dt.timedelta(days=n) for n in closed}
    due = due_at(opened, days=days, zone=UTC, day_starts_at=starts, working_week=week, closed=closed_days)
    first, last = production_day(opened, starts), production_day(due, starts)
    worked = [
        day
        for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        if week[day.weekday()] == "1" and day not in closed_days
    ]
    assert len(worked) == days + 1 and worked[-1] == last
    if worked[0] == first:
        assert due.timetz() == opened.timetz()
    else:
        assert due.time() == starts


@given(MOMENTS, st.integers(1, 10), STARTS)
def test_where_the_clocks_change_a_day_is_an_hour_more_or_less(opened, days, starts):
    due = due_at(opened, days=days, zone=SANTIAGO, day_starts_at=starts)
    assert abs(due - opened - dt.timedelta(days=days)) <= dt.timedelta(hours=1)
    assert due > opened and due.tzinfo is UTC


@given(MOMENTS, MOMENTS, st.integers(1, 5), WEEKS, CLOSED)
def test_who_opens_later_is_due_no_earlier(one, other, days, week, closed):
    first, second = sorted([one, other])
    closed_days = {first.date() + dt.timedelta(days=n) for n in closed}
    asked = {"days": days, "zone": SANTIAGO, "working_week": week if "1" in week else ALL_WEEK, "closed": closed_days}
    # of an hour that comes twice the first is meant: within it the order is that of the wall
    assert due_at(first, **asked) <= due_at(second, **asked) + dt.timedelta(hours=1)


def test_share_left_drains_from_one_to_nothing():
    opened, due = local("2026-11-16T12:00"), local("2026-11-20T12:00")
    shares = [share_left(from_at=opened, due_at=due, at=opened + n * dt.timedelta(days=1)) for n in range(-1, 6)]
    assert shares == [1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    assert share_left(from_at=opened, due_at=opened, at=opened) == 0.0
