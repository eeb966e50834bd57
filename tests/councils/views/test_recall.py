"""Pages of recalls and of vacant seats: who sees them, what they say in each state, and who may act."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.domain.waiting import told_to, waiting_for
from councils.enums import RecallState
from councils.models import Election, Member, Recall, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_election import call_data
from tests.recalls import AFTER, DAY, agree, called, in_state, seat_of, voting

HOUR = dt.timedelta(hours=1)
HOUR_OF = {
    RecallState.COLLECTING: NOW + HOUR,
    RecallState.VOTING: NOW + HOUR,
    RecallState.LAPSED: NOW + HOUR,
    RecallState.EXPIRED: NOW + 30 * DAY,
    RecallState.RECALLED: AFTER,
    RecallState.KEPT: AFTER,
    RecallState.VOID: AFTER,
}


@pytest.fixture
def at():
    with time_machine.travel(NOW + HOUR, tick=False) as clock:
        yield clock


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.force_login(member)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def page(member: Member, url: str) -> str:
    answer = signed_in(member).get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def queries(client: Client, url: str) -> int:
    client.get(url)  # what is only asked once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- asking for one -------------------------------------------------------------------------------------------


def test_call_leads_to_the_recall(cast: Cast, at):
    agree(cast)
    client, url = signed_in(cast.carmen), f"/seats/{seat_of(cast).uuid}/recall/"
    assert "comes to a vote once 2 of every 5 of the roll ask for it" in client.get(url).content.decode()
    answer = client.post(url, {"reason": "No rinde\u202e cuentas."}, follow=True)
    recall = Recall.objects.get()
    assert answer.redirect_chain == [(f"/recalls/{recall.uuid}/", 302)]
    assert recall.reason == "No rinde cuentas."


@pytest.mark.parametrize(
    ("who", "status"),
    [("carmen", 302), ("elena", 302), ("rosa", 302), ("nora", 404), ("olga", 404), ("ana", 404)],
)
def test_call_is_for_those_who_filled_the_seat(cast: Cast, at, who, status):
    url = f"/seats/{seat_of(cast).uuid}/recall/"
    assert signed_in(getattr(cast, who)).post(url, {"reason": "No rinde cuentas."}).status_code == status


def test_call_without_the_right_to_vote_is_denied(cast: Cast, at):
    cast.cristalerias.memberships.filter(member=cast.carmen).update(can_vote=False)
    assert signed_in(cast.carmen).get(f"/seats/{seat_of(cast).uuid}/recall/").status_code == 403


@pytest.mark.parametrize("reason", ["", "...", "x" * 1001])
def test_call_with_nonsense_is_answered_on_the_form(cast: Cast, at, reason):
    answer = signed_in(cast.carmen).post(f"/seats/{seat_of(cast).uuid}/recall/", {"reason": reason})
    assert (answer.status_code, Recall.objects.count()) == (422, 0)
    assert "errsum" in answer.content.decode()


def test_call_of_no_seat_is_not_found(cast: Cast, at):
    assert signed_in(cast.carmen).get(f"/seats/{uuid.uuid4()}/recall/").status_code == 404


# --- its page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (RecallState.COLLECTING, "1 person asks for it; 2 of the 5 electors are needed."),
        (RecallState.VOTING, "Cast: <b>YES</b>"),
        (RecallState.RECALLED, "The seat ended with the result and is vacant"),
        (RecallState.KEPT, "The seat stays as it is. A recall of it may be called again from"),
        (RecallState.VOID, "There was no result, so the seat stays."),
        (RecallState.EXPIRED, "Too few people asked for it in time"),
        (RecallState.LAPSED, "The seat ended otherwise"),
    ],
)
def test_page_says_each_state_to_those_who_filled_the_seat(cast: Cast, at, state, said):
    recall = in_state(cast, state)
    at.move_to(HOUR_OF[state])
    url = f"/recalls/{recall.uuid}/"
    assert said in page(cast.carmen, url)
    seen = {who: signed_in(getattr(cast, who)).get(url).status_code for who in ("elena", "nora", "olga", "ana")}
    assert seen == {"elena": 200, "nora": 404, "olga": 404, "ana": 404}


def test_page_takes_what_the_clock_decided_with_no_worker(cast: Cast, at):
    agree(cast)
    recall = called(cast)
    at.move_to(recall.collect_until)
    assert "Too few people asked for it in time" in page(cast.carmen, f"/recalls/{recall.uuid}/")
    recall.refresh_from_db()
    assert recall.state == RecallState.EXPIRED


def test_support_and_back_on_the_page(cast: Cast, at):
    agree(cast, share="5/5")
    url, client = f"/recalls/{called(cast).uuid}/", signed_in(cast.pedro)
    assert "Ask for it too" in page(cast.pedro, url)
    assert client.post(f"{url}support/").status_code == 302
    assert "You ask for it" in page(cast.pedro, url) and "2 people ask for it" in page(cast.carmen, url)
    assert client.post(f"{url}withdraw/").status_code == 302
    assert "1 person asks for it" in page(cast.pedro, url)
    assert client.get(f"{url}support/").status_code == 405


def test_support_keeps_nothing_with_the_session(cast: Cast, at):
    agree(cast, share="5/5")
    recall, client = called(cast), signed_in(cast.pedro)
    client.get(f"/recalls/{recall.uuid}/")
    before = list(Session.objects.values())
    answer = client.post(f"/recalls/{recall.uuid}/support/")
    assert list(Session.objects.values()) == before
    assert "messages" not in answer.cookies


def test_support_of_the_last_one_needed_opens_the_booth(cast: Cast, at):
    agree(cast)
    recall = called(cast)
    answer = signed_in(cast.pedro).post(f"/recalls/{recall.uuid}/support/", follow=True)
    assert "Recall Elena Paillán (" in answer.content.decode()
    late = signed_in(cast.hugo).post(f"/recalls/{recall.uuid}/support/")
    assert late.status_code == 409 and "the vote is open" in late.content.decode()


def test_support_is_not_told_to_an_account_that_was_reset(cast: Cast, at):
    agree(cast)
    recall = called(cast)
    Member.objects.filter(pk=cast.carmen.pk).update(reset_at=NOW + HOUR)
    said = page(Member.objects.get(pk=cast.carmen.pk), f"/recalls/{recall.uuid}/")
    assert "Your account was reset after this recall was called" in said
    assert "You ask for it" not in said and "Ask for it too" not in said


def test_answer_stands_beside_the_reason(cast: Cast, at):
    agree(cast)
    url = f"/recalls/{called(cast).uuid}/"
    assert "Publish the answer" in page(cast.elena, url) and "Publish the answer" not in page(cast.carmen, url)
    assert signed_in(cast.elena).post(f"{url}answer/", {"answer": "Rendí en julio."}).status_code == 302
    assert "Rendí en julio." in page(cast.carmen, url)
    assert signed_in(cast.elena).post(f"{url}answer/", {"answer": ""}).status_code == 422
    assert signed_in(cast.carmen).post(f"{url}answer/", {"answer": "x"}).status_code == 403


def test_page_of_the_vote_leads_to_the_recall(cast: Cast, at):
    agree(cast)
    recall = voting(cast)
    assert recall.poll is not None
    ballot = page(cast.carmen, f"/votes/{recall.poll.uuid}/")
    assert "Recall Elena Paillán (" in ballot and "No rinde cuentas." in ballot and "No answer yet." in ballot
    assert "Recall Elena Paillán (" in page(cast.carmen, "/votes/")
    at.move_to(AFTER)
    assert f"/recalls/{recall.uuid}/" in page(cast.carmen, f"/votes/{recall.poll.uuid}/")


def test_pages_speak_spanish_too(cast: Cast, at):
    agree(cast)
    recall = called(cast)
    for url in (f"/recalls/{recall.uuid}/", f"/seats/{seat_of(cast).uuid}/recall/"):
        assert signed_in(cast.pedro, "es").get(url).status_code == 200


def test_list_of_votes_asks_no_more_for_more_recalls(cast: Cast, at):
    agree(cast)
    voting(cast)
    client = signed_in(cast.carmen)
    one = queries(client, "/votes/")
    for person in (cast.rosa, cast.hugo, cast.pedro):
        recall = called(cast, seat=builders.seat(person, cast.council, cast.assembly, cast.cristalerias))
        signed_in(cast.pedro).post(f"/recalls/{recall.uuid}/support/", follow=True)
    assert queries(client, "/votes/") == one


# --- home ------------------------------------------------------------------------------------------------------

PEOPLE = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "ana"]


def test_home_tells_holder_and_electors(cast: Cast, at):
    agree(cast)
    url = f"/recalls/{called(cast).uuid}/"
    told = {who: [n.sentence for n in told_to(member=getattr(cast, who), at=NOW) if n.url == url] for who in PEOPLE}
    assert {who: len(said) for who, said in told.items()} == {**dict.fromkeys(PEOPLE, 1), "nora": 0, "ana": 0}
    assert told["elena"] != told["carmen"] == told["pedro"]
    assert url in page(cast.carmen, "/")


def test_home_tells_nothing_of_what_the_clock_ended(cast: Cast, at):
    agree(cast)
    recall = called(cast)
    assert not told_to(member=cast.carmen, at=recall.collect_until)


def test_home_has_the_vote_to_do_while_it_is_open(cast: Cast, at):
    agree(cast)
    recall = voting(cast)
    assert recall.poll is not None
    tasks = [t.url for t in waiting_for(member=cast.hugo, at=NOW + HOUR)]
    assert f"/votes/{recall.poll.uuid}/" in tasks


@pytest.mark.parametrize(("state", "told"), [("recalled", 1), ("kept", 1), ("void", 0), ("expired", 0)])
def test_home_tells_what_came_of_it_for_a_while(cast: Cast, at, state, told):
    recall = in_state(cast, state)
    assert recall.ended_at is not None
    url = f"/recalls/{recall.uuid}/"
    for moment, n in ((recall.ended_at, told), (recall.ended_at + 14 * DAY, 0)):
        assert len([x for x in told_to(member=cast.carmen, at=moment) if x.url == url]) == n


# --- lists of seats, vacancies ------------------------------------------------------------------------------------


def test_lists_of_seats_lead_to_a_recall(cast: Cast, at):
    agree(cast)
    link = f"/seats/{seat_of(cast).uuid}/recall/"
    pages = [f"/workplaces/{cast.cristalerias.uuid}/", f"/cordones/{cast.vicuna.uuid}/"]
    assert [link in page(cast.carmen, url) for url in ["/", *pages]] == [True, True, True]
    assert not any(link in page(cast.nora, url) for url in ["/", *pages])
    recall = f"/recalls/{called(cast).uuid}/"
    assert [recall in page(cast.carmen, url) for url in pages] == [True, True]
    assert not any(recall in page(cast.nora, url) for url in pages)


def test_vacant_seat_leads_the_committee_to_a_by_election(cast: Cast, at):
    link = f"/elections/call/{cast.assembly.uuid}/?vacant={cast.council.uuid}"
    for url in ("/", "/elections/", f"/workplaces/{cast.cristalerias.uuid}/", f"/cordones/{cast.vicuna.uuid}/"):
        assert "Vacant seat" in page(cast.hugo, url) and link in page(cast.hugo, url)
        assert "Vacant seat" in page(cast.carmen, url) and link not in page(cast.carmen, url)
    client = signed_in(cast.hugo)
    form = client.get(link).content.decode()
    assert 'name="vacancies_only"' in form and "checked" in form
    client.post(link, call_data(cast, vacancies_only="on"))
    election = Election.objects.get()
    assert (election.seats, election.vacancies_only) == (1, True)
    shown = page(cast.carmen, f"/elections/{election.uuid}/")
    assert "By-election" in shown and "It fills only the vacant seats" in shown and "The term is" not in shown
    assert f"/elections/{election.uuid}/" in page(cast.carmen, f"/workplaces/{cast.cristalerias.uuid}/")
    assert f"/elections/{election.uuid}/" not in page(cast.nora, f"/workplaces/{cast.cristalerias.uuid}/")


def test_call_where_nothing_is_vacant_does_not_ask(cast: Cast, at):
    Seat.objects.filter(holder=cast.rosa).delete()
    assert "vacancies_only" not in page(cast.hugo, f"/elections/call/{cast.assembly.uuid}/")
    assert "Vacant seat" not in page(cast.hugo, "/elections/")


def test_cordon_page_asks_no_more_for_more_seats(cast: Cast, at):
    client, url = signed_in(cast.carmen), f"/cordones/{cast.vicuna.uuid}/"
    one = queries(client, url)
    for n in range(10):
        place = builders.workplace(f"Fábrica {n}", cast.cerrillos)
        assembly, gone = place.bodies.get(kind="assembly"), {"ended_at": NOW - DAY, "end_reason": "resigned"}
        builders.seat(cast.nora, cast.council, assembly, place)
        builders.seat(cast.olga, cast.council, assembly, place, **gone)
    assert queries(client, url) == one
