"""A seat and those that stand on it: held by the clock, ended together."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.domain.seat import end_seats
from councils.enums import BodyKind, SeatEnd
from councils.models import AuditEvent, Body, Seat
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def chain(cast: Cast) -> list[Seat]:
    """Cordón council, coordination, nation: one delegate through all three."""
    seats: list[Seat] = []
    for kind, days in (
        (BodyKind.CORDON_COUNCIL, 10),
        (BodyKind.PROVINCIAL_COORDINATION, 20),
        (BodyKind.NATIONAL_COUNCIL, 30),
    ):
        seats.append(
            Seat.objects.create(
                body=Body.objects.create(kind=BodyKind.FEDERATION, name=kind),
                holder=cast.carmen,
                elected_by=cast.assembly,
                through=seats[-1] if seats else None,
                term_begins_at=NOW,
                term_ends_at=NOW + days * DAY,
            )
        )
    return seats


def held(at: dt.datetime, chain: list[Seat]) -> list[Seat]:
    return list(Seat.objects.held_at(at).filter(pk__in=[s.pk for s in chain]).order_by("pk"))


def test_seat_above_lapses_with_the_one_below_by_the_clock(chain: list[Seat]):
    assert held(NOW, chain) == chain
    assert held(NOW + 10 * DAY, chain) == []


def test_seat_below_outlives_the_one_above(chain: list[Seat]):
    end_seats(seats=[chain[1]], reason=SeatEnd.RESIGNED, by=chain[1].holder, at=NOW + DAY)
    assert held(NOW + DAY, chain) == [chain[0]]


def test_end_ends_all_above_once(chain: list[Seat]):
    ended = end_seats(seats=[chain[0]], reason=SeatEnd.RECALLED, by=None, at=NOW + DAY)
    assert ended == chain
    assert [s.end_reason for s in Seat.objects.filter(pk__in=[s.pk for s in chain]).order_by("pk")] == [
        "recalled",
        "below",
        "below",
    ]
    assert AuditEvent.objects.filter(verb="end_seat").count() == 3
    assert end_seats(seats=[chain[0]], reason=SeatEnd.LEFT, by=None, at=NOW + 2 * DAY) == []


def test_seat_that_ended_has_a_reason(chain: list[Seat]):
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=chain[0].pk).update(ended_at=NOW)
