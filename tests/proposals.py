"""Builders of proposals in each state, through the verbs themselves."""

from __future__ import annotations

import datetime as dt

from councils.domain.moderation import moderate_proposal
from councils.domain.proposal import draft_proposal, submit_proposal, withdraw_proposal
from councils.enums import ProposalState
from councils.models import Body, Member, Proposal, RuleSet
from tests.builders import NOW
from tests.conftest import Cast

TEXT = "1. Fensa presta cuatro camiones.\n\n2. Se devuelve con frascos."


def moderated_always(body: Body, **rules: object) -> None:
    """From now on every proposal of ``body`` is moderated."""
    RuleSet.objects.create(
        body=body, version=2, rules={"moderation": "always", **rules}, in_force_from=NOW - dt.timedelta(days=50)
    )


def let_convene_early(proposal: Proposal) -> Proposal:
    """The rules under which it was submitted let the committee shorten its deliberation."""
    if proposal.rule_set is not None:
        rules = {**proposal.rule_set.rules, "may_convene_early": True}
        RuleSet.objects.filter(pk=proposal.rule_set_id).update(rules=rules)
    return Proposal.objects.get(pk=proposal.pk)


def draft(
    cast: Cast, by: Member | None = None, title: str = "Convenio de transporte", at: dt.datetime = NOW
) -> Proposal:
    """A draft of Carmen's, unless another is named."""
    return draft_proposal(body=cast.assembly, title=title, text=TEXT, by=by or cast.carmen, at=at)


def submitted(cast: Cast, by: Member | None = None, **extra: object) -> Proposal:
    """Submitted at once: in moderation or in deliberation, as the rules in force say."""
    proposal = draft(cast, by, **extra)
    return submit_proposal(proposal=proposal, by=by or cast.carmen, at=proposal.created_at)


def in_state(cast: Cast, state: str) -> Proposal:
    """A proposal of Carmen's that reached ``state`` before NOW, moderated by Elena where it is moderated."""
    moderated_always(cast.assembly)
    early = NOW - dt.timedelta(days={ProposalState.VOTING: 8}.get(state, 1))
    proposal = draft(cast, at=early)
    if state == ProposalState.DRAFT:
        return proposal
    if state == ProposalState.WITHDRAWN:
        return withdraw_proposal(proposal=proposal, by=cast.carmen, at=early)
    proposal = submit_proposal(proposal=proposal, by=cast.carmen, at=early)
    if state == ProposalState.MODERATION:
        return proposal
    verdict = "returned" if state == ProposalState.RETURNED else "admitted"
    moderate_proposal(proposal=proposal, verdict=verdict, reason="Falta decir quién paga.", by=cast.elena, at=early)
    return Proposal.objects.get(pk=proposal.pk)
