"""Terms in a row: what counts, and who may not stand."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.nomination import accept_nomination, nominate
from councils.domain.terms import terms_in_a_row
from councils.enums import ElectionState, NominationState, SeatEnd
from councils.errors import Refused
from councils.models import Election, Member, Nomination, RuleSet, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import DAY, NOMINATIONS_CLOSE, VOTING_CLOSES, asked, at_hour, called, standing

YEAR = 365 * DAY


def held(cast: Cast, years_ago: int, *people: Member, state: str = ElectionState.SEATED) -> Election:
    """A whole election that gave its seats so many years ago, for a year."""
    at = NOW - years_ago * YEAR
    election = Election.objects.create(
        body=cast.council,
        electorate=cast.assembly,
        rule_set=RuleSet.objects.get(body=cast.assembly),
        title="Elegir",
        seats=2,
        state=state,
        called_by=cast.elena,
        called_at=at - 10 * DAY,
        nominations_open_at=at - 10 * DAY,
        nominations_close_at=at - 3 * DAY,
        voting_opens_at=at - 3 * DAY,
        voting_closes_at=at,
        term_ends_at=at + YEAR,
    )
    for person in people:
        sat(cast, person, election)
    return election


def sat(cast: Cast, person: Member, election: Election, **extra: object) -> Seat:
    term = {"term_begins_at": election.voting_closes_at, "term_ends_at": election.term_ends_at}
    return builders.seat(person, cast.council, cast.assembly, cast.cristalerias, election=election, **term | extra)


def row(cast: Cast, person: Member | None = None) -> int:
    return terms_in_a_row(member=person or cast.carmen, body=cast.council, electorate=cast.assembly)


def test_terms_in_a_row_end_at_one_without_her(cast: Cast):
    held(cast, 4, cast.carmen)
    held(cast, 3, cast.pedro)
    held(cast, 2, cast.carmen)
    assert (row(cast), row(cast, cast.pedro)) == (1, 0)
    held(cast, 1, cast.carmen, cast.pedro)
    assert (row(cast), row(cast, cast.pedro), row(cast, cast.rosa)) == (2, 1, 0)


def test_a_void_election_ends_no_row_and_a_provisional_seat_is_no_term(cast: Cast):
    assert row(cast, cast.elena) == 0  # no election gave her seat
    held(cast, 3, cast.carmen)
    held(cast, 2, state=ElectionState.VOID)
    held(cast, 1, cast.carmen)
    assert row(cast) == 2


@pytest.mark.parametrize("reason", [SeatEnd.RESIGNED, SeatEnd.RECALLED, SeatEnd.REPLACED])
def test_a_term_broken_early_counts(cast: Cast, reason):
    election = held(cast, 1)
    sat(cast, cast.carmen, election, ended_at=election.voting_closes_at + DAY, end_reason=reason)
    assert row(cast) == 1


@pytest.mark.parametrize(("share", "counted"), [(dt.timedelta(0), 1), (DAY, 0)])
def test_completing_counts_from_half_of_the_term_on(cast: Cast, share, counted):
    held(cast, 2, cast.carmen)
    election = held(cast, 1)
    half = election.voting_closes_at + YEAR / 2
    gone = sat(cast, cast.pedro, election, ended_at=half, end_reason=SeatEnd.RESIGNED)
    sat(cast, cast.carmen, election, fills=gone, term_begins_at=half + share)
    assert row(cast) == 1 + counted  # completing less neither counts nor interrupts


def test_coming_back_within_one_term_counts_once(cast: Cast):
    election = held(cast, 1)
    gone = sat(cast, cast.carmen, election, ended_at=NOW - 300 * DAY, end_reason=SeatEnd.RESIGNED)
    by_election = held(cast, 1)
    Election.objects.filter(pk=by_election.pk).update(vacancies_only=True)
    sat(cast, cast.carmen, by_election, fills=gone, term_begins_at=NOW - 290 * DAY)
    assert row(cast) == 1


def test_nominate_refuses_who_has_served_with_a_sentence(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"consecutive_terms": 2})
    held(cast, 2, cast.carmen, cast.pedro)
    held(cast, 1, cast.carmen)
    election = called(cast)
    with pytest.raises(Refused, match="Carmen Soto"):
        nominate(election=election, nominee=cast.carmen, by=cast.hugo, at=NOW)
    standing(election, cast.pedro)
    assert Nomination.objects.get().nominee == cast.pedro


def test_without_the_rule_nobody_is_refused(cast: Cast):
    for years in range(1, 6):
        held(cast, years, cast.carmen)
    standing(called(cast), cast.carmen)


def test_the_limit_is_asked_again_when_nominations_close(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"consecutive_terms": 1})
    election = called(cast)
    accept_nomination(nomination=asked(election, cast.carmen, cast.hugo), by=cast.carmen, at=NOW)
    standing(election, cast.pedro)
    held(cast, 1, cast.carmen)  # written after she accepted
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert election.poll is not None
    assert [o["nominee"] for o in election.poll.options] == [str(cast.pedro.uuid)]
    assert Nomination.objects.get(nominee=cast.carmen).state == NominationState.ACCEPTED
    assert election.voting_closes_at == VOTING_CLOSES
