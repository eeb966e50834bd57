"""Capability: what a workplace says it could make of one thing, as its committee writes it down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.domain import audit, job
from councils.enums import BodyKind
from councils.errors import Refused
from councils.models import Body, Member, Territory
from councils.permissions import require
from production.analysis.indices import Better
from production.domain.calendar import factory_of, production_day
from production.domain.indices import better
from production.domain.summary import ROLL_UP
from production.enums import Aggregation, IndicatorKind
from production.models import Capability, Figure, Series
from production.models.fixed_point import to_micro

#: Longer reasons do not fit into the row.
REASON_LENGTH = 500


@dataclass(frozen=True)
class Best:
    """The best figure of a series so far, and the first day of its period."""

    start: dt.date
    value: Decimal


def set_capability(
    *,
    series: Series,
    capability: Decimal,
    potentiality: Decimal,
    from_on: dt.date,
    reason: str,
    by: Member,
    at: dt.datetime,
) -> Capability:
    """From ``from_on`` on ``series`` could make ``capability`` in a period of its own if nothing were missing, and
    ``potentiality`` with what it lacks besides; both in the unit of its indicator. What was said before stays.

    Both at once, so that the three indices always divide the same sums; ``potentiality`` may be the same, or less
    (the pages say so). Raises ``Denied``; ``Refused`` for what is better neither way, an answer that is not above
    zero or is no figure of that unit, a day before the series began, after it ended or to come, or no reason.
    """
    require("set_capability", by=by, on=series, at=at)
    reason = " ".join(reason.split())
    _refuse_answer(series, capability, potentiality)
    _refuse_day(series, from_on, at)
    if not reason or len(reason) > REASON_LENGTH:
        raise Refused(_("Write in a few words why: what it was counted from, or what changed."))
    with transaction.atomic():
        series = Series.objects.select_for_update().select_related("indicator", "workplace").get(pk=series.pk)
        before = Capability.objects.filter(series=series, from_on=from_on).aggregate(last=Max("version"))["last"]
        said: Capability = Capability.objects.create(
            series=series,
            from_on=from_on,
            version=(before or 0) + 1,
            capability=capability,
            potentiality=potentiality,
            reason=reason,
            set_by=by,
            set_at=at,
        )
        audit.record(
            verb="set_capability",
            by=by,
            at=at,
            body=Body.objects.filter(territory=series.workplace, kind=BodyKind.COMMITTEE).first(),
            subject=said,
            name=series.indicator.name,
            from_on=str(from_on),
        )
        job.enqueue(
            kind=ROLL_UP, key=f"{ROLL_UP}:capability:{said.uuid}", payload={"capability": str(said.uuid)}, at=at
        )
    return said


def is_asked(series: Series) -> bool:
    """Whether the two questions make sense of this figure."""
    return better(series.indicator) is not None


def best_so_far(series: Series) -> Best | None:
    """The record, offered as a first answer: the highest figure in force, or the lowest above zero where less is
    better; of equal ones the latest. None without any."""
    highest = better(series.indicator) != Better.LESS
    figures = Figure.objects.current().filter(series=series, value__gt=Decimal(0))
    found = figures.order_by("-value" if highest else "value", "-start").values_list("start", "value").first()
    return Best(*cast("tuple[dt.date, Decimal]", found)) if found is not None else None


def unanswered_of(*, workplace: Territory, on: dt.date) -> Series | None:
    """The main product of ``workplace``, the first on its form, if nothing was said of what could be made of it."""
    products = Series.objects.of_workplace(workplace).valid_on(on).filter(indicator__kind=IndicatorKind.OUTPUT)
    ordered = products.exclude(indicator__aggregation=Aggregation.RATIO).order_by("position", "pk")
    main: Series | None = ordered.select_related("indicator").first()
    if main is None or Capability.objects.in_force_on(on).filter(series=main).exists():
        return None
    return main


def _refuse_answer(series: Series, capability: Decimal, potentiality: Decimal) -> None:
    if not is_asked(series):
        raise Refused(
            _("Of “%(name)s” neither more nor less is better: there is nothing to compare it with.")
            % {"name": series.indicator.name}
        )
    if capability <= 0 or potentiality <= 0:
        raise Refused(_("Both answers must be above zero: what is made cannot be compared with nothing."))
    try:
        to_micro(capability), to_micro(potentiality)
    except ValueError as e:
        raise Refused(_("An answer is too long: at most 15 digits, six of them decimals.")) from e
    if series.indicator.whole and (capability % 1 or potentiality % 1):
        raise Refused(
            _("It is counted in whole %(unit)s: write it without decimals.") % {"unit": series.indicator.unit_words}
        )


def _refuse_day(series: Series, from_on: dt.date, at: dt.datetime) -> None:
    if from_on > production_day(factory=factory_of(series.workplace), at=at):
        raise Refused(_("Write what holds today or held before, not what will hold one day."))
    if from_on < series.from_on:
        raise Refused(
            _("“%(name)s” is reported since %(day)s: the answer can hold from that day on.")
            % {"name": series.indicator.name, "day": date_format(series.from_on)}
        )
    if series.until_on is not None and from_on >= series.until_on:
        raise Refused(
            _("“%(name)s” ended on %(day)s.") % {"name": series.indicator.name, "day": date_format(series.until_on)}
        )
