"""One seat given back or handed over many times at once, on real PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection

from councils.domain import job
from councils.domain.outcome import settle_poll
from councils.domain.poll import count_poll
from councils.domain.replacement import hand_over_seat
from councils.domain.resignation import resign_seat
from councils.domain.vacancy import fill_vacancy
from councils.enums import RecallState
from councils.models import AuditEvent, Job, Replacement, Seat, Substitute
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_vacancy import LATER, elected
from tests.councils.test_vote_race import at_once
from tests.recalls import AFTER, PAPERS, agree, seat_of, voting
from tests.votes import vote

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def test_resigning_at_once_ends_the_seat_once(cast: Cast):
    seat = seat_of(cast)
    said = at_once(*[lambda: resign_seat(seat=seat, by=cast.elena, at=NOW)] * 8)
    assert said == Counter({"done": 8})
    assert AuditEvent.objects.filter(verb="end_seat").count() == 1
    assert Job.objects.filter(kind="fill_vacancy").count() == 1


def test_a_vacancy_filled_at_once_is_filled_once(cast: Cast):
    elected(cast, substitutes=2, vacancy="next")
    seat = Seat.objects.exclude(election=None).get(holder=cast.rosa)
    resign_seat(seat=seat, by=cast.rosa, at=LATER)
    assert at_once(*[lambda: fill_vacancy(seat=seat, at=LATER)] * 6) == Counter({"done": 6})
    assert Seat.objects.get(fills=seat).holder == cast.carmen
    job.run_due(at=LATER)
    assert Seat.objects.filter(fills=seat).count() == 1


def test_a_seat_resigned_while_its_recall_is_declared_ends_for_one_reason(cast: Cast):
    agree(cast)
    recall = voting(cast)
    poll = recall.poll
    assert poll is not None
    vote(poll, {getattr(cast, who): marks for who, marks in PAPERS[RecallState.RECALLED].items()})
    count_poll(poll=poll, at=AFTER)
    seat = recall.seat
    at_once(
        lambda: settle_poll(poll=poll, at=AFTER),
        lambda: resign_seat(seat=seat, by=cast.elena, at=AFTER),
        lambda: settle_poll(poll=poll, at=AFTER),
    )
    recall.refresh_from_db()
    found = (recall.state, Seat.objects.get(pk=seat.pk).end_reason)
    assert found in {("recalled", "recalled"), ("lapsed", "resigned")}


def test_handing_over_at_once_is_one_replacement(cast: Cast):
    seat = seat_of(cast)
    rows = [
        Substitute.objects.create(seat=seat, member=who, rank=n) for n, who in enumerate((cast.carmen, cast.pedro), 1)
    ]

    def hand(row: Substitute) -> Replacement:
        first = NOW.date()
        return hand_over_seat(seat=seat, substitute=row, from_on=first, until_on=first + 3 * DAY, by=cast.elena, at=NOW)

    said = at_once(*[lambda row=row: hand(row) for row in rows * 4])
    assert (said, Replacement.objects.count()) == (Counter({"done": 1, "refused": 7}), 1)


def test_one_substitute_of_two_seats_stands_in_for_one(cast: Cast):
    other = builders.seat(cast.pedro, cast.council, cast.assembly, cast.cristalerias)
    rows = [Substitute.objects.create(seat=seat, member=cast.carmen, rank=1) for seat in (seat_of(cast), other)]
    first = NOW.date()
    acts = [
        lambda row=row: hand_over_seat(
            seat=row.seat, substitute=row, from_on=first, until_on=first + DAY, by=row.seat.holder, at=NOW
        )
        for row in rows
    ]
    assert (at_once(*acts), Replacement.objects.count()) == (Counter({"done": 1, "refused": 1}), 1)
