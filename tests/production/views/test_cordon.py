"""The page of a cordón: its workplaces, its sums, what may not be on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.models import Member
from production.enums import Sharing
from production.models import Factory, Series
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY

SECRET = 7391  # a figure of Cristalerías that is nobody else's business


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Every page here is opened on NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def country(cast: Cast) -> Cast:
    """Four mills in Cerrillos; Cristalerías alone in Vicuña."""
    sums.mills(cast.cerrillos, 4, cast.bottles, sector=cast.food)
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, SECRET)
    sums.roll_up()
    return cast


def page(who: Member, name: str, *args: object, **query: object) -> str:
    client = Client()
    client.force_login(who)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


class Words(HTMLParser):
    """What a page says: its text, and what it tells those who do not see it. Not coordinates and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [value for name, value in attrs if value and name in ("aria-label", "value", "title", "content")]
        # tokens and ids are drawn at random and hold any three digits sooner or later
        self.said += [value for value in told if len(value) < 32 or " " in value]


def words_of(html: str) -> str:
    """Without points between thousands and with plain spaces."""
    words = Words()
    words.feed(html)
    return " ".join(" ".join(words.said).replace("\xa0", " ").replace(".", "").split())


def test_cordon_shows_who_reported_and_never_whether_it_was_as_expected(country: Cast):
    text = page(country.olga, "cordon", country.vicuna.uuid)
    assert "Cristalerías de Chile: informó" in text
    assert "1 de 1 informaron hoy" in text
    assert "esperado" not in text


def test_cordon_without_report_says_so(country: Cast):
    b.workplace("Elecmetal", country.vicuna)
    text = page(country.olga, "cordon", country.vicuna.uuid)
    assert "Elecmetal: sin informe hoy" in text
    assert "1 de 2 informaron hoy" in text


@pytest.mark.parametrize("who", ["olga", "nora", "ana"])
@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_no_page_outside_shows_the_figure_of_a_workplace(country: Cast, who: str, by: str):
    member = getattr(country, who)
    for text in (
        page(member, "cordon", country.vicuna.uuid, by=by),
        page(member, "cordon", country.cerrillos.uuid, by=by),
        page(member, "control", by=by),
        page(member, "control", by=by, of="sector"),
        page(member, "control_board", by=by),
        page(member, "workplace", country.cristalerias.uuid),
    ):
        assert str(SECRET) not in text


def test_nothing_shown_can_be_subtracted_to_give_it(country: Cast):
    """The nation is 7.797; so Cerrillos, 406, is on no page."""
    everywhere = page(country.olga, "control") + page(country.olga, "control", of="sector")
    everywhere += page(country.olga, "cordon", country.cerrillos.uuid) + page(
        country.olga, "cordon", country.vicuna.uuid
    )
    assert "7797" in everywhere
    assert "406" not in everywhere
    assert "no se muestra" in everywhere


def test_its_members_see_the_sum_of_their_cordon(country: Cast):
    assert str(SECRET) in page(country.carmen, "cordon", country.vicuna.uuid)


def test_shared_figures_are_listed_by_name(country: Cast):
    Series.objects.filter(territory__name__startswith="Taller").update(sharing=Sharing.DAILY)
    text = page(country.olga, "cordon", country.cerrillos.uuid)
    names = [
        text.index(f"Taller Cerrillos-Maipú Alimentos {k} Envases buenos {100 + k} miles comparte") for k in range(4)
    ]
    assert names == sorted(names)
    assert "406" in text


def test_cordon_shows_its_council_as_it_sits_now(country: Cast):
    text = page(country.olga, "cordon", country.vicuna.uuid)
    assert "Elena Paillán" in text
    assert "Rosa Marín" not in text


def test_simulated_figures_are_labelled(cast: Cast):
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, 5, simulated=True)
    sums.roll_up()
    assert "Datos simulados" in page(cast.carmen, "cordon", cast.vicuna.uuid)
    assert "Datos simulados" in page(cast.carmen, "control")


@pytest.mark.parametrize("name", ["cordon", "control", "home"])
def test_demonstration_says_once_a_page_what_is_invented(country: Cast, settings, name: str):
    settings.DEMO = True
    where = [country.vicuna.uuid] if name == "cordon" else []
    assert page(country.carmen, name, *where).count("inventad") == 1
    sums.say(country.cristalerias, TODAY - dt.timedelta(days=1), 4, simulated=True)
    sums.roll_up()
    text = page(country.carmen, name, *where)
    assert (text.count("inventad"), text.count("Datos simulados")) == (1, 1)


def test_page_whose_line_holds_one_simulated_day_is_labelled(cast: Cast):
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, 5)
    sums.roll_up()
    assert "Datos simulados" not in page(cast.carmen, "cordon", cast.vicuna.uuid)
    assert "Datos simulados" not in page(cast.carmen, "control")
    sums.say(cast.cristalerias, TODAY - dt.timedelta(days=3), 4, simulated=True)
    sums.roll_up()
    assert "Datos simulados" in page(cast.carmen, "cordon", cast.vicuna.uuid)
    assert "Datos simulados" in page(cast.carmen, "control")


def test_night_shift_reports_on_the_day_it_began(country: Cast):
    """At noon the production day of a plant that begins at 22:00 is yesterday's."""
    Factory.objects.filter(territory=country.cristalerias).update(day_starts_at=dt.time(22))
    assert "Cristalerías de Chile: sin informe hoy" in page(country.olga, "cordon", country.vicuna.uuid)


@pytest.mark.parametrize(
    "query",
    [
        {"by": "century", "on": "never", "indicator": "x", "of": "y"},
        {"on": "0001-01-01"},
        {"on": "9999-12-31", "by": "month"},
        {"indicator": str(uuid.uuid4()), "by": "\x00"},
        {"on": "2026-02-30"},
    ],
)
def test_nonsense_in_the_address_shows_the_usual_page(country: Cast, query: dict[str, str]):
    assert "Cordón Vicuña Mackenna" in page(country.olga, "cordon", country.vicuna.uuid, **query)
    assert "País: cómo vamos" in page(country.olga, "control", **query)


def test_other_period_is_looked_at(country: Cast):
    sums.say(country.cristalerias, TODAY - dt.timedelta(days=1), 88)
    sums.roll_up()
    text = page(country.carmen, "cordon", country.vicuna.uuid, on="2026-11-15")
    assert "88 miles" in text
    assert "Nadie" not in text
    assert "nadie informó" in page(country.carmen, "cordon", country.vicuna.uuid, on="2020-01-01")


def test_cordon_of_nobody_is_not_found(cast: Cast, client: Client):
    client.force_login(cast.olga)
    for found in (uuid.uuid4(), cast.nation.uuid, cast.cristalerias.uuid):
        assert client.get(reverse("cordon", args=[found])).status_code == 404


def test_signed_out_is_led_to_the_sign_in(cast: Cast, client: Client):
    for name, args in (("cordon", [cast.vicuna.uuid]), ("control", []), ("control_board", []), ("control_stream", [])):
        answer = client.get(reverse(name, args=args))
        assert (answer.status_code, answer["Location"].startswith(reverse("account_login"))) == (302, True)


@pytest.mark.parametrize(
    ("place", "leads_to"),
    [("nation", "control"), ("vicuna", "cordon"), ("cristalerias", "workplace"), ("hornos", "workplace")],
)
def test_territory_leads_to_its_page(cast: Cast, client: Client, place: str, leads_to: str):
    client.force_login(cast.olga)
    args = {"control": [], "cordon": [cast.vicuna.uuid], "workplace": [cast.cristalerias.uuid]}[leads_to]
    answer = client.get(reverse("territory", args=[getattr(cast, place).uuid]))
    assert answer["Location"] == reverse(leads_to, args=args)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["cordon", "control"])
def test_page_takes_as_many_queries_for_one_workplace_as_for_thirty(cast: Cast, client: Client, name: str):
    client.force_login(cast.olga)
    url = reverse(name, args=[cast.vicuna.uuid] if name == "cordon" else [])
    sums.mills(cast.vicuna, 4, cast.bottles, sector=cast.glass)
    sums.roll_up()
    few = queries(client, url)
    sums.mills(cast.vicuna, 30, b.indicator("Otros", "t"), sector=cast.food)
    sums.roll_up()
    assert queries(client, url) == few
