"""Indicator: what is measured; series: who measures it, since when, and what of it leaves the workplace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain import audit
from councils.enums import BodyKind
from councils.errors import Refused
from councils.models import Body, Member, Placement, Territory
from councils.names import name_key
from councils.permissions import require
from production.analysis import calendar
from production.domain.roll_up import recompute_for
from production.enums import Aggregation, Direction, Frequency, IndicatorKind, Sharing
from production.models import Figure, Indicator, Series


def define_indicator(
    *,
    workplace: Territory,
    name: str,
    unit: str,
    kind: str,
    by: Member,
    at: dt.datetime,
    aggregation: str = "",
    direction: str = Direction.NONE,
    signed: bool = False,
) -> Indicator:
    """The catalogue's entry of that name and unit: the one that is there, or a new one.

    An entry that is there stays as it is: two workplaces that measure the same add up. ``aggregation``
    empty: by kind and unit (see ``usual_aggregation``). Raises ``Denied``; ``Refused`` for an empty name or unit.
    """
    require("define_indicator", by=by, on=workplace, at=at)
    name, unit = " ".join(name.split()), " ".join(unit.split())
    if not name_key(name) or not unit:
        raise Refused(_("A figure needs a name and a unit."))
    with transaction.atomic():
        indicator, created = Indicator.objects.get_or_create(
            name_key=name_key(name),
            unit=unit,
            defaults={
                "name": name,
                "kind": kind,
                "aggregation": aggregation or usual_aggregation(kind, unit),
                "direction": direction,
                "signed": signed,
            },
        )
        if created:
            _record("define_indicator", indicator, workplace, by, at, name=name, unit=unit)
    return indicator


def usual_aggregation(kind: str, unit: str) -> str:
    """How figures of this kind join over time unless told: percent → mean, stock → last, capacity → mean, else sum."""
    if unit.strip() in {"%", "pct"} or kind == IndicatorKind.CAPACITY:
        return Aggregation.MEAN
    return Aggregation.LAST if kind == IndicatorKind.STOCK else Aggregation.SUM


def start_series(
    *,
    workplace: Territory,
    indicator: Indicator,
    by: Member,
    at: dt.datetime,
    from_on: dt.date,
    territory: Territory | None = None,
    frequency: str = Frequency.DAY,
) -> Series:
    """From ``from_on`` on, ``territory`` (None: the workplace) reports ``indicator``.

    A weekly or monthly series begins with its period: ``from_on`` goes back to the Monday or the first.
    Raises ``Denied``; ``Refused`` for a ratio (it is computed), a foreign section, or when the workplace and one of
    its sections, or the same place twice, would measure one thing at a time.
    """
    require("start_series", by=by, on=workplace, at=at)
    return _start(workplace, indicator, by, at, from_on, territory or workplace, frequency)


def equip_workplace(
    *,
    workplace: Territory,
    indicator: Indicator,
    by: Member,
    at: dt.datetime,
    from_on: dt.date,
    territory: Territory | None = None,
    frequency: str = Frequency.DAY,
) -> Series:
    """As ``start_series``, by who keeps the installation, while nobody sits in the workplace's committee."""
    require("equip_workplace", by=by, on=workplace, at=at)
    return _start(workplace, indicator, by, at, from_on, territory or workplace, frequency)


def _start(
    workplace: Territory,
    indicator: Indicator,
    by: Member,
    at: dt.datetime,
    from_on: dt.date,
    place: Territory,
    frequency: str,
) -> Series:
    first = calendar.period_start(frequency, from_on)
    if indicator.aggregation == Aggregation.RATIO:
        raise Refused(_("“%(name)s” is computed from two other figures: report those.") % {"name": indicator.name})
    if place != workplace and not Placement.objects.valid_on(from_on).filter(territory=place, parent=workplace):
        raise Refused(_("“%(name)s” is not a section of this workplace on that day.") % {"name": place.name})
    with transaction.atomic():
        _lock(workplace)
        _refuse_double(workplace, place, indicator, first)
        last = Series.objects.filter(workplace=workplace).aggregate(last=Max("position"))["last"]
        series = Series.objects.create(
            workplace=workplace,
            territory=place,
            indicator=indicator,
            frequency=frequency,
            from_on=first,
            position=0 if last is None else min(last + 1, 32767),
        )
        _record("start_series", series, workplace, by, at, indicator=indicator.name, territory=place.name)
        recompute_for(workplace=workplace, first=first, last=None, at=at)  # more is expected from then on
    return series


def measure(
    *,
    workplace: Territory,
    name: str,
    unit: str,
    kind: str,
    by: Member,
    at: dt.datetime,
    from_on: dt.date,
    territory: Territory | None = None,
    frequency: str = Frequency.DAY,
    direction: str = Direction.NONE,
) -> Series:
    """Both at once: find or define the indicator of that name and unit, and start its series. Raises as they do."""
    with transaction.atomic():
        indicator = define_indicator(
            workplace=workplace, name=name, unit=unit, kind=kind, direction=direction, by=by, at=at
        )
        return start_series(
            workplace=workplace,
            indicator=indicator,
            territory=territory,
            frequency=frequency,
            from_on=from_on,
            by=by,
            at=at,
        )


def end_series(*, series: Series, by: Member, at: dt.datetime, until_on: dt.date) -> Series:
    """From ``until_on`` on, ``series`` is no longer reported; what was reported stays.

    One that ended with its file ends now by people, at the latest when the file did: no later file goes on with it.
    Raises ``Denied``; ``Refused`` when people ended it before, or it would end before it began or before its last
    figure.
    """
    require("end_series", by=by, on=series, at=at)
    with transaction.atomic():
        _lock(series.workplace)
        series = Series.objects.select_related("indicator", "workplace").get(pk=series.pk)
        name = series.indicator.name
        if series.until_on is not None and series.ended_by_file:
            until_on = min(until_on, series.until_on)
        elif series.until_on is not None:
            raise Refused(_("“%(name)s” ended on %(day)s.") % {"name": name, "day": date_format(series.until_on)})
        if until_on <= series.from_on:
            raise Refused(
                _("“%(name)s” began on %(day)s: it can end from the day after on.")
                % {"name": name, "day": date_format(series.from_on)}
            )
        last = Figure.objects.current().filter(series=series, value__isnull=False).aggregate(last=Max("start"))["last"]
        if last is not None and until_on <= last:
            raise Refused(
                _("“%(name)s” has a figure of %(day)s: it can end from the day after on.")
                % {"name": name, "day": date_format(last)}
            )
        series.until_on, series.ended_by_file = until_on, False
        series.save(update_fields=["until_on", "ended_by_file"])
        _record("end_series", series, series.workplace, by, at, until_on=str(until_on))
        recompute_for(workplace=series.workplace, first=until_on, last=None, at=at)  # less is expected
    return series


def share_series(*, series: Series, sharing: str, agreed_on: dt.date, by: Member, at: dt.datetime) -> Series:
    """Write down what the assembly agreed on ``agreed_on`` about this figure outside the workplace.

    ``sharing``: a ``Sharing``. Raises ``Denied``; ``Refused`` for an unknown agreement or one of a day to come.
    """
    require("share_series", by=by, on=series, at=at)
    if sharing not in Sharing.values:
        raise Refused(_("Choose what the assembly agreed."))
    if agreed_on > local_day(at):
        raise Refused(_("Write the day of the assembly that agreed it, not a day to come."))
    with transaction.atomic():
        series = Series.objects.select_for_update().select_related("indicator", "workplace").get(pk=series.pk)
        before = series.sharing
        series.sharing = sharing
        series.save(update_fields=["sharing"])
        _record(
            "share_series", series, series.workplace, by, at, before=before, after=sharing, agreed_on=str(agreed_on)
        )
    return series


def order_series(*, workplace: Territory, order: Sequence[Series], by: Member, at: dt.datetime) -> None:
    """Put the series of ``workplace`` in this order on the form. Raises ``Denied``; ``Refused`` for a foreign one."""
    require("order_series", by=by, on=workplace, at=at)
    if any(s.workplace_id != workplace.pk for s in order):
        raise Refused(_("One of these figures belongs to another workplace."))
    with transaction.atomic():
        _lock(workplace)
        for position, series in enumerate(order):
            Series.objects.filter(pk=series.pk).update(position=position)
        _record("order_series", None, workplace, by, at, order=[s.indicator.name for s in order])


def _lock(workplace: Territory) -> None:
    """Changes of what a workplace measures come one after the other: the database cannot forbid a clash by itself."""
    Territory.objects.select_for_update().get(pk=workplace.pk)


def _refuse_double(workplace: Territory, place: Territory, indicator: Indicator, first: dt.date) -> None:
    rivals = Series.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=first), workplace=workplace, indicator=indicator
    )
    if place != workplace:  # two sections may measure one thing: their figures add up to the workplace's
        rivals = rivals.filter(territory__in=[place, workplace])
    rival = rivals.select_related("territory").first()
    if rival is None:
        return
    if rival.territory_id == place.pk:
        raise Refused(
            _("“%(name)s” is already reported by %(place)s.") % {"name": indicator.name, "place": rival.territory.name}
        )
    raise Refused(
        _(
            "“%(name)s” is already reported by %(place)s. "
            "A workplace and its sections cannot both report one figure: it would count twice."
        )
        % {"name": indicator.name, "place": rival.territory.name}
    )


def _record(verb: str, subject: Any, workplace: Territory, by: Member, at: dt.datetime, **detail: Any) -> None:
    body = Body.objects.filter(territory=workplace, kind=BodyKind.COMMITTEE).first()
    audit.record(verb=verb, by=by, at=at, body=body, subject=subject, **detail)
