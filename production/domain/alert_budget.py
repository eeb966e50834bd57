"""Budget: false alarms cost trust, so each body sees how many alarms there were and how many were of use.

An alarm is an alert that the engine opened. It was *useful* where people had something to do or to say: it was settled,
or explained, planned, or asked help for, and it was not marked as false.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from councils.clock import local_day
from councils.models import Body, Territory
from production.analysis.calendar import MONTH, period_start
from production.enums import AlertOrigin, AlertState, EntryKind
from production.models import Alert, AlertEntry, Series

#: So many months are told, this one included.
MONTHS = 12
#: Over so many days alarms are counted against indicators.
WINDOW = dt.timedelta(days=30)
#: With fewer indicators in all a share of them would tell that somebody has an alarm.
LEAST_SERIES = 100
#: More alarms than this per 100 indicators on one day: the engine, or what feeds it, is out of its mind.
MAD = 10
_ANSWERS = (EntryKind.EXPLAINED, EntryKind.PLANNED, EntryKind.ASKED_HELP)


@dataclass(frozen=True)
class Month:
    """Alarms that were opened (or came up) in the month that begins on ``first``."""

    first: dt.date
    opened: int = 0
    useful: int = 0
    false: int = 0


def months_of(*, workplace: Territory, at: dt.datetime) -> list[Month]:
    """The last ``MONTHS`` months of the workplace, the latest first. One query."""
    alarms = Alert.objects.filter(workplace=workplace, origin=AlertOrigin.ENGINE)
    return _months(_judged(alarms).values_list("opened_at", "state", "answered"), at)


def months_of_council(*, council: Body, at: dt.datetime) -> list[Month]:
    """What came up to ``council``, by the day on which it did first; useful: it answered, or it was settled."""
    answers = AlertEntry.objects.filter(
        alert=OuterRef("pk"), kind__in=[EntryKind.ANSWERED, EntryKind.HELPED, EntryKind.HANDED_BACK], body=council
    )
    rows = Alert.objects.filter(holds__body=council).annotate(answered=Exists(answers))
    found = rows.order_by("pk", "holds__from_at").values_list("pk", "holds__from_at", "state", "answered")
    first: dict[int, tuple[dt.datetime, str, bool]] = {}
    for pk, came_at, state, answered in found:
        first.setdefault(pk, (came_at, state, answered))
    return _months(first.values(), at)


def alarms_per_hundred(*, workplace: Territory, at: dt.datetime) -> float | None:
    """Alarms of the last 30 days per 100 of its indicators; None where it measures nothing. Inside only."""
    series = Series.objects.of_workplace(workplace).valid_on(local_day(at)).count()
    alarms = Alert.objects.filter(workplace=workplace, origin=AlertOrigin.ENGINE, opened_at__gt=at - WINDOW).count()
    return 100 * alarms / series if series else None


def madness(*, at: dt.datetime) -> int | None:
    """Alarms of the last day per 100 indicators of all workplaces together, if that is more than ``MAD``.

    For who keeps the installation: no name, no place, and nothing where there are so few indicators that a share
    would point at somebody.
    """
    series = Series.objects.valid_on(local_day(at)).count()
    if series < LEAST_SERIES:
        return None
    alarms = Alert.objects.filter(origin=AlertOrigin.ENGINE, opened_at__gt=at - dt.timedelta(days=1)).count()
    share = 100 * alarms // series
    return share if share > MAD else None


def vital_sign(at: dt.datetime) -> dict[str, object]:
    """For ``/healthz``: the engine is well, or so many alarms per 100 indicators say that it is not."""
    share = madness(at=at)
    return {"ok": True} if share is None else {"ok": False, "alarms_per_100": share}


def _judged(alarms: QuerySet[Alert]) -> QuerySet[Alert]:
    answers = AlertEntry.objects.filter(alert=OuterRef("pk"), kind__in=_ANSWERS, author__isnull=False)
    return alarms.annotate(answered=Exists(answers))


def _months(rows: Iterable[tuple[dt.datetime, str, bool]], at: dt.datetime) -> list[Month]:
    counted: dict[dt.date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for opened_at, state, answered in rows:
        count = counted[local_day(opened_at).replace(day=1)]
        false = state == AlertState.FALSE_ALARM
        count[0] += 1
        count[1] += not false and (answered or state in (AlertState.SETTLED, AlertState.DECIDED))
        count[2] += false
    first = period_start(MONTH, local_day(at))
    months = []
    for _n in range(MONTHS):
        months.append(Month(first, *counted[first]))
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return months
