"""Role × verb × state: who may do what to a proposal, and when. The permission spec of the noun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from councils.domain.deliberation import convene_vote
from councils.domain.moderation import complain_about_proposal, moderate_proposal
from councils.domain.proposal import revise_proposal, submit_proposal, withdraw_proposal
from councils.enums import ProposalState
from councils.errors import Denied, Refused
from councils.models import Member, Poll, Proposal
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import in_state, let_convene_early

S = ProposalState
ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana", "mario"]
STATES = [S.DRAFT, S.MODERATION, S.RETURNED, S.DELIBERATION, S.VOTING, S.ADOPTED, S.WITHDRAWN]

VERBS: dict[str, Callable[..., Any]] = {
    "revise": lambda p, by: revise_proposal(proposal=p, title="t", text="nuevo", version=1, by=by, at=NOW),
    "submit": lambda p, by: submit_proposal(proposal=p, by=by, at=NOW),
    "withdraw": lambda p, by: withdraw_proposal(proposal=p, by=by, at=NOW),
    "admit": lambda p, by: moderate_proposal(proposal=p, verdict="admitted", reason="Clara.", by=by, at=NOW),
    "return": lambda p, by: moderate_proposal(proposal=p, verdict="returned", reason="Falta.", by=by, at=NOW),
    "complain": lambda p, by: complain_about_proposal(proposal=p, reason="No se entiende.", by=by, at=NOW),
    "convene": lambda p, by: convene_vote(proposal=p, days=3, by=by, at=NOW),
}
#: Carmen wrote it. Elena and Hugo sit in the committee; Rosa was recalled; Mario is management.
WHO = {
    "revise": {"carmen"},
    "submit": {"carmen"},
    "withdraw": {"carmen"},
    "admit": {"elena", "hugo"},
    "return": {"elena", "hugo"},
    "complain": {"pedro", "elena", "hugo", "rosa"},
    "convene": {"elena", "hugo"},
}
#: In this assembly every proposal is moderated, so a complaint is never heard (see test_moderation for the others).
WHEN = {
    "revise": {S.DRAFT, S.RETURNED},
    "submit": {S.DRAFT},  # a returned one only once its text was changed
    "withdraw": {S.DRAFT, S.MODERATION, S.RETURNED, S.DELIBERATION},
    "admit": {S.MODERATION},
    "return": {S.MODERATION},
    "complain": set(),
    "convene": {S.DELIBERATION},
}


class _Undo(Exception):
    """Rolls back what one role did, so that the next finds the same state."""


def reached(cast: Cast, state: str) -> Proposal:
    if state != S.ADOPTED:
        return let_convene_early(in_state(cast, state))
    proposal = in_state(cast, S.VOTING)
    Proposal.objects.filter(pk=proposal.pk).update(state=S.ADOPTED, decided_at=NOW)
    Poll.objects.update(closes_at=NOW - dt.timedelta(hours=1))
    return Proposal.objects.get(pk=proposal.pk)


def outcome_of(verb: str, proposal: Proposal, by: Member) -> str:
    try:
        with transaction.atomic():
            VERBS[verb](Proposal.objects.get(pk=proposal.pk), by)
            raise _Undo
    except _Undo:
        return "done"
    except Denied:
        return "denied"
    except Refused:
        return "refused"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_role_verb_state(cast: Cast, verb, state):
    proposal = reached(cast, state)
    mario = builders.member("mario", is_demo=True)
    builders.membership(mario, cast.cristalerias, category="excluded", can_vote=False)
    expected = {
        role: "denied" if role not in WHO[verb] else "done" if state in WHEN[verb] else "refused" for role in ROLES
    }
    found = {role: outcome_of(verb, proposal, Member.objects.get(username=role)) for role in ROLES}
    assert found == expected


@pytest.mark.parametrize("verb", VERBS)
def test_verb_ends_with_membership_and_seat(cast: Cast, verb):
    proposal = let_convene_early(in_state(cast, next(iter(WHEN[verb]), S.DELIBERATION)))
    for role in WHO[verb]:
        Member.objects.get(username=role).memberships.update(until_on=NOW.date())
        assert outcome_of(verb, proposal, Member.objects.get(username=role)) == "denied"


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_denied_to_an_account_that_was_closed(cast: Cast, verb):
    proposal = let_convene_early(in_state(cast, next(iter(WHEN[verb]), S.DELIBERATION)))
    Member.objects.update(is_active=False)
    for role in WHO[verb]:
        assert outcome_of(verb, proposal, Member.objects.get(username=role)) == "denied"
