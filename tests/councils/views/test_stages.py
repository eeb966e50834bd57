"""The page of a ranked result: who is elected when, each round in figures and words, nothing of it under the floor."""

from __future__ import annotations

import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from councils.models import Poll
from tests.conftest import Cast
from tests.votes import AFTER, count, crowd, open_ranked, vote

pytestmark = pytest.mark.django_db
NAMES = ["Rosa Muñoz", "Luis Carrasco", "Elena Paillán", "Hugo Tapia"]


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AFTER, tick=False):
        yield


def counted(cast: Cast, papers: list[list[str]], seats: int = 2, lots: tuple[str, ...] = ()) -> Poll:
    people = crowd(cast, len(papers))
    poll = open_ranked(cast, NAMES, seats=seats)
    Poll.objects.filter(pk=poll.pk).update(lots=list(lots))
    vote(poll, dict(zip(people, papers, strict=True)))
    return count(poll)


def page_of(cast: Cast, poll: Poll, language: str = "en") -> str:
    client = Client()
    client.force_login(cast.carmen)
    client.cookies["django_language"] = language
    return unescape(client.get(f"/votes/{poll.uuid}/").content.decode())


def table(page: str) -> list[list[str]]:
    """Cells of the rows of the table by round, without marks."""
    rows = re.findall(r"<tr>(.*?)</tr>", page[page.index("Round by round") :], re.S)
    text = [[re.sub(r"<[^>]+>", " ", cell).split() for cell in re.split(r"</t[dh]>", row)[:-1]] for row in rows]
    return [[" ".join(cell) for cell in row] for row in text]


#: Rosa 10, Luis 4, Elena 3, Hugo 2: quota 7; Rosa's three pass to Luis and Elena; Hugo's two go to Elena and nobody.
PAPERS = [["1", "2"]] * 6 + [["1", "3"]] * 4 + [["2"]] * 4 + [["3"]] * 3 + [["4", "3"]] + [["4"]]


def test_rounds_stand_in_a_table_with_what_changed(cast: Cast):
    page = page_of(cast, counted(cast, PAPERS))
    assert table(page) == [
        ["Person", "Round 1 First preferences", "Round 2 Surplus of Rosa", "Round 3 Hugo is excluded",
         "Round 4 Elena is excluded", "Seat"],
        ["Rosa Muñoz", "10", "7 −3", "7", "7", "Elected, round 1"],
        ["Luis Carrasco", "4", "5.8 +1.8", "5.8", "5.8", "Elected, round 4"],
        ["Elena Paillán", "3", "4.2 +1.2", "5.2 +1", "– −5.2", "Not elected"],
        ["Hugo Tapia", "2", "2", "– −2", "–", "Not elected"],
        ["Used up", "–", "–", "1 +1", "6.2 +5.2", ""],
    ]  # fmt: skip


def test_elected_stand_with_their_round_and_votes(cast: Cast):
    page = page_of(cast, counted(cast, PAPERS))
    assert re.findall(r"<b>([^<]+)</b><br><span class=\"muted small\">(In round [^<]+)<", page) == [
        ("Rosa Muñoz", "In round 1, with 10 first preferences"),
        ("Luis Carrasco", "In round 4, with 5.8 votes"),
    ]
    assert "19 valid papers divided by 3 (the seats and one), rounded down, plus one: 7." in page
    assert 'viewBox="0 0 720 430"' in page
    assert "Rosa Muñoz</text>" in page


def test_each_round_is_told_in_the_language_of_the_reader(cast: Cast):
    poll = counted(cast, PAPERS)
    assert "Hugo Tapia has the fewest votes and is excluded: the papers go on" in page_of(cast, poll)
    assert "Rosa Muñoz alcanza la cuota y queda en el cargo." in page_of(cast, poll, "es")


def test_a_tie_settled_by_lot_says_so(cast: Cast):
    papers = [["1"]] * 6 + [["2"]] * 5 + [["3"]] * 5 + [["4"]]
    page = page_of(cast, counted(cast, papers, lots=("3", "2", "1", "4")))
    sentence = "Luis Carrasco and Elena Paillán have had equally many votes at every stage; the lot drawn before"
    assert sentence in page


def test_a_tie_that_nothing_settled_elects_nobody(cast: Cast):
    page = page_of(cast, counted(cast, [["1"]] * 6 + [["2"]] * 5 + [["3"]] * 5 + [["4"]]))
    assert "Tie: Luis Carrasco and Elena Paillán have had equally many votes at every stage, and no lot" in page
    assert "Elected, round 1" not in page
    assert "Not elected" not in page
    assert "In round 1" not in page


def test_without_quorum_no_round_is_told(cast: Cast):
    poll = counted(cast, PAPERS)
    Poll.objects.filter(pk=poll.pk).update(result=poll.result | {"outcome": "no_quorum"})
    assert "Round by round" not in page_of(cast, poll)


def test_under_the_floor_nothing_of_it_is_shown(cast: Cast):
    poll = counted(cast, [["1", "2"]] * 3 + [["2"]])
    page = page_of(cast, poll)
    assert poll.result["shown"] == "outcome"
    assert [word in page for word in ("Round", "Quota to be elected", "Rosa Muñoz")] == [False, False, True]


def test_the_picture_is_left_out_where_it_could_not_be_read(cast: Cast):
    page = page_of(cast, counted(cast, [["1"]] * 15, seats=1))
    assert ("Round by round" in page, "720 430" in page) == (True, False)
