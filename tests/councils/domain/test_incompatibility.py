"""Seats that nobody holds together: the later one ends the earlier one, told before the vote."""

from __future__ import annotations

import pytest

from councils.domain import job
from councils.domain.election import call_election
from councils.domain.incompatibility import leaving_in_words
from councils.enums import BodyKind, SeatEnd
from councils.models import Body, Election, RuleSet, Seat
from councils.rules import Rules
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_vacancy import LATER, elected, holders, resign
from tests.elections import AFTER, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour, marked, standing, voting
from tests.recalls import seat_of

PAIR = [["committee", "cordon_council"]]


def agree(cast: Cast, **rules: object) -> None:
    RuleSet.objects.filter(body=cast.assembly).update(rules={"incompatible": PAIR, **rules})


def seated(cast: Cast, *winners) -> Election:
    """The assembly elects ``winners`` to the council."""
    election = voting(cast, *winners)
    marked(election, {cast.carmen: list(winners), cast.pedro: list(winners), cast.rosa: list(winners)})
    return at_hour(election, AFTER)


def test_by_default_seats_are_held_together(cast: Cast):
    seated(cast, cast.hugo)
    assert Seat.objects.held_at(AFTER).of(cast.hugo).count() == 2


def test_the_later_seat_ends_the_earlier_one(cast: Cast):
    agree(cast)
    election = seated(cast, cast.hugo)
    committee = Seat.objects.get(holder=cast.hugo, body=cast.committee)
    assert (committee.end_reason, committee.ended_at) == (SeatEnd.INCOMPATIBLE, AFTER)
    assert [seat.body for seat in Seat.objects.held_at(AFTER).of(cast.hugo)] == [election.body]
    assert Seat.objects.vacant_at(AFTER).filter(pk=committee.pk).exists()


def test_who_is_not_elected_keeps_what_she_has(cast: Cast):
    agree(cast)
    election = voting(cast, cast.hugo, cast.carmen, cast.pedro)
    marked(election, {who: [cast.carmen, cast.pedro] for who in (cast.carmen, cast.pedro, cast.rosa)})
    at_hour(election, AFTER)
    assert Seat.objects.held_at(AFTER).filter(holder=cast.hugo, body=cast.committee).exists()


def test_what_stood_on_the_earlier_seat_ends_too(cast: Cast):
    agree(cast)
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    above = builders.seat(cast.elena, nation, cast.council, cast.vicuna, through=seat_of(cast))
    election = voting(cast, cast.elena, body=cast.committee)
    marked(election, {who: [cast.elena] for who in (cast.carmen, cast.pedro, cast.rosa)})
    at_hour(election, AFTER)
    assert Seat.objects.get(holder=cast.elena, body=cast.council).end_reason == SeatEnd.INCOMPATIBLE
    assert Seat.objects.get(pk=above.pk).end_reason == SeatEnd.BELOW


def test_a_by_election_ends_the_earlier_seat_too(cast: Cast):
    agree(cast)
    election = call_election(
        body=cast.council,
        electorate=cast.assembly,
        nominations_close_at=NOMINATIONS_CLOSE,
        voting_closes_at=VOTING_CLOSES,
        by=cast.hugo,
        at=NOW,
        vacancies_only=True,
    )
    standing(election, cast.hugo)
    election = at_hour(election, NOMINATIONS_CLOSE)
    marked(election, {who: [cast.hugo] for who in (cast.carmen, cast.pedro, cast.rosa)})
    at_hour(election, AFTER)
    assert Seat.objects.get(holder=cast.hugo, body=cast.committee).end_reason == SeatEnd.INCOMPATIBLE


def test_a_vacancy_that_fills_itself_takes_nobody_from_another_seat(cast: Cast):
    election = elected(cast, vacancy="next", incompatible=PAIR)
    builders.seat(cast.carmen, cast.committee, cast.assembly)
    resign(cast.rosa)  # Carmen, who comes next, sits in the committee; Hugo too
    assert holders(cast, election) == ["pedro"]
    Seat.objects.filter(holder=cast.hugo, body=cast.committee).update(ended_at=NOW, end_reason=SeatEnd.RESIGNED)
    resign(cast.pedro)
    assert holders(cast, election) == ["hugo"]
    assert not job.run_due(at=LATER)


@pytest.mark.parametrize(("pair", "said"), [(PAIR, 1), ([], 0), ([["committee", "federation"]], 0)])
def test_leaving_is_told_of_each_candidate(cast: Cast, pair, said):
    agree(cast, incompatible=pair)
    election = voting(cast, cast.hugo, cast.carmen)
    told = leaving_in_words(election=election, people=[cast.hugo, cast.carmen], at=NOW)
    assert len(told) == said and all("Hugo Tapia" in sentence for sentence in told)
    assert Rules.read(election.rule_set.rules).incompatible == tuple(tuple(p) for p in pair)
