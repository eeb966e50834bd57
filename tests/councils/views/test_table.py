"""Pages of the table: the roll for the committee, the code shown once, the ballot for whoever holds it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.enums import ProposalState
from councils.models import Member, Poll, RollEntry, TableAdmission
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import in_state
from tests.votes import CLOSE, crowd, open_approval, open_yes_no, sealed, vote

SOON = NOW + dt.timedelta(hours=2)


@pytest.fixture
def at():
    cache.clear()  # of what other tests guessed
    with time_machine.travel(SOON, tick=False) as clock:
        yield clock


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    client.cookies["django_language"] = "en"
    return client


def code_in(page: str) -> str:
    found = re.search(r'<p class="code">([0-9A-Z-]+)</p>', page)
    assert found
    return found[1]


def admitted(cast: Cast, poll: Poll, member: Member) -> str:
    """Elena calls, Hugo confirms and reads the code."""
    row = RollEntry.objects.get(poll=poll, member=member).uuid
    assert signed_in(cast.elena).post(f"/votes/{poll.uuid}/table/{row}/call/").status_code == 302
    answer = signed_in(cast.hugo).post(f"/votes/{poll.uuid}/table/{row}/confirm/")
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return code_in(answer.content.decode())


def test_table_shows_the_roll_with_who_has_voted_and_no_ballot(cast: Cast, at):
    poll = open_yes_no(cast)
    vote(poll, {cast.pedro: ["yes"]})
    page = signed_in(cast.elena).get(f"/votes/{poll.uuid}/table/").content.decode()
    said = dict(re.findall(r"<li><b>([^<]+)</b>.*<br><span class=\"small muted\">([^<]+)</span>", page))
    assert said == {
        "Carmen Soto": "Has not voted",
        "Elena Paillán": "Has not voted",
        "Hugo Tapia": "Has not voted",
        "Pedro Rojas": "Has voted",
        "Rosa Marín": "Has not voted",
    }
    assert page.count("Call to the table") == 3  # neither who has voted nor herself


def test_table_tells_namesakes_apart_by_roll_number_or_user_name(cast: Cast, at):
    poll = open_yes_no(cast)
    cast.carmen.memberships.update(reference="417")
    page = signed_in(cast.elena).get(f"/votes/{poll.uuid}/table/").content.decode()
    said = dict(re.findall(r"<li><b>([^<]+)</b> <span class=\"small\">([^<]+)</span>", page))
    assert (len(said), said["Carmen Soto"], said["Pedro Rojas"]) == (5, "number 417", "pedro")


def test_table_puts_names_in_order_without_regard_to_accents_page_by_page(cast: Cast, at, monkeypatch):
    monkeypatch.setattr("councils.views.table.PER_PAGE", 4)
    for n, name in enumerate(("Ñanco Díaz", "ángela Vera", "Zoila Ibáñez")):
        builders.membership(builders.member(f"x{n}", name), cast.cristalerias)
    poll = open_yes_no(cast)
    client = signed_in(cast.elena)
    pages = [client.get(f"/votes/{poll.uuid}/table/?page={n}").content.decode() for n in (1, 2)]
    assert [re.findall(r"<li><b>([^<]+)</b>", page) for page in pages] == [
        ["ángela Vera", "Carmen Soto", "Elena Paillán", "Hugo Tapia"],
        ["Ñanco Díaz", "Pedro Rojas", "Rosa Marín", "Zoila Ibáñez"],
    ]
    found = client.get(f"/votes/{poll.uuid}/table/?q=angela").content.decode()
    assert re.findall(r"<li><b>([^<]+)</b>", found) == ["ángela Vera"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("elena", 200), ("hugo", 200), ("carmen", 403), ("rosa", 403), ("nora", 404), ("olga", 404), ("ana", 404)],
)
def test_table_is_for_the_committee(cast: Cast, at, who, status):
    poll = open_yes_no(cast)
    row = poll.roll.get(member=cast.pedro).uuid
    client = signed_in(getattr(cast, who))
    assert client.get(f"/votes/{poll.uuid}/table/").status_code == status
    assert client.post(f"/votes/{poll.uuid}/table/{row}/call/").status_code == (302 if status == 200 else status)
    assert (f"/votes/{poll.uuid}/table/" in client.get(f"/votes/{poll.uuid}/").content.decode()) == (status == 200)


def test_table_is_gone_at_the_close(cast: Cast, at):
    poll = open_yes_no(cast)
    at.move_to(CLOSE)
    assert signed_in(cast.elena).get(f"/votes/{poll.uuid}/table/").status_code == 302


def test_table_asks_as_often_for_thirty_as_for_five(cast: Cast, at, django_assert_num_queries):
    client = signed_in(cast.elena)
    few = open_yes_no(cast)
    client.get(f"/votes/{few.uuid}/table/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/votes/{few.uuid}/table/")
    crowd(cast, 25)
    many = open_yes_no(cast)
    with django_assert_num_queries(len(queries)):
        client.get(f"/votes/{many.uuid}/table/")


def test_code_of_the_table_goes_through_ballot_review_and_cast_without_an_account(cast: Cast, at):
    poll = open_approval(cast, ["Rosa Marín", "Hugo Tapia"])
    code = admitted(cast, poll, cast.carmen)
    device, sessions = Client(), Session.objects.count()
    assert device.get("/votes/table/").status_code == 200
    ballot = device.post("/votes/table/", {"code": code.lower()})
    assert (ballot.status_code, ballot.content.decode().count('type="checkbox"')) == (200, 2)
    assert "no-store" in ballot["Cache-Control"]
    review = device.post("/votes/table/", {"code": code, "step": "review", "marks": ["1"]}).content.decode()
    assert "Rosa Marín" in review and "Hugo Tapia" not in review
    back = device.post("/votes/table/", {"code": code, "step": "ballot", "marks": ["1"]}).content.decode()
    assert back.count(" checked") == 1
    assert not RollEntry.objects.voted().exists()
    receipt = device.post("/votes/table/", {"code": code, "step": "cast", "marks": ["1"]})
    assert (receipt.status_code, len(code_in(receipt.content.decode()))) == (201, 14)
    assert "no-store" in receipt["Cache-Control"]
    assert device.post("/votes/table/", {"code": code}).status_code == 422
    assert Session.objects.count() == sessions
    assert [marks for marks, _code in sealed(poll)] == [["1"]]


def test_code_of_the_table_opens_a_paper_of_three_answers(cast: Cast, at):
    poll = open_yes_no(cast)
    code, device = admitted(cast, poll, cast.carmen), Client()
    assert device.post("/votes/table/", {"code": code}).content.decode().count('name="choice"') == 3
    assert device.post("/votes/table/", {"code": code, "step": "cast"}).status_code == 422
    review = device.post("/votes/table/", {"code": code, "step": "review", "choice": "no"}).content.decode()
    assert '<input type="hidden" name="choice" value="no">' in review
    assert device.post("/votes/table/", {"code": code, "step": "cast", "choice": "no"}).status_code == 201


def test_wrong_codes_of_the_table_are_slowed_down_and_a_right_one_passes(cast: Cast, at):
    poll = open_yes_no(cast)
    code, device = admitted(cast, poll, cast.carmen), Client()
    answers = [device.post("/votes/table/", {"code": "K7TM4-Q2XRB"}).status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]
    assert device.post("/votes/table/", {"code": code}).status_code == 200


def test_code_is_on_no_page_but_the_answer_that_confirms(cast: Cast, at):
    poll = open_yes_no(cast)
    code = admitted(cast, poll, cast.carmen)
    page = signed_in(cast.hugo).get(f"/votes/{poll.uuid}/table/").content.decode()
    assert code not in page and "serves until" in page
    assert TableAdmission.objects.get().code_hash not in page


def test_ballot_of_the_table_shows_the_whole_text_and_its_title_once(cast: Cast, at):
    proposal = in_state(cast, ProposalState.VOTING)
    proposal.versions.update(text="Primero.\n\n" + "palabra " * 300 + "final")
    signed_in(cast.elena).get(f"/votes/{proposal.poll.uuid}/")  # opens by its hour
    code = admitted(cast, Poll.objects.get(), cast.pedro)
    page = Client().post("/votes/table/", {"code": code}).content.decode().partition("</head>")[2]
    assert (page.count(proposal.title), "palabra final" in page) == (1, True)
