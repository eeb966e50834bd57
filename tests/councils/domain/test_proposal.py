"""Drafting, revising, submitting, withdrawing, concluding."""

import datetime as dt

import pytest

from councils import signals
from councils.domain import job
from councils.domain.deliberation import bring_up_to_date
from councils.domain.proposal import (
    UNFINISHED_LIMIT,
    Overtaken,
    conclude_proposal,
    draft_proposal,
    revise_proposal,
    submit_proposal,
    withdraw_proposal,
)
from councils.enums import PollState, ProposalState
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, Job, Membership, Moderation, Poll, Proposal, ProposalVersion, RuleSet
from tests import builders
from tests.conftest import Cast
from tests.proposals import TEXT, draft, in_state, moderated_always, submitted

DAY = dt.timedelta(days=1)


def verbs_of(proposal: Proposal) -> list[str]:
    return list(AuditEvent.objects.filter(subject=proposal.uuid).order_by("pk").values_list("verb", flat=True))


# --- drafting ---------------------------------------------------------------------------------


def test_draft_proposal_writes_version_one_without_a_number(cast: Cast, now):
    proposal = draft(cast)
    assert (proposal.state, proposal.number, proposal.title) == (ProposalState.DRAFT, None, "Convenio de transporte")
    assert list(proposal.versions.values_list("number", "text")) == [(1, TEXT)]
    assert verbs_of(proposal) == ["draft_proposal"]


def test_draft_proposal_sent_twice_is_written_once(cast: Cast, now):
    assert draft(cast).pk == draft(cast).pk
    assert ProposalVersion.objects.count() == 1


def test_draft_proposal_cleans_what_deceives(cast: Cast, now):
    proposal = draft_proposal(
        body=cast.assembly, title=" Bono\u202e\x00  nuevo ", text="a\r\nb\u2066c\x00", by=cast.carmen, at=now
    )
    assert (proposal.title, proposal.versions.get().text) == ("Bono nuevo", "a\nbc")


@pytest.mark.parametrize(
    ("title", "text"),
    [("", "a"), ("a", ""), ("\u200b\u202e", "a"), ("…", "a"), ("t" * 161, "a"), ("a", "a" * 20_001), ("a", "\x00")],
)
def test_draft_proposal_refuses_what_cannot_be_read(cast: Cast, now, title, text):
    with pytest.raises(Refused):
        draft_proposal(body=cast.assembly, title=title, text=text, by=cast.carmen, at=now)
    assert Proposal.objects.count() == 0


def test_draft_proposal_to_a_committee_is_refused(cast: Cast, now):
    with pytest.raises(Refused):
        draft_proposal(body=cast.committee, title="t", text="t", by=cast.carmen, at=now)


def test_draft_proposal_limits_what_one_member_has_under_way(cast: Cast, now):
    for n in range(UNFINISHED_LIMIT):
        draft(cast, title=f"Propuesta {n}")
    with pytest.raises(Refused, match=str(UNFINISHED_LIMIT)):
        draft(cast, title="Otra")
    withdraw_proposal(proposal=Proposal.objects.get(title="Propuesta 3"), by=cast.carmen, at=now)
    assert draft(cast, title="Otra").title == "Otra"
    assert draft(cast, by=cast.pedro, title="De Pedro").author == cast.pedro


def test_draft_proposal_is_denied_to_management(cast: Cast, now):
    Membership.objects.filter(member=cast.pedro).update(category="excluded")
    with pytest.raises(Denied):
        draft(cast, by=cast.pedro)


# --- revising ------------------------------------------------------------------------------------


def test_revise_proposal_writes_the_next_version(cast: Cast, now):
    proposal = draft(cast)
    written = revise_proposal(proposal=proposal, title="Otro título", text="Otro", version=1, by=cast.carmen, at=now)
    assert written.number == 2
    assert Proposal.objects.get().title == "Otro título"


def test_revise_proposal_unchanged_writes_nothing(cast: Cast, now):
    proposal = draft(cast)
    same = revise_proposal(proposal=proposal, title=proposal.title, text=TEXT, version=1, by=cast.carmen, at=now)
    assert (same.number, ProposalVersion.objects.count()) == (1, 1)


def test_revise_proposal_from_a_stale_form_is_refused_with_what_stands(cast: Cast, now):
    proposal = draft(cast)
    revise_proposal(proposal=proposal, title="t", text="desde el teléfono", version=1, by=cast.carmen, at=now)
    with pytest.raises(Overtaken) as refusal:
        revise_proposal(proposal=proposal, title="t", text="desde la oficina", version=1, by=cast.carmen, at=now)
    assert refusal.value.latest.text == "desde el teléfono"
    assert ProposalVersion.objects.count() == 2


def test_revise_proposal_sent_twice_is_written_once(cast: Cast, now):
    proposal = draft(cast)
    for _ in range(2):
        revise_proposal(proposal=proposal, title="t", text="nuevo", version=1, by=cast.carmen, at=now)
    assert ProposalVersion.objects.count() == 2


@pytest.mark.parametrize("state", [ProposalState.MODERATION, ProposalState.DELIBERATION, ProposalState.WITHDRAWN])
def test_revise_proposal_is_refused_once_it_is_out_of_her_hands(cast: Cast, now, state):
    proposal = in_state(cast, state)
    with pytest.raises(Refused):
        revise_proposal(proposal=proposal, title="t", text="nuevo", version=1, by=cast.carmen, at=now)


def test_revise_proposal_after_return_keeps_the_public_title_until_submitted(cast: Cast, now):
    proposal = in_state(cast, ProposalState.RETURNED)
    revise_proposal(proposal=proposal, title="Más claro", text="nuevo", version=1, by=cast.carmen, at=now)
    assert Proposal.objects.get().title == "Convenio de transporte"
    assert submit_proposal(proposal=proposal, by=cast.carmen, at=now).title == "Más claro"


# --- submitting ------------------------------------------------------------------------------------


def test_submit_proposal_of_a_small_assembly_goes_straight_to_deliberation(cast: Cast, now):
    proposal = submitted(cast)
    assert (proposal.state, proposal.number, proposal.admitted_at) == (ProposalState.DELIBERATION, 1, now)
    assert (proposal.poll.opens_at, proposal.poll.closes_at) == (now + 7 * DAY, now + 10 * DAY)
    assert proposal.poll.question == proposal.title
    assert not Moderation.objects.exists()
    assert verbs_of(proposal) == ["draft_proposal", "submit_proposal", "admit_by_rule"]


def test_submit_proposal_under_moderation_starts_the_clock(cast: Cast, now):
    moderated_always(cast.assembly, moderation_days=2)
    proposal = submitted(cast)
    assert (proposal.state, proposal.moderation_due_at) == (ProposalState.MODERATION, now + 2 * DAY)
    assert proposal.poll is None
    assert Job.objects.get(kind="proposal_due").due_at == now + 2 * DAY


def test_submit_proposal_without_deliberation_opens_the_vote_at_once(cast: Cast, now):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"deliberation_days": 0})
    proposal = submitted(cast)
    assert (proposal.state, proposal.poll.opens_at) == (ProposalState.VOTING, now)


def test_submit_proposal_numbers_one_series_per_body_without_gaps(cast: Cast, now):
    first, dropped, second = draft(cast, title="a"), draft(cast, title="b"), draft(cast, title="c")
    withdraw_proposal(proposal=dropped, by=cast.carmen, at=now)
    numbers = [submit_proposal(proposal=p, by=cast.carmen, at=now).number for p in (second, first)]
    assert numbers == [1, 2]
    assert Proposal.objects.get(pk=dropped.pk).number is None


def test_submit_proposal_twice_is_refused(cast: Cast, now):
    proposal = submitted(cast)
    with pytest.raises(Refused):
        submit_proposal(proposal=proposal, by=cast.carmen, at=now)
    assert Poll.objects.count() == 1


def test_submit_proposal_of_a_returned_text_asks_for_a_change_first(cast: Cast, now):
    proposal = in_state(cast, ProposalState.RETURNED)
    with pytest.raises(Refused):
        submit_proposal(proposal=proposal, by=cast.carmen, at=now)
    revise_proposal(proposal=proposal, title="t", text="Paga el cordón.", version=1, by=cast.carmen, at=now)
    again = submit_proposal(proposal=proposal, by=cast.carmen, at=now)
    assert (again.state, again.number) == (ProposalState.MODERATION, 1)


def test_submit_proposal_without_rules_in_force_is_refused(cast: Cast, now):
    RuleSet.objects.filter(body=cast.assembly).update(in_force_from=now + DAY)
    with pytest.raises(Refused):
        submitted(cast)


def test_submit_proposal_where_a_secret_vote_is_impossible_is_refused(cast: Cast, now):
    with pytest.raises(Refused):
        assembly = Body.objects.assembly_of(cast.perlak)  # Nora works there alone
        lonely = draft_proposal(body=assembly, title="t", text="t", by=cast.nora, at=now)
        submit_proposal(proposal=lonely, by=cast.nora, at=now)
    assert Proposal.objects.get().state == ProposalState.DRAFT


def test_submit_proposal_moderates_from_a_hundred_members_on(cast: Cast, now):
    for n in range(94):
        builders.membership(builders.member(f"m{n}"), cast.cristalerias)
    assert submitted(cast, title="a").state == ProposalState.DELIBERATION  # 99 of them
    builders.membership(builders.member("hundredth"), cast.cristalerias)
    assert submitted(cast, title="b").state == ProposalState.MODERATION


# --- withdrawing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [ProposalState.DRAFT, ProposalState.MODERATION, ProposalState.RETURNED, ProposalState.DELIBERATION]
)
def test_withdraw_proposal_until_the_vote_begins(cast: Cast, now, state):
    proposal = in_state(cast, state)
    assert withdraw_proposal(proposal=proposal, by=cast.carmen, at=now).state == ProposalState.WITHDRAWN
    assert set(Poll.objects.values_list("state", flat=True)) <= {PollState.VOID}
    job.run_due(at=now + 30 * DAY)
    assert Proposal.objects.get().state == ProposalState.WITHDRAWN


def test_withdraw_proposal_is_refused_once_the_vote_began_by_the_clock(cast: Cast, now):
    proposal = in_state(cast, ProposalState.VOTING)
    assert Proposal.objects.get().state == ProposalState.DELIBERATION  # no job has run
    with pytest.raises(Refused):
        withdraw_proposal(proposal=proposal, by=cast.carmen, at=now)


def test_withdraw_proposal_whose_vote_cannot_be_held(cast: Cast, now):
    """Too few electors are left: the clock cannot admit it, and its author need not wait for ever."""
    proposal = in_state(cast, ProposalState.MODERATION)
    Membership.objects.exclude(member__in=[cast.carmen, cast.elena]).update(can_vote=False)
    withdrawn = withdraw_proposal(proposal=proposal, by=cast.carmen, at=now + 30 * DAY)
    assert (withdrawn.state, withdrawn.moderations.count()) == (ProposalState.WITHDRAWN, 0)


def test_withdraw_proposal_after_an_interruption_keeps_its_vote_on_record(cast: Cast, now):
    proposal = in_state(cast, ProposalState.VOTING)
    bring_up_to_date(proposal=proposal, at=now)
    Proposal.objects.update(state=ProposalState.INTERRUPTED)
    Poll.objects.update(state=PollState.VOID)
    withdrawn = withdraw_proposal(proposal=proposal, by=cast.carmen, at=now)
    assert (withdrawn.state, withdrawn.poll) == (ProposalState.WITHDRAWN, Poll.objects.get())


def test_withdraw_proposal_twice_is_refused(cast: Cast, now):
    proposal = in_state(cast, ProposalState.WITHDRAWN)
    with pytest.raises(Refused):
        withdraw_proposal(proposal=proposal, by=cast.carmen, at=now)


# --- concluding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("adopted", ProposalState.ADOPTED),
        ("rejected", ProposalState.REJECTED),
        ("no_quorum", ProposalState.NO_QUORUM),
        ("void", ProposalState.INTERRUPTED),
        ("interrupted", ProposalState.INTERRUPTED),
    ],
)
def test_conclude_proposal_writes_what_the_vote_decided(
    cast: Cast, now, outcome, state, django_capture_on_commit_callbacks
):
    proposal, heard = in_state(cast, ProposalState.VOTING), []
    Poll.objects.update(result={"outcome": outcome})
    receive = lambda **fact: heard.append((fact["proposal"].state, fact["at"]))  # noqa: E731
    signals.proposal_decided.connect(receive)
    with django_capture_on_commit_callbacks(execute=True):
        concluded = conclude_proposal(proposal=proposal, at=now)
        conclude_proposal(proposal=proposal, at=now)
    signals.proposal_decided.disconnect(receive)
    assert (concluded.state, concluded.decided_at, heard) == (state, now, [(state, now)])
    assert verbs_of(proposal)[-2:] == ["begin_vote", "conclude_proposal"]
