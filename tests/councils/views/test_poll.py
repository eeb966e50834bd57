"""Pages of votes: the receipt is the answer to the POST, and the choice is nowhere else."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from html import unescape

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.poll import call_off_poll, count_poll
from councils.enums import JobState
from councils.models import CheckCode, Job, Member, Poll, RollEntry, RuleSet
from councils.views.poll_parts import parts_of
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import AFTER, count, crowd, open_approval, open_yes_no, scheduled, vote

SOON = NOW + dt.timedelta(hours=2)


@pytest.fixture
def at():
    with time_machine.travel(SOON, tick=False) as clock:
        yield clock


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def in_english(member: Member) -> Client:
    client = signed_in(member)
    client.cookies["django_language"] = "en"
    return client


def code_in(page: str) -> str:
    found = re.search(r'<p class="code">([0-9A-Z-]{14})</p>', page)
    assert found
    return found[1]


def test_cast_asks_the_database_five_things(cast: Cast, at):
    poll = open_yes_no(cast)
    signed_in(cast.pedro).post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"})  # its process remembers the subject
    client = signed_in(cast.carmen)
    with CaptureQueriesContext(connection) as asked:
        client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"})
    told = [q["sql"].split() for q in asked if q["sql"].startswith(("SELECT", "UPDATE", "INSERT", "DELETE"))]
    assert [words[0] for words in told] == ["SELECT"] * 4 + ["UPDATE"]  # session, member, row, lock; the envelope


@pytest.mark.parametrize(("seconds", "status"), [(-1, 201), (0, 409)])
def test_cast_is_in_time_by_its_arrival_not_by_the_end_of_its_wait(cast: Cast, at, settings, seconds: int, status: int):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:1], f"{__name__}.waits", *settings.MIDDLEWARE[1:]]
    at.move_to(poll.closes_at + dt.timedelta(seconds=seconds))
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"}).status_code == status


def waits(get_response):
    """Two seconds go by before the database answers."""

    def middleware(request):
        with time_machine.travel(timezone.now() + dt.timedelta(seconds=2), tick=False):
            return get_response(request)

    return middleware


def test_cast_answers_201_with_a_code_and_keeps_nothing_of_it(cast: Cast, at):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    before = [s.session_data for s in Session.objects.all()]
    answer = client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"})
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store, private")
    code = code_in(answer.content.decode())
    assert [s.session_data for s in Session.objects.all()] == before
    assert "Location" not in answer and not answer.cookies
    page = client.get(f"/votes/{poll.uuid}/").content.decode()
    assert code not in page and 'name="replaces" value="1"' in page


def test_cast_twice_with_the_same_version_answers_409_and_keeps_the_first(cast: Cast, at):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"}).status_code == 201
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "no"}).status_code == 409
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "no", "replaces": "1"}).status_code == 201
    assert RollEntry.objects.get(poll=poll, member=cast.carmen).envelope_version == 2


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"choice": "maybe"},
        {"choice": "yes\0"},
        {"choice": "yes", "replaces": "-1"},
        {"choice": "yes", "replaces": "9" * 40},
        {"choice": "yes", "replaces": "x"},
        {"marks": ["1"]},
    ],
)
def test_cast_nonsense_is_answered_422_and_nothing_is_cast(cast: Cast, at, data):
    poll = open_yes_no(cast)
    assert signed_in(cast.carmen).post(f"/votes/{poll.uuid}/cast/", data).status_code == 422
    assert not RollEntry.objects.voted().exists()


@pytest.mark.parametrize(("who", "status"), [("nora", 404), ("olga", 404), ("ana", 404), ("elena", 201)])
def test_cast_is_open_to_the_roll_alone(cast: Cast, at, who, status):
    poll = open_yes_no(cast)
    assert signed_in(getattr(cast, who)).post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"}).status_code == status


def test_cast_by_a_newcomer_is_denied_with_a_reason(cast: Cast, at):
    poll = open_yes_no(cast)
    builders.membership(cast.olga, cast.cristalerias)
    answer = signed_in(cast.olga).post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"})
    assert answer.status_code == 403
    assert "padrón" in answer.content.decode()


def test_cast_after_the_close_answers_409(cast: Cast, at):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    at.move_to(poll.closes_at)
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"}).status_code == 409


def test_first_page_after_the_hour_opens_the_vote_with_no_worker(cast: Cast, at):
    poll = scheduled(cast.assembly, opens_at=SOON)
    at.move_to(SOON + dt.timedelta(seconds=1))
    answer = signed_in(cast.carmen).post(f"/votes/{poll.uuid}/cast/", {"choice": "no"})
    assert (answer.status_code, Poll.objects.get().roll_size) == (201, 5)


def test_vote_that_waits_for_its_key_opens_in_a_moment(cast: Cast, at, settings):
    settings.HOLDS_KEYS = settings.EMBEDDED = False
    poll = scheduled(cast.assembly, opens_at=SOON)
    client = in_english(cast.carmen)
    page = client.get(f"/votes/{poll.uuid}/").content.decode()
    assert "opens in a moment" in page and 'name="choice"' not in page
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "no"}).status_code == 409
    settings.HOLDS_KEYS = True
    assert client.post(f"/votes/{poll.uuid}/cast/", {"choice": "no"}).status_code == 201


def test_approval_goes_through_ballot_review_back_and_cast(cast: Cast, at):
    poll = open_approval(cast, ["Rosa Marín", "Hugo Tapia", "Elena Paillán"])
    client = signed_in(cast.carmen)
    assert client.get(f"/votes/{poll.uuid}/").content.decode().count('type="checkbox"') == 3
    review = client.post(f"/votes/{poll.uuid}/review/", {"marks": ["1", "3"], "replaces": "0"})
    page = review.content.decode()
    assert (review.status_code, page.count('type="hidden" name="marks"')) == (200, 2)
    assert "Rosa Marín" in page and "Hugo Tapia" not in page
    back = client.post(f"/votes/{poll.uuid}/", {"marks": ["1", "3"]}).content.decode()
    assert back.count(" checked") == 2
    assert client.post(f"/votes/{poll.uuid}/cast/", {"marks": ["1", "3"], "replaces": "0"}).status_code == 201
    assert count(poll).result["present"] == 1


def test_approval_review_of_an_unknown_name_is_answered_422(cast: Cast, at):
    poll = open_approval(cast, ["Rosa", "Hugo"])
    assert signed_in(cast.carmen).post(f"/votes/{poll.uuid}/review/", {"marks": ["9"]}).status_code == 422


def test_codes_are_listed_once_declared_and_not_before(cast: Cast, at):
    poll = open_yes_no(cast)
    client = signed_in(cast.carmen)
    code = code_in(client.post(f"/votes/{poll.uuid}/cast/", {"choice": "yes"}).content.decode())
    vote(poll, {cast.pedro: ["yes"], cast.rosa: ["no"]})
    assert code not in client.get(f"/votes/{poll.uuid}/codes/").content.decode()
    at.move_to(AFTER)
    assert code in client.get(f"/votes/{poll.uuid}/codes/").content.decode()


def test_result_of_few_ballots_shows_what_was_decided_and_no_totals(cast: Cast, at):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.rosa: ["no"]})
    at.move_to(AFTER)
    page = signed_in(cast.carmen).get(f"/votes/{poll.uuid}/").content.decode()
    assert "Aprobada" in page and 'class="tally"' not in page
    assert "tally" not in Poll.objects.get().result


@pytest.mark.parametrize(("ballots", "words"), [(1, "no ballot was opened"), (2, "none was opened")])
def test_ballots_too_few_to_be_secret_are_not_opened_and_the_page_says_so(cast: Cast, at, ballots, words):
    rules = {"proposal_quorum": {"base": "roll", "share": "2/5"}}
    RuleSet.objects.filter(body=cast.assembly).update(rules=rules)
    poll = open_yes_no(cast)
    vote(poll, {person: ["yes"] for person in (cast.carmen, cast.pedro)[:ballots]})
    at.move_to(AFTER)
    page = in_english(cast.carmen).get(f"/votes/{poll.uuid}/").content.decode()
    assert words in page and "/codes/" not in page
    assert not CheckCode.objects.exists()


def test_turnout_while_open_is_shown_from_a_hundred_electors_on(cast: Cast, at):
    small = open_yes_no(cast)
    vote(small, {cast.carmen: ["yes"]})
    crowd(cast, 95)
    large = open_yes_no(cast)
    vote(large, {cast.carmen: ["yes"]})
    assert parts_of(poll=small, member=cast.pedro, at=SOON).voted_so_far is None
    assert parts_of(poll=large, member=cast.pedro, at=SOON).voted_so_far == 1
    assert parts_of(poll=large, member=cast.pedro, at=AFTER).voted_so_far is None


def test_ballots_are_published_from_a_hundred_on_and_apart_from_codes(cast: Cast, at):
    people = [cast.carmen, cast.pedro, cast.rosa, cast.hugo, cast.elena, *crowd(cast, 95)]
    poll = open_yes_no(cast)
    for person in people:
        cast_ballot(poll=poll, by=person, marks=["yes"], replaces=0, at=NOW)
    client = signed_in(cast.carmen)
    assert client.get(f"/votes/{poll.uuid}/ballots.csv").status_code == 404
    at.move_to(AFTER)
    rows = client.get(f"/votes/{poll.uuid}/ballots.csv").content.decode().splitlines()
    codes = set(CheckCode.objects.values_list("code", flat=True))
    assert (len(rows), len(codes)) == (101, 100)
    assert not any(code in row for row in rows for code in codes)


def test_ballots_of_a_small_electorate_are_not_published(cast: Cast, at):
    poll = open_yes_no(cast)
    vote(poll, {person: ["no"] for person in (cast.carmen, cast.pedro, cast.rosa, cast.hugo, cast.elena)})
    at.move_to(AFTER)
    assert signed_in(cast.carmen).get(f"/votes/{poll.uuid}/ballots.csv").status_code == 404


def test_unknown_votes_are_not_found(cast: Cast, at):
    client = signed_in(cast.carmen)
    assert client.get(f"/votes/{uuid.uuid4()}/").status_code == 404
    assert client.post(f"/votes/{uuid.uuid4()}/cast/", {"choice": "yes"}).status_code == 404


def test_list_asks_as_often_for_thirty_as_for_one(cast: Cast, at, django_assert_num_queries):
    open_yes_no(cast)
    client = signed_in(cast.carmen)
    with CaptureQueriesContext(connection) as one:
        client.get("/votes/")
    for _ in range(29):
        open_yes_no(cast)
    with django_assert_num_queries(len(one)):
        client.get("/votes/")


def test_list_shows_what_is_over_and_what_is_to_come_but_not_what_was_called_off(cast: Cast, at):
    over = open_yes_no(cast)
    vote(over, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.rosa: ["no"]})
    to_come = scheduled(cast.assembly, opens_at=AFTER + dt.timedelta(days=1))
    withdrawn = scheduled(cast.assembly, opens_at=AFTER + dt.timedelta(days=1))
    call_off_poll(poll=withdrawn, at=NOW)
    count(over)
    at.move_to(AFTER)
    page = signed_in(cast.carmen).get("/votes/").content.decode()
    listed = re.findall(r'<li><a href="/votes/([0-9a-f-]+)/">', page)
    assert listed == [str(to_come.uuid), str(over.uuid)]
    assert "Aprobada" in page


def test_list_says_when_a_vote_to_come_opens(cast: Cast, at):
    scheduled(cast.assembly, opens_at=AFTER + dt.timedelta(days=1))
    page = in_english(cast.carmen).get("/votes/").content.decode()
    assert re.findall(r'<span class="muted small">([^<]+)</span>', page) == ["Opens Friday 20 November at 13:00."]


MARK = "Mark each person"


@pytest.mark.parametrize("who", ["newcomer", "reset"])
def test_who_cannot_mark_a_ballot_is_told_why_and_not_invited(cast: Cast, at, who):
    poll = open_approval(cast, ["Rosa Marín", "Hugo Tapia"])
    if who == "newcomer":
        member, words = cast.olga, "its roll was closed on 16 November 2026"
        builders.membership(member, cast.cristalerias)
    else:
        member, words = cast.carmen, "at the committee's table"
        Member.objects.filter(pk=member.pk).update(reset_at=SOON)
    client = in_english(member)
    booth, listed, home = (unescape(client.get(p).content.decode()) for p in (f"/votes/{poll.uuid}/", "/votes/", "/"))
    assert all(words in page for page in (booth, listed, home))
    assert not any(said in booth for said in (MARK, "checkbox", "Review"))
    assert "You have not voted yet" not in listed and "Your vote is missing" not in home
    assert MARK in in_english(cast.pedro).get(f"/votes/{poll.uuid}/").content.decode()


@pytest.mark.parametrize("step", ["count_poll", "settle_poll"])
def test_count_that_was_given_up_is_told_to_the_assembly_and_its_committee(cast: Cast, at, step):
    poll = open_yes_no(cast)
    words = "The count could not be finished"
    if step == "settle_poll":
        count_poll(poll=poll, at=AFTER)
    Job.objects.filter(key=f"{step}:{poll.uuid}").update(state=JobState.PARKED)
    at.move_to(AFTER)
    assert words in in_english(cast.carmen).get(f"/votes/{poll.uuid}/").content.decode()
    told = {
        name
        for name in ("carmen", "elena", "nora")
        if words in in_english(getattr(cast, name)).get("/").content.decode()
    }
    assert told == {"elena"}
    job.try_again(jobs=Job.objects.all(), at=AFTER)
    assert words not in in_english(cast.elena).get(f"/votes/{poll.uuid}/").content.decode()
    assert words not in in_english(cast.elena).get("/").content.decode()


def test_secrecy_page_tells_its_limits(cast: Cast):
    assert "servidor" in signed_in(cast.carmen).get("/votes/secrecy/").content.decode()


def test_booth_of_a_council_says_that_it_votes_by_name(cast: Cast, at):
    poll = open_yes_no(cast, cast.council)
    client = signed_in(cast.elena)
    assert "Votación por nombre" in client.get(f"/votes/{poll.uuid}/").content.decode()
    answer = client.post(f"/votes/{poll.uuid}/cast/", {"choice": "no"})
    assert (answer.status_code, 'class="code"' in answer.content.decode()) == (201, False)
    assert "en la urna" not in client.get(f"/votes/{poll.uuid}/").content.decode()
