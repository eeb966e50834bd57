"""Which periods a series is expected to answer for. Pure: no Django, no clock.

A period is named by its first day: the day itself, the Monday, the first of the month.
It belongs to a series when it begins while the series is in force, ``from_on <= start < until_on``:
a period cut by the beginning of a series is neither expected nor accepted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

DAY, WEEK, MONTH = "day", "week", "month"
_ONE = dt.timedelta(days=1)
_SEVEN = dt.timedelta(days=7)


def period_start(frequency: str, day: dt.date) -> dt.date:
    """First day of the period of ``frequency`` (day, week, month) that holds ``day``."""
    if frequency == WEEK:
        return day - dt.timedelta(days=day.weekday())
    if frequency == MONTH:
        return day.replace(day=1)
    return day


def next_start(frequency: str, start: dt.date) -> dt.date:
    """First day of the period after the one that begins on ``start``."""
    if frequency == WEEK:
        return start + _SEVEN
    if frequency == MONTH:
        return dt.date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + _ONE


def period_end(frequency: str, start: dt.date) -> dt.date:
    """Last day of the period that begins on ``start``."""
    return next_start(frequency, start) - _ONE


def is_working_day(day: dt.date, *, working_week: str, closed: Collection[dt.date]) -> bool:
    """Whether ``day`` is worked. ``working_week``: seven marks of 0 or 1, Monday first."""
    return working_week[day.weekday()] == "1" and day not in closed


def starts_between(frequency: str, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every period that begins in ``first..last``, both included."""
    start = period_start(frequency, first)
    if start < first:
        start = next_start(frequency, start)
    while start <= last:
        yield start
        start = next_start(frequency, start)


def expected_periods(
    *,
    frequency: str,
    from_on: dt.date,
    until_on: dt.date | None,
    working_week: str,
    closed: Collection[dt.date],
    first: dt.date,
    last: dt.date,
) -> list[dt.date]:
    """Periods beginning in ``first..last`` (both included) for which an answer is due, in order.

    A day is due when it is worked; a week or a month when it holds at least one worked day.
    ``until_on`` is the first day on which the series no longer holds (None: it still does).
    """
    lowest = max(first, from_on)
    highest = last if until_on is None else min(last, until_on - _ONE)
    return [
        start
        for start in starts_between(frequency, lowest, highest)
        if _is_worked(frequency, start, working_week, closed)
    ]


def _is_worked(frequency: str, start: dt.date, working_week: str, closed: Collection[dt.date]) -> bool:
    day, end = start, period_end(frequency, start)
    while day <= end:
        if is_working_day(day, working_week=working_week, closed=closed):
            return True
        day += _ONE
    return False
