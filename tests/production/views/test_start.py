"""A workplace starts alone, from a telephone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache

from councils import throttle
from councils.models import AuditEvent, Body, CodeBatch, EnrolmentCode, Member, Membership, Seat, Territory
from production.enums import Aggregation
from production.models import Factory, Indicator, Series
from tests.builders import NOW

START = "/start/"
PASSWORD = "sopa de piedra fria"
FILLED = {
    "name": "Panificadora San José",
    "people": "64",
    "figure1": "Harina en bodega", "unit1": "sacos", "kind1": "stock",
    "figure2": "Pan horneado", "unit2": "kilos", "kind2": "output",
    "figure3": "Personas presentes", "unit3": "de 64", "kind3": "labour",
    "founder": "Marta Ríos Lagos",
    "username": "marta.lagos",
    "password": PASSWORD,
    "again": PASSWORD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_now(db, settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path
    settings.LANGUAGE_CODE = "en"
    settings.OPEN_START = True
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def codes_in(page) -> set[str]:
    return set(re.findall(r"<li><svg.*?<b>([0-9A-Z]{5}-[0-9A-Z]{5})</b>", page.content.decode()))


def test_start_makes_the_whole_workplace_and_prints_the_codes(client):
    page = client.post(START, FILLED)
    place, founder = Territory.objects.get(), Member.objects.get()
    assert (page.status_code, len(codes_in(page)), "no-store" in page["Cache-Control"]) == (200, 63, True)
    assert (place.name, place.placements.count(), Factory.objects.get().workers) == ("Panificadora San José", 0, 64)
    assert {b.kind for b in Body.objects.all()} == {"assembly", "committee"}
    seat = Seat.objects.get()
    assert (seat.holder, seat.body.kind, seat.term_ends_at) == (founder, "committee", NOW + dt.timedelta(days=90))
    batch = CodeBatch.objects.get()
    assert (batch.founding, batch.count, EnrolmentCode.objects.usable(NOW).count()) == (True, 63, 63)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert (verbs[0], set(verbs) >= {"start_series", "request_codes", "print_codes"}) == ("found_workplace", True)


def test_start_measures_three_figures_from_today(client):
    client.post(START, FILLED)
    rows = Series.objects.order_by("position").select_related("indicator")
    assert [(s.indicator.name, s.indicator.unit, s.indicator.aggregation, s.from_on) for s in rows] == [
        ("Harina en bodega", "sacks", Aggregation.LAST, dt.date(2026, 11, 16)),
        ("Pan horneado", "kg", Aggregation.SUM, dt.date(2026, 11, 16)),
        ("Personas presentes", "persons", Aggregation.LAST, dt.date(2026, 11, 16)),
    ]


def test_start_says_which_units_it_reads_in_another_spelling(client):
    page = client.post(START, {**FILLED, "unit2": "ton"}).content.decode()
    assert "Units, as they were understood: sacos → sacks, ton → t, de 64 → people." in page
    client.logout()
    plain = {**FILLED, "name": "Otra", "username": "otra.persona", "unit1": "kg", "unit2": "t", "unit3": "people"}
    assert "Units, as they were understood" not in client.post(START, plain).content.decode()


def test_start_keeps_the_order_of_the_figures_on_the_form(client):
    client.post(START, FILLED)
    page = client.get("/report/", follow=True).content.decode()
    places = [page.index(f">{name}<") for name in ("Harina en bodega", "Pan horneado", "Personas presentes")]
    assert places == sorted(places)


def test_start_after_the_hour_of_the_report_owes_nothing_that_day(client):
    with time_machine.travel(NOW + dt.timedelta(hours=7), tick=False):  # 19:00 in Santiago, due at 18:00
        client.post(START, FILLED)
        assert "informe" not in [task.icon for task in client.get("/").context["tasks"]]
        page = client.get("/report/", follow=True)  # she may still give it
        assert (page.status_code, "Was due" in page.content.decode()) == (200, False)
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        assert [task.icon for task in client.get("/").context["tasks"]] == ["informe"]


def test_start_signs_in_and_a_colleague_enrols_with_a_code(client, django_user_model):
    code = sorted(codes_in(client.post(START, FILLED)))[0]
    assert client.get("/").context["user"].username == "marta.lagos"
    client.logout()
    account = {"username": "juan.rojas", "password": PASSWORD, "again": PASSWORD}
    assert client.post("/enrol/", {"code": code, "name": "Juan Rojas", **account}).status_code == 302
    assert Membership.objects.count() == 2


def test_start_alone_needs_no_codes(client):
    assert client.post(START, {**FILLED, "people": "1"})["Location"] == "/"
    assert (Membership.objects.count(), CodeBatch.objects.count()) == (1, 0)


def test_start_twice_makes_one_and_names_it(client):
    client.post(START, FILLED)
    client.logout()
    page = client.post(START, FILLED)
    assert (page.status_code, Territory.objects.count()) == (200, 1)
    assert "already a workplace called “Panificadora San José”" in page.content.decode()


def test_start_uses_the_catalogue_that_is_there(client):
    client.post(START, FILLED)
    client.logout()
    other = {**FILLED, "name": "Panificadora Nueva", "username": "otra.persona", "figure2": "PAN  horneado"}
    assert client.post(START, other).status_code == 200
    assert (Indicator.objects.count(), Series.objects.count()) == (3, 6)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "…"}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"name": "Pan\x00"}, "name"),
        ({"people": "many"}, "people"),
        ({"people": "0"}, "people"),
        ({"people": "-4"}, "people"),
        ({"people": "999999999"}, "people"),
        ({"people": "²"}, "people"),
        ({"figure2": "--"}, "figure2"),
        ({"figure2": "harina  EN bodega", "unit2": "saco"}, "figure2"),
        ({"unit1": "furlongs"}, "unit1"),
        ({"unit1": "x" * 999}, "unit1"),
        ({"kind3": "planet"}, "kind3"),
        ({"founder": "12"}, "founder"),
        ({"username": "a b"}, "username"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "other"}, "again"),
    ],
)
def test_start_names_the_field_and_keeps_the_rest(client, given, field):
    page = client.post(START, {**FILLED, **given})
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert (Territory.objects.count(), Member.objects.count()) == (0, 0)
    assert PASSWORD not in page.content.decode()
    assert "Personas presentes" in page.content.decode()


@pytest.mark.parametrize("posted", [{}, {"name": ["a", "b"]}, {"people": "9" * 5000}, {"csrf": "\ud7ff"}])
def test_start_survives_nonsense(client, posted):
    assert client.post(START, posted).status_code == 200
    assert Territory.objects.count() == 0


def test_start_takes_nothing_when_the_user_name_is_in_use(client, cast):
    before = Territory.objects.count()
    page = client.post(START, {**FILLED, "username": "carmen"})
    assert (page.status_code, "is in use" in page.content.decode(), Territory.objects.count()) == (200, True, before)


def test_start_is_closed_unless_the_installation_opens_it(client, settings):
    settings.OPEN_START = False
    assert (client.get(START).status_code, client.post(START, FILLED).status_code) == (404, 404)
    assert Territory.objects.count() == 0


def test_start_is_throttled_by_source(client):
    for number in range(throttle.STARTS):
        given = {**FILLED, "name": f"Taller {number}", "username": f"persona{number}"}
        assert client.post(START, given).status_code == 200
        client.logout()
    given = {**FILLED, "name": "Uno más", "username": "uno.mas"}
    assert client.post(START, given).status_code == 429
    assert client.post(START, given, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_start_is_not_for_who_is_signed_in(client, cast):
    client.force_login(cast.carmen)
    assert client.get(START).status_code == 302


def test_start_tells_the_kind_by_name_and_unit_where_nobody_chose_it(client):
    figures = {"figure1": "Harina en bodega", "figure2": "Pan horneado", "figure3": "Consumo", "unit3": "kWh"}
    page = client.post(START, {**FILLED, **figures, "kind1": "", "kind2": "", "kind3": ""}).content.decode()
    assert (
        "Kinds, as they were understood: Harina en bodega → Stocks, Pan horneado → Products, Consumo → Energy." in page
    )
    assert list(Series.objects.order_by("position").values_list("indicator__kind", flat=True)) == [
        "stock",
        "output",
        "energy",
    ]


def test_start_keeps_the_kind_that_was_chosen(client):
    page = client.post(START, {**FILLED, "kind1": "input"}).content.decode()
    assert "Kinds, as they were understood" not in page
    assert Indicator.objects.get(name="Harina en bodega").kind == "input"


def test_start_explains_the_kind_and_preselects_none(client):
    page = client.get(START).content.decode()
    assert page.count('<option value="" selected>as its name and unit say</option>') == 3
    assert "The kind says what a figure is in the work" in page
