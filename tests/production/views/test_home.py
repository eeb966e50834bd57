"""Home and the front page."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from councils.domain.waiting import waiting_for
from production.domain.report import declare_stoppage, submit_report
from production.models import ClosedDay, Factory, Series
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(builders.NOW, tick=False)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles, since=TODAY)


def page(client: Client, member=None, address: str = "/") -> str:
    if member is not None:
        client.force_login(member)
    client.cookies["django_language"] = "en"
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def reports(cast: Cast, who) -> list[str]:
    return [task.url for task in waiting_for(member=who, at=builders.NOW) if task.icon == "informe"]


def test_home_for_a_stranger_is_the_way_in(db, client):
    front = page(client)
    assert reverse("account_login") in front
    assert "To do" not in front


def test_home_shows_what_waits_the_figures_and_the_delegates(cast, client, bottles):
    assert reverse("report_place", args=[cast.cristalerias.uuid]) in page(client, cast.carmen)
    submit_report(
        workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={bottles: (Decimal(412), "")},
        by=cast.pedro, at=builders.NOW,
    )  # fmt: skip
    home = page(client, cast.carmen)
    assert "412" in home and "Elena Paillán" in home and "Rosa Marín" not in home
    assert "nothing waits for you" in home


def test_home_of_someone_without_workplace(cast, client):
    assert "You do not belong to a workplace yet" in page(client, cast.olga)


def test_the_report_waits_until_it_is_answered(cast, bottles):
    address = reverse("report_place", args=[cast.cristalerias.uuid])
    assert reports(cast, cast.carmen) == [address]
    assert reports(cast, cast.nora) == reports(cast, cast.olga) == []
    declare_stoppage(
        workplace=cast.cristalerias,
        territory=cast.cristalerias,
        on=TODAY,
        why="strike",
        by=cast.carmen,
        at=builders.NOW,
    )
    assert reports(cast, cast.carmen) == []


def test_the_report_of_yesterday_waits_too_when_it_is_missing(cast, bottles):
    Series.objects.update(from_on=TODAY - dt.timedelta(days=5))
    address = reverse("report_place", args=[cast.cristalerias.uuid])
    assert reports(cast, cast.carmen) == [address, f"{address}?on=2026-11-15"]


def test_the_report_that_waits_names_its_workplace(cast, bottles):
    builders.series(cast.cristalerias, cast.sand, section=cast.hornos, since=TODAY)
    builders.membership(cast.carmen, cast.perlak)
    builders.series(cast.perlak, cast.bottles, since=TODAY - dt.timedelta(days=1))
    with translation.override("en"):
        titles = [task.title for task in waiting_for(member=cast.carmen, at=builders.NOW)]
    assert titles == [
        "Report of Cristalerías de Chile, section Hornos: today",
        "Report of Cristalerías de Chile: today",
        "Report of Perlak: today",
        "Report of Perlak: 15 November",
    ]


def test_home_of_a_member_of_two_workplaces_leads_to_both(cast, client, bottles):
    builders.membership(cast.carmen, cast.perlak)
    home = page(client, cast.carmen)
    assert all(
        f'href="{reverse("workplace", args=[place.uuid])}"' in home for place in (cast.cristalerias, cast.perlak)
    )


def test_home_and_workplace_draw_the_same_card(cast, client, bottles):
    Series.objects.update(from_on=TODAY - dt.timedelta(days=30))
    bottles.refresh_from_db()
    for n in range(20, 0, -1):
        submit_report(
            workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY - dt.timedelta(days=n),
            figures={bottles: (Decimal(400 + n % 7), "")}, by=cast.pedro, at=builders.NOW,
        )  # fmt: skip
    cards = [
        re.findall(r'<article class="screen">.*?</article>', page(client, cast.carmen, address), re.S)
        for address in ("/", reverse("workplace", args=[cast.cristalerias.uuid]))
    ]
    assert cards[0] == cards[1] and "expected from" in cards[0][0].lower()
    # nothing is known of today yet: the line ends with yesterday, and so does its label
    assert 'class="tb">today</text>' not in cards[0][0] and 'class="tb">15 Nov</text>' in cards[0][0]


def test_no_report_waits_on_a_closed_day_or_outside_the_working_week(cast, bottles):
    ClosedDay.objects.create(on=TODAY, reason="Holiday")
    assert reports(cast, cast.carmen) == []
    ClosedDay.objects.all().delete()
    Factory.objects.filter(pk=cast.cristalerias.pk).update(working_week="0111110")
    assert reports(cast, cast.carmen) == []


def test_a_section_member_is_asked_for_her_section_alone(cast, bottles):
    builders.series(cast.cristalerias, cast.sand, section=cast.hornos, since=TODAY)
    assert len(reports(cast, cast.carmen)) == 2
    cast.carmen.memberships.update(section=cast.hornos)
    assert reports(cast, cast.carmen) == [reverse("report_place", args=[cast.hornos.uuid])]


def test_home_asks_the_same_queries_for_1_and_30_figures(cast, client, bottles, django_assert_max_num_queries):
    page(client, cast.carmen)
    with django_assert_max_num_queries(80) as one:
        client.get("/")
    for n in range(29):
        builders.series(cast.cristalerias, builders.indicator(f"Cifra {n}"), since=TODAY)
    with django_assert_max_num_queries(80) as thirty:
        client.get("/")
    assert len(one) == len(thirty)


def test_home_of_who_keeps_the_installation_leads_to_its_pages(cast, client):
    home = page(client, cast.ana)
    links = [reverse("admin:index"), reverse("import_reports"), reverse("enrol")]
    assert all(f'<a href="{link}">' in home for link in links)
    assert "#codes" not in home  # she belongs nowhere, so no committee's page is hers
    builders.membership(cast.ana, cast.perlak)
    assert f'<a href="{reverse("people", args=[cast.perlak.uuid])}#codes">Codes of Perlak</a>' in page(client, cast.ana)


@pytest.mark.parametrize("who", ["carmen", "elena", "olga"])
def test_home_of_others_says_nothing_of_the_installation(cast, client, who):
    home = page(client, getattr(cast, who))
    assert "The installation" not in home
    assert reverse("admin:index") not in home and reverse("import_reports") not in home
