"""Objections to a declared result: upheld by two people it is void, else the elected take their seats."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.election import call_election
from councils.domain.nomination import nominate
from councils.domain.objection import confirm_objection, object_to_result, object_to_roll
from councils.enums import ElectionState, ObjectionKind, ObjectionVerdict
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, Member, Objection, RollEntry, RuleSet, Seat
from tests import builders
from tests.campaigns import CLOSES, DECLARED, SEATED, declared
from tests.conftest import Cast
from tests.councils.domain.test_objection import answered, decided
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour

SECOND = dt.timedelta(seconds=1)
DURING = NOMINATIONS_CLOSE + DAY
DISMISSED = ObjectionVerdict.DISMISSED
SOON = DECLARED + DAY


def contested(cast: Cast, election: Election, by: Member | None = None) -> Objection:
    return object_to_result(election=election, text="La mesa cerró antes.", by=by or cast.carmen, at=SOON)


def test_upheld_voids_the_election_and_it_is_called_again(cast: Cast):
    election = declared(cast, cast.rosa, cast.pedro)
    decided(cast, contested(cast, election), at=SOON)
    election = at_hour(election, SEATED)
    assert (election.state, election.void_reason) == (ElectionState.VOID, "objected")
    assert not election.seats_won.exists()
    assert Seat.objects.held_at(SEATED).filter(holder=cast.elena, body=cast.council).exists()  # goes on
    windows = {"nominations_close_at": SEATED + 7 * DAY, "voting_closes_at": SEATED + 15 * DAY}
    again = call_election(body=cast.council, electorate=cast.assembly, by=cast.elena, at=SEATED, **windows)
    assert again.state == ElectionState.NOMINATING


def test_dismissed_or_undecided_goes_on_to_the_seats(cast: Cast):
    election = declared(cast, cast.rosa, cast.pedro)
    decided(cast, contested(cast, election), DISMISSED, at=SOON)
    answered(contested(cast, election, cast.pedro), cast.elena, at=SOON)
    election = at_hour(election, SEATED)
    assert (election.state, election.seats_won.count()) == (ElectionState.SEATED, 2)
    assert AuditEvent.objects.get(verb="let_result_stand").detail == {"count": 1, "rules": 1}


def test_nobody_who_stood_decides_about_the_result(cast: Cast):
    election = declared(cast, cast.rosa, cast.elena)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    objection = contested(cast, election)
    with pytest.raises(Refused):
        answered(objection, cast.elena, at=SOON)
    answered(objection, cast.hugo, at=SOON)
    with pytest.raises(Refused):
        confirm_objection(objection=objection, answer=1, by=cast.elena, at=SOON)
    assert confirm_objection(objection=objection, answer=1, by=cast.pedro, at=SOON).confirmed_at == SOON


def test_only_who_was_on_the_roll_objects_to_the_result(cast: Cast):
    election = declared(cast)
    builders.membership(cast.olga, cast.cristalerias)
    for person in (cast.olga, cast.nora, cast.ana):
        with pytest.raises(Denied):
            contested(cast, election, person)


def test_who_left_meanwhile_still_objects_to_the_result(cast: Cast):
    election = declared(cast)
    cast.carmen.memberships.update(until_on=(DECLARED - DAY).date())
    assert contested(cast, election).objector == cast.carmen


def test_each_objects_once_at_a_time(cast: Cast):
    election = declared(cast)
    contested(cast, election)
    with pytest.raises(Refused):
        contested(cast, election)
    assert contested(cast, election, cast.pedro).pk


def test_neither_before_the_declaration_nor_when_its_days_are_over(cast: Cast):
    election = declared(cast)
    answer = answered(contested(cast, election), cast.elena, at=SEATED - SECOND)
    for act in (
        lambda: object_to_result(election=election, text="Tarde.", by=cast.pedro, at=SEATED),
        lambda: answered(answer, cast.hugo, at=SEATED),
        lambda: confirm_objection(objection=answer, answer=1, by=cast.hugo, at=SEATED),
    ):
        with pytest.raises(Refused):
            act()


def test_a_council_decides_with_two_of_its_delegates(cast: Cast):
    """By name, and objected to in the same way."""
    national = cast.nation.bodies.get(kind="national_council")
    cerrillos = cast.cerrillos.bodies.get(kind="cordon_council")
    for person in (cast.nora, cast.olga, cast.hugo):
        builders.seat(person, cerrillos, cast.assembly)
    RuleSet.objects.filter(body=cerrillos).update(rules={"campaign_days": 4, "objection_days": 5})
    windows = {"nominations_close_at": NOMINATIONS_CLOSE, "voting_closes_at": CLOSES}
    now = NOMINATIONS_CLOSE - 7 * DAY
    election = call_election(body=national, electorate=cerrillos, by=cast.nora, at=now, **windows)

    nominate(election=election, nominee=cast.olga, by=cast.olga, at=now)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert (election.state, RollEntry.objects.filter(poll=election.poll).count()) == ("campaign", 3)
    builders.seat(cast.pedro, cerrillos, cast.assembly)
    objection = object_to_roll(
        election=election, kind=ObjectionKind.MISSING, person=cast.pedro, text="Es delegado.", by=cast.olga, at=DURING
    )
    with pytest.raises(Denied):
        answered(objection, cast.carmen)
    answered(objection, cast.nora)
    confirm_objection(objection=objection, answer=1, by=cast.hugo, at=DURING)
    assert RollEntry.objects.filter(poll=election.poll).count() == 4
