"""The chain: a council elects from among its own delegates, by name, those to the council above."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import outcome
from councils.domain.ballot import cast_ballot, cast_named_vote
from councils.domain.election import call_election, title_of
from councils.domain.nomination import nominate
from councils.domain.seat import end_seats
from councils.enums import BodyKind, ElectionState, SeatEnd, Secrecy, TerritoryKind
from councils.errors import Denied, Refused
from councils.models import Body, Election, Poll, Seat
from councils.models.electorate import bodies_elected_by, council_above
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour

TODAY = NOW.date()
TERM = NOW + dt.timedelta(days=100)


@pytest.fixture
def delegates(cast: Cast) -> Cast:
    """Elena, Carmen and Pedro sit in the council of the cordón; Carmen's term is the shortest."""
    for person, ends in ((cast.carmen, TERM), (cast.pedro, TERM + dt.timedelta(days=900))):
        builders.seat(person, cast.council, cast.assembly, cast.cristalerias, term_ends_at=ends)
    return cast


def national(cast: Cast) -> Body:
    return Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)


def called_above(cast: Cast) -> Election:
    return call_election(
        body=national(cast),
        electorate=cast.council,
        nominations_close_at=NOMINATIONS_CLOSE,
        voting_closes_at=VOTING_CLOSES,
        by=cast.elena,
        at=NOW,
    )


def voting_above(cast: Cast) -> Election:
    election = called_above(cast)
    for person in (cast.carmen, cast.pedro):
        nominate(election=election, nominee=person, by=person, at=NOW)
    return at_hour(election, NOMINATIONS_CLOSE)


def seated_above(cast: Cast) -> Seat:
    """Carmen is elected to the national council, by two of three."""
    election = voting_above(cast)
    assert election.poll is not None
    ids = {o["nominee"]: o["id"] for o in election.poll.options}
    for voter in (cast.carmen, cast.elena):
        cast_named_vote(poll=election.poll, by=voter, marks=[ids[str(cast.carmen.uuid)]], at=NOMINATIONS_CLOSE)
    cast_named_vote(poll=election.poll, by=cast.pedro, marks=[], at=NOMINATIONS_CLOSE)
    at_hour(election, AFTER)
    return Seat.objects.get(body=national(cast))


def test_bodies_elected_by_a_council_is_the_nearest_council_above(cast: Cast):
    assert list(bodies_elected_by(cast.council, TODAY)) == [national(cast)]
    province = builders.territory(TerritoryKind.PROVINCE, "Santiago", cast.nation)
    coordination = builders.body(BodyKind.PROVINCIAL_COORDINATION, province)
    cast.vicuna.placements.update(parent=province)
    assert council_above(cast.vicuna, TODAY) == coordination
    assert list(bodies_elected_by(cast.council, TODAY)) == [coordination]
    assert list(bodies_elected_by(coordination, TODAY)) == [national(cast)]
    assert list(bodies_elected_by(national(cast), TODAY)) == []
    assert set(bodies_elected_by(cast.assembly, TODAY)) == {cast.committee, cast.council}
    assert list(bodies_elected_by(cast.committee, TODAY)) == []


def test_assembly_without_a_cordon_elects_to_the_nearest_council(cast: Cast):
    cast.cristalerias.placements.update(parent=cast.nation)
    assert set(bodies_elected_by(cast.assembly, TODAY)) == {cast.committee, national(cast)}


def test_council_elects_by_name_under_its_own_rules(delegates: Cast):
    cast = delegates
    election = voting_above(cast)
    assert (election.state, election.rule_set.body) == (ElectionState.VOTING, cast.council)
    assert election.poll is not None and election.poll.secrecy == Secrecy.NAMED
    assert set(election.poll.roll.values_list("member", flat=True)) == {cast.elena.pk, cast.carmen.pk, cast.pedro.pk}
    with pytest.raises(Refused):
        cast_ballot(poll=election.poll, by=cast.elena, marks=["1"], replaces=0, at=NOMINATIONS_CLOSE)
    with pytest.raises(Denied):
        cast_named_vote(poll=election.poll, by=cast.hugo, marks=["1"], at=NOMINATIONS_CLOSE)


def test_two_delegates_are_enough_to_elect(cast: Cast):
    builders.seat(cast.carmen, cast.council, cast.assembly, cast.cristalerias)
    assert seated_above_by_two(cast).holder == cast.carmen


def seated_above_by_two(cast: Cast) -> Seat:
    election = called_above(cast)
    nominate(election=election, nominee=cast.carmen, by=cast.carmen, at=NOW)
    poll = at_hour(election, NOMINATIONS_CLOSE).poll
    assert poll is not None
    cast_named_vote(poll=poll, by=cast.elena, marks=["1"], at=NOMINATIONS_CLOSE)
    at_hour(election, AFTER)
    return Seat.objects.get(election=election)


def test_the_last_named_vote_counts_and_totals_are_published(delegates: Cast):
    cast = delegates
    poll = voting_above(cast).poll
    assert poll is not None
    for marks in (["1"], ["1", "2"], ["2"]):
        cast_named_vote(poll=poll, by=cast.elena, marks=marks, at=NOMINATIONS_CLOSE)
    outcome.bring_up_to_date(poll=poll, at=AFTER)
    result = Poll.objects.get(pk=poll.pk).result
    assert (result["tally"], result["present"], result["elected"]) == ({"1": 0, "2": 1}, 1, ["2"])


def test_seat_above_stands_on_the_one_below(delegates: Cast):
    cast = delegates
    seat = seated_above(cast)
    below = Seat.objects.get(holder=cast.carmen, body=cast.council)
    assert (seat.through, seat.elected_by, seat.represents) == (below, cast.council, cast.vicuna)
    assert seat.term_ends_at == TERM
    end_seats(seats=[below], reason=SeatEnd.RECALLED, by=None, at=AFTER)
    seat.refresh_from_db()
    assert (seat.end_reason, Seat.objects.held_at(AFTER).in_body(national(cast)).count()) == (SeatEnd.BELOW, 0)


def test_a_delegate_whose_seat_ended_meanwhile_is_not_seated_above(delegates: Cast):
    cast = delegates
    election = voting_above(cast)
    assert election.poll is not None
    ids = {o["nominee"]: o["id"] for o in election.poll.options}
    cast_named_vote(poll=election.poll, by=cast.elena, marks=[ids[str(cast.carmen.uuid)]], at=NOMINATIONS_CLOSE)
    end_seats(seats=list(Seat.objects.filter(holder=cast.carmen)), reason=SeatEnd.LEFT, by=None, at=NOMINATIONS_CLOSE)
    assert at_hour(election, AFTER).seats_won.count() == 0


def test_only_delegates_of_the_council_call_and_stand(delegates: Cast):
    cast = delegates
    for stranger in (cast.hugo, cast.nora, cast.ana):
        with pytest.raises(Denied):
            call_election(
                body=national(cast),
                electorate=cast.council,
                nominations_close_at=NOMINATIONS_CLOSE,
                voting_closes_at=VOTING_CLOSES,
                by=stranger,
                at=NOW,
            )
    election = called_above(cast)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.hugo, by=cast.elena, at=NOW)
    with pytest.raises(Denied):
        nominate(election=election, nominee=cast.carmen, by=cast.hugo, at=NOW)


def test_council_does_not_elect_to_a_council_elsewhere(delegates: Cast):
    elsewhere = Body.objects.get(territory=delegates.cerrillos)
    with pytest.raises(Refused):
        call_election(
            body=elsewhere,
            electorate=delegates.council,
            nominations_close_at=NOMINATIONS_CLOSE,
            voting_closes_at=VOTING_CLOSES,
            by=delegates.elena,
            at=NOW,
        )


def test_elections_and_votes_of_a_council_are_seen_by_its_workplaces(delegates: Cast):
    cast = delegates
    election = voting_above(cast)
    seen = {
        name: (
            Election.objects.visible_to(getattr(cast, name), TODAY).filter(pk=election.pk).exists(),
            Poll.objects.visible_to(getattr(cast, name), TODAY).filter(pk=election.poll_id).exists(),
        )
        for name in ("hugo", "elena", "nora", "olga", "ana")
    }
    assert seen == {
        "hugo": (True, True),
        "elena": (True, True),
        "nora": (False, False),
        "olga": (False, False),
        "ana": (False, False),
    }


def test_title_names_the_council(cast: Cast):
    assert title_of(national(cast), 1) != title_of(cast.council, 1)
