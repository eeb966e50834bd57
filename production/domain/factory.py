"""Factory: the production side of a workplace, as who keeps the installation writes it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain import audit
from councils.domain.territory import found_territory
from councils.enums import BodyKind, TerritoryKind
from councils.errors import Refused
from councils.models import Body, Member, Territory
from councils.permissions import require
from production.domain.analysis_job import analyse_since
from production.domain.calendar import excuse_first_day
from production.domain.indicator import equip_workplace
from production.domain.roll_up import recompute_for
from production.models import Factory, Indicator, Sector, SectorPlacement

#: What expected periods and production days hang from.
_CALENDAR = {"working_week", "day_starts_at"}


def found_factory(
    *,
    factory: Factory,
    name: str,
    parent: Territory | None,
    sector: Sector | None,
    indicators: Sequence[Indicator],
    by: Member,
    at: dt.datetime,
) -> Factory:
    """A workplace with its bodies, hung from ``parent``, with ``factory`` (unsaved), its sector, and what it
    reports from today on. All or nothing. Raises ``Denied`` or ``Refused``.
    """
    with transaction.atomic():
        workplace = found_territory(kind=TerritoryKind.WORKPLACE, name=name, parent=parent, by=by, at=at)
        factory.territory = workplace
        factory.save(force_insert=True)
        excuse_first_day(factory=factory, at=at)
        if sector is not None:
            place_sector(workplace=workplace, sector=sector, on_day=local_day(at), by=by, at=at)
        for indicator in indicators:
            equip_workplace(workplace=workplace, indicator=indicator, by=by, at=at, from_on=local_day(at))
    return factory


def keep_factory(*, factory: Factory, by: Member, at: dt.datetime) -> Factory:
    """Store what was changed in ``factory``; what is expected follows its calendar. Raises ``Denied``."""
    require("keep_factory", by=by, on=factory.territory, at=at)
    with transaction.atomic():
        before = Factory.objects.select_for_update().get(pk=factory.pk)
        names = [f.name for f in Factory._meta.concrete_fields if not f.primary_key]
        changed = [name for name in names if getattr(before, name) != getattr(factory, name)]
        if not changed:
            return before
        factory.save()
        _record("keep_factory", factory.territory, by, at, fields=changed)
        if _CALENDAR & set(changed):
            recompute_for(workplace=factory.territory, first=None, last=None, at=at)
            analyse_since(workplace=factory.territory, first=None, at=at)
    return factory


def place_sector(
    *, workplace: Territory, sector: Sector, on_day: dt.date, by: Member, at: dt.datetime
) -> SectorPlacement:
    """From ``on_day`` on, ``workplace`` belongs to ``sector``; what was before stays true for its own time.

    Raises ``Denied``; ``Refused`` for what is no workplace, and when a later change is entered already.
    """
    require("place_sector", by=by, on=workplace, at=at)
    if workplace.kind != TerritoryKind.WORKPLACE:
        raise Refused(_("Only workplaces belong to a sector."))
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=workplace.pk)
        rows = SectorPlacement.objects.filter(workplace=workplace)
        if rows.filter(from_on__gt=on_day).exists():
            raise Refused(_("A later change of sector is already entered. Delete that one first."))
        now: SectorPlacement | None = rows.valid_on(on_day).first()
        if now is not None and now.sector_id == sector.pk:
            raise Refused(_("%(name)s is already in that sector on that day.") % {"name": workplace})
        if now is not None and now.from_on == on_day:
            now.sector = sector
            now.save()
            placement = now
        else:
            if now is not None:
                now.until_on = on_day
                now.save()
            placement = SectorPlacement.objects.create(workplace=workplace, sector=sector, from_on=on_day)
        _record("place_sector", workplace, by, at, name=sector.name, on_day=on_day.isoformat())
        recompute_for(workplace=workplace, first=on_day, last=None, at=at)
    return placement


def _record(verb: str, workplace: Territory, by: Member, at: dt.datetime, **detail: object) -> None:
    body = Body.objects.filter(territory=workplace, kind=BodyKind.COMMITTEE).first()
    audit.record(verb=verb, by=by, at=at, body=body, subject=workplace, **detail)
