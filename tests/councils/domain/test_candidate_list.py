"""Lists of candidates: put forward, filled, ordered, voted, seated, and who follows on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.candidate_list import move_on_list, people_of, put_forward_list
from councils.domain.nomination import accept_nomination, decline_nomination, nominate, withdraw_nomination
from councils.domain.seat import end_seats
from councils.enums import ElectionState, NominationState, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, CandidateList, Election, Member, Nomination, RuleSet, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, DAY, NOMINATIONS_CLOSE, at_hour, called
from tests.lists import agreed, marked, put_forward, voting
from tests.votes import crowd

LATER = AFTER + DAY


@pytest.fixture(autouse=True)
def by_lists(cast: Cast) -> None:
    agreed(cast)


def seated(cast: Cast, votes: tuple[int, int] = (5, 3), **rules: object) -> tuple[Election, list[Member]]:
    """List Unidad: Carmen, Pedro, Rosa and Hugo; list Base: two of the crowd. Three seats by D'Hondt."""
    agreed(cast, **rules)
    people = crowd(cast, 16)
    election = voting(cast, {"Unidad": [cast.carmen, cast.pedro, cast.rosa, cast.hugo], "Base": people[:2]})
    marked(election, {"Unidad": people[: votes[0]], "Base": people[votes[0] : sum(votes)]})
    return at_hour(election, AFTER), people


def holders(election: Election, at=AFTER) -> list[str]:
    seats = Seat.objects.held_at(at).filter(body=election.body, election=election)
    return sorted(seats.values_list("holder__username", flat=True))


# --- before the vote ------------------------------------------------------------------------------------------


def test_an_elector_puts_one_list_forward(cast: Cast):
    election = called(cast)
    made = put_forward_list(election=election, name="  Lista  Unidad ", by=cast.carmen, at=NOW)
    assert (made.name, AuditEvent.objects.get(verb="put_forward_list").actor) == ("Lista Unidad", cast.carmen)
    for by, name in ((cast.carmen, "Otra"), (cast.pedro, "LISTA UNIDAD"), (cast.pedro, " . "), (cast.pedro, "x" * 121)):
        with pytest.raises(Refused):
            put_forward_list(election=election, name=name, by=by, at=NOW)
    with pytest.raises(Denied):
        put_forward_list(election=election, name="De afuera", by=cast.nora, at=NOW)
    with pytest.raises(Refused):
        put_forward_list(election=election, name="Tarde", by=cast.pedro, at=NOMINATIONS_CLOSE)


def test_two_lists_of_one_name_or_one_person_are_impossible(cast: Cast):
    election = called(cast)
    put_forward(election, "Unidad", cast.carmen)
    for name, by in (("unidad", cast.pedro), ("Otra", cast.carmen)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CandidateList.objects.create(election=election, name=name, put_forward_by=by, at=NOW)


def test_who_puts_it_forward_names_and_nobody_else(cast: Cast):
    election = called(cast)
    made = put_forward(election, "Unidad", cast.carmen)
    with pytest.raises(Denied):
        nominate(election=election, nominee=cast.pedro, by=cast.pedro, at=NOW, on_list=made)
    with pytest.raises(Refused):  # not one by one
        nominate(election=election, nominee=cast.pedro, by=cast.pedro, at=NOW)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.nora, by=cast.carmen, at=NOW, on_list=made)
    named = nominate(election=election, nominee=cast.pedro, by=cast.carmen, at=NOW, on_list=made)
    assert (named.state, named.place) == (NominationState.PROPOSED, 1)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.pedro, by=cast.carmen, at=NOW, on_list=made)


def test_one_by_one_there_are_no_lists(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={})
    with pytest.raises(Refused):
        put_forward_list(election=called(cast), name="Unidad", by=cast.carmen, at=NOW)


def test_two_lists_may_ask_her_and_she_stands_on_one(cast: Cast):
    election = called(cast)
    lists = [put_forward(election, name, by) for name, by in (("Unidad", cast.carmen), ("Base", cast.pedro))]
    asked = [
        nominate(election=election, nominee=cast.rosa, by=one.put_forward_by, at=NOW, on_list=one) for one in lists
    ]
    accept_nomination(nomination=asked[0], by=cast.rosa, at=NOW)
    with pytest.raises(Refused) as refusal:
        accept_nomination(nomination=asked[1], by=cast.rosa, at=NOW)
    assert "Unidad" in str(refusal.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=asked[1].pk).update(state=NominationState.ACCEPTED)
    withdraw_nomination(nomination=asked[0], by=cast.rosa, at=NOW)
    accept_nomination(nomination=asked[1], by=cast.rosa, at=NOW)
    assert [people_of(one)[-1].nominee for one in lists] == [cast.carmen, cast.rosa]


def test_order_is_the_proposers_until_nominations_close(cast: Cast):
    election = called(cast)
    made = put_forward(election, "Unidad", cast.carmen, cast.pedro, cast.rosa)
    rosa = made.nominations.get(nominee=cast.rosa)
    with pytest.raises(Denied):
        move_on_list(nomination=rosa, up=True, by=cast.rosa, at=NOW)
    for up in (True, True, True):  # the third changes nothing
        move_on_list(nomination=rosa, up=up, by=cast.carmen, at=NOW)
    assert [n.nominee for n in people_of(made)] == [cast.rosa, cast.carmen, cast.pedro]
    decline = made.nominations.get(nominee=cast.carmen)
    withdraw_nomination(nomination=decline, by=cast.carmen, at=NOW)
    move_on_list(nomination=rosa, up=False, by=cast.carmen, at=NOW)
    assert [n.nominee for n in people_of(made)] == [cast.pedro, cast.rosa]
    with pytest.raises(Refused):
        move_on_list(nomination=decline, up=True, by=cast.carmen, at=NOW)
    with pytest.raises(Refused):
        move_on_list(nomination=rosa, up=True, by=cast.carmen, at=NOMINATIONS_CLOSE)


def test_ballot_shows_lists_with_who_accepted_and_may_stand(cast: Cast):
    election = called(cast)
    put_forward(election, "Unidad", cast.carmen, cast.pedro, cast.rosa)
    empty = put_forward(election, "Nadie", cast.hugo)
    withdraw_nomination(nomination=empty.nominations.get(), by=cast.hugo, at=NOW)
    asked = nominate(election=election, nominee=cast.elena, by=cast.hugo, at=NOW, on_list=empty)
    decline_nomination(nomination=asked, by=cast.elena, at=NOW)
    cast.pedro.memberships.update(can_stand=False)
    poll = at_hour(election, NOMINATIONS_CLOSE).poll
    assert [(o["label"], [p["name"] for p in o["people"]]) for o in poll.options] == [
        ("Unidad", ["Carmen Soto", "Rosa Marín"])
    ]


def test_void_where_all_lists_are_empty(cast: Cast):
    election = called(cast)
    put_forward_list(election=election, name="Nadie", by=cast.hugo, at=NOW)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert (election.state, election.void_reason) == (ElectionState.VOID, "too_few")


ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]
#: Carmen has put a list forward with Pedro and Rosa on it.
ACTS: dict[str, Callable[[Cast, CandidateList, Member, dt.datetime], Any]] = {
    "put forward": lambda c, a, by, at: put_forward_list(election=a.election, name=by.name, by=by, at=at),
    "name": lambda c, a, by, at: nominate(election=a.election, nominee=c.hugo, by=by, at=at, on_list=a),
    "order": lambda c, a, by, at: move_on_list(nomination=_rosa(a), up=True, by=by, at=at),
    "accept": lambda c, a, by, at: accept_nomination(nomination=_rosa(a), by=by, at=at),
}
MAY = {
    "put forward": {"pedro", "elena", "hugo", "rosa"},  # Carmen has one
    "name": {"carmen"},
    "order": {"carmen"},
    "accept": {"rosa"},
}


@pytest.mark.parametrize("act", ACTS)
def test_who_may_do_what_with_a_list_and_when(cast: Cast, act: str):
    election = called(cast)
    made = put_forward(election, "Unidad", cast.carmen, cast.pedro)
    nominate(election=election, nominee=cast.rosa, by=cast.carmen, at=NOW, on_list=made)

    def done(at: dt.datetime) -> set[str]:
        people = {who: getattr(cast, who) for who in ROLES}
        return {who for who, by in people.items() if answer(lambda by=by: ACTS[act](cast, made, by, at))}

    assert (done(NOW), done(NOMINATIONS_CLOSE)) == (MAY[act], set())


def _rosa(made: CandidateList) -> Nomination:
    return made.nominations.get(nominee__username="rosa")


def answer(act: Callable[[], Any]) -> bool:
    """Whether it is done; nothing of it is left."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except (Denied, Refused):
        return False
    return True


# --- vote and seats ----------------------------------------------------------------------------------------------


def test_ballot_marks_one_list(cast: Cast):
    election = voting(cast, {"Unidad": [cast.carmen], "Base": [cast.pedro]})
    for marks in (["1", "2"], ["9"], [str(cast.carmen.uuid)]):
        with pytest.raises(Refused):
            cast_ballot(poll=election.poll, by=cast.hugo, marks=marks, replaces=0, at=NOMINATIONS_CLOSE)
    cast_ballot(poll=election.poll, by=cast.hugo, marks=[], replaces=0, at=NOMINATIONS_CLOSE)


def test_seats_go_to_lists_and_to_their_people_in_order(cast: Cast):
    election, people = seated(cast, (10, 5))  # 10, 5 = 10/2 and 5: all three seats are there
    assert election.state == ElectionState.SEATED
    assert holders(election) == sorted([cast.carmen.username, cast.pedro.username, people[0].username])
    assert election.poll.result["count"]["open_seats"] == 0


def test_seats_that_a_short_list_cannot_fill_go_to_the_other(cast: Cast):
    election, people = seated(cast, (1, 15))  # 15, 7.5 and 5 of Base, which has two people
    assert holders(election) == sorted([cast.carmen.username, people[0].username, people[1].username])


def test_tie_for_the_last_seat_voids(cast: Cast):
    agreed(cast, seats={"cordon_council": 1})
    election = voting(cast, {"Unidad": [cast.carmen], "Base": [cast.pedro]})
    marked(election, {"Unidad": [cast.carmen, cast.rosa], "Base": [cast.pedro, cast.hugo]})
    election = at_hour(election, AFTER)
    assert (election.state, election.void_reason) == (ElectionState.VOID, "tie")


def test_few_ballots_tell_only_how_many_seats_each_list_has(cast: Cast):
    election, _people = seated(cast, (5, 3))
    result = election.poll.result
    names = {o["id"]: o["label"] for o in election.poll.options}
    assert result["shown"] == "outcome" and "tally" not in result and "count" not in result
    assert sorted(names[id] for id in result["elected"]) == ["Base", "Unidad", "Unidad"]
    assert result["elected"] == sorted(result["elected"])


def test_who_left_before_the_seats_is_followed_by_the_next(cast: Cast):
    people = crowd(cast, 15)
    election = voting(cast, {"Unidad": [cast.carmen, cast.pedro, cast.rosa, cast.hugo]})
    marked(election, {"Unidad": people[:7]})
    cast.pedro.memberships.update(can_stand=False)
    assert holders(at_hour(election, AFTER)) == ["carmen", "hugo", "rosa"]


# --- vacancies -------------------------------------------------------------------------------------------------------


def resign(who: Member) -> Seat:
    seat = Seat.objects.exclude(election=None).get(holder=who, ended_at=None)
    end_seats(seats=[seat], reason=SeatEnd.RESIGNED, by=who, at=LATER)
    while job.run_due(at=LATER):
        pass
    return seat


@pytest.mark.parametrize("vacancy", [{}, {"vacancy": "next"}, {"vacancy": "countback"}])
def test_next_on_the_list_completes_the_term(cast: Cast, vacancy):
    election, people = seated(cast, (5, 3), **vacancy)  # few ballots: the order of a list tells nothing of them
    gone = resign(cast.carmen)
    assert Seat.objects.get(fills=gone).holder == cast.rosa
    gone = resign(people[0])
    assert Seat.objects.get(fills=gone).holder == people[1]
    resign(people[1])
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "nobody", "rules": 1}
    gone = resign(cast.rosa)
    assert Seat.objects.get(fills=gone).holder == cast.hugo
    assert holders(election, LATER) == ["hugo", "pedro"]


def test_a_rule_of_by_elections_holds_for_lists_too(cast: Cast):
    election, people = seated(cast, (5, 3), vacancy="by_election")
    resign(cast.carmen)
    assert holders(election, LATER) == sorted(["pedro", people[0].username])
