"""The workplace page: everything inside; outside no judgement, no remark, no name of who corrected."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from councils.domain import job
from production.domain.report import submit_report
from production.enums import Status
from production.models import Factory, PropertyStatus, Series
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(builders.NOW, tick=False)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles)


def send(cast: Cast, series: Series, value: int, on: dt.date = TODAY, remark: str = "", **extra) -> None:
    submit_report(
        workplace=cast.cristalerias, territory=series.territory, on=on, figures={series: (Decimal(value), remark)},
        by=cast.pedro, at=builders.NOW, **extra,
    )  # fmt: skip


def page(cast: Cast, client: Client, who, code: int = 200) -> str:
    client.force_login(who)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("workplace", args=[cast.cristalerias.uuid]))
    assert answer.status_code == code
    return answer.content.decode()


@pytest.fixture
def odd_day(cast: Cast, bottles: Series) -> None:
    """Twenty calm days and one that is not, with its remark and a correction."""
    for n in range(20, 0, -1):
        send(cast, bottles, 4000 + n % 5, TODAY - dt.timedelta(days=n))
    send(cast, bottles, 51)
    send(cast, bottles, 52, remark="the oven broke", reason="miscounted", note="ask for bricks")


JUDGED = ["Lower than expected", "xpected from", "the oven broke", "miscounted", "ask for bricks", "Correction", "4,00"]


def test_inside_the_day_is_judged_and_corrections_are_told(cast, client, odd_day):
    inside = page(cast, client, cast.carmen)
    assert [word for word in JUDGED if word not in inside] == []
    assert "Elena Paillán" in inside and "Pedro Rojas" in inside


@pytest.mark.parametrize("who", ["nora", "olga", "ana"])
def test_outside_nothing_is_judged(cast, client, odd_day, who):
    outside = page(cast, client, getattr(cast, who))
    secret = [*JUDGED, "Pedro Rojas", 'class="band"', ">52<"]
    assert [word for word in secret if word in outside] == []
    assert "Reported today" in outside


@pytest.mark.parametrize(("sharing", "shown"), [("no", []), ("daily", ["41,212"]), ("weekly", ["77,717"])])
def test_outside_only_what_the_assembly_agreed_is_seen(cast, client, bottles, sharing, shown):
    Series.objects.update(sharing=sharing)
    send(cast, bottles, 41_212)
    send(cast, bottles, 77_717, TODAY - dt.timedelta(days=3))
    job.run_due(at=builders.NOW)
    outside = page(cast, client, cast.nora)
    assert [value for value in ("41,212", "77,717") if value in outside] == shown


def test_outside_a_missing_report_is_said_without_more(cast, client, bottles):
    assert "No report today" in page(cast, client, cast.nora)


def test_a_workplace_that_does_not_exist_is_404(cast, client):
    client.force_login(cast.carmen)
    assert client.get(reverse("workplace", args=[cast.vicuna.uuid])).status_code == 404


def test_simulated_figures_are_labelled(cast, client, bottles):
    assert "Simulated data" not in page(cast, client, cast.carmen)
    send(cast, bottles, 5, simulated=True)
    assert "Simulated data" in page(cast, client, cast.carmen)
    Factory.objects.update(simulated=True)
    assert "Simulated data" in page(cast, client, cast.nora)


def test_each_section_says_whether_it_reported(cast, client, bottles):
    ovens = builders.series(cast.cristalerias, cast.sand, section=cast.hornos)
    send(cast, ovens, 5)
    inside = page(cast, client, cast.carmen)
    assert inside.count("Not reported yet") == 1 and "Hornos" in inside


def test_the_page_asks_the_same_queries_for_1_and_30_figures(cast, client, bottles, django_assert_max_num_queries):
    send(cast, bottles, 4)
    page(cast, client, cast.carmen)
    address = reverse("workplace", args=[cast.cristalerias.uuid])
    with django_assert_max_num_queries(90) as one:
        client.get(address)
    for n in range(29):
        send(cast, builders.series(cast.cristalerias, builders.indicator(f"Cifra {n}")), n)
    with django_assert_max_num_queries(90) as thirty:
        client.get(address)
    assert len(one) == len(thirty)


def test_unknown_property_status_is_not_said(cast, client):
    owner = PropertyStatus.objects.create(workplace=cast.cristalerias, status=Status.UNKNOWN, from_on=builders.LONG_AGO)
    address = reverse("workplace", args=[cast.cristalerias.uuid])
    client.force_login(cast.carmen)
    client.cookies["django_language"] = "en"
    assert "Not told" not in client.get(address).content.decode()
    owner.status = Status.SOCIAL
    owner.save()
    assert "Social property area" in client.get(address).content.decode()
