"""Votes on rules, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from councils.domain import outcome
from councils.domain.deliberation import bring_up_to_date
from councils.domain.proposal import draft_proposal, submit_proposal
from councils.models import Body, Member, Proposal, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import vote

LATER = NOW + dt.timedelta(days=8)  # the vote is open
AFTER = NOW + dt.timedelta(days=20)
CHANGE: dict[str, Any] = {"voting_days": 2, "seats.committee": 5}


def proposed(cast: Cast, changes: dict[str, Any] | None = None, by: Member | None = None) -> Proposal:
    """Submitted now by Carmen: in deliberation."""
    proposal = draft_proposal(
        body=cast.assembly,
        title="Otras reglas",
        text="Tres días son muchos.",
        rule_changes=CHANGE if changes is None else changes,
        by=by or cast.carmen,
        at=NOW,
    )
    return submit_proposal(proposal=proposal, by=by or cast.carmen, at=NOW)


def decided(cast: Cast, proposal: Proposal, *, yes: int = 5) -> Proposal:
    """All five vote, so many of them yes, and the vote is declared."""
    proposal = bring_up_to_date(proposal=proposal, at=LATER)
    assert proposal.poll is not None
    poll = outcome.bring_up_to_date(poll=proposal.poll, at=LATER)
    people = [cast.carmen, cast.pedro, cast.elena, cast.hugo, cast.rosa]
    vote(poll, {person: ["yes" if i < yes else "no"] for i, person in enumerate(people)}, at=LATER)
    outcome.bring_up_to_date(poll=poll, at=AFTER)
    return Proposal.objects.get(pk=proposal.pk)


def in_force(body: Body, at: dt.datetime = AFTER) -> RuleSet:
    """The rules in force at ``at``."""
    found = RuleSet.objects.in_force(body, at)
    assert found is not None
    return found


def set_by_hand(body: Body, rules: dict[str, Any], version: int = 2, at: dt.datetime = NOW) -> RuleSet:
    """As who keeps the installation would have, in between."""
    return RuleSet.objects.create(body=body, version=version, rules=rules, in_force_from=at)
