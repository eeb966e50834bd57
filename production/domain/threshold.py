"""Threshold: how sure the engine must be before it opens an alert, as the people of a workplace moved it.

The engine opens an alert where its probability *p* reaches a threshold *t*. People move *t* in steps of the odds,
t/(1 − t): a step up asks for twice the odds, a step down for half. So no step reaches 0 or 1, and a step means the
same wherever it begins. A false alarm is a step up for its figure, up to ``MOST`` of them; each is a version, and can
be taken back by another. Steps of the workplace and of the figure add up, within the same limits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from councils.errors import Refused
from councils.models import Member, Territory
from councils.permissions import require
from councils.text import clean_line, says_something
from production.models import Alert, Series, Threshold
from production.models.threshold import LEAST, MOST

REASON_LIMIT = 500


def moved(threshold: float, steps: int) -> float:
    """``threshold`` (a probability between 0 and 1, both excluded) after so many steps of the odds."""
    odds = threshold / (1.0 - threshold) * 2.0**steps
    return float(odds / (1.0 + odds))


def steps_of(*, series: Iterable[Series]) -> dict[int, int]:
    """The steps in force of each series (by primary key), its workplace's included. One query."""
    every = list(series)
    current = Threshold.objects.current().filter(
        Q(series__in=[s.pk for s in every]) | Q(series__isnull=True, workplace__in={s.workplace_id for s in every})
    )
    own: dict[int, int] = {}
    common: dict[int, int] = {}
    for workplace, one, steps in current.values_list("workplace", "series", "steps"):
        if one is None:
            common[workplace] = steps
        else:
            own[one] = steps
    return {s.pk: _within(own.get(s.pk, 0) + common.get(s.workplace_id, 0)) for s in every}


def learn(*, alert: Alert, by: Member, at: dt.datetime) -> Threshold | None:
    """A false alarm is a step up for its figure; None at the limit. In the transaction that closes ``alert``."""
    assert alert.series is not None
    Series.objects.select_for_update(no_key=True).get(pk=alert.series_id)
    before = _current(alert.workplace, alert.series)
    if (before.steps if before else 0) >= MOST:
        return None
    return _next(before, workplace=alert.workplace, series=alert.series, change=1, alert=alert, by=by, at=at)


def move_threshold(
    *, workplace: Territory, series: Series | None, steps: int, reason: str, by: Member, at: dt.datetime
) -> Threshold:
    """The committee sets ``steps`` for one figure, or with None for all of its figures, with a reason.

    Raises ``Denied``; ``Refused`` beyond the limits, without a reason, or where nothing would change.
    """
    require("move_threshold", by=by, on=workplace, at=at)
    reason = clean_line(reason)[:REASON_LIMIT]
    if not says_something(reason):
        raise Refused(_("Say why."))
    if not LEAST <= steps <= MOST:
        raise Refused(_("It can be moved from %(least)s to %(most)s steps.") % {"least": LEAST, "most": MOST})
    if series is not None and series.workplace_id != workplace.pk:
        raise Refused(_("That figure is of another workplace."))
    with transaction.atomic():
        if series is None:
            Territory.objects.select_for_update().get(pk=workplace.pk)
        else:
            Series.objects.select_for_update(no_key=True).get(pk=series.pk)
        before = _current(workplace, series)
        change = steps - (before.steps if before else 0)
        if not change:
            raise Refused(_("It stands there already."))
        return _next(before, workplace=workplace, series=series, change=change, reason=reason, by=by, at=at)


def history_of(*, workplace: Territory) -> list[Threshold]:
    """Every version of every threshold of ``workplace``, the latest first."""
    rows = Threshold.objects.filter(workplace=workplace).select_related("series__indicator", "alert", "set_by")
    return list(rows.order_by("-set_at", "-pk"))


def _current(workplace: Territory, series: Series | None) -> Threshold | None:
    """The version in force, locked."""
    rows = Threshold.objects.select_for_update().current().filter(workplace=workplace, series=series)
    return rows.first()


def _next(
    before: Threshold | None,
    *,
    workplace: Territory,
    series: Series | None,
    change: int,
    by: Member,
    at: dt.datetime,
    reason: str = "",
    alert: Alert | None = None,
) -> Threshold:
    if before is not None:
        before.superseded = True
        before.save(update_fields=["superseded"])
    return Threshold.objects.create(
        workplace=workplace,
        series=series,
        version=before.version + 1 if before else 1,
        steps=(before.steps if before else 0) + change,
        reason=reason,
        alert=alert,
        set_by=by,
        set_at=at,
    )


def _within(steps: int) -> int:
    return min(MOST, max(LEAST, steps))
