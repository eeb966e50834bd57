"""Elections: call, nominations, vote, seats with a term, and each way of ending void."""

from __future__ import annotations

import datetime as dt

import pytest

from councils import signals
from councils.domain import job
from councils.domain.election import call_election, conclude_election
from councils.domain.nomination import accept_nomination, decline_nomination, nominate, withdraw_nomination
from councils.domain.poll import key_store
from councils.enums import ElectionState, NominationState, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, Nomination, RuleSet, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import (
    AFTER,
    DAY,
    NOMINATIONS_CLOSE,
    VOTING_CLOSES,
    asked,
    at_hour,
    called,
    marked,
    standing,
    voting,
)
from tests.votes import vote

SECOND = dt.timedelta(seconds=1)


def rules(cast: Cast, **given: object) -> None:
    RuleSet.objects.filter(body=cast.assembly).update(rules=given)


# --- call --------------------------------------------------------------------------------------------


def test_call_opens_nominations_and_keeps_the_rules(cast: Cast):
    election = called(cast)
    assert (election.state, election.seats, election.rule_set.version) == (ElectionState.NOMINATING, 2, 1)
    assert election.term_ends_at == VOTING_CLOSES + 365 * DAY
    assert AuditEvent.objects.get().detail == {"seats": 2, "rules": 1}


def test_call_of_the_committee_fills_three(cast: Cast):
    assert called(cast, cast.committee).seats == 3


def test_call_where_the_committee_is_vacant_is_open_to_any_elector(cast: Cast):
    Seat.objects.filter(body=cast.committee).update(ended_at=NOW, end_reason="resigned")
    args = {
        "body": cast.committee,
        "electorate": cast.assembly,
        "nominations_close_at": NOMINATIONS_CLOSE,
        "voting_closes_at": VOTING_CLOSES,
        "at": NOW,
    }
    with pytest.raises(Denied):
        call_election(by=cast.nora, **args)
    assert call_election(by=cast.carmen, **args).called_by == cast.carmen


def test_call_where_fewer_than_three_may_vote_is_refused(cast: Cast):
    for name in ("carmen", "pedro"):
        getattr(cast, name).memberships.update(can_vote=False)
    assert called(cast).pk
    cast.rosa.memberships.update(can_vote=False)
    with pytest.raises(Refused, match="2"):
        called(cast, cast.committee)


def test_call_twice_for_the_same_seats_is_refused(cast: Cast):
    called(cast)
    with pytest.raises(Refused):
        called(cast)
    assert called(cast, cast.committee).pk


@pytest.mark.parametrize(
    ("nominations", "voting_days"), [(7 * DAY - SECOND, 3 * DAY), (7 * DAY, 3 * DAY - SECOND), (360 * DAY, 6 * DAY)]
)
def test_call_with_windows_that_the_rules_forbid_is_refused(cast: Cast, nominations, voting_days):
    with pytest.raises(Refused):
        call_election(
            body=cast.council,
            electorate=cast.assembly,
            nominations_close_at=NOW + nominations,
            voting_closes_at=NOW + nominations + voting_days,
            by=cast.elena,
            at=NOW,
        )


def test_call_up_to_the_last_day_of_the_calendar_is_refused(cast: Cast):
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    with pytest.raises(Refused):
        call_election(
            body=cast.council, electorate=cast.assembly, nominations_close_at=far, voting_closes_at=far,
            by=cast.elena, at=NOW,
        )  # fmt: skip


def test_call_for_a_body_that_the_assembly_does_not_elect_is_refused(cast: Cast):
    neighbour = builders.body("provincial_coordination", cast.cerrillos)
    for body in (neighbour, cast.assembly):
        with pytest.raises(Refused):
            called(cast, body)


# --- nominations ----------------------------------------------------------------------------------------


def test_nominate_beyond_what_a_ballot_holds_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """Else the vote could not be scheduled at its hour, and the election would never end."""
    monkeypatch.setattr("councils.domain.nomination.MOST_OPTIONS", 2)
    election = called(cast)
    proposed = asked(election, cast.hugo, by=cast.carmen)
    standing(election, cast.rosa, cast.pedro)
    with pytest.raises(Refused):
        standing(election, cast.carmen)
    with pytest.raises(Refused):
        accept_nomination(nomination=proposed, by=cast.hugo, at=NOW)
    assert at_hour(election, NOMINATIONS_CLOSE).state == ElectionState.VOTING


def test_nominate_oneself_is_accepted_at_once_with_its_sentence(cast: Cast):
    election = called(cast)
    nominate(election=election, nominee=cast.carmen, by=cast.carmen, at=NOW, statement="Cuentas claras")
    assert list(Nomination.objects.values_list("state", "statement")) == [("accepted", "Cuentas claras")]


def test_nominate_another_waits_for_the_answer(cast: Cast):
    nomination = asked(called(cast), cast.rosa, cast.pedro)
    assert nomination.state == NominationState.PROPOSED
    accept_nomination(nomination=nomination, by=cast.rosa, at=NOW, statement="Turnos parejos")
    assert list(Nomination.objects.values_list("state", "statement")) == [("accepted", "Turnos parejos")]


def test_nominate_oneself_where_one_was_asked_is_an_acceptance(cast: Cast):
    election = called(cast)
    asked(election, cast.rosa, cast.pedro)
    standing(election, cast.rosa)
    assert list(Nomination.objects.values_list("state", flat=True)) == ["accepted"]


@pytest.mark.parametrize("first", ["asked", "standing"])
def test_nominate_whoever_is_named_already_is_refused(cast: Cast, first):
    election = called(cast)
    asked(election, cast.rosa, cast.pedro, accepts=first == "standing")
    with pytest.raises(Refused):
        asked(election, cast.rosa, cast.carmen)


@pytest.mark.parametrize("left", [decline_nomination, withdraw_nomination])
def test_nominate_who_has_said_no_is_refused_and_she_alone_may_come_back(cast: Cast, left):
    election = called(cast)
    nomination = asked(election, cast.rosa, cast.pedro, accepts=left is withdraw_nomination)
    left(nomination=nomination, by=cast.rosa, at=NOW)
    for name in ("pedro", "carmen"):
        with pytest.raises(Refused, match="Rosa Marín"):
            asked(election, cast.rosa, getattr(cast, name))
    standing(election, cast.rosa)
    assert list(Nomination.objects.values_list("state", flat=True)) == [NominationState.ACCEPTED]


@pytest.mark.parametrize("who", ["nora", "olga", "ana"])
def test_nominate_who_does_not_belong_is_refused(cast: Cast, who):
    with pytest.raises(Refused):
        asked(called(cast), getattr(cast, who), cast.pedro)


def test_nominate_who_may_not_stand_is_refused(cast: Cast):
    cast.rosa.memberships.update(can_stand=False)
    with pytest.raises(Refused):
        asked(called(cast), cast.rosa, cast.pedro)


def test_answers_change_nothing_the_second_time_and_refuse_another(cast: Cast):
    nomination = asked(called(cast), cast.rosa, cast.pedro)
    for _ in range(2):
        accept_nomination(nomination=nomination, by=cast.rosa, at=NOW)
    with pytest.raises(Refused):
        decline_nomination(nomination=nomination, by=cast.rosa, at=NOW)
    assert AuditEvent.objects.filter(verb="accept_nomination").count() == 1


def test_withdraw_takes_the_name_off_the_ballot(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa, cast.pedro)
    withdraw_nomination(nomination=Nomination.objects.get(nominee=cast.rosa), by=cast.rosa, at=NOW)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert [o["label"] for o in election.poll.options] == ["Pedro Rojas"]


def test_nominations_close_by_the_clock_with_no_job_run(cast: Cast):
    election = called(cast)
    nomination = asked(election, cast.rosa, cast.pedro)
    with pytest.raises(Refused):
        accept_nomination(nomination=nomination, by=cast.rosa, at=NOMINATIONS_CLOSE)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.carmen, by=cast.carmen, at=NOMINATIONS_CLOSE)


# --- vote and seats ----------------------------------------------------------------------------------------


def test_close_of_nominations_opens_the_vote_on_those_who_accepted(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa, cast.pedro)
    asked(election, cast.carmen, cast.pedro)
    election = at_hour(election, NOMINATIONS_CLOSE)
    assert (election.state, election.poll.state) == (ElectionState.VOTING, "open")
    assert {o["label"] for o in election.poll.options} == {"Rosa Marín", "Pedro Rojas"}


def test_close_leaves_out_who_may_stand_no_longer(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa, cast.pedro)
    cast.rosa.memberships.update(until_on=(NOW + DAY).date())
    assert [o["label"] for o in at_hour(election, NOMINATIONS_CLOSE).poll.options] == ["Pedro Rojas"]


def test_close_late_after_an_outage_keeps_the_length_of_the_vote(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa)
    poll = at_hour(election, NOMINATIONS_CLOSE + 5 * DAY).poll
    assert (poll.opens_at, poll.closes_at) == (NOMINATIONS_CLOSE + 5 * DAY, NOMINATIONS_CLOSE + 8 * DAY)


def test_the_whole_life_by_jobs_alone_seats_the_elected(cast: Cast, django_capture_on_commit_callbacks):
    heard = []
    signals.election_seated.connect(lambda election, at, **_: heard.append((election.pk, at)), weak=False)
    election = called(cast)
    standing(election, cast.rosa, cast.pedro, cast.carmen)
    job.run_due(at=NOMINATIONS_CLOSE)
    election.refresh_from_db()
    marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa], cast.pedro: [cast.pedro]})
    with django_capture_on_commit_callbacks(execute=True):
        job.run_due(at=VOTING_CLOSES)
    election.refresh_from_db()
    assert election.state == ElectionState.SEATED
    assert heard == [(election.pk, VOTING_CLOSES)]
    seats = Seat.objects.filter(election=election).order_by("holder__name")
    assert [(s.holder, s.represents, s.elected_by) for s in seats] == [
        (cast.pedro, cast.cristalerias, cast.assembly),
        (cast.rosa, cast.cristalerias, cast.assembly),
    ]


def test_seats_of_the_last_term_end_as_replaced_when_the_new_begins(cast: Cast):
    election = voting(cast, cast.rosa, cast.elena)
    marked(election, {cast.carmen: [cast.rosa, cast.elena], cast.hugo: [cast.rosa, cast.elena]})
    at_hour(election, AFTER)
    old = Seat.objects.get(body=cast.council, holder=cast.elena, election=None)
    assert (old.ended_at, old.end_reason) == (AFTER, SeatEnd.REPLACED)
    assert set(Seat.objects.held_at(AFTER).in_body(cast.council)) == set(election.seats_won.all())
    assert Seat.objects.held_at(AFTER).in_body(cast.committee).count() == 2  # another body: untouched


def test_seats_lapse_by_the_clock(cast: Cast):
    election = voting(cast, cast.rosa)
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.rosa]})
    election = at_hour(election, AFTER)
    held = Seat.objects.filter(election=election)
    assert (held.held_at(election.term_ends_at - SECOND).count(), held.held_at(election.term_ends_at).count()) == (1, 0)


def test_seats_of_a_committee_speak_for_no_workplace(cast: Cast):
    election = voting(cast, cast.rosa, body=cast.committee)
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.rosa]})
    at_hour(election, AFTER)
    assert [s.represents for s in election.seats_won.all()] == [None]


def test_an_elected_who_has_left_leaves_her_seat_vacant(cast: Cast):
    election = voting(cast, cast.rosa, cast.pedro)
    marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa, cast.pedro]})
    cast.rosa.memberships.update(until_on=(NOW + DAY).date())
    at_hour(election, AFTER)
    assert [s.holder for s in election.seats_won.all()] == [cast.pedro]


def test_conclude_twice_changes_nothing(cast: Cast):
    election = voting(cast, cast.rosa)
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.rosa]})
    election = at_hour(election, AFTER)
    conclude_election(election=election, at=AFTER + DAY)
    assert (Seat.objects.filter(election=election).count(), AuditEvent.objects.filter(verb="seat_winners").count()) == (
        1,
        1,
    )


# --- void -------------------------------------------------------------------------------------------------


def ended(election: Election) -> tuple[str, str]:
    election.refresh_from_db()
    return election.state, election.void_reason


def test_void_without_candidates_and_it_may_be_called_again(cast: Cast):
    election = at_hour(called(cast), NOMINATIONS_CLOSE)
    assert ended(election) == ("void", "too_few")
    assert called(cast).pk != election.pk


@pytest.mark.parametrize(("uncontested", "state"), [(True, "voting"), (False, "void")])
def test_fewer_candidates_than_seats_are_voted_or_void_as_the_rules_say(cast: Cast, uncontested, state):
    rules(cast, uncontested_vote=uncontested)
    election = called(cast)
    standing(election, cast.rosa)
    assert ended(at_hour(election, NOMINATIONS_CLOSE))[0] == state


def test_void_where_too_few_may_vote_when_nominations_close(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa)
    for name in ("carmen", "pedro", "hugo"):
        getattr(cast, name).memberships.update(can_vote=False)
    assert ended(at_hour(election, NOMINATIONS_CLOSE)) == ("void", "too_small")


def test_void_with_a_tie_for_the_last_place(cast: Cast):
    rules(cast, seats={"cordon_council": 1})
    election = voting(cast, cast.rosa, cast.pedro)
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.pedro]})
    at_hour(election, AFTER)
    assert ended(election) == ("void", "tie")
    assert not election.seats_won.exists()


def test_void_without_quorum_leaves_the_present_seats(cast: Cast):
    election = voting(cast, cast.rosa)
    vote(election.poll, {cast.carmen: []}, at=NOMINATIONS_CLOSE)
    at_hour(election, AFTER)
    assert ended(election) == ("void", "no_quorum")
    assert Seat.objects.held_at(AFTER).filter(body=cast.council, holder=cast.elena).exists()


def test_void_with_so_few_ballots_that_the_result_would_tell(cast: Cast):
    election = voting(cast, cast.rosa)
    vote(election.poll, {cast.carmen: ["1"], cast.hugo: ["1"]}, at=NOMINATIONS_CLOSE)
    at_hour(election, AFTER)
    assert ended(election) == ("void", "too_few_votes")
    assert not election.seats_won.exists()
    assert called(cast).state == ElectionState.NOMINATING


def test_void_when_nobody_is_marked(cast: Cast):
    election = voting(cast, cast.rosa)
    marked(election, {cast.carmen: [], cast.hugo: []})
    at_hour(election, AFTER)
    assert ended(election) == ("void", "no_votes")


def test_void_when_the_key_is_lost_and_the_vote_is_repeated(cast: Cast):
    election = voting(cast, cast.rosa)
    (key_store().directory / election.poll.uuid.hex / "half").unlink()
    at_hour(election, AFTER)
    assert ended(election) == ("void", "key_lost")
    assert called(cast).state == ElectionState.NOMINATING
