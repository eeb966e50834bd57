"""The named cast: who they are is in ``Cast``."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings
from hypothesis import settings

from councils.enums import BodyKind, SeatEnd, TerritoryKind
from councils.models import Body, Member, Territory
from councils.models.constraints import rewritable
from production.models import Indicator, Sector
from tests import builders
from tests.builders import NOW

# the same examples each time, so that a run judges the change before it; HYPOTHESIS_PROFILE=search looks further
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True, scope="session")
def _databases_of_tests_are_emptied() -> Iterator[None]:
    """What a test with real transactions wrote is deleted after it, the log too, which nothing else may."""
    emptied = BaseDatabaseOperations.execute_sql_flush

    def empty(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with rewritable(operations.connection):
            emptied(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
        yield


@dataclass
class Cast:
    """Two cordones, a workplace in each, and the people in them."""

    nation: Territory
    vicuna: Territory  # cordón Vicuña Mackenna
    cerrillos: Territory  # cordón Cerrillos-Maipú
    cristalerias: Territory  # workplace in vicuna, with section hornos
    hornos: Territory
    perlak: Territory  # workplace in cerrillos
    council: Body  # of vicuna
    glass: Sector
    food: Sector
    carmen: Member  # a worker of Cristalerías
    pedro: Member  # another worker of Cristalerías
    elena: Member  # sits in Cristalerías' committee, and its delegate to the council
    hugo: Member  # sits in Cristalerías' committee
    rosa: Member  # was its delegate until she was recalled; still works there
    nora: Member  # a worker of Perlak: neighbour from another cordón
    olga: Member  # belongs nowhere
    ana: Member  # keeps the installation (superuser), belongs nowhere
    bottles: Indicator
    sand: Indicator

    @property
    def assembly(self) -> Body:
        return Body.objects.assembly_of(self.cristalerias)

    @property
    def committee(self) -> Body:
        return Body.objects.committee_of(self.cristalerias)


@pytest.fixture
def now() -> dt.datetime:
    """A Monday noon in Santiago."""
    return NOW


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone and every place; without a history of how they came, which would cost half of the time."""
    with override_settings(SIMPLE_HISTORY_ENABLED=False):
        return _people_and_places()


def _people_and_places() -> Cast:
    b = builders
    nation = b.territory(TerritoryKind.NATION, "Chile")
    vicuna = b.territory(TerritoryKind.CORDON, "Vicuña Mackenna", nation)
    cerrillos = b.territory(TerritoryKind.CORDON, "Cerrillos-Maipú", nation)
    glass, food = Sector.objects.create(name="Vidrio"), Sector.objects.create(name="Alimentos")
    cristalerias = b.workplace("Cristalerías de Chile", vicuna, glass)
    hornos = b.territory(TerritoryKind.SECTION, "Hornos", cristalerias)
    perlak = b.workplace("Perlak", cerrillos, food)
    council = b.body(BodyKind.CORDON_COUNCIL, vicuna)
    b.body(BodyKind.CORDON_COUNCIL, cerrillos)
    b.body(BodyKind.NATIONAL_COUNCIL, nation)
    people = {
        "carmen": "Carmen Soto",
        "pedro": "Pedro Rojas",
        "elena": "Elena Paillán",
        "hugo": "Hugo Tapia",
        "rosa": "Rosa Marín",
        "nora": "Nora Vidal",
        "olga": "Olga Lira",
    }
    who = {username: b.member(username, name, is_demo=True) for username, name in people.items()}
    ana = b.member("ana", "Ana Ruiz", is_staff=True, is_superuser=True, is_demo=True)
    for username in ("carmen", "pedro", "elena", "hugo", "rosa"):
        b.membership(who[username], cristalerias)
    b.membership(who["nora"], perlak)
    assembly, committee = Body.objects.assembly_of(cristalerias), Body.objects.committee_of(cristalerias)
    b.seat(who["elena"], committee, assembly)
    b.seat(who["hugo"], committee, assembly)
    b.seat(who["elena"], council, assembly, cristalerias)
    b.seat(
        who["rosa"], council, assembly, cristalerias, ended_at=NOW - dt.timedelta(days=9), end_reason=SeatEnd.RECALLED
    )
    bottles = b.indicator("Envases buenos", "miles")
    sand = b.indicator("Arena sílice en bodega", "t", kind="stock", aggregation="last")
    return Cast(
        nation,
        vicuna,
        cerrillos,
        cristalerias,
        hornos,
        perlak,
        council,
        glass,
        food,
        **who,
        ana=ana,
        bottles=bottles,
        sand=sand,
    )
