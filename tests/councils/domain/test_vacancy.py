"""Vacant seats: by-elections for the rest of a term, and what the ballots of the election say."""

from __future__ import annotations

import pytest

from councils.domain import job
from councils.domain.election import call_election
from councils.domain.log import in_words
from councils.domain.nomination import nominate
from councils.domain.seat import end_seats
from councils.domain.vacancy import fill_vacancy, vacant_seats
from councils.enums import ElectionState, SeatEnd
from councils.errors import Refused
from councils.models import AuditEvent, Election, Job, Member, RuleSet, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, DAY, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour, marked, standing, voting
from tests.votes import crowd

LATER = AFTER + DAY
#: Who is marked by the first so many of the fifteen who vote.
MARKS = {"rosa": 14, "pedro": 9, "carmen": 6, "hugo": 3}


def elected(cast: Cast, marks: dict[str, int] = MARKS, ranked: bool = False, **rules: object) -> Election:
    """Rosa and Pedro go to the council, with the votes of ``marks``; ranked, each paper in that order."""
    methods = {"methods": {"cordon_council": "stv"}} if ranked else {}
    RuleSet.objects.filter(body=cast.assembly).update(rules={**rules, **methods})
    voters = crowd(cast, 15)
    election = voting(cast, *(getattr(cast, who) for who in MARKS))
    papers: dict[Member, list[Member]] = {
        voter: [getattr(cast, who) for who, n in marks.items() if i < n] for i, voter in enumerate(voters)
    }
    marked(election, papers)
    return at_hour(election, AFTER)


def resign(who: Member) -> Seat:
    """``who`` leaves her seat of the election; the work that follows is done."""
    seat = Seat.objects.exclude(election=None).get(holder=who)
    end_seats(seats=[seat], reason=SeatEnd.RESIGNED, by=who, at=LATER)
    while job.run_due(at=LATER):
        pass
    return seat


def holders(cast: Cast, election: Election) -> list[str]:
    found = Seat.objects.held_at(LATER).filter(body=cast.council, elected_by=cast.assembly)
    return sorted(found.values_list("holder__username", flat=True))


def vacant(cast: Cast, at=LATER) -> list[Seat]:
    return list(vacant_seats(body=cast.council, electorate=cast.assembly, at=at))


def by_election(cast: Cast, at=LATER) -> Election:
    """Called by Hugo of the committee, with the windows of the others."""
    return call_election(
        body=cast.council,
        electorate=cast.assembly,
        nominations_close_at=at + (NOMINATIONS_CLOSE - NOW),
        voting_closes_at=at + (VOTING_CLOSES - NOW),
        by=cast.hugo,
        at=at,
        vacancies_only=True,
    )


# --- what is vacant ---------------------------------------------------------------------------------------


def test_seat_that_ended_early_is_vacant_until_its_term_is_over(cast: Cast):
    gone = Seat.objects.get(holder=cast.rosa)  # recalled nine days ago
    assert vacant(cast, NOW) == [gone]
    assert vacant(cast, gone.ended_at - DAY) == vacant(cast, gone.term_ends_at) == []


def test_seats_replaced_by_a_whole_election_are_not_vacant(cast: Cast):
    elected(cast)
    assert vacant(cast) == []


# --- by-election ---------------------------------------------------------------------------------------------


def test_by_election_fills_the_vacant_seat_for_the_rest_of_its_term(cast: Cast):
    gone = Seat.objects.get(holder=cast.rosa)
    election = by_election(cast, NOW)
    assert (election.seats, election.term_ends_at) == (1, gone.term_ends_at)
    standing(election, cast.carmen, cast.pedro)
    election = at_hour(election, NOMINATIONS_CLOSE)
    marked(election, {cast.elena: [cast.carmen], cast.hugo: [cast.carmen], cast.rosa: [cast.pedro]})
    election = at_hour(election, AFTER)
    seat = election.seats_won.get()
    assert (seat.holder, seat.fills, seat.term_ends_at, seat.represents) == (
        cast.carmen,
        gone,
        gone.term_ends_at,
        cast.cristalerias,
    )
    assert holders(cast, election) == ["carmen", "elena"]  # Elena, who sat there, goes on
    assert vacant(cast, AFTER) == []


def test_by_election_is_not_for_who_sits_there(cast: Cast):
    election = by_election(cast, NOW)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.elena, by=cast.elena, at=NOW)


def test_by_election_gives_nothing_to_who_took_a_seat_meanwhile(cast: Cast):
    election = by_election(cast, NOW)
    standing(election, cast.carmen)
    builders.seat(cast.carmen, cast.council, cast.assembly, cast.cristalerias)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert (election.state, election.void_reason) == (ElectionState.VOID, "too_few")


def test_by_election_without_a_vacancy_is_refused(cast: Cast):
    Seat.objects.filter(holder=cast.rosa).delete()
    with pytest.raises(Refused):
        by_election(cast, NOW)


def test_by_election_that_outlasts_the_term_is_refused(cast: Cast):
    Seat.objects.filter(holder=cast.rosa).update(term_ends_at=VOTING_CLOSES)
    with pytest.raises(Refused):
        by_election(cast, NOW)


def test_by_election_found_too_late_by_the_clock_is_void(cast: Cast):
    Seat.objects.filter(holder=cast.rosa).update(term_ends_at=VOTING_CLOSES + DAY)
    election = by_election(cast, NOW)
    standing(election, cast.carmen)
    election = at_hour(election, NOMINATIONS_CLOSE + DAY)
    assert (election.state, election.void_reason) == (ElectionState.VOID, "too_late")


def test_whole_election_still_replaces_all(cast: Cast):
    election = elected(cast)
    assert (election.vacancies_only, holders(cast, election)) == (False, ["pedro", "rosa"])


# --- from the ballots ------------------------------------------------------------------------------------------


def test_by_default_it_waits_for_a_by_election(cast: Cast):
    election = elected(cast)
    gone = resign(cast.rosa)
    assert (holders(cast, election), vacant(cast)) == (["pedro"], [gone])


@pytest.mark.parametrize("rule", ["next", "countback"])
def test_next_by_votes_completes_the_term(cast: Cast, rule):
    election = elected(cast, vacancy=rule)
    gone = resign(cast.rosa)
    seat = Seat.objects.get(fills=gone)
    assert (seat.holder, seat.term_ends_at, seat.election) == (cast.carmen, gone.term_ends_at, election)
    assert holders(cast, election) == ["carmen", "pedro"]
    assert fill_vacancy(seat=gone, at=LATER) is None
    resign(cast.pedro)
    assert holders(cast, election) == ["carmen", "hugo"]
    resign(cast.carmen)  # nobody is left
    assert holders(cast, election) == ["hugo"]
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "nobody", "rules": 1}


def test_countback_counts_ranked_ballots_again(cast: Cast):
    election = elected(cast, ranked=True, vacancy="countback")
    assert holders(cast, election) == ["pedro", "rosa"]
    gone = resign(cast.rosa)
    assert Seat.objects.get(fills=gone).holder == cast.carmen


def test_next_of_ranked_votes_is_not_known(cast: Cast):
    election = elected(cast, ranked=True, vacancy="next")
    resign(cast.rosa)
    assert holders(cast, election) == ["pedro"]
    event = AuditEvent.objects.select_related("actor", "body").get(verb="leave_vacant")
    assert event.detail == {"why": "ranked", "rules": 1}
    assert in_words([event])[0].sentence


def test_tie_waits_for_a_by_election(cast: Cast):
    elected(cast, {"rosa": 14, "pedro": 9, "carmen": 3, "hugo": 3}, vacancy="next")
    resign(cast.rosa)
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "tie", "rules": 1}


def test_who_left_the_workplace_is_passed_over(cast: Cast):
    election = elected(cast, vacancy="next")
    cast.cristalerias.memberships.filter(member=cast.carmen).delete()
    resign(cast.rosa)
    assert holders(cast, election) == ["hugo", "pedro"]


def test_few_ballots_say_nothing_more(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"vacancy": "next"})
    election = voting(cast)
    marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa, cast.pedro, cast.carmen]})
    election = at_hour(election, AFTER)
    resign(cast.rosa)
    assert holders(cast, election) == ["pedro"]
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "unpublished", "rules": 1}


def test_replaced_seats_call_for_nothing(cast: Cast):
    elected(cast, vacancy="next")
    assert Seat.objects.get(holder=cast.elena, body=cast.council).end_reason == SeatEnd.REPLACED
    assert not Job.objects.filter(kind="fill_vacancy").exists()
