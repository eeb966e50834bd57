"""Pages of lists: put forward, filled and ordered by their proposer, marked on the ballot, told in the result."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.domain.candidate_list import people_of
from councils.domain.election import call_election
from councils.domain.nomination import nominate
from councils.models import Body, CandidateList, Election, Member, NamedVote, RuleSet
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, at_hour, called
from tests.lists import agreed, marked, put_forward, voting
from tests.votes import crowd


@pytest.fixture(autouse=True)
def at(cast: Cast, settings):
    settings.LANGUAGE_CODE = "en"
    agreed(cast)
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False) as clock:
        yield clock


def signed_in(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_is_put_forward_filled_and_ordered(cast: Cast):
    election = called(cast)
    carmen = signed_in(cast.carmen)
    url = f"/elections/{election.uuid}/"
    assert "Put a list forward" in page(carmen, url) and "Nominate someone" not in page(carmen, url)
    answer = carmen.post(f"{url}lists/new/", {"name": "Unidad"})
    made = CandidateList.objects.get()
    own = f"/elections/lists/{made.uuid}/"
    assert (answer.status_code, answer["Location"]) == (302, own)
    assert carmen.post(own, {"nominee": str(cast.carmen.uuid)}).status_code == 302
    assert "Pedro Rojas" in page(carmen, f"{own}?q=pedro")
    assert carmen.post(own, {"nominee": str(cast.pedro.uuid)}).status_code == 302
    assert carmen.post(own, {"nominee": str(cast.pedro.uuid)}).status_code == 422
    asked = made.nominations.get(nominee=cast.pedro)
    assert "has not answered yet" in page(carmen, own)
    pedro = signed_in(cast.pedro)
    assert pedro.get(own).status_code == 403
    assert "Accept and stand" in page(pedro, url)
    assert pedro.post(f"/elections/nominations/{asked.uuid}/accept/").status_code == 302
    assert pedro.post(f"/elections/nominations/{asked.uuid}/up/").status_code == 403
    assert carmen.post(f"/elections/nominations/{asked.uuid}/up/")["Location"] == own
    assert [n.nominee for n in people_of(made)] == [cast.pedro, cast.carmen]
    assert carmen.get(f"/elections/{election.uuid}/nominate/").status_code == 302
    assert signed_in(cast.nora).get(own).status_code == 404


def test_a_second_list_and_an_empty_name_are_answered_with_a_sentence(cast: Cast):
    election = called(cast)
    put_forward(election, "Unidad", cast.carmen)
    new = f"/elections/{election.uuid}/lists/new/"
    for who, name in ((cast.carmen, "Otra"), (cast.pedro, "UNIDAD"), (cast.pedro, " "), (cast.pedro, "x" * 200)):
        answer = signed_in(who).post(new, {"name": name})
        assert answer.status_code == 422
    assert "Put a list forward" not in page(signed_in(cast.carmen), f"/elections/{election.uuid}/")


def test_who_withdrew_may_come_back_by_herself(cast: Cast):
    election = called(cast)
    made = put_forward(election, "Unidad", cast.carmen, cast.pedro)
    uuid = made.nominations.get(nominee=cast.pedro).uuid
    pedro, url = signed_in(cast.pedro), f"/elections/{election.uuid}/"
    pedro.post(f"/elections/nominations/{uuid}/withdraw/")
    assert "Accept and stand" in page(pedro, url)
    assert "Pedro Rojas" not in page(signed_in(cast.hugo), url)
    pedro.post(f"/elections/nominations/{uuid}/accept/")
    assert "Pedro Rojas" in page(signed_in(cast.hugo), url)


def test_ballot_shows_the_people_of_each_list_and_takes_one(cast: Cast, at):
    election = voting(cast, {"Unidad": [cast.carmen, cast.pedro], "Base": [cast.rosa]})
    at.move_to(NOMINATIONS_CLOSE + dt.timedelta(hours=1))
    hugo, url = signed_in(cast.hugo), f"/votes/{election.poll.uuid}/"
    booth = page(hugo, url)
    assert booth.index("1. Carmen Soto") < booth.index("2. Pedro Rojas") and 'type="radio"' in booth
    ids = {o["label"]: o["id"] for o in election.poll.options}
    review = hugo.post(f"{url}review/", {"marks": ids["Base"]}).content.decode()
    assert "You marked this list." in review and "Base" in review
    assert hugo.post(f"{url}review/", {"marks": list(ids.values())}).status_code == 422
    blank = hugo.post(f"{url}review/", {"marks": ids["Base"], "do": "blank"}).content.decode()
    assert "blank vote" in blank
    assert hugo.post(f"{url}cast/", {"marks": ids["Base"], "replaces": "0"}).status_code == 201


def result(cast: Cast, at, votes: tuple[int, int], lists: dict[str, list[Member]] | None = None) -> str:
    people = crowd(cast, sum(votes))
    election = voting(cast, lists or {"Unidad": [cast.carmen, cast.pedro, cast.rosa], "Base": [cast.hugo, people[0]]})
    marked(election, {"Unidad": people[: votes[0]], "Base": people[votes[0] :]})
    at.move_to(AFTER)
    election = at_hour(election, AFTER)
    return page(signed_in(cast.carmen), f"/elections/{election.uuid}/")


def test_result_tells_votes_seats_people_and_quotients(cast: Cast, at):
    told = result(cast, at, (12, 5))  # 12, 6 and 5
    assert "How the seats were shared" in told and "12 ÷ 2" in told and "divided by 1, 2, 3 and so on" in told
    assert "passed over" not in told and "stays vacant" not in told


def test_result_tells_of_lists_that_run_out_of_people(cast: Cast, at):
    told = result(cast, at, (12, 5), {"Unidad": [cast.carmen], "Base": [cast.hugo]})
    assert "Everybody on " in told and "has a seat: their further quotients are passed over" in told
    assert "1 seat stays vacant" in told


def test_result_of_few_ballots_tells_seats_alone(cast: Cast, at):
    told = result(cast, at, (6, 3))
    assert "Votes and seats of each list" in told
    assert "÷" not in told and "Quotient" not in told


def test_tie_is_told(cast: Cast, at):
    agreed(cast, seats={"cordon_council": 1})
    told = result(cast, at, (8, 8))
    assert "have equal quotients for 1 last place" in told


def test_council_elects_by_lists_by_name(cast: Cast, at):
    """A delegate puts a list forward in the council; each vote is published with its name."""
    second = builders.member("luis", "Luis Soto")
    builders.membership(second, cast.cristalerias)
    for person in (cast.hugo, second):
        builders.seat(person, cast.council, cast.assembly, cast.cristalerias)
    RuleSet.objects.filter(body=cast.council).update(
        rules={"methods": {"national_council": "sainte_lague"}, "seats": {"national_council": 2}}
    )
    election = call_election(
        body=Body.objects.get(kind="national_council"),
        electorate=cast.council,
        nominations_close_at=NOMINATIONS_CLOSE,
        voting_closes_at=AFTER - dt.timedelta(hours=1),
        by=cast.elena,
        at=NOW,
    )
    put_forward(election, "Unidad", cast.elena, cast.hugo)
    election = at_hour(election, NOMINATIONS_CLOSE)
    at.move_to(NOMINATIONS_CLOSE + dt.timedelta(hours=1))
    url = f"/votes/{election.poll.uuid}/cast/"
    for who in (cast.elena, cast.hugo):
        assert signed_in(who).post(url, {"marks": "1", "replaces": "0"}).status_code == 201
    assert NamedVote.objects.filter(poll=election.poll).count() == 2
    at.move_to(AFTER)
    election = at_hour(election, AFTER)
    told = page(signed_in(cast.carmen), f"/elections/{election.uuid}/")
    assert "Who voted what" in told and "Unidad" in told
    assert set(election.seats_won.values_list("holder__username", flat=True)) == {"elena", "hugo"}


def test_page_of_an_election_asks_no_more_of_more_people(cast: Cast):
    election = called(cast)
    made = put_forward(election, "Unidad", cast.carmen)
    client, url = signed_in(cast.pedro), f"/elections/{election.uuid}/"
    page(client, url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, url)
    for person in crowd(cast, 30):
        nominate(election=election, nominee=person, by=cast.carmen, at=NOW, on_list=made)
    with CaptureQueriesContext(connection) as many:
        page(client, url)
    assert len(many) == len(few)
    assert Election.objects.count() == 1
