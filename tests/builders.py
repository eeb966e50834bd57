"""Typed builders of facts for tests. Each makes the least that the noun needs."""

from __future__ import annotations

import datetime as dt

from councils.enums import BodyKind, TerritoryKind
from councils.models import Body, Member, Membership, Placement, RuleSet, Seat, Territory
from production.enums import Aggregation, Direction, Frequency, IndicatorKind
from production.models import Factory, Indicator, Sector, SectorPlacement, Series

LONG_AGO = dt.date(2024, 1, 1)
NOW = dt.datetime(2026, 11, 16, 15, 0, tzinfo=dt.UTC)  # a Monday, noon in Santiago
PASSWORD = "una clave larga"


def member(username: str, name: str = "", **extra: object) -> Member:
    """A person with an account."""
    person = Member(username=username, name=name or username.capitalize(), **extra)
    person.set_password(PASSWORD)
    person.save()
    return person


def territory(kind: str, name: str, parent: Territory | None = None, since: dt.date = LONG_AGO) -> Territory:
    """A place, hung from its parent."""
    place = Territory.objects.create(kind=kind, name=name)
    if parent is not None:
        Placement.objects.create(territory=place, parent=parent, from_on=since)
    return place


def workplace(name: str, cordon: Territory | None, sector: Sector | None = None) -> Territory:
    """A workplace with factory, assembly and committee."""
    place = territory(TerritoryKind.WORKPLACE, name, cordon)
    Factory.objects.create(territory=place)
    body(BodyKind.ASSEMBLY, place)
    body(BodyKind.COMMITTEE, place)
    if sector is not None:
        SectorPlacement.objects.create(workplace=place, sector=sector, from_on=LONG_AGO)
    return place


def body(kind: str, place: Territory | None, **rules: object) -> Body:
    """A body with version 1 of its rules in force."""
    organ = Body.objects.create(kind=kind, territory=place)
    RuleSet.objects.create(body=organ, version=1, rules=rules, in_force_from=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    return organ


def membership(person: Member, place: Territory, since: dt.date = LONG_AGO, **extra: object) -> Membership:
    """``person`` works at ``place``."""
    return Membership.objects.create(member=person, territory=place, from_on=since, **extra)


def seat(person: Member, organ: Body, elected_by: Body, represents: Territory | None = None, **extra: object) -> Seat:
    """``person`` sits in ``organ`` for a term around NOW."""
    terms = {"term_begins_at": NOW - dt.timedelta(days=100), "term_ends_at": NOW + dt.timedelta(days=200)}
    return Seat.objects.create(
        holder=person, body=organ, elected_by=elected_by, represents=represents, **{**terms, **extra}
    )


def indicator(
    name: str,
    unit: str = "t",
    kind: str = IndicatorKind.OUTPUT,
    aggregation: str = Aggregation.SUM,
    direction: str = Direction.MORE,
    **extra: object,
) -> Indicator:
    """An entry of the catalogue."""
    return Indicator.objects.create(
        name=name, unit=unit, kind=kind, aggregation=aggregation, direction=direction, **extra
    )


def series(
    place: Territory,
    what: Indicator,
    section: Territory | None = None,
    frequency: str = Frequency.DAY,
    since: dt.date = LONG_AGO,
    **extra: object,
) -> Series:
    """``place`` (or one of its sections) reports ``what``."""
    return Series.objects.create(
        workplace=place, territory=section or place, indicator=what, frequency=frequency, from_on=since, **extra
    )
