"""Moderating and complaining: with a reason, in time, once per text, never one's own."""

import datetime as dt

import pytest

from councils.domain import job
from councils.domain.deliberation import bring_up_to_date
from councils.domain.moderation import complain_about_proposal, moderate_proposal
from councils.domain.proposal import revise_proposal, submit_proposal
from councils.enums import PollState, ProposalState, Verdict
from councils.errors import Denied, Refused, SecondFactorNeeded
from councils.models import AuditEvent, Complaint, Member, Moderation, Poll, Proposal
from tests.conftest import Cast
from tests.proposals import in_state, moderated_always, submitted

DAY = dt.timedelta(days=1)
REASON = "Tiene autora, costo y plazo."


def waiting(cast: Cast, by: Member | None = None) -> Proposal:
    moderated_always(cast.assembly)
    return submitted(cast, by)


def test_moderate_proposal_admits_with_a_named_public_reason(cast: Cast, now):
    proposal = waiting(cast)
    decision = moderate_proposal(
        proposal=proposal, verdict=Verdict.ADMITTED, reason=f" {REASON} ", by=cast.elena, at=now + DAY
    )
    proposal.refresh_from_db()
    assert (decision.moderator, decision.reason, decision.version.number) == (cast.elena, REASON, 1)
    assert (proposal.state, proposal.admitted_at) == (ProposalState.DELIBERATION, now + DAY)
    assert (proposal.poll.opens_at, proposal.poll.closes_at) == (now + 8 * DAY, now + 11 * DAY)
    event = AuditEvent.objects.get(verb="admit_proposal")
    assert (event.actor, event.at) == (cast.elena, now + DAY)


def test_moderate_proposal_returns_without_a_vote(cast: Cast, now):
    proposal = waiting(cast)
    moderate_proposal(proposal=proposal, verdict=Verdict.RETURNED, reason=REASON, by=cast.hugo, at=now)
    assert (Proposal.objects.get().state, Poll.objects.count()) == (ProposalState.RETURNED, 0)
    assert AuditEvent.objects.get(verb="return_proposal").actor == cast.hugo


def test_moderate_proposal_of_her_own_is_denied_and_says_why(cast: Cast, now):
    proposal = waiting(cast, by=cast.elena)
    with pytest.raises(Denied, match=r"propia|own"):
        moderate_proposal(proposal=proposal, verdict=Verdict.ADMITTED, reason=REASON, by=cast.elena, at=now)
    moderate_proposal(proposal=proposal, verdict=Verdict.ADMITTED, reason=REASON, by=cast.hugo, at=now)


def test_moderate_proposal_asks_for_a_second_factor(cast: Cast, now):
    proposal = waiting(cast)
    Member.objects.filter(pk=cast.elena.pk).update(is_demo=False)
    with pytest.raises(SecondFactorNeeded):
        moderate_proposal(
            proposal=proposal, verdict=Verdict.ADMITTED, reason=REASON, by=Member.objects.get(pk=cast.elena.pk), at=now
        )
    assert Proposal.objects.get().state == ProposalState.MODERATION


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\x00", "…", "x" * 2001])
def test_moderate_proposal_needs_a_reason(cast: Cast, now, reason):
    proposal = waiting(cast)
    with pytest.raises(Refused):
        moderate_proposal(proposal=proposal, verdict=Verdict.RETURNED, reason=reason, by=cast.elena, at=now)
    assert not Moderation.objects.exists()


def test_moderate_proposal_knows_two_verdicts(cast: Cast, now):
    proposal = waiting(cast)
    with pytest.raises(Refused):
        moderate_proposal(proposal=proposal, verdict="adopted", reason=REASON, by=cast.elena, at=now)


def test_moderate_proposal_after_another_names_who_decided(cast: Cast, now):
    proposal = waiting(cast)
    moderate_proposal(proposal=proposal, verdict=Verdict.RETURNED, reason=REASON, by=cast.hugo, at=now)
    with pytest.raises(Refused, match="Hugo Tapia"):
        moderate_proposal(proposal=proposal, verdict=Verdict.ADMITTED, reason=REASON, by=cast.elena, at=now)
    assert Moderation.objects.count() == 1


def test_moderate_proposal_after_the_deadline_is_refused_though_no_job_has_run(cast: Cast, now):
    proposal = waiting(cast)
    with pytest.raises(Refused):
        moderate_proposal(proposal=proposal, verdict=Verdict.RETURNED, reason=REASON, by=cast.elena, at=now + 3 * DAY)
    assert Proposal.objects.get().state_at(now + 3 * DAY) == ProposalState.DELIBERATION


# --- the clock -----------------------------------------------------------------------------------


def test_moderation_unanswered_admits_at_its_hour_at_read(cast: Cast, now):
    proposal = waiting(cast)
    late = now + 3 * DAY
    assert proposal.state_at(late - dt.timedelta(seconds=1)) == ProposalState.MODERATION
    assert proposal.state_at(late) == ProposalState.DELIBERATION
    for state, at, rows in [
        (ProposalState.MODERATION, late - dt.timedelta(seconds=1), 1),
        (ProposalState.MODERATION, late, 0),
        (ProposalState.DELIBERATION, late, 1),
    ]:
        assert Proposal.objects.in_state_at(state, at).count() == rows


def test_moderation_unanswered_is_written_with_its_true_hour_by_the_first_read(cast: Cast, now):
    proposal = bring_up_to_date(proposal=waiting(cast), at=now + 4 * DAY)
    decision = Moderation.objects.get()
    assert (decision.moderator, decision.verdict, decision.at) == (None, Verdict.ADMITTED, now + 3 * DAY)
    assert (proposal.state, proposal.admitted_at) == (ProposalState.DELIBERATION, now + 3 * DAY)
    assert proposal.poll.opens_at == now + 10 * DAY


def test_moderation_unanswered_is_written_once_by_job_and_read(cast: Cast, now):
    proposal = waiting(cast)
    job.run_due(at=now + 3 * DAY)
    bring_up_to_date(proposal=proposal, at=now + 3 * DAY)
    job.run_due(at=now + 4 * DAY)
    assert (Moderation.objects.count(), Poll.objects.count()) == (1, 1)


def test_moderation_unanswered_for_months_leaves_the_whole_vote_ahead(cast: Cast, now):
    late = now + 200 * DAY
    proposal = bring_up_to_date(proposal=waiting(cast), at=late)
    assert proposal.admitted_at == now + 3 * DAY
    assert (proposal.poll.opens_at, proposal.poll.closes_at) == (late, late + 3 * DAY)


def test_moderation_unanswered_waits_where_too_few_electors_are_left(cast: Cast, now):
    proposal = waiting(cast)
    for person in (cast.pedro, cast.hugo, cast.rosa):
        person.memberships.update(until_on=now.date())
    assert bring_up_to_date(proposal=proposal, at=now + 4 * DAY).state == ProposalState.MODERATION
    job.run_due(at=now + 4 * DAY)
    assert Proposal.objects.get().state == ProposalState.MODERATION


# --- complaints --------------------------------------------------------------------------------------


def test_complain_about_proposal_calls_the_vote_off_and_asks_a_moderator(cast: Cast, now):
    proposal = submitted(cast)
    complaint = complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=now + DAY)
    proposal.refresh_from_db()
    assert (complaint.author, complaint.version.number) == (cast.pedro, 1)
    assert (proposal.state, proposal.poll, proposal.moderation_due_at) == (
        ProposalState.MODERATION,
        None,
        now + 4 * DAY,
    )
    assert Poll.objects.get().state == PollState.VOID
    job.run_due(at=now + 3 * DAY)
    assert Proposal.objects.get().state == ProposalState.MODERATION


def test_complain_about_proposal_is_heard_once_per_text(cast: Cast, now):
    proposal = submitted(cast)
    complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=now)
    with pytest.raises(Refused):
        complain_about_proposal(proposal=proposal, reason="Tampoco a mí.", by=cast.hugo, at=now)
    moderate_proposal(proposal=proposal, verdict=Verdict.ADMITTED, reason=REASON, by=cast.elena, at=now)
    with pytest.raises(Refused):
        complain_about_proposal(proposal=proposal, reason="Otra vez.", by=cast.pedro, at=now)
    assert Complaint.objects.count() == 1


def test_complain_about_proposal_unanswered_admits_it(cast: Cast, now):
    proposal = submitted(cast)
    complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=now)
    proposal = bring_up_to_date(proposal=proposal, at=now + 3 * DAY)
    assert (proposal.state, proposal.poll.state) == (ProposalState.DELIBERATION, PollState.SCHEDULED)


def test_complain_about_proposal_after_return_and_change_is_moderated_again(cast: Cast, now):
    proposal = submitted(cast)
    complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=now)
    moderate_proposal(proposal=proposal, verdict=Verdict.RETURNED, reason=REASON, by=cast.elena, at=now)
    revise_proposal(proposal=proposal, title="t", text="Cuesta 3.", version=1, by=cast.carmen, at=now)
    assert submit_proposal(proposal=proposal, by=cast.carmen, at=now).state == ProposalState.MODERATION


@pytest.mark.parametrize(
    "state", [ProposalState.DRAFT, ProposalState.MODERATION, ProposalState.DELIBERATION, ProposalState.VOTING]
)
def test_complain_about_proposal_is_refused_where_it_is_moderated_or_voted(cast: Cast, now, state):
    proposal = in_state(cast, state)
    with pytest.raises(Refused):
        complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=now)


def test_complain_about_proposal_by_its_author_is_denied(cast: Cast, now):
    with pytest.raises(Denied):
        complain_about_proposal(proposal=submitted(cast), reason="x", by=cast.carmen, at=now)
