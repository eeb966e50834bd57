"""The clock of an alert: when a time in working days is over. Pure: no Django, no clock of its own.

Only worked production days count. A production day begins at the workplace's hour, so a night shift belongs to the
day it began on; the clock runs on the wall: what opened at ten past six in the evening is due at ten past six in the
evening, so many worked days later, also across a change of hour. What opens on a day that is not worked begins with
the next one that is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from production.analysis.calendar import is_working_day

_DAY = dt.timedelta(days=1)
#: Worked days are looked for so far ahead. A place that works on none of them counts by the calendar, so that what
#: happens there is never kept for ever.
HORIZON_DAYS = 400


def due_at(
    opened_at: dt.datetime,
    *,
    days: int,
    zone: dt.tzinfo,
    day_starts_at: dt.time = dt.time(0, 0),
    working_week: str = "1111111",
    closed: Collection[dt.date] = (),
) -> dt.datetime:
    """The moment, in UTC, at which ``days`` worked days after ``opened_at`` (aware) are over.

    ``zone`` and ``day_starts_at`` say when a production day begins, ``working_week`` (seven marks of 0 or 1, Monday
    first) and ``closed`` which are worked; closed days matter up to ``HORIZON_DAYS`` after the opening. A local hour
    that the clocks skip is read as PEP 495 reads it; of one that comes twice the first is meant.
    Raises ``ValueError`` for less than one day, or more than thirty.
    """
    if not 1 <= days <= 30:
        raise ValueError(f"{days} is no time of 1 to 30 working days")
    wall = opened_at.astimezone(zone).replace(tzinfo=None)
    day, into = _production_day(wall, day_starts_at)
    last = day + dt.timedelta(days=HORIZON_DAYS)
    worked = [d for d in _days(day, last) if is_working_day(d, working_week=working_week, closed=closed)]
    if len(worked) <= days:
        worked = list(_days(day, last))
    if worked[0] != day:
        into = dt.timedelta(0)
    end = dt.datetime.combine(worked[days], day_starts_at) + into
    return end.replace(tzinfo=zone).astimezone(dt.UTC)


def share_left(*, from_at: dt.datetime, due_at: dt.datetime, at: dt.datetime) -> float:
    """How much of the time from ``from_at`` to ``due_at`` is left at ``at``: 1 at the beginning, 0 from the end on."""
    whole = (due_at - from_at).total_seconds()
    return min(1.0, max(0.0, (due_at - at).total_seconds() / whole)) if whole > 0 else 0.0


def _production_day(wall: dt.datetime, day_starts_at: dt.time) -> tuple[dt.date, dt.timedelta]:
    """The production day of a local moment, and how far into it the moment is, by the wall clock."""
    day = wall.date() if wall.time() >= day_starts_at else wall.date() - _DAY
    return day, wall - dt.datetime.combine(day, day_starts_at)


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]
