"""Votes on paper: frozen roll, no cast, one enters, another countersigns, and what follows, in time or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from councils.counting.paper import HandCount
from councils.domain import outcome
from councils.domain.ballot import cast_ballot
from councils.domain.election import bring_up_to_date, call_election
from councils.domain.election_export import export_poll
from councils.domain.franchise import Way, franchises
from councils.domain.log import SENTENCES
from councils.domain.nomination import nominate
from councils.domain.paper_count import announce_place, countersign_count, to_count
from councils.domain.poll_tasks import on_paper as told_of_paper
from councils.domain.poll_tasks import to_vote
from councils.domain.proposal import draft_proposal, submit_proposal
from councils.domain.seat import end_seats
from councils.domain.table import call_to_table
from councils.enums import Category, ElectionState, PollKind, PollState, ProposalState, SeatEnd, Secrecy
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Ballot, PaperCount, Poll, Proposal, RuleSet, Seat
from councils.verification import verify
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import NOMINATIONS_CLOSE, VOTING_CLOSES
from tests.papers import CLOSED, FOUR, LIMIT, counted, entered, on_paper
from tests.recalls import called as recall_called
from tests.votes import CLOSE, scheduled

pytestmark = pytest.mark.django_db
ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]


def agree(cast: Cast, **rules: Any) -> None:
    RuleSet.objects.filter(body=cast.assembly).update(rules=rules)


# --- the vote -----------------------------------------------------------------------------------------------


def test_roll_is_frozen_and_nothing_is_cast(cast: Cast):
    poll = on_paper(cast)
    assert (poll.state, poll.secrecy, poll.roll_size, poll.public_key) == (PollState.OPEN, Secrecy.PAPER, 5, None)
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=NOW)
    with pytest.raises(Refused):
        call_to_table(row=poll.roll.get(member=cast.carmen), by=cast.elena, at=NOW)
    assert not poll.roll.voted().exists()


def test_nobody_is_asked_to_vote_here_and_all_are_told_where(cast: Cast):
    poll = announce_place(poll=on_paper(cast), place=" En el\ncasino ", by=cast.elena, at=NOW)
    assert franchises(polls=[poll], member=cast.carmen)[poll.pk].way == Way.HALL
    assert list(to_vote(cast.carmen, NOW)) == []
    (notice,) = told_of_paper(cast.carmen, NOW)
    assert notice.sentence.endswith("En el casino")
    assert list(told_of_paper(cast.nora, NOW)) == []


def test_counted_by_the_same_code_and_declared(cast: Cast):
    poll = counted(cast, on_paper(cast))
    assert poll.state == PollState.DECLARED
    assert poll.result == {
        "shown": "totals",
        "roll": 5,
        "present": 4,
        "quorum": {"met": True, "base": "roll", "needed": 3, "reached": 4, "out_of": 5},
        "tally": {"yes": 2, "no": 1, "abstain": 0},
        "blank": 1,
        "spoilt": 0,
        "outcome": "adopted",
    }
    row = poll.paper_counts.get()
    assert (row.entered_by, row.countersigned_by, row.countersigned_at) == (cast.elena, cast.hugo, CLOSED)
    acts = AuditEvent.objects.filter(subject=poll.uuid).order_by("pk").values_list("verb", flat=True)
    assert list(acts) == ["open_poll", "enter_count", "countersign_count", "count_poll", "declare_poll"]
    assert set(acts) <= set(SENTENCES)


def test_two_papers_are_shown_because_the_hall_saw_them(cast: Cast):
    poll = counted(cast, on_paper(cast), HandCount(2, 2, 0, 0, {"yes": 1, "no": 1, "abstain": 0}))
    assert (poll.result["outcome"], poll.result["tally"]["yes"]) == ("no_quorum", 1)


@pytest.mark.parametrize(
    ("kind", "count", "elected"),
    [
        (PollKind.APPROVAL, HandCount(4, 4, 0, 1, {"1": 3, "2": 2, "3": 0}), ["1", "2"]),
        (PollKind.PLURALITY, HandCount(4, 4, 1, 0, {"1": 1, "2": 2, "3": 0}), ["2", "1"]),
        (PollKind.STV, HandCount(4, 4, 0, 1, rankings={(3, 1): 2, (1, 2, 3): 1}), ["3", "1"]),
    ],
)
def test_every_method_is_counted(cast: Cast, kind, count, elected):
    poll = counted(cast, on_paper(cast, kind, seats=2), count)
    assert (poll.result["outcome"], poll.result["elected"]) == ("elected", elected)
    verdict = verify(export_poll(poll=poll))
    assert (verdict.faults, verdict.recounted, poll.result["shown"]) == ((), False, "totals")
    marks = sorted(Ballot.objects.filter(poll=poll).values_list("marks", flat=True))
    assert marks == ([[], ["1", "2", "3"], ["3", "1"], ["3", "1"]] if kind == PollKind.STV else [])


def test_who_does_not_count_for_the_quorum_is_left_out_of_it(cast: Cast):
    builders.membership(builders.member("luz"), cast.cristalerias, counts_for_quorum=False)
    count = HandCount(3, 2, 0, 0, {"yes": 3, "no": 0, "abstain": 0})
    assert counted(cast, on_paper(cast), count).result["quorum"]["reached"] == 2


# --- what cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (PollKind.YES_NO, HandCount(6, 5, 0, 0, {"yes": 6, "no": 0, "abstain": 0})),
        (PollKind.YES_NO, HandCount(4, 5, 1, 0, {"yes": 2, "no": 1, "abstain": 0})),
        (PollKind.YES_NO, HandCount(4, 4, 3, 2, {"yes": 0, "no": 0, "abstain": 0})),
        (PollKind.YES_NO, HandCount(4, 4, 0, 0, {"yes": 2, "no": 1, "abstain": 0})),
        (PollKind.APPROVAL, HandCount(4, 4, 1, 0, {"1": 4, "2": 0, "3": 0})),
        (PollKind.APPROVAL, HandCount(4, 4, 0, 0, {"1": 1, "2": 1, "3": 1})),
        (PollKind.PLURALITY, HandCount(4, 4, 0, 0, {"1": 3, "2": 2, "3": 0})),
        (PollKind.STV, HandCount(4, 4, 0, 0, rankings={(1,): 3})),
    ],
)
def test_a_count_that_cannot_be_is_refused_with_a_sentence(cast: Cast, kind, count):
    with pytest.raises(Refused, match=r"\.$"):
        entered(on_paper(cast, kind), cast.elena, count)
    assert not PaperCount.objects.exists()


def test_who_entered_does_not_countersign_and_the_last_entry_counts(cast: Cast):
    poll = on_paper(cast)
    first = entered(poll, cast.elena)
    with pytest.raises(Refused):
        countersign_count(count=first, by=cast.elena, at=CLOSED)
    second = entered(poll, cast.hugo, HandCount(4, 4, 0, 0, {"yes": 1, "no": 3, "abstain": 0}))
    with pytest.raises(Refused):
        countersign_count(count=first, by=cast.hugo, at=CLOSED)
    poll = countersign_count(count=second, by=cast.elena, at=CLOSED)
    assert (poll.state, poll.result["outcome"]) == (PollState.COUNTED, "rejected")
    assert countersign_count(count=second, by=cast.elena, at=CLOSED).result == poll.result
    with pytest.raises(Refused):
        entered(poll, cast.elena)


def test_who_entered_must_still_be_one_who_may(cast: Cast):
    poll = on_paper(cast)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    first = entered(poll, cast.elena)
    end_seats(seats=list(Seat.objects.filter(holder=cast.elena)), reason=SeatEnd.RESIGNED, by=cast.elena, at=CLOSED)
    with pytest.raises(Refused):
        countersign_count(count=first, by=cast.hugo, at=CLOSED)
    assert countersign_count(count=entered(poll, cast.pedro), by=cast.hugo, at=CLOSED).state == PollState.COUNTED


def test_who_was_excluded_counts_no_papers(cast: Cast):
    """With a committee of none anybody on the roll counts, but who was excluded after it was closed."""
    poll = on_paper(cast)
    end_seats(seats=list(Seat.objects.all()), reason=SeatEnd.RESIGNED, by=None, at=CLOSED)
    assert entered(poll, cast.pedro).number == 1
    cast.pedro.memberships.update(category=Category.EXCLUDED)
    with pytest.raises(Denied):
        entered(poll, cast.pedro)


@pytest.mark.parametrize(
    "changed",
    [
        {"countersigned_by": "elena", "countersigned_at": CLOSED},
        {"countersigned_by": "hugo"},
        {"countersigned_at": CLOSED},
        {"blank": 3, "spoilt": 2},
        {"counting": 5},
    ],
)
def test_the_database_keeps_two_people_and_sums(cast: Cast, changed):
    row = entered(on_paper(cast), cast.elena)
    given = {k: getattr(cast, v) if isinstance(v, str) else v for k, v in changed.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperCount.objects.filter(pk=row.pk).update(**given)


def test_the_database_keeps_one_count_that_holds(cast: Cast):
    poll = on_paper(cast)
    for _time in range(2):
        entered(poll, cast.elena)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperCount.objects.update(countersigned_by=cast.hugo, countersigned_at=CLOSED)


# --- in time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "done"), [(CLOSE, True), (CLOSE - dt.timedelta(seconds=1), False), (LIMIT, False)])
def test_entered_from_the_close_on_for_seven_days(cast: Cast, at, done):
    poll = on_paper(cast)
    if done:
        assert entered(poll, cast.elena, at=at).number == 1
    else:
        with pytest.raises(Refused):
            entered(poll, cast.elena, at=at)


@pytest.mark.parametrize("holds_keys", [True, False])
def test_what_nobody_countersigned_is_void_by_the_clock_in_any_process(cast: Cast, holds_keys):
    poll = on_paper(cast)
    row = entered(poll, cast.elena)
    with override_settings(HOLDS_KEYS=holds_keys, EMBEDDED=False):
        assert outcome.bring_up_to_date(poll=poll, at=LIMIT - dt.timedelta(seconds=1)).state == PollState.OPEN
        poll = outcome.bring_up_to_date(poll=poll, at=LIMIT)
    assert (poll.state, poll.result["reason"]) == (PollState.VOID, "not_entered")
    with pytest.raises(Refused):
        countersign_count(count=row, by=cast.hugo, at=LIMIT)


def test_a_void_count_interrupts_the_proposal_and_voids_the_election(cast: Cast):
    agree(cast, secrecy="paper")
    proposal = submit_proposal(
        proposal=draft_proposal(body=cast.assembly, title="t", text="x", by=cast.carmen, at=NOW),
        by=cast.carmen,
        at=NOW,
    )
    assert proposal.poll is not None and proposal.poll.secrecy == Secrecy.PAPER
    late = proposal.poll.closes_at + dt.timedelta(days=7)
    outcome.bring_up_to_date(poll=outcome.bring_up_to_date(poll=proposal.poll, at=proposal.poll.opens_at), at=late)
    assert Proposal.objects.get().state == ProposalState.INTERRUPTED


# --- who ----------------------------------------------------------------------------------------------------


def answer(act) -> str:
    try:
        with transaction.atomic():
            act()
            raise _Undo
    except Denied:
        return "denied"
    except Refused:
        return "refused"
    except _Undo:
        return "ok"


class _Undo(Exception):
    """Rolls back what one role did."""


def test_matrix_of_who_may(cast: Cast):
    poll = on_paper(cast)
    enter = {who: answer(lambda who=who: entered(poll, getattr(cast, who))) for who in ROLES}
    place = {
        who: answer(lambda who=who: announce_place(poll=poll, place="x", by=getattr(cast, who), at=NOW))
        for who in ROLES
    }
    row = entered(poll, cast.elena)
    sign = {
        who: answer(lambda who=who: countersign_count(count=row, by=getattr(cast, who), at=CLOSED)) for who in ROLES
    }
    committee = {who: "ok" if who in ("elena", "hugo") else "denied" for who in ROLES}
    assert (enter, place, sign) == (committee, committee, {**committee, "elena": "refused"})


def test_whoever_is_at_stake_does_not_count_and_then_anybody_on_the_roll_does(cast: Cast):
    options = [{"id": "1", "label": "Hugo Tapia", "nominee": str(cast.hugo.uuid)}]
    poll = outcome.bring_up_to_date(
        poll=scheduled(cast.assembly, kind=PollKind.APPROVAL, options=options, seats=1, on_paper=True), at=NOW
    )
    count = HandCount(3, 3, 0, 0, {"1": 3})
    found = {who: answer(lambda who=who: entered(poll, getattr(cast, who), count)) for who in ROLES}
    assert found == {who: "ok" if who in ("carmen", "pedro", "elena", "rosa") else "denied" for who in ROLES}


def test_whose_seat_is_at_stake_does_not_count_her_recall(cast: Cast):
    agree(cast, secrecy="paper", recall={"share": "1/5"})
    recall = recall_called(cast)
    assert recall.poll is not None and recall.poll.secrecy == Secrecy.PAPER
    poll = outcome.bring_up_to_date(poll=recall.poll, at=recall.poll.opens_at)
    holder, after = recall.seat.holder, poll.closes_at
    assert answer(lambda: entered(poll, holder, at=after)) == "denied"
    assert answer(lambda: entered(poll, cast.pedro, at=after)) == "ok"  # only one of the committee is left


def test_the_committee_is_told_what_waits(cast: Cast):
    poll = on_paper(cast)
    assert list(to_count(cast.elena, NOW)) == []
    assert [task.due_at for task in to_count(cast.elena, CLOSED)] == [LIMIT]
    entered(poll, cast.elena)
    assert (list(to_count(cast.elena, CLOSED)), len(list(to_count(cast.hugo, CLOSED)))) == ([], 1)
    assert [list(to_count(who, CLOSED)) for who in (cast.carmen, cast.nora)] == [[], []]


# --- where it may be chosen ---------------------------------------------------------------------------------


def call(cast: Cast, **chosen: bool) -> Any:
    windows = {"nominations_close_at": NOMINATIONS_CLOSE, "voting_closes_at": VOTING_CLOSES}
    return call_election(body=cast.council, electorate=cast.assembly, by=cast.elena, at=NOW, **windows, **chosen)


@pytest.mark.parametrize(
    ("rules", "chosen", "held"),
    [
        ({}, False, "urn"),
        ({}, True, "refused"),
        ({"secrecy": "choice"}, True, "paper"),
        ({"secrecy": "choice"}, False, "urn"),
        ({"secrecy": "paper"}, False, "paper"),
        ({"minimum_electorate": 6}, True, "paper"),
        ({"minimum_electorate": 6}, False, "refused"),
        ({"methods": {"cordon_council": "stv"}}, True, "paper"),
        ({"methods": {"cordon_council": "stv"}}, False, "refused"),
    ],
)
def test_paper_at_the_call_of_an_election(cast: Cast, rules, chosen, held):
    agree(cast, **rules)
    if held == "refused":
        with pytest.raises(Refused):
            call(cast, on_paper=chosen)
        return
    election = call(cast, on_paper=chosen)
    nominate(election=election, nominee=cast.rosa, by=cast.rosa, at=NOW)
    election = bring_up_to_date(election=election, at=NOMINATIONS_CLOSE)
    assert election.poll is not None and election.poll.secrecy == held


def test_election_on_paper_from_call_to_seats(cast: Cast):
    agree(cast, secrecy="choice")
    election = call(cast, on_paper=True)
    nominate(election=election, nominee=cast.rosa, by=cast.rosa, at=NOW)
    election = bring_up_to_date(election=election, at=NOMINATIONS_CLOSE)
    assert election.poll is not None
    poll = outcome.bring_up_to_date(poll=election.poll, at=NOMINATIONS_CLOSE)
    counted(cast, poll, HandCount(4, 4, 1, 0, {"1": 3}), at=VOTING_CLOSES)
    election.refresh_from_db()
    assert election.state == ElectionState.SEATED
    assert Seat.objects.get(election=election).holder == cast.rosa


@pytest.mark.parametrize(
    ("rules", "allowed"), [({}, False), ({"secrecy": "choice"}, True), ({"minimum_electorate": 6}, True)]
)
def test_paper_at_the_submission_of_a_proposal(cast: Cast, rules, allowed):
    agree(cast, **rules)
    draft = draft_proposal(body=cast.assembly, title="t", text="x", by=cast.carmen, at=NOW)
    if not allowed:
        with pytest.raises(Refused):
            submit_proposal(proposal=draft, by=cast.carmen, at=NOW, on_paper=True)
        return
    proposal = submit_proposal(proposal=draft, by=cast.carmen, at=NOW, on_paper=True)
    assert proposal.poll is not None and proposal.poll.secrecy == Secrecy.PAPER
    poll = outcome.bring_up_to_date(poll=proposal.poll, at=proposal.poll.opens_at)
    counted(cast, poll, FOUR, at=poll.closes_at)
    assert Proposal.objects.get().state == ProposalState.ADOPTED


def test_council_never_votes_on_paper(cast: Cast):
    assert scheduled(cast.council, on_paper=True).secrecy == Secrecy.NAMED
    assert Poll.objects.filter(secrecy=Secrecy.PAPER).count() == 0
