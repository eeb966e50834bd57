"""Resignation: the seat ends with what stands on it, its recall lapses, the rules fill it, people are told."""

from __future__ import annotations

import pytest
from django.utils import translation

from councils.domain import job
from councils.domain.ballot import cast_named_vote
from councils.domain.outcome import bring_up_to_date
from councils.domain.resignation import following, resign_seat
from councils.domain.seat import end_seats
from councils.domain.seat_tasks import TOLD_FOR
from councils.domain.waiting import told_to
from councils.enums import BodyKind, RecallState, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, Member, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_vacancy import LATER, elected
from tests.questions import OPENS, put
from tests.recalls import agree as agree_on_recalls
from tests.recalls import at_hour, called, seat_of, voting


def above(cast: Cast) -> Seat:
    """Elena's in the national council, by virtue of the one in the cordón's."""
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    return builders.seat(cast.elena, nation, cast.council, cast.vicuna, through=seat_of(cast))


def reasons(*seats: Seat) -> list[str]:
    return [Seat.objects.get(pk=seat.pk).end_reason for seat in seats]


def test_resign_seat_ends_it_and_those_above(cast: Cast):
    mine, higher = seat_of(cast), above(cast)
    committee = Seat.objects.get(holder=cast.elena, body=cast.committee)
    assert resign_seat(seat=mine, by=cast.elena, at=NOW) == [mine, higher]
    assert reasons(mine, higher, committee) == [SeatEnd.RESIGNED, SeatEnd.BELOW, ""]
    assert list(Seat.objects.held_at(NOW).of(cast.elena)) == [committee]


def test_resign_seat_is_in_the_log_with_her_name(cast: Cast):
    resign_seat(seat=seat_of(cast), by=cast.elena, at=NOW)
    event = AuditEvent.objects.get(verb="end_seat")
    assert (event.actor, event.body, event.detail) == (
        cast.elena,
        cast.council,
        {"name": "Elena Paillán", "seat_end": "resigned"},
    )


def test_resign_seat_twice_changes_nothing(cast: Cast):
    mine = seat_of(cast)
    resign_seat(seat=mine, by=cast.elena, at=NOW)
    assert resign_seat(seat=mine, by=cast.elena, at=NOW) == []
    assert AuditEvent.objects.filter(verb="end_seat").count() == 1


def test_resign_seat_that_ended_otherwise_is_refused(cast: Cast):
    mine = seat_of(cast)
    with pytest.raises(Refused):
        resign_seat(seat=mine, by=cast.elena, at=mine.term_ends_at)
    end_seats(seats=[mine], reason=SeatEnd.RECALLED, by=None, at=NOW)
    with pytest.raises(Refused):
        resign_seat(seat=mine, by=cast.elena, at=NOW)


def test_resign_seat_is_the_holders_alone(cast: Cast):
    for who in (cast.hugo, cast.carmen, cast.ana):
        with pytest.raises(Denied):
            resign_seat(seat=seat_of(cast), by=who, at=NOW)


@pytest.mark.parametrize("state", [RecallState.COLLECTING, RecallState.VOTING])
def test_resign_seat_lapses_its_recall(cast: Cast, state):
    agree_on_recalls(cast)
    recall = called(cast) if state == RecallState.COLLECTING else voting(cast)
    assert (recall.state, following(seat=recall.seat, at=NOW).recall) == (state, True)
    resign_seat(seat=recall.seat, by=cast.elena, at=NOW)
    assert at_hour(recall, NOW).state == RecallState.LAPSED
    while job.run_due(at=NOW):
        pass
    recall.refresh_from_db()
    assert recall.poll is None or (recall.poll.state, recall.poll.result["reason"]) == ("void", "fallen_away")


def test_resign_seat_is_filled_as_the_rules_of_its_election_say(cast: Cast):
    elected(cast, vacancy="next")
    mine = Seat.objects.exclude(election=None).get(holder=cast.rosa)
    assert following(seat=mine, at=LATER).rules.vacancy == "next"
    resign_seat(seat=mine, by=cast.rosa, at=LATER)
    while job.run_due(at=LATER):
        pass
    assert Seat.objects.get(fills=mine).holder == cast.carmen


def test_following_tells_what_stands_on_it_and_what_is_left(cast: Cast):
    mine, higher = seat_of(cast), above(cast)
    before = following(seat=mine, at=NOW)
    assert (before.above, before.recall, before.open_votes, before.leaves_empty) == ([higher], False, 0, False)
    committee = Seat.objects.get(holder=cast.hugo, body=cast.committee)
    assert following(seat=committee, at=NOW).leaves_empty is False
    resign_seat(seat=Seat.objects.get(holder=cast.elena, body=cast.committee), by=cast.elena, at=NOW)
    assert following(seat=committee, at=NOW).leaves_empty is True


def test_who_resigned_still_votes_on_the_roll_that_was_closed(cast: Cast):
    poll = bring_up_to_date(poll=put(cast).poll, at=OPENS)
    assert following(seat=seat_of(cast), at=OPENS).open_votes == 1
    resign_seat(seat=seat_of(cast), by=cast.elena, at=OPENS)
    assert cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=OPENS).version == 1


def told(member: Member, at=NOW) -> list[str]:
    with translation.override("en"):
        return [n.sentence for n in told_to(member=member, at=at) if "no longer sits there" in n.title]


def test_those_who_elected_and_those_beside_are_told_for_a_while(cast: Cast):
    nora = builders.seat(cast.nora, cast.council, Body.objects.assembly_of(cast.perlak), cast.perlak)
    builders.seat(cast.olga, Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL), cast.council)
    Seat.objects.filter(holder=cast.rosa).delete()
    resign_seat(seat=seat_of(cast), by=cast.elena, at=NOW)
    for who in (cast.carmen, cast.elena, nora.holder):
        (sentence,) = told(who)
        assert sentence.startswith("Resigned, on") and sentence.endswith("The seat is filled as the rules say.")
    assert told(cast.olga) == told(cast.ana) == told(cast.carmen, NOW + TOLD_FOR) == []


def test_a_recall_is_told_once_to_its_electors_and_to_those_beside(cast: Cast):
    nora = builders.seat(cast.nora, cast.council, Body.objects.assembly_of(cast.perlak), cast.perlak)
    assert told(cast.carmen) == []  # Rosa was recalled nine days ago: the recall itself tells it
    assert len(told(nora.holder)) == 1
