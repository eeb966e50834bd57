"""Pages of elections: who sees them, who may act on them, and that nonsense is answered with a sentence."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from councils.domain.waiting import waiting_for
from councils.models import Election, Member, Nomination, RuleSet
from tests import campaigns
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, DAY, NOMINATIONS_CLOSE, VOTING_CLOSES, asked, called, in_state, marked, voting
from tests.votes import crowd


@pytest.fixture
def at():
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False) as clock:
        yield clock


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def local(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def call_data(cast: Cast, **changed: str) -> dict[str, str]:
    return {
        "body": str(cast.council.uuid),
        "nominations_close_at": local(NOMINATIONS_CLOSE + DAY),
        "voting_closes_at": local(VOTING_CLOSES + 2 * DAY),
        **changed,
    }


def test_call_leads_to_the_election_and_says_so(cast: Cast, at):
    client = signed_in(cast.elena)
    url = f"/elections/call/{cast.assembly.uuid}/"
    assert "Consejo" in client.get(url).content.decode() or client.get(url).status_code == 200
    answer = client.post(url, call_data(cast), follow=True)
    election = Election.objects.get()
    assert answer.redirect_chain == [(f"/elections/{election.uuid}/", 302)]
    assert "Elegir 2 delegados al cordón" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("carmen", 403), ("rosa", 403), ("nora", 404), ("olga", 404), ("ana", 404), ("hugo", 302)]
)
def test_call_is_for_the_committee(cast: Cast, at, who, status):
    url = f"/elections/call/{cast.assembly.uuid}/"
    assert signed_in(getattr(cast, who)).post(url, call_data(cast)).status_code == status


@pytest.mark.parametrize(
    "changed",
    [
        {"body": "x"},
        {"body": str(uuid.uuid4())},
        {"nominations_close_at": "ayer"},
        {"nominations_close_at": "9999-12-31T23:59"},
        {"voting_closes_at": "0001-01-01T00:00"},
        {"voting_closes_at": ""},
        {"voting_closes_at": "2026-11-24T10:00\0"},
        {"nominations_close_at": "2026-11-17T10:00"},  # sooner than the rules allow
    ],
)
def test_call_with_nonsense_is_answered_on_the_form(cast: Cast, at, changed):
    answer = signed_in(cast.elena).post(f"/elections/call/{cast.assembly.uuid}/", call_data(cast, **changed))
    assert (answer.status_code, Election.objects.count()) == (422, 0)
    assert "errsum" in answer.content.decode()


@pytest.mark.parametrize("state", ["nominating", "voting", "seated", "void"])
def test_page_shows_each_state_to_its_assembly_alone(cast: Cast, at, state):
    election = in_state(cast, state)
    at.move_to({"nominating": NOW, "voting": NOMINATIONS_CLOSE}.get(state, AFTER))
    url = f"/elections/{election.uuid}/"
    seen = {
        who: signed_in(getattr(cast, who)).get(url).status_code for who in ("carmen", "elena", "nora", "olga", "ana")
    }
    assert seen == {"carmen": 200, "elena": 200, "nora": 404, "olga": 404, "ana": 404}


def test_page_takes_what_the_clock_decided_with_no_worker(cast: Cast, at):
    election = voting(cast, cast.rosa, cast.pedro)
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.rosa], cast.pedro: [cast.pedro]})
    at.move_to(AFTER)
    page = signed_in(cast.carmen).get(f"/elections/{election.uuid}/").content.decode()
    election.refresh_from_db()
    assert (election.state, "Rosa Marín" in page) == ("seated", True)


def test_nominate_by_search_then_accept(cast: Cast, at):
    election = called(cast)
    client = signed_in(cast.pedro)
    url = f"/elections/{election.uuid}/nominate/"
    assert "Proponer a Rosa Marín" in client.get(url, {"q": "rosa"}).content.decode()
    assert "Nora" not in client.get(url, {"q": "vidal"}).content.decode()
    assert client.post(url, {"nominee": str(cast.rosa.uuid)}).status_code == 302
    nomination = Nomination.objects.get()
    rosa = signed_in(cast.rosa)
    assert [t.url for t in waiting_for(member=cast.rosa, at=NOW + DAY)] == [f"/elections/{election.uuid}/"]
    rosa.post(f"/elections/nominations/{nomination.uuid}/accept/", {"statement": "Turnos\u202e parejos"})
    nomination.refresh_from_db()
    assert (nomination.state, nomination.statement) == ("accepted", "Turnos parejos")


def test_nominate_oneself_with_a_sentence(cast: Cast, at):
    election = called(cast)
    data = {"nominee": str(cast.carmen.uuid), "statement": "Cuentas claras"}
    page = signed_in(cast.carmen).post(f"/elections/{election.uuid}/nominate/", data, follow=True).content.decode()
    assert "Cuentas claras" in page


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"nominee": "x"}, 422),
        ({"nominee": str(uuid.uuid4())}, 404),
        ({"nominee": "self", "statement": "x" * 301}, 422),
        ({"nominee": "nora"}, 404),
    ],
)
def test_nominate_nonsense_is_answered(cast: Cast, at, data, status):
    named = {"self": str(cast.carmen.uuid), "nora": str(cast.nora.uuid)}
    data = {**data, **({"nominee": named.get(data["nominee"], data["nominee"])} if "nominee" in data else {})}
    answer = signed_in(cast.carmen).post(f"/elections/{called(cast).uuid}/nominate/", data)
    assert (answer.status_code, Nomination.objects.count()) == (status, 0)


@pytest.mark.parametrize("answer", ["accept", "decline", "withdraw"])
def test_answers_are_for_the_nominee_alone(cast: Cast, at, answer):
    nomination = asked(called(cast), cast.rosa, cast.pedro)
    url = f"/elections/nominations/{nomination.uuid}/{answer}/"
    assert [signed_in(m).post(url).status_code for m in (cast.pedro, cast.nora, cast.ana)] == [403, 404, 404]
    assert signed_in(cast.rosa).get(url).status_code == 405


def test_answer_after_the_close_is_refused_with_409(cast: Cast, at):
    nomination = asked(called(cast), cast.rosa, cast.pedro)
    at.move_to(NOMINATIONS_CLOSE)
    assert signed_in(cast.rosa).post(f"/elections/nominations/{nomination.uuid}/accept/").status_code == 409


def test_list_asks_as_often_for_thirty_as_for_one(cast: Cast, at, django_assert_num_queries):
    rules = RuleSet.objects.in_force(cast.assembly, NOW)
    live = called(cast)
    kept = [
        f for f in Election._meta.concrete_fields if f.name not in ("id", "uuid", "state", "void_reason", "rule_set")
    ]
    given = {f.attname: getattr(live, f.attname) for f in kept}

    def void(number: int) -> None:
        Election.objects.bulk_create(
            Election(**given, rule_set=rules, state="void", void_reason="too_few") for _ in range(number)
        )

    void(1)
    client = signed_in(cast.carmen)
    with CaptureQueriesContext(connection) as one:
        client.get("/elections/")
    void(29)
    with django_assert_num_queries(len(one)):
        assert client.get("/elections/").status_code == 200


def test_waiting_asks_for_a_missing_vote_and_not_for_a_cast_one(cast: Cast, at):
    election = voting(cast, cast.rosa)
    assert [t.group for t in waiting_for(member=cast.carmen, at=NOMINATIONS_CLOSE)] == ["vote"]
    marked(election, {cast.carmen: [cast.rosa]})
    assert waiting_for(member=cast.carmen, at=NOMINATIONS_CLOSE) == []
    assert [t.group for t in waiting_for(member=cast.nora, at=NOMINATIONS_CLOSE)] == []
    assert waiting_for(member=cast.pedro, at=VOTING_CLOSES) == []


def test_list_says_below_what_is_under_way_who_was_elected_and_until_when(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    past = in_state(cast, "seated")
    at.move_to(AFTER)
    text = signed_in(cast.carmen).get("/elections/").content.decode()
    under_way, below = text.split("Past elections")
    until = date_format(timezone.localtime(past.seats_won.first().term_ends_at), "DATE_FORMAT")
    assert "No election is under way." in under_way
    assert [f"{person.name}, until {until}" in below for person in (cast.rosa, cast.pedro)] == [True, True]
    assert f"/elections/{past.uuid}/" in below


def test_list_shows_what_is_under_way_above(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    election = in_state(cast, "voting")
    under_way, below = signed_in(cast.carmen).get("/elections/").content.decode().split("Past elections")
    assert (str(election.uuid) in under_way, str(election.uuid) in below) == (True, False)


def test_call_says_the_dates_that_follow_from_the_rules(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    campaigns.give_days(cast)
    client, url = signed_in(cast.elena), f"/elections/call/{cast.assembly.uuid}/"
    page = client.get(url).content.decode()
    assert "With these hours" in page and "5 days after the result" in page
    data = call_data(cast, voting_closes_at=local(NOMINATIONS_CLOSE + 2 * DAY))  # too short after the campaign
    answer = client.post(url, data)
    opens = date_format(timezone.localtime(NOMINATIONS_CLOSE + (1 + campaigns.CAMPAIGN) * DAY), "l j F")
    assert (answer.status_code, f"from {opens}" in answer.content.decode()) == (422, True)


def test_page_of_the_campaign_shows_the_closed_roll(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    election = campaigns.campaigning(cast)
    at.move_to(NOMINATIONS_CLOSE + DAY)
    page = signed_in(cast.carmen).get(f"/elections/{election.uuid}/").content.decode()
    assert "5 people may vote." in page and "The roll was closed" in page and "Turnout" not in page
    assert "the vote opens" in signed_in(cast.carmen).get("/elections/").content.decode()


def test_page_of_a_declared_election_shows_the_result_and_until_when_it_may_be_objected_to(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    election = campaigns.declared(cast)
    at.move_to(campaigns.DECLARED + DAY)
    page = signed_in(cast.carmen).get(f"/elections/{election.uuid}/").content.decode()
    assert "declared; objections until" in page and "Rosa Marín" in page and "Term until" not in page


def test_list_takes_the_step_of_the_clock_with_no_worker(cast: Cast, at):
    election = campaigns.declared(cast)
    at.move_to(campaigns.SEATED)
    signed_in(cast.carmen).get("/elections/")
    election.refresh_from_db()
    assert election.state == "seated"


def test_call_by_constituencies_says_who_is_in_none_and_calls_all(cast: Cast, at, settings):
    settings.LANGUAGE_CODE = "en"
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": parts}})
    for person in (cast.carmen, cast.pedro, cast.hugo):
        person.memberships.update(group="producción")
    client, url = signed_in(cast.elena), f"/elections/call/{cast.assembly.uuid}/"
    data = call_data(cast, body=str(cast.committee.uuid), group="")
    answer = client.post(url, data, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "administración (0)" in answer.content.decode() and not Election.objects.exists()
    page = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert "2 people who may vote are in none of these groups" in page
    roll = client.get(f"/workplaces/{cast.cristalerias.uuid}/people/?group=none").content.decode()
    assert "Elena Paillán" in roll and "Rosa Marín" in roll and "Carmen Soto" not in roll
    for person in crowd(cast, 3):
        person.memberships.update(group="administración")
    answer = client.post(url, data)
    assert (answer.status_code, answer["Location"]) == (302, "/elections/")
    page = client.get("/elections/").content.decode()
    assert "· producción" in page and "· administración" in page
    office = Election.objects.get(group="administración")
    assert client.get(f"/elections/{office.uuid}/nominate/").status_code == 403
    page = signed_in(cast.carmen).get(f"/elections/{office.uuid}/", headers={"accept-language": "en"})
    assert "Only the group “administración” elects here." in page.content.decode()


def test_call_of_one_group_leads_to_its_election(cast: Cast, at):
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": parts}})
    for person in (cast.carmen, cast.pedro, cast.hugo):
        person.memberships.update(group="producción")
    data = call_data(cast, body=str(cast.committee.uuid), group="producción")
    answer = signed_in(cast.elena).post(f"/elections/call/{cast.assembly.uuid}/", data)
    assert answer["Location"] == f"/elections/{Election.objects.get().uuid}/"


@pytest.mark.parametrize(("stage", "hour"), [(campaigns.campaigning, NOMINATIONS_CLOSE), (campaigns.declared, AFTER)])
def test_page_stands_where_the_rules_are_read_otherwise(cast: Cast, at, stage, hour):
    """A state is shown as a step also where nothing of the rules asks for it."""
    election = stage(cast)
    RuleSet.objects.update(rules={})
    at.move_to(hour)
    assert signed_in(cast.carmen).get(f"/elections/{election.uuid}/").status_code == 200
