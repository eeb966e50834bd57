"""Alerts of Cristalerías, for tests: a cordón whose council sits, a province above it, and the nation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from councils.enums import BodyKind, TerritoryKind
from councils.models import Body, Member, Placement, Territory
from production.analysis.finding import Evidence, EvidencePoint, Finding
from production.domain.alert import open_alert, raise_alert
from production.models import Alert, AlertHold, Series
from tests import builders
from tests.builders import LONG_AGO, NOW
from tests.conftest import Cast

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TODAY = NOW.date()


@dataclass
class Levels:
    """Who sits above Cristalerías besides Elena, who is its delegate to the cordón."""

    province: Territory
    provincial: Body
    national: Body
    dora: Member  # delegate of Perlak's neighbour to the cordón of Vicuña Mackenna
    paula: Member  # sits in the provincial coordination
    nino: Member  # sits in the national council
    vera: Member  # works in another workplace of the same cordón
    other: Territory  # that workplace


def levels(cast: Cast) -> Levels:
    """A province between the cordones and the nation; somebody sits at each level; a second workplace in the cordón."""
    b = builders
    province = b.territory(TerritoryKind.PROVINCE, "Santiago", cast.nation)
    Placement.objects.filter(territory__in=[cast.vicuna, cast.cerrillos]).update(parent=province)
    provincial = b.body(BodyKind.PROVINCIAL_COORDINATION, province)
    national = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    other = b.workplace("Sumar", cast.vicuna, cast.glass)
    named = {"dora": "Dora Núñez", "paula": "Paula Ríos", "nino": "Nino Baeza", "vera": "Vera Lagos"}
    who = {username: b.member(username, name, is_demo=True) for username, name in named.items()}
    b.membership(who["vera"], other)
    b.membership(who["dora"], other)
    b.seat(who["dora"], cast.council, Body.objects.assembly_of(other), other)
    cerrillos = Body.objects.get(territory=cast.cerrillos, kind=BodyKind.CORDON_COUNCIL)
    b.seat(who["paula"], provincial, cerrillos, cast.cerrillos)
    b.seat(who["nino"], national, provincial, province)
    return Levels(province, provincial, national, who["dora"], who["paula"], who["nino"], who["vera"], other)


def finding(kind: str = "slope", size: float = -4.0, probability: float = 0.94, **changed: Any) -> Finding:
    """Sand falls by four tonnes a day since the fifth of November."""
    values: dict[str, Any] = {
        "kind": kind,
        "began_on": dt.date(2026, 11, 5),
        "size": size,
        "size_low": size - 1,
        "size_high": size + 1,
        "probability": probability,
        "expected": 120.0,
        "band_low": 90.0,
        "band_high": 150.0,
        "value": 46.0,
        "judged_on": TODAY,
    }
    return Finding(**{**values, **changed})


def evidence(remark: str = "la cinta se cortó") -> Evidence:
    """Thirty days, the last of them with a remark."""
    days = [TODAY - n * DAY for n in range(29, -1, -1)]
    points = [EvidencePoint(day, Decimal(133 - 3 * n), 90.0, 150.0) for n, day in enumerate(days)]
    points[-1] = EvidencePoint(TODAY, Decimal("46.7654"), 90.0, 150.0, remark)
    return Evidence(points=points, unit="t", frequency="day", days_left=4)


def sand(cast: Cast) -> Series:
    """Its series, made once."""
    found: Series | None = Series.objects.filter(indicator=cast.sand, workplace=cast.cristalerias).first()
    return found or builders.series(cast.cristalerias, cast.sand, since=LONG_AGO)


def opened(cast: Cast, at: dt.datetime = NOW, **changed: Any) -> Alert:
    """The engine opens one on the sand: four working days, until Friday noon."""
    return open_alert(series=sand(cast), finding=finding(**changed), evidence=evidence(), at=at)


def raised(cast: Cast, at: dt.datetime = NOW, **changed: Any) -> Alert:
    """Carmen raises one by hand: two working days, until Wednesday noon."""
    values: dict[str, Any] = {"place": cast.cristalerias, "title": "Hay olor a gas en el horno 2", "by": cast.carmen}
    return raise_alert(**{**values, "at": at, **changed})


def holder(alert: Alert) -> AlertHold:
    """Who has it now, as it is written down."""
    return AlertHold.objects.current().select_related("body").get(alert=alert)


def log_of(alert: Alert) -> list[tuple[str, dt.datetime]]:
    """Kind and moment of each line, in order."""
    return list(alert.entries.order_by("pk").values_list("kind", "at"))
