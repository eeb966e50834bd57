"""Days as people and spreadsheets write them: ISO, or any other form that can be read only one way."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from production.intake.trouble import Unreadable, glimpse

#: Before this nothing is a report; it is a cell that a spreadsheet filled in.
EARLIEST = dt.date(1900, 1, 1)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?").fullmatch
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})").fullmatch


def read_day(text: str, *, latest: dt.date) -> dt.date:
    """The day that ``text`` names, no later than ``latest`` (tomorrow) and no earlier than 1900.

    "31/12/2024" has one reading and is taken; "01/02/2024" has two and is refused. Raises
    ``Unreadable``: empty, hidden, two_dates, no_such_day, not_a_date, too_early, future.
    """
    iso = _ISO(text)
    if iso is not None:
        return _within(_day(text, *map(int, iso.groups())), text, latest)
    stripped = text.strip()
    if not stripped:
        raise Unreadable("empty")
    if any(unicodedata.category(c) in ("Cf", "Cc", "Cs") for c in stripped):
        raise Unreadable("hidden", value=glimpse(text))
    first = _YEAR_FIRST(stripped)
    if first is not None:
        year, _, month, day = first.groups()
        return _within(_day(text, int(year), int(month), int(day)), text, latest)
    last = _YEAR_LAST(stripped)
    if last is None:
        raise Unreadable("not_a_date", value=glimpse(text))
    one, _, two, year = last.groups()
    readings = {d for d in (_maybe(int(year), int(two), int(one)), _maybe(int(year), int(one), int(two))) if d}
    if not readings:
        raise Unreadable("no_such_day", value=glimpse(text))
    if len(readings) == 2:
        a, b = sorted(readings)
        raise Unreadable("two_dates", value=glimpse(text), one=a.isoformat(), other=b.isoformat())
    return _within(readings.pop(), text, latest)


def _maybe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    found = _maybe(year, month, day)
    if found is None:
        raise Unreadable("no_such_day", value=glimpse(text))
    return found


def _within(day: dt.date, text: str, latest: dt.date) -> dt.date:
    if day < EARLIEST:
        raise Unreadable("too_early", value=glimpse(text), earliest=EARLIEST.isoformat())
    if day > latest:
        raise Unreadable("future", value=glimpse(text), latest=latest.isoformat())
    return day


def infer_frequency(ordinals: set[int]) -> str:
    """ "day", "week" or "month", from the days (ordinals) on which figures are given.

    Months: at least three days, all firsts of a month (or all the same late day is not enough).
    Weeks: at least three days, all a whole number of weeks apart. Anything else: days.
    """
    if len(ordinals) < 3:
        return "day"
    if all(dt.date.fromordinal(o).day == 1 for o in ordinals):
        return "month"
    start = min(ordinals)
    return "week" if all((o - start) % 7 == 0 for o in ordinals) else "day"
