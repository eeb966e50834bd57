"""The two questions, who may answer them, and where what is made stands beside what could be made."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from production.domain.capability import set_capability
from production.enums import Direction, IndicatorKind, Sharing
from production.models import Capability, Series
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY, YESTERDAY

MONTH = TODAY.replace(day=1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return b.series(cast.cristalerias, cast.bottles)


def questions(series: Series) -> str:
    return reverse("series_capability", args=[series.uuid])


def answers(**changed: str) -> dict[str, str]:
    return {"capability": "480", "potentiality": "600,5", "from_on": "2026-11-16", "reason": "Recuento", **changed}


def page(client: Client, who, address: str, language: str = "en", code: int = 200) -> str:
    """Its text, with one plain space wherever there is any."""
    client.force_login(who)
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == code
    return " ".join(answer.content.decode().split())


def said(cast: Cast, series: Series, can: int = 480, could: int = 600, on: dt.date = MONTH) -> None:
    set_capability(
        series=series, capability=Decimal(can), potentiality=Decimal(could), from_on=on, reason="Recuento",
        by=cast.elena, at=NOW,
    )  # fmt: skip
    sums.roll_up()


def workplace(cast: Cast) -> str:
    return reverse("workplace", args=[cast.cristalerias.uuid])


def test_the_committee_answers_and_every_answer_stays(cast, client, bottles):
    asked = page(client, cast.elena, questions(bottles))
    assert "How much would we make today if nothing were missing?" in asked
    assert "And with what we lack?" in asked
    assert client.post(questions(bottles), answers()).status_code == 302
    client.post(questions(bottles), answers(capability="500", reason="Volvió el horno 3"))
    told = page(client, cast.carmen, questions(bottles))
    assert "we can 500, we could 600.5" in told
    assert [word for word in ("480", "Recuento", "Volvió el horno 3", "Elena Paillán") if word not in told] == []
    assert "<form method" not in told.partition("<main")[2]  # she reads, and does not answer


def test_the_record_is_offered_as_a_first_answer(cast, client, bottles):
    sums.say(cast.cristalerias, YESTERDAY, 498)
    sums.say(cast.cristalerias, TODAY, 412)
    asked = page(client, cast.elena, questions(bottles))
    assert 'name="capability" value="498"' in asked
    assert "The most so far: 498 thousands, on 15 November 2026." in asked
    assert 'name="from_on" value="2026-11-01"' in asked  # so the month that runs is compared too
    said(cast, bottles)
    assert 'name="capability" value="480"' in page(client, cast.elena, questions(bottles))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capability": "0"}, "above zero"),
        ({"capability": ""}, "required"),
        ({"potentiality": "mucho"}, "is not a number"),
        ({"capability": "1,234"}, "can be read in two ways"),
        ({"from_on": "2026-11-17"}, "not what will hold"),
        ({"from_on": "ayer"}, "valid date"),
        ({"reason": ""}, "required"),
        ({"reason": "x" * 501}, "at most 500"),
    ],
)
def test_a_refused_answer_keeps_what_was_typed(cast, client, bottles, wrong, sentence):
    page(client, cast.elena, questions(bottles))
    again = client.post(questions(bottles), answers(**wrong)).content.decode()
    assert sentence in again
    assert 'value="600,5"' in again or "potentiality" in wrong
    assert not Capability.objects.exists()


def test_answers_that_contradict_each_other_are_told_plainly(cast, client, bottles):
    page(client, cast.elena, questions(bottles))
    told = client.post(questions(bottles), answers(potentiality="400"), follow=True).content.decode()
    assert "what we can is better than what we could" in told
    sums.say(cast.cristalerias, TODAY, 490)
    sums.roll_up()
    inside = page(client, cast.carmen, workplace(cast))
    assert "We make <b>490</b>: more than the 480 that we said we can" in inside
    assert "We said we can make <b>480</b>: more than the 400 that we could" in inside
    assert "over 100 %" in inside
    assert "what we make of what we can: 102 %" in inside  # the ratio as it is


@pytest.mark.parametrize(("who", "read", "write"), [
    ("elena", 200, 302), ("hugo", 200, 302), ("carmen", 200, 403), ("rosa", 200, 403),
    ("nora", 404, 404), ("olga", 404, 404), ("ana", 404, 404),
])  # fmt: skip
def test_who_reads_and_who_answers(cast, client, bottles, who: str, read: int, write: int):
    page(client, getattr(cast, who), questions(bottles), code=read)
    assert client.post(questions(bottles), answers()).status_code == write
    assert Capability.objects.count() == (write == 302)


def test_nobody_is_asked_what_has_no_better(cast, client):
    received = b.indicator("Materia prima recibida", kind=IndicatorKind.INPUT, direction=Direction.NONE)
    series = b.series(cast.cristalerias, received)
    assert "neither more nor less is better" in page(client, cast.elena, questions(series))
    assert questions(series) not in page(client, cast.elena, reverse("workplace_series", args=[cast.cristalerias.uuid]))


def test_workplace_says_the_sentence_first_and_the_percentage_second(cast, client, bottles):
    sums.say(cast.cristalerias, TODAY, 412)
    said(cast, bottles)
    inside = page(client, cast.carmen, workplace(cast), "es")
    order = [
        "Hacemos <b>412</b> de los 480 que podemos hoy", "86 %", "Podemos <b>480</b> de los 600 que podríamos", "80 %",
        "Hacemos <b>412</b> de los 600 que podríamos", "69 %", "<details", "Productividad", "Latencia", "Desempeño",
    ]  # fmt: skip
    section = inside[inside.index('class="indices"') :]
    places = [section.find(words) for words in order]
    assert places == sorted(places) and -1 not in places
    assert "hacemos 412, podemos 480, podríamos 600 miles" in inside  # what the picture says
    month = page(client, cast.carmen, workplace(cast) + "?by=month", "es")
    assert "de los 480 que podemos</p>" in month


def test_less_is_better_is_said_in_its_own_words(cast, client, bottles):
    waste = b.indicator("Merma", "%", IndicatorKind.OTHER, "mean", Direction.LESS)
    said(cast, bottles)
    said(cast, b.series(cast.cristalerias, waste, position=1), 6, 3)
    sums.say(cast.cristalerias, TODAY, 8)
    sums.roll_up()
    inside = page(client, cast.carmen, workplace(cast))
    assert "We are at <b>8</b>; today we can do with 6" in inside
    assert "75 %" in inside
    history = page(client, cast.carmen, reverse("series_history", args=[Series.objects.get(indicator=waste).uuid]))
    assert "We are at <b>8</b>; today we can do with 6: 75 %" in history


def test_until_answered_nothing_is_compared(cast, client, bottles):
    sums.say(cast.cristalerias, TODAY, 412)
    sums.roll_up()
    for who, word in ((cast.elena, "Answer"), (cast.carmen, "See the questions")):
        inside = page(client, who, workplace(cast))
        assert f'<a href="{questions(bottles)}">{word}</a>' in inside
        assert 'class="index"' not in inside
    assert 'class="index"' not in page(client, cast.carmen, reverse("home"))
    said(cast, bottles)
    assert "We make <b>412</b> of the 480 that we can today" in page(client, cast.carmen, reverse("home"))


@pytest.mark.parametrize(("sharing", "seen"), [(Sharing.NO, False), (Sharing.DAILY, True)])
def test_outside_it_goes_with_the_figure(cast, client, bottles, sharing, seen):
    Series.objects.update(sharing=sharing)
    sums.say(cast.cristalerias, TODAY, 412)
    said(cast, bottles, 4801, 6007)
    pages = [workplace(cast), reverse("cordon", args=[cast.vicuna.uuid]), reverse("control"), reverse("control_board")]
    told = [page(client, cast.nora, address + "?by=day") for address in pages]
    assert ["of the 4,801 that we can today" in one for one in told] == [seen, seen, False, False]
    assert not any("6,007" in one for one in told[:2])


@pytest.fixture
def four(cast: Cast) -> None:
    """Of four mills in Cerrillos all have said what they could make; of the six others of the nation none has."""
    places = sums.mills(cast.cerrillos, 4, cast.bottles, sector=cast.food)
    sums.mills(cast.vicuna, 6, cast.bottles)
    for place in places:
        person = b.member(f"comité {place.pk}")
        b.membership(person, place)
        b.seat(person, place.bodies.get(kind="committee"), place.bodies.get(kind="assembly"))
        series = Series.objects.get(workplace=place)
        set_capability(
            series=series, capability=Decimal(200), potentiality=Decimal(300), from_on=MONTH, reason="x", by=person,
            at=NOW,
        )  # fmt: skip
    sums.roll_up()


@pytest.mark.parametrize("who", ["carmen", "nora", "olga", "ana"])
def test_sums_are_compared_for_everybody_with_their_coverage(cast, client, four, who: str):
    person = getattr(cast, who)
    cordon = page(client, person, reverse("cordon", args=[cast.cerrillos.uuid]) + "?by=day")
    assert "We make <b>406</b> of the 800 that we can today" in cordon
    assert "Of 4 of the 4 workplaces with figures" in cordon
    nation = page(client, person, reverse("control") + "?by=day")
    assert "We make <b>406</b> of the 800 that we can today" in nation
    assert "Of 4 of the 10 workplaces with figures" in nation
    assert "51 %" in nation and "67 %" in nation and "34 %" in nation
    by_sector = page(client, person, reverse("control") + "?by=day&of=sector")
    assert "51 %" in by_sector


def test_sum_that_may_not_be_compared_says_so(cast, client, four):
    sums.mills(cast.cerrillos, 1, cast.bottles, 50)  # the fifth of Cerrillos has not said it
    sums.roll_up()
    cordon = page(client, cast.olga, reverse("cordon", args=[cast.cerrillos.uuid]) + "?by=day")
    assert "What could be made is not shown" in cordon
    assert "that we can today" not in cordon


def test_pages_ask_the_same_queries_for_1_and_30_answers(cast, client, django_assert_max_num_queries):
    def answer_all(first: int, last: int) -> None:
        for n in range(first, last):
            series = b.series(cast.cristalerias, b.indicator(f"Cifra {n}"), position=n, since=TODAY)
            said(cast, series, on=TODAY)
        sums.say(cast.cristalerias, TODAY, 412)
        sums.roll_up()

    places = [workplace(cast), reverse("home"), reverse("cordon", args=[cast.vicuna.uuid]), reverse("control")]
    places.append(reverse("workplace_series", args=[cast.cristalerias.uuid]))
    counts = []
    for first, last in ((0, 1), (1, 30)):
        answer_all(first, last)
        for address in places:
            page(client, cast.elena, address)
            with django_assert_max_num_queries(90) as asked:
                client.get(address)
            counts.append(len(asked))
    assert counts[: len(places)] == counts[len(places) :]
