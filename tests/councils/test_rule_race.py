"""A count countersigned, and rules adopted, many times at once, on real PostgreSQL."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from councils.counting.paper import HandCount
from councils.domain.deliberation import bring_up_to_date
from councils.domain.outcome import open_due_poll, settle_poll
from councils.domain.paper_count import countersign_count, enter_count
from councils.domain.poll import count_poll
from councils.enums import PollKind
from councils.models import AuditEvent, Ballot, PaperCount, Poll, RuleSet
from tests.conftest import Cast
from tests.councils.test_vote_race import at_once
from tests.papers import CLOSED, FOUR, entered, on_paper
from tests.rule_votes import AFTER, LATER, proposed
from tests.votes import vote

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def test_a_count_countersigned_at_once_is_counted_once(cast: Cast):
    count = HandCount(4, 4, 1, 0, rankings={(1, 2): 3})
    row = entered(on_paper(cast, PollKind.STV), cast.elena, count)
    said = at_once(*[lambda: countersign_count(count=row, by=cast.hugo, at=CLOSED)] * 6)
    assert said == Counter({"done": 6})
    assert (Ballot.objects.count(), AuditEvent.objects.filter(verb="countersign_count").count()) == (4, 1)


def test_a_count_entered_anew_while_it_is_countersigned_is_the_one_or_the_other(cast: Cast):
    poll = on_paper(cast)
    row = entered(poll, cast.elena)
    at_once(
        lambda: countersign_count(count=row, by=cast.hugo, at=CLOSED),
        lambda: enter_count(poll=poll, count=FOUR, by=cast.elena, at=CLOSED),
    )
    signed, numbers = PaperCount.objects.filter(countersigned_by=cast.hugo), PaperCount.objects.count()
    assert (signed.count(), numbers) in {(1, 1), (0, 2)}


def test_two_changes_of_rules_declared_at_once_are_both_in_force(cast: Cast):
    polls = []
    for proposal in (proposed(cast, {"voting_days": 2}), proposed(cast, {"term_days": 90}, by=cast.pedro)):
        poll = bring_up_to_date(proposal=proposal, at=LATER).poll
        assert poll is not None
        poll = open_due_poll(poll=poll, at=LATER)
        vote(poll, {who: ["yes"] for who in (cast.carmen, cast.pedro, cast.elena)}, at=LATER)
        polls.append(count_poll(poll=Poll.objects.get(pk=poll.pk), at=AFTER))
    at_once(*[lambda poll=poll: settle_poll(poll=poll, at=AFTER) for poll in polls * 2])
    last = RuleSet.objects.in_force(cast.assembly, AFTER)
    assert last is not None
    assert (last.version, last.rules) == (3, {"voting_days": 2, "term_days": 90})
