"""Rules change by a vote of the body: what comes into force, what changed in between, who may still set them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.domain import outcome
from councils.domain.proposal import draft_proposal, revise_proposal, submit_proposal
from councils.domain.question import put_question
from councils.domain.rule_set import amend_rules, set_rules
from councils.enums import PollKind, ProposalState
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Poll, ProposalVersion, RuleSet
from tests import questions
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import called
from tests.recalls import called as recall_called
from tests.rule_votes import AFTER, CHANGE, LATER, decided, in_force, proposed, set_by_hand
from tests.votes import scheduled

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_adopted_rules_are_in_force_from_the_declaration(cast: Cast):
    proposal = decided(cast, proposed(cast))
    made = in_force(cast.assembly)
    assert proposal.state == ProposalState.ADOPTED and proposal.poll is not None
    assert (made.version, made.rules) == (2, {"voting_days": 2, "seats": {"committee": 5}})
    assert (made.poll, made.in_force_from) == (proposal.poll, proposal.poll.declared_at)
    assert in_force(cast.assembly, made.in_force_from - dt.timedelta(seconds=1)).version == 1
    event = AuditEvent.objects.get(verb="amend_rules")
    assert (event.actor, event.subject, event.detail) == (None, proposal.uuid, {"version": 2, "rules": 1})


@pytest.mark.parametrize("yes", [0, 2])
def test_rejected_rules_change_nothing(cast: Cast, yes):
    assert decided(cast, proposed(cast), yes=yes).state == ProposalState.REJECTED
    assert RuleSet.objects.filter(body=cast.assembly).count() == 1
    assert not AuditEvent.objects.filter(verb="amend_rules").exists()


def test_adopting_twice_makes_one_version(cast: Cast):
    poll = decided(cast, proposed(cast)).poll
    assert poll is not None
    assert amend_rules(poll=poll, at=AFTER) == in_force(cast.assembly)
    assert RuleSet.objects.filter(body=cast.assembly).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.create(body=cast.assembly, version=9, rules={}, in_force_from=NOW, poll=poll)


@pytest.mark.parametrize(("yes", "state"), [(3, ProposalState.REJECTED), (5, ProposalState.ADOPTED)])
def test_majority_of_rules_is_their_own(cast: Cast, yes, state):
    set_by_hand(cast.assembly, {"rules_majority": {"share": "4/5"}}, at=NOW - DAY)
    assert decided(cast, proposed(cast), yes=yes).state == state


def test_a_change_is_applied_to_the_rules_then_in_force(cast: Cast):
    proposal = proposed(cast)
    set_by_hand(cast.assembly, {"term_days": 100, "seats": {"cordon_council": 7}, "voting_days": 9})
    decided(cast, proposal)
    assert in_force(cast.assembly).rules == {
        "term_days": 100,
        "seats": {"cordon_council": 7, "committee": 5},
        "voting_days": 2,
    }


def test_a_change_that_cannot_stand_any_more_changes_nothing_and_is_told(cast: Cast):
    proposal = proposed(cast)
    Poll.objects.filter(proposal=proposal).update(rule_changes={"voting_days": 0})  # as a later program may find it
    proposal = decided(cast, proposal)
    assert proposal.state == ProposalState.ADOPTED
    assert RuleSet.objects.filter(body=cast.assembly).count() == 1
    assert AuditEvent.objects.get(verb="refuse_rules").subject == proposal.uuid


@pytest.mark.parametrize("changes", [{}, {"voting_days": 3}, {"voting_days": 0}, {"noise": 1}])
def test_a_change_of_nothing_or_of_what_cannot_be_is_refused(cast: Cast, changes):
    with pytest.raises(Refused):
        draft_proposal(body=cast.assembly, title="t", text="x", rule_changes=changes, by=cast.carmen, at=NOW)
    assert not ProposalVersion.objects.exists()


def test_a_draft_whose_change_is_in_force_meanwhile_is_not_submitted(cast: Cast):
    proposal = draft_proposal(body=cast.assembly, title="t", text="x", rule_changes=CHANGE, by=cast.carmen, at=NOW)
    set_by_hand(cast.assembly, {"voting_days": 2, "seats": {"committee": 5}})
    with pytest.raises(Refused):
        submit_proposal(proposal=proposal, by=cast.carmen, at=NOW)


def test_revised_rules_are_the_next_version_and_text_alone_keeps_them(cast: Cast):
    row = draft_proposal(body=cast.assembly, title="t", text="x", rule_changes=CHANGE, by=cast.carmen, at=NOW)
    other = {"voting_days": 5}
    first = revise_proposal(proposal=row, title="t", text="y", version=1, by=cast.carmen, at=NOW)
    second = revise_proposal(proposal=row, title="t", text="y", version=2, rule_changes=other, by=cast.carmen, at=NOW)
    assert (first.rule_changes, second.rule_changes) == (CHANGE, other)
    again = revise_proposal(proposal=row, title="t", text="y", version=3, rule_changes=other, by=cast.carmen, at=NOW)
    assert again == second


def test_a_text_does_not_become_a_change_of_rules(cast: Cast):
    row = draft_proposal(body=cast.assembly, title="t", text="x", by=cast.carmen, at=NOW)
    made = revise_proposal(proposal=row, title="t", text="y", version=1, rule_changes=CHANGE, by=cast.carmen, at=NOW)
    assert made.rule_changes is None


def test_only_a_yes_or_no_changes_rules(cast: Cast):
    options = [{"id": "1", "label": "Rosa"}]
    with pytest.raises(IntegrityError), transaction.atomic():
        scheduled(cast.assembly, kind=PollKind.APPROVAL, options=options, seats=1, rule_changes=CHANGE)


def test_the_vote_on_rules_is_an_ordinary_one(cast: Cast):
    proposal = proposed(cast)
    assert proposal.state == ProposalState.DELIBERATION and proposal.poll is not None
    assert (proposal.poll.rule_changes, proposal.poll.kind) == (CHANGE, PollKind.YES_NO)
    assert outcome.bring_up_to_date(poll=proposal.poll, at=LATER).roll_size == 5


# --- what is under way keeps the rules under which it began ------------------------------------------------


def test_what_is_under_way_keeps_its_rules(cast: Cast):
    first, other = proposed(cast), proposed(cast, {"term_days": 90}, by=cast.pedro)
    election, recall = called(cast), recall_called(cast)
    decided(cast, first)
    assert in_force(cast.assembly).version == 2
    for row in (other, election, recall):
        row.refresh_from_db()
        assert row.rule_set is not None and row.rule_set.version == 1
    assert other.poll is not None and other.poll.rule_set.version == 1


# --- a council ---------------------------------------------------------------------------------------------


def test_a_council_changes_its_rules_by_a_question(cast: Cast):
    questions.council_of_three(cast)
    question = put_question(
        body=cast.council,
        title="Otras reglas",
        text="Menos días.",
        opens_at=questions.OPENS,
        closes_at=questions.CLOSES,
        rule_changes={"deliberation_days": 2},
        by=cast.elena,
        at=NOW,
    )
    question = questions.voted(question, {cast.elena: "yes", cast.carmen: "yes", cast.pedro: "no"})
    made = in_force(cast.council)
    assert (made.version, made.rules, made.poll) == (2, {"deliberation_days": 2}, question.poll)
    assert in_force(cast.assembly).version == 1
    with pytest.raises(Refused):
        put_question(
            body=cast.council,
            title="Otra vez",
            text="Lo mismo.",
            opens_at=AFTER + DAY * 9,
            closes_at=AFTER + DAY * 20,
            rule_changes={"deliberation_days": 2},
            by=cast.elena,
            at=AFTER,
        )


# --- who keeps the installation ----------------------------------------------------------------------------


def test_who_keeps_the_installation_sets_rules_until_the_body_has_by_its_own_vote(cast: Cast):
    rules = {"voting_days": 1}
    made = set_rules(body=cast.assembly, rules=rules, in_force_from=None, by=cast.ana, at=NOW - DAY)
    assert made.version == 2
    decided(cast, proposed(cast))
    with pytest.raises(Refused):
        set_rules(body=cast.assembly, rules=rules, in_force_from=None, by=cast.ana, at=AFTER)
    assert in_force(cast.assembly).version == 3
    assert set_rules(body=cast.council, rules={}, in_force_from=None, by=cast.ana, at=AFTER).version == 2


def test_nobody_else_sets_rules(cast: Cast):
    for person in (cast.carmen, cast.elena, cast.nora, cast.olga):
        with pytest.raises(Denied):
            set_rules(body=cast.assembly, rules={}, in_force_from=None, by=person, at=NOW)
