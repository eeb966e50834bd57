"""The days between: campaign after nominations, objections after the declaration, each by the clock alone."""

from __future__ import annotations

import datetime as dt

import pytest

from councils import signals
from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.election import call_election
from councils.domain.nomination import nominate
from councils.domain.poll import open_due_poll
from councils.enums import ElectionState, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, Seat
from tests import builders
from tests.builders import NOW
from tests.campaigns import (
    CLOSES,
    DECLARED,
    OBJECTIONS,
    OPENS,
    SEATED,
    backed,
    called,
    campaigning,
    declared,
    give_days,
    open_now,
)
from tests.conftest import Cast
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour, standing

SECOND = dt.timedelta(seconds=1)


def roll_of(election: Election) -> set[str]:
    assert election.poll is not None
    return set(election.poll.roll.values_list("member__username", flat=True))


# --- campaign ------------------------------------------------------------------------------------------


def test_call_puts_the_days_of_campaign_between_nominations_and_vote(cast: Cast):
    give_days(cast)
    election = called(cast)
    assert (election.voting_opens_at, election.objections_until) == (OPENS, None)
    assert election.term_ends_at == CLOSES + (OBJECTIONS + 365) * DAY


def test_call_whose_vote_would_be_too_short_after_the_campaign_is_refused(cast: Cast):
    give_days(cast, campaign=5)
    with pytest.raises(Refused, match="3"):
        called(cast)


def test_close_of_nominations_closes_the_roll_and_waits(cast: Cast):
    election = campaigning(cast)
    poll = election.poll
    assert (election.state, poll.state, poll.roll_size, poll.quorum_base) == (ElectionState.CAMPAIGN, "scheduled", 5, 5)
    assert (poll.opens_at, poll.closes_at, poll.roll_closed_at) == (OPENS, CLOSES, NOMINATIONS_CLOSE)
    assert roll_of(election) == {"carmen", "pedro", "elena", "hugo", "rosa"}
    assert AuditEvent.objects.get(verb="close_roll").detail == {"roll": 5, "rules": 1}


def test_the_ballot_is_fixed_in_the_campaign(cast: Cast):
    election = campaigning(cast)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.hugo, by=cast.hugo, at=NOMINATIONS_CLOSE + DAY)


def test_nobody_votes_in_the_campaign(cast: Cast):
    election = campaigning(cast)
    with pytest.raises(Refused):
        cast_ballot(poll=election.poll, by=cast.carmen, marks=[], replaces=0, at=OPENS - SECOND)


def test_who_comes_after_the_roll_was_closed_does_not_vote(cast: Cast):
    election = campaigning(cast)
    builders.membership(cast.olga, cast.cristalerias)
    election = at_hour(election, OPENS)
    assert (election.poll.state, election.poll.roll_size) == ("open", 5)
    with pytest.raises(Denied):
        cast_ballot(poll=election.poll, by=cast.olga, marks=[], replaces=0, at=OPENS)


def test_who_leaves_after_the_roll_was_closed_still_votes(cast: Cast):
    election = campaigning(cast)
    cast.carmen.memberships.update(until_on=(NOMINATIONS_CLOSE + DAY).date())
    election = at_hour(election, OPENS)
    assert cast_ballot(poll=election.poll, by=cast.carmen, marks=[], replaces=0, at=OPENS).version == 1


def test_the_vote_opens_by_the_clock(cast: Cast):
    election = campaigning(cast)
    assert at_hour(election, OPENS - SECOND).state == ElectionState.CAMPAIGN
    election = at_hour(election, OPENS)
    assert (election.state, election.poll.state) == (ElectionState.VOTING, "open")


def test_nominations_that_close_late_shorten_neither_campaign_nor_vote(cast: Cast):
    give_days(cast)
    election = called(cast)
    standing(election, cast.rosa)
    late = 2 * DAY
    election = at_hour(election, NOMINATIONS_CLOSE + late)
    assert (election.state, election.voting_opens_at) == (ElectionState.CAMPAIGN, OPENS + late)
    assert (election.poll.opens_at, election.poll.closes_at) == (OPENS + late, CLOSES + late)
    assert election.poll.roll_closed_at == NOMINATIONS_CLOSE  # the roll is that of its hour


def test_nominations_that_close_after_everything_shorten_nothing(cast: Cast):
    give_days(cast)
    election = called(cast)
    standing(election, cast.rosa)
    late = 40 * DAY
    election = at_hour(election, NOMINATIONS_CLOSE + late)
    assert (election.state, election.poll.opens_at, election.poll.state) == ("campaign", OPENS + late, "scheduled")


def test_a_vote_that_opens_late_after_the_campaign_closes_later(cast: Cast):
    election = campaigning(cast)
    election = at_hour(election, OPENS + 2 * DAY)
    assert (election.state, election.voting_closes_at) == (ElectionState.VOTING, CLOSES + 2 * DAY)
    assert election.poll.closes_at == CLOSES + 2 * DAY


def test_a_poll_opened_apart_from_its_election_is_concluded_all_the_same(cast: Cast):
    """The job opens the vote; nobody has read the election since the campaign began."""
    election = campaigning(cast)
    election.poll = open_due_poll(poll=election.poll, at=OPENS)
    backed(cast, election, cast.rosa)
    assert Election.objects.get().state == ElectionState.CAMPAIGN
    assert at_hour(election, DECLARED).state == ElectionState.DECLARED


# --- declared --------------------------------------------------------------------------------------------


def test_the_declaration_publishes_the_result_and_seats_nobody_yet(cast: Cast):
    election = declared(cast)
    assert (election.state, election.objections_until) == (ElectionState.DECLARED, SEATED)
    assert (election.poll.state, election.poll.result["outcome"]) == ("declared", "elected")
    assert not election.seats_won.exists()
    assert Seat.objects.held_at(SEATED - SECOND).filter(holder=cast.elena, body=cast.council).exists()


def test_seats_begin_when_the_days_to_object_are_over(cast: Cast):
    election = declared(cast)
    assert at_hour(election, SEATED - SECOND).state == ElectionState.DECLARED
    election = at_hour(election, SEATED)
    assert (election.state, {s.holder for s in election.seats_won.all()}) == ("seated", {cast.rosa, cast.pedro})
    old = Seat.objects.get(body=cast.council, holder=cast.elena, election=None)
    assert (old.ended_at, old.end_reason) == (SEATED, SeatEnd.REPLACED)


def test_a_result_declared_late_may_be_objected_to_for_all_its_days(cast: Cast):
    election = open_now(cast)
    backed(cast, election, cast.rosa)
    late = CLOSES + 20 * DAY
    assert at_hour(election, late).objections_until == late + OBJECTIONS * DAY


def test_no_other_election_is_called_until_the_seats_have_begun(cast: Cast):
    election = declared(cast)
    again = {
        "body": cast.council,
        "electorate": cast.assembly,
        "nominations_close_at": SEATED + 8 * DAY,
        "voting_closes_at": SEATED + 20 * DAY,
        "by": cast.elena,
    }
    with pytest.raises(Refused):
        call_election(at=SEATED - SECOND, **again)
    at_hour(election, SEATED)
    assert call_election(at=SEATED, **again).state == ElectionState.NOMINATING


def test_an_elected_who_leaves_in_the_days_to_object_takes_no_seat(cast: Cast):
    election = declared(cast)
    cast.rosa.memberships.update(until_on=(DECLARED + DAY).date())
    at_hour(election, SEATED)
    assert [s.holder for s in election.seats_won.all()] == [cast.pedro]


def test_the_whole_life_by_jobs_alone(cast: Cast, django_capture_on_commit_callbacks):
    heard = []
    signals.election_seated.connect(lambda election, at, **_: heard.append((election.pk, at)), weak=False)
    give_days(cast)
    election = called(cast)
    standing(election, cast.rosa, cast.pedro, cast.carmen)
    states = []
    with django_capture_on_commit_callbacks(execute=True):
        for hour in (NOMINATIONS_CLOSE, OPENS, CLOSES, CLOSES + OBJECTIONS * DAY):
            job.run_due(at=hour)
            election.refresh_from_db()
            states.append(election.state)
            if hour == OPENS:
                backed(cast, election, cast.rosa)
    assert states == ["campaign", "voting", "declared", "seated"]
    assert heard == [(election.pk, CLOSES + OBJECTIONS * DAY)]


def test_without_a_campaign_the_roll_is_closed_at_the_opening(cast: Cast):
    give_days(cast, campaign=0, objections=0)
    election = called(cast)
    standing(election, cast.rosa)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert (election.state, election.poll.roll_closed_early_at) == (ElectionState.VOTING, None)
    assert not AuditEvent.objects.filter(verb="close_roll").exists()


def test_a_by_election_goes_the_same_way_and_fits_into_the_term(cast: Cast):
    give_days(cast)
    gone = Seat.objects.get(body=cast.council, holder=cast.rosa)
    assert Seat.objects.vacant_at(NOW).filter(pk=gone.pk).exists()
    windows = {"nominations_close_at": NOMINATIONS_CLOSE, "voting_closes_at": CLOSES}
    given = {"body": cast.council, "electorate": cast.assembly, "vacancies_only": True, "by": cast.elena, "at": NOW}
    Seat.objects.filter(pk=gone.pk).update(term_ends_at=CLOSES + OBJECTIONS * DAY)
    with pytest.raises(Refused):
        call_election(**given, **windows)
    Seat.objects.filter(pk=gone.pk).update(term_ends_at=SEATED + DAY)
    election = call_election(**given, **windows)
    standing(election, cast.pedro)
    election = at_hour(at_hour(election, NOMINATIONS_CLOSE), OPENS)
    backed(cast, election, cast.pedro)
    election = at_hour(election, DECLARED)
    assert election.state == ElectionState.DECLARED
    election = at_hour(election, SEATED)
    assert [(s.holder, s.fills, s.term_ends_at) for s in election.seats_won.all()] == [(cast.pedro, gone, SEATED + DAY)]
    assert Seat.objects.held_at(SEATED).filter(body=cast.council, holder=cast.elena).exists()
