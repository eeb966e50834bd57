"""The frame of every page: menu, counts, ladder; few queries, nothing for strangers."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from councils.domain import waiting
from councils.domain.waiting import WaitingTask
from councils.enums import TerritoryKind
from councils.models import Member
from production.views.frame import SYMBOLS, Frame, frame_of
from tests import builders
from tests.builders import NOW


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def asked(member: Member | AnonymousUser, path: str = "/") -> HttpRequest:
    """A request of ``member`` for ``path``."""
    request = RequestFactory().get(path)
    request.user = member
    request.resolver_match = resolve(path)
    return request


def rungs(member: Member, path: str = "/") -> list[tuple[str, bool]]:
    return [(rung.name, rung.current) for rung in Frame(asked(member, path)).ladder]


@pytest.fixture
def only_tasks(monkeypatch: pytest.MonkeyPatch) -> list[WaitingTask]:
    """Tasks given by the test alone."""
    tasks: list[WaitingTask] = []
    monkeypatch.setattr(waiting, "_PROVIDERS", [lambda member, at: tasks])
    return tasks


def test_ladder_goes_from_the_workplace_to_the_nation(cast) -> None:
    assert rungs(cast.carmen) == [
        ("Cristalerías de Chile", True),
        ("Vicuña Mackenna", False),
        ("Cómo vamos", False),
    ]


def test_ladder_begins_with_her_section(cast) -> None:
    cast.carmen.memberships.update(section=cast.hornos)
    assert rungs(cast.carmen)[0] == ("Hornos", False)


def test_ladder_of_a_workplace_alone_has_one_level(db: None) -> None:
    alone = builders.workplace("Panificadora San José", None)
    worker = builders.member("rita", "Rita Núñez")
    builders.membership(worker, alone)
    assert rungs(worker) == [("Panificadora San José", True)]


def test_ladder_follows_the_placement_of_today(cast) -> None:
    cast.cristalerias.placements.update(until_on=dt.date(2026, 11, 1))
    cast.cristalerias.placements.create(
        territory=cast.cristalerias, parent=cast.cerrillos, from_on=dt.date(2026, 11, 1)
    )
    assert [name for name, _ in rungs(cast.carmen)] == ["Cristalerías de Chile", "Cerrillos-Maipú", "Cómo vamos"]


def test_ladder_names_levels_as_people_there_do(cast) -> None:
    cast.vicuna.level_name = "zona"
    cast.vicuna.save()
    assert [rung.level for rung in Frame(asked(cast.carmen)).ladder][1] == "Zona"


def test_ladder_of_someone_without_workplace_shows_the_nation_only(cast) -> None:
    assert rungs(cast.ana) == [("Cómo vamos", False)]


def test_ladder_marks_the_level_one_stands_on(cast) -> None:
    url = reverse("cordon", args=[cast.vicuna.uuid])
    assert rungs(cast.carmen, url)[1] == ("Vicuña Mackenna", True)


def test_ladder_marks_no_level_on_the_page_of_another_place(cast) -> None:
    url = reverse("cordon", args=[cast.cerrillos.uuid])
    assert [current for _, current in rungs(cast.carmen, url)] == [False, False, False]


def test_ladder_follows_the_workplace_of_the_page(cast) -> None:
    builders.membership(cast.carmen, cast.perlak)
    url = reverse("workplace", args=[cast.perlak.uuid])
    assert rungs(cast.carmen, url)[0] == ("Perlak", True)


def test_menu_counts_what_waits(cast, only_tasks) -> None:
    only_tasks += [
        WaitingTask("urna", "Votar", "/v/", "Votar", group="vote"),
        WaitingTask("informe", "I", "/i/", "Llenar"),
        WaitingTask("alerta", "A", "/a/", "Ver", group="alert"),
    ]
    assert [(i.label, i.count, i.current) for i in Frame(asked(cast.carmen)).menu] == [
        ("Hoy", 3, True),
        ("Informe", 0, False),
        ("Alertas", 1, False),
        ("Propuestas", 0, False),
        ("Votar", 1, False),
    ]


@pytest.mark.parametrize(("page", "label"), [("votes", "Votar"), ("elections", "Votar"), ("proposals", "Propuestas")])
def test_menu_marks_the_page(cast, page: str, label: str) -> None:
    menu = Frame(asked(cast.carmen, reverse(page))).menu
    assert [i.label for i in menu if i.current] == [label]


def test_menu_of_someone_without_workplace_has_only_today(cast) -> None:
    assert [i.label for i in Frame(asked(cast.ana)).menu] == ["Hoy"]


def test_frame_asks_nothing_for_strangers(django_assert_num_queries, db: None) -> None:
    with django_assert_num_queries(0):
        frame = Frame(asked(AnonymousUser()))
        assert (frame.menu, frame.ladder, frame.who) == ([], [], "")


def test_frame_costs_two_queries_besides_the_tasks(cast, only_tasks, django_assert_num_queries) -> None:
    request = asked(cast.carmen)
    with django_assert_num_queries(2):
        for _ in range(2):
            assert frame_of(request).menu
            assert frame_of(request).ladder


@pytest.mark.parametrize(("name", "shown"), [("Carmen Soto", "Carmen S."), ("Carmen", "Carmen"), ("", "carmen")])
def test_frame_says_who_is_signed_in(cast, name: str, shown: str) -> None:
    cast.carmen.name = name
    assert Frame(asked(cast.carmen)).who == shown


def test_placement_above_ends_in_a_ring(cast) -> None:
    place = builders.territory(TerritoryKind.PROVINCE, "Santiago", cast.nation)
    cast.nation.placements.create(territory=cast.nation, parent=place, from_on=builders.LONG_AGO)
    assert rungs(cast.carmen)[0] == ("Cristalerías de Chile", True)


def test_page_shows_menu_and_ladder_in_both_languages(cast, client: Client) -> None:
    client.force_login(cast.carmen)
    spanish = client.get(reverse("account")).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(reverse("account")).content.decode()
    assert [word in spanish for word in ("Propuestas", "Cómo vamos", "Saltar al contenido")] == [True] * 3
    assert [word in english for word in ("Proposals", "How we are doing", "Skip to content")] == [True] * 3


def test_each_level_has_a_sign_of_its_own():
    signs = [SYMBOLS[kind] for kind in TerritoryKind.values]
    assert len(set(signs)) == len(signs)
