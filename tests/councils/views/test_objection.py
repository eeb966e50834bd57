"""Pages of the closed roll and of objections: who sees them, each act with plain forms, nonsense is answered."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.domain.ballot import cast_ballot
from councils.domain.objection import answer_objection, object_to_result, object_to_roll
from councils.models import Ballot, Election, Objection, Poll, RollEntry
from tests import builders
from tests.builders import NOW
from tests.campaigns import DECLARED, OPENS, SEATED, campaigning, declared
from tests.conftest import Cast
from tests.councils.views.test_election import signed_in
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour, called, voting
from tests.votes import crowd

DURING = NOMINATIONS_CLOSE + DAY
SOON = DECLARED + DAY


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def at():
    with time_machine.travel(DURING, tick=False) as clock:
        yield clock


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def unfit(cast: Cast, election: Election) -> Objection:
    return object_to_roll(
        election=election, kind="not_entitled", person=cast.pedro, text="Se jubiló.", by=cast.carmen, at=DURING
    )


def test_roll_is_read_by_its_electorate_alone(cast: Cast, at):
    url = f"/elections/{campaigning(cast).uuid}/roll/"
    who = ("carmen", "hugo", "nora", "olga", "ana")
    assert {w: signed_in(getattr(cast, w)).get(url).status_code for w in who} == {
        "carmen": 200, "hugo": 200, "nora": 404, "olga": 404, "ana": 404
    }  # fmt: skip
    page = page_of(signed_in(cast.carmen), url)
    assert all(name in page for name in ("Carmen Soto", "Pedro Rojas", "5 people may vote.", "You are on it"))
    assert "Pedro" in page_of(signed_in(cast.carmen), f"{url}?q=rojas")
    assert "Nobody found." in page_of(signed_in(cast.carmen), f"{url}?q=vidal")


def test_roll_before_it_is_closed_is_nowhere(cast: Cast, at):
    at.move_to(NOW)
    assert signed_in(cast.carmen).get(f"/elections/{called(cast).uuid}/roll/").status_code == 404


def test_roll_never_tells_who_voted(cast: Cast, at):
    election = voting(cast)
    at.move_to(NOMINATIONS_CLOSE)
    client, url = signed_in(cast.hugo), f"/elections/{election.uuid}/roll/"
    before = page_of(client, url).split("<main")[1]
    cast_ballot(poll=election.poll, by=cast.carmen, marks=[], replaces=0, at=NOMINATIONS_CLOSE)
    assert page_of(client, url).split("<main")[1] == before
    assert "object" not in before.lower()


def test_roll_asks_as_often_for_thirty_names_as_for_five(cast: Cast, at, django_assert_num_queries):
    election = campaigning(cast)
    client, url = signed_in(cast.carmen), f"/elections/{election.uuid}/roll/"
    with CaptureQueriesContext(connection) as few:
        page_of(client, url)
    RollEntry.objects.bulk_create(RollEntry(poll=election.poll, member=m) for m in crowd(cast, 25))
    with django_assert_num_queries(len(few)):
        page_of(client, url)


def test_roll_in_the_campaign_says_to_whom_it_lacks_that_she_may_object(cast: Cast, at):
    election = campaigning(cast)
    builders.membership(cast.olga, cast.cristalerias, reference="117")
    client = signed_in(cast.olga)
    assert "Is missing" in page_of(client, f"/elections/{election.uuid}/roll/object/?q=117")
    page = page_of(client, f"/elections/{election.uuid}/")
    assert "You are not on it" in page and "Object to the roll" in page
    found = page_of(client, f"/elections/{election.uuid}/roll/object/?q=lira")
    assert "Is missing" in found and f"?person={cast.olga.uuid}" in found
    chosen = page_of(client, f"/elections/{election.uuid}/roll/object/?person={cast.olga.uuid}")
    assert 'name="kind" value="missing"' in chosen
    data = {"person": str(cast.olga.uuid), "kind": "missing", "text": "Entré el lunes."}
    answer = client.post(f"/elections/{election.uuid}/roll/object/", data, follow=True)
    objection = Objection.objects.get()
    assert answer.redirect_chain == [(f"/elections/objections/{objection.uuid}/", 302)]
    assert "Entré el lunes." in page_of(signed_in(cast.carmen), f"/elections/objections/{objection.uuid}/")
    assert "Olga Lira is missing from the roll" in page_of(signed_in(cast.carmen), f"/elections/{election.uuid}/")


def test_answer_and_confirm_with_plain_forms(cast: Cast, at):
    election = campaigning(cast)
    url = f"/elections/objections/{unfit(cast, election).uuid}/"
    elena, hugo = signed_in(cast.elena), signed_in(cast.hugo)
    assert "Uphold" in page_of(elena, url)
    assert "Uphold" not in page_of(signed_in(cast.carmen), url)
    answer = elena.post(f"{url}answer/", {"reason": "Consta en el contrato.", "verdict": "upheld"}, follow=True)
    assert "Answered, to be confirmed" in answer.content.decode()
    assert "Confirm: it is upheld" not in answer.content.decode()  # not by herself
    assert 'name="answer" value="1"' in page_of(hugo, url)
    refused = hugo.post(f"{url}confirm/", {"answer": "1"})
    assert (refused.status_code, "by the list of people" in refused.content.decode()) == (409, True)
    cast.pedro.memberships.update(can_vote=False)
    page = hugo.post(f"{url}confirm/", {"answer": "1"}, follow=True).content.decode()
    assert "Taken off the roll." in page and "Confirmed by Hugo Tapia" in page and "Answered by Elena" in page
    assert "4 people may vote." in page_of(hugo, f"/elections/{election.uuid}/")


@pytest.mark.parametrize("data", [{}, {"reason": "x"}, {"verdict": "upheld"}, {"reason": "x", "verdict": "maybe"}])
def test_answer_without_reason_or_verdict_returns_on_the_form(cast: Cast, at, data):
    url = f"/elections/objections/{unfit(cast, campaigning(cast)).uuid}/answer/"
    assert signed_in(cast.elena).post(url, data).status_code == 422
    assert Objection.objects.get().verdict == ""


@pytest.mark.parametrize(("who", "status"), [("carmen", 403), ("nora", 404), ("ana", 404), ("elena", 409)])
def test_confirm_is_for_another_of_the_committee(cast: Cast, at, who, status):
    objection = unfit(cast, campaigning(cast))
    answer_objection(objection=objection, verdict="upheld", reason="Consta.", by=cast.elena, at=DURING)
    url = f"/elections/objections/{objection.uuid}/confirm/"
    assert signed_in(getattr(cast, who)).post(url, {"answer": "1"}).status_code == status
    assert signed_in(cast.hugo).post(url, {"answer": "x"}).status_code == 409
    assert signed_in(cast.hugo).get(url).status_code == 405


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "x" * 1001}, 422),
        ({"kind": "result"}, 422),
        ({"kind": "missing"}, 422),
        ({"kind": "?"}, 422),
        ({"person": str(uuid.uuid4())}, 404),
        ({"person": "x"}, 404),
        ({"person": ""}, 422),
    ],
)
def test_objecting_nonsense_is_answered(cast: Cast, at, changed, status):
    election = campaigning(cast)
    data = {"person": str(cast.pedro.uuid), "kind": "not_entitled", "text": "Se jubiló.", **changed}
    answer = signed_in(cast.carmen).post(f"/elections/{election.uuid}/roll/object/", data)
    assert (answer.status_code, Objection.objects.count()) == (status, 0)


def test_objections_to_the_roll_that_were_not_decided_say_that_it_stands(cast: Cast, at):
    election = campaigning(cast)
    objection = unfit(cast, election)
    at.move_to(OPENS)
    page = page_of(signed_in(cast.carmen), f"/elections/{election.uuid}/")
    assert "Not decided in time" in page and "The roll stands." in page and "Turnout" in page
    client = signed_in(cast.elena)
    assert "Uphold" not in page_of(client, f"/elections/objections/{objection.uuid}/")
    late = client.post(f"/elections/objections/{objection.uuid}/answer/", {"reason": "x", "verdict": "upheld"})
    assert late.status_code == 422
    form = client.get(f"/elections/{election.uuid}/roll/object/")
    assert (form.status_code, form["Location"]) == (302, f"/elections/{election.uuid}/")


def test_object_to_the_result_with_a_plain_form(cast: Cast, at):
    election = declared(cast)
    at.move_to(SOON)
    client = signed_in(cast.carmen)
    assert "Nobody has objected." in page_of(client, f"/elections/{election.uuid}/")
    assert client.post(f"/elections/{election.uuid}/object/", {"text": " "}).status_code == 422
    page = client.post(f"/elections/{election.uuid}/object/", {"text": "La mesa cerró antes."}, follow=True)
    assert "La mesa cerró antes." in page.content.decode()
    assert signed_in(cast.nora).get(f"/elections/{election.uuid}/object/").status_code == 404
    assert signed_in(cast.ana).post(f"/elections/{election.uuid}/object/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("verdict", ["upheld", "dismissed", ""])
def test_page_says_what_came_of_objections_to_the_result(cast: Cast, at, verdict):
    election = declared(cast)
    objection = object_to_result(election=election, text="La mesa cerró antes.", by=cast.carmen, at=SOON)
    at.move_to(SOON)
    url = f"/elections/objections/{objection.uuid}/"
    if verdict:
        signed_in(cast.elena).post(f"{url}answer/", {"reason": "Consta.", "verdict": verdict})
        signed_in(cast.hugo).post(f"{url}confirm/", {"answer": "1"})
    at.move_to(SEATED)
    page = page_of(signed_in(cast.carmen), f"/elections/{election.uuid}/")
    election.refresh_from_db()
    if verdict == "upheld":
        assert election.state == "void" and "An objection to the result was upheld. It is called again" in page
    else:
        assert election.state == "seated"
        assert ("The result stands." in page, "was not decided in time" in page) == (True, verdict == "")


def test_objections_on_the_page_of_an_election_cost_no_query_each(cast: Cast, at, django_assert_num_queries):
    election = campaigning(cast)
    unfit(cast, election)
    client, url = signed_in(cast.carmen), f"/elections/{election.uuid}/"
    with CaptureQueriesContext(connection) as one:
        page_of(client, url)
    given = {"election": election, "kind": "not_entitled", "objector": cast.carmen, "text": "No.", "at": DURING}
    Objection.objects.bulk_create(Objection(person=person, **given) for person in crowd(cast, 20))
    with django_assert_num_queries(len(one)):
        page_of(client, url)


def test_no_admin_page_touches_roll_votes_or_objections(db):
    registered = {model for site in admin.sites.all_sites for model in site._registry}
    assert registered.isdisjoint({RollEntry, Objection, Poll, Election, Ballot})


def test_roll_after_the_opening_is_read_and_not_objected_to(cast: Cast, at):
    election = at_hour(campaigning(cast), OPENS)
    at.move_to(OPENS + dt.timedelta(hours=1))
    page = page_of(signed_in(cast.carmen), f"/elections/{election.uuid}/roll/")
    assert "Carmen Soto" in page and "Object to the roll" not in page
