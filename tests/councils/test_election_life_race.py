"""Confirmations at once, and against the step of the clock that ends them, on real PostgreSQL."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from councils.domain.lots import confirm_lots, enter_lots
from councils.domain.objection import answer_objection, confirm_objection, object_to_result, object_to_roll
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import open_due_poll
from councils.enums import ObjectionKind, ObjectionVerdict
from councils.models import AuditEvent, Election, LotDraw, Objection, Poll
from tests import builders
from tests.campaigns import CLOSES, DECLARED, OPENS, SEATED, campaigning, declared, open_now
from tests.conftest import Cast
from tests.councils.test_vote_race import SECOND, at_once
from tests.elections import at_hour, marked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def missing(cast: Cast, election: Election, number: int = 0) -> Objection:
    """Somebody came late, and Elena has upheld that she is missing."""
    person = builders.member(f"late{number}", f"Llegada {number}")
    builders.membership(person, cast.cristalerias)
    at = OPENS - 10 * SECOND
    objection = object_to_roll(
        election=election, kind=ObjectionKind.MISSING, person=person, text="Falta.", by=cast.carmen, at=at
    )
    return answer_objection(
        objection=objection, verdict=ObjectionVerdict.UPHELD, reason="Consta.", by=cast.elena, at=at
    )


def test_two_confirmations_at_once_take_effect_once(cast: Cast):
    election = campaigning(cast)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    objection = missing(cast, election)
    acts = [
        lambda who=who: confirm_objection(objection=objection, answer=1, by=who, at=OPENS - SECOND)
        for who in (cast.hugo, cast.pedro) * 5
    ]
    assert at_once(*acts) == Counter({"done": 10})
    poll = Poll.objects.get()
    assert (poll.roll_size, poll.roll.count(), AuditEvent.objects.filter(verb="add_to_roll").count()) == (6, 6, 1)


def test_a_confirmation_against_the_opening_is_on_the_roll_or_refused(cast: Cast):
    """She who is confirmed in the last second either votes, or her objection came too late; nothing in between."""
    for number in range(5):
        election = campaigning(cast)
        objection = missing(cast, election, number)
        said = at_once(
            lambda o=objection: confirm_objection(objection=o, answer=1, by=cast.hugo, at=OPENS - SECOND),
            lambda e=election: open_due_poll(poll=e.poll, at=OPENS),
        )
        poll, row = Poll.objects.get(pk=election.poll_id), Objection.objects.get(pk=objection.pk)
        added = poll.roll.filter(member=row.person).exists()
        assert said["done"] == 1 + added and said["refused"] == 1 - added
        assert (row.confirmed_at is not None, poll.roll_size, poll.state) == (added, poll.roll.count(), "open")
        Election.objects.filter(pk=election.pk).update(state="void", void_reason="too_few")


def test_a_confirmation_against_the_end_of_its_days_voids_or_seats(cast: Cast):
    for _round in range(5):
        election = declared(cast, cast.rosa)
        objection = object_to_result(election=election, text="No.", by=cast.carmen, at=DECLARED)
        answer_objection(objection=objection, verdict=ObjectionVerdict.UPHELD, reason="Sí.", by=cast.elena, at=DECLARED)
        said = at_once(
            lambda o=objection: confirm_objection(objection=o, answer=1, by=cast.hugo, at=SEATED - SECOND),
            lambda e=election: at_hour(e, SEATED),
        )
        election.refresh_from_db()
        seated = election.seats_won.count()
        assert (election.state, said["refused"]) == (("seated", 1) if seated else ("void", 0))
        assert bring_up_to_date(poll=election.poll, at=SEATED).state == "declared"


def test_two_drawn_orders_confirmed_at_once_are_one(cast: Cast):
    """Each of two people confirms what she sees; the later order is the only one that can be confirmed, once."""
    election = open_now(cast, cast.rosa, cast.carmen)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    first = enter_lots(election=election, order=["1", "2"], by=cast.elena, at=OPENS)
    last = enter_lots(election=election, order=["2", "1"], by=cast.elena, at=OPENS)
    acts = [
        lambda draw=draw, who=who: confirm_lots(draw=draw, by=who, at=OPENS)
        for draw in (first, last)
        for who in (cast.hugo, cast.pedro) * 3
    ]
    assert at_once(*acts) == Counter({"done": 6, "refused": 6})
    assert (Poll.objects.get().lots, LotDraw.objects.filter(confirmed_at__isnull=False).get()) == (["2", "1"], last)
    assert AuditEvent.objects.filter(verb="confirm_lots").count() == 1


def test_a_confirmation_against_the_count_is_in_the_count_or_refused(cast: Cast):
    for _round in range(5):
        election = open_now(cast, cast.rosa, cast.pedro, seats={"cordon_council": 1})
        marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.pedro]}, at=OPENS)
        draw = enter_lots(election=election, order=["1", "2"], by=cast.elena, at=OPENS)
        said = at_once(
            lambda d=draw: confirm_lots(draw=d, by=cast.hugo, at=CLOSES - SECOND),
            lambda e=election: at_hour(e, DECLARED),
        )
        poll = Poll.objects.get(pk=election.poll_id)
        confirmed = LotDraw.objects.get(pk=draw.pk).confirmed_at is not None
        assert (bool(poll.lots), poll.result["outcome"]) == ((True, "elected") if confirmed else (False, "tie"))
        assert said == Counter({"done": 2} if confirmed else {"done": 1, "refused": 1})
        Election.objects.filter(pk=election.pk).update(state="void", void_reason="tie")
