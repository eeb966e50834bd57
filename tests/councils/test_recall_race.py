"""Support at once, on real PostgreSQL: threads with connections of their own, released by a barrier."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from councils.domain.outcome import settle_poll
from councils.domain.poll import count_poll
from councils.domain.recall import support_recall, withdraw_support
from councils.enums import RecallState
from councils.models import AuditEvent, Poll, Recall, RecallSupport, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.test_vote_race import at_once
from tests.recalls import AFTER, PAPERS, agree, called, voting
from tests.votes import crowd, vote

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def test_a_hundred_supports_of_one_member_are_one(cast: Cast):
    agree(cast, share="5/5")
    recall = called(cast)
    acts = [lambda: support_recall(recall=recall, by=cast.pedro, at=NOW)] * 25
    said = sum((at_once(*acts) for _ in range(4)), Counter())
    recall.refresh_from_db()
    assert (said, recall.supporters, RecallSupport.objects.count()) == (Counter({"done": 100}), 2, 2)


def test_the_constraint_is_what_keeps_one_row_per_member(cast: Cast):
    """Red when it is dropped: then a second row, and so a second support, becomes possible."""
    agree(cast)
    one = called(cast).support.get()
    with pytest.raises(IntegrityError, match="recall_support_once"), transaction.atomic():
        RecallSupport.objects.create(recall=one.recall, mac=one.mac)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE councils_recallsupport DROP CONSTRAINT recall_support_once")
        RecallSupport.objects.create(recall=one.recall, mac=one.mac)
        assert RecallSupport.objects.count() == 2
        transaction.set_rollback(True)


def test_support_and_withdrawal_of_many_at_once_add_up(cast: Cast):
    people = crowd(cast, 20)
    agree(cast, share="1/1")
    recall = called(cast)
    at_once(*[lambda who=who: support_recall(recall=recall, by=who, at=NOW) for who in people[:14]])
    at_once(
        *[lambda who=who: withdraw_support(recall=recall, by=who, at=NOW) for who in people[:8]],
        *[lambda who=who: support_recall(recall=recall, by=who, at=NOW) for who in people[8:]],
    )
    recall.refresh_from_db()
    assert recall.supporters == RecallSupport.objects.count() == 13


def test_supports_that_are_enough_at_once_open_one_vote(cast: Cast):
    people = crowd(cast, 10)
    agree(cast, share="1/3")  # five of fifteen
    recall = called(cast)
    said = at_once(*[lambda who=who: support_recall(recall=recall, by=who, at=NOW) for who in people])
    recall.refresh_from_db()
    assert said == Counter({"done": 4, "refused": 6})
    assert (recall.state, recall.supporters, Poll.objects.count()) == (RecallState.VOTING, 5, 1)


def test_calls_at_once_are_one_recall(cast: Cast):
    agree(cast, share="5/5")
    said = at_once(*[lambda who=who: called(cast, by=who) for who in (cast.carmen, cast.pedro, cast.hugo, cast.rosa)])
    assert (said, Recall.objects.count()) == (Counter({"done": 1, "refused": 3}), 1)


def test_concluding_at_once_ends_the_seat_once(cast: Cast):
    agree(cast)
    recall = voting(cast)
    poll = recall.poll
    assert poll is not None
    vote(poll, {getattr(cast, who): marks for who, marks in PAPERS[RecallState.RECALLED].items()})
    count_poll(poll=poll, at=AFTER)
    assert at_once(*[lambda: settle_poll(poll=poll, at=AFTER)] * 8) == Counter({"done": 8})
    assert Seat.objects.get(pk=recall.seat_id).end_reason == "recalled"
    assert AuditEvent.objects.filter(verb="end_seat").count() == 1
