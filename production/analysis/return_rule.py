"""When a figure is as expected again, by what was expected before it changed. Pure: no Django.

The engine goes on with the new level once it is sure of it, and then calls it expected; people mean something else:
that the figure is where it was. So a change has gone when the latest figures lie again in the band that was in force
before it began, of the same weekday (or month) where there is a season.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from production.analysis.calendar import DAY, MONTH

#: So many figures in succession: one after an odd period, more where a level or a direction had changed.
CALM = {"transient": 1, "step": 3, "slope": 3}

Range = tuple[float, float]


def has_returned(
    *,
    kind: str,
    frequency: str,
    began_on: dt.date,
    values: Sequence[tuple[dt.date, float]],
    bands: Mapping[dt.date, Range],
) -> bool:
    """Whether a change of ``kind`` that began on ``began_on`` has gone.

    ``values``: known figures (start of their period, value), oldest first; ``bands``: what was expected of each period
    as it stood when the change was found. True when every figure since is within what was expected before it (it was
    corrected, or never was), or the last ``CALM`` of those after its first period are. False where nothing was expected
    before, or no figure came since.
    """
    since = [(start, value) for start, value in values if start >= began_on]
    if not since:
        return False
    calm = [_within(start, value, frequency, began_on, bands) for start, value in since]
    if all(calm):
        return True
    after = [quiet for (start, _value), quiet in zip(since, calm, strict=True) if start > began_on]
    wanted = CALM[kind]
    return len(after) >= wanted and all(after[-wanted:])


def _within(start: dt.date, value: float, frequency: str, began_on: dt.date, bands: Mapping[dt.date, Range]) -> bool:
    """Whether ``value`` lies in the latest band before the change of the same season, or of any where there is none."""
    before = [day for day in bands if day < began_on]
    same = [day for day in before if _season(frequency, day) == _season(frequency, start)]
    if not before:
        return False
    low, high = bands[max(same or before)]
    return low <= value <= high


def _season(frequency: str, start: dt.date) -> int:
    if frequency == DAY:
        return start.weekday()
    return start.month if frequency == MONTH else 0
