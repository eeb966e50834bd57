"""Motions: more time once, and that the assembly closed it: always two people."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.errors import Denied, Refused
from councils.models import Job
from production.domain.alert_motion import ask_close, ask_extension, confirm_motion
from production.domain.escalation import take_due_steps
from production.enums import AlertState
from production.models import AlertMotion
from tests.alerts import DAY, HOUR, holder, levels, log_of, opened, raised
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
LATER = NOW + HOUR


def asked(cast: Cast, alert, days: int = 2, at: dt.datetime = LATER) -> AlertMotion:
    return ask_extension(alert=alert, days=days, text="El repuesto llega el sábado.", by=cast.elena, at=at)


def test_one_asks_another_confirms_and_the_clock_moves_once(cast: Cast):
    levels(cast)
    alert = opened(cast)
    motion = asked(cast, alert)
    with pytest.raises(Refused):
        confirm_motion(motion=motion, by=cast.elena, at=LATER)
    with pytest.raises(Denied):
        confirm_motion(motion=motion, by=cast.carmen, at=LATER)
    confirm_motion(motion=motion, by=cast.hugo, at=LATER)
    assert (holder(alert).due_at, holder(alert).days) == (NOW + 6 * DAY, 6)
    take_due_steps(at=NOW + 5 * DAY)
    assert holder(alert).body == cast.committee
    take_due_steps(at=NOW + 6 * DAY)
    assert holder(alert).body == cast.council
    assert sorted(Job.objects.filter(kind="alert_step").values_list("due_at", flat=True))[:2] == [
        NOW + 4 * DAY, NOW + 6 * DAY,
    ]  # fmt: skip


def test_only_once_and_at_most_as_much_again(cast: Cast):
    alert = opened(cast)
    for days in (0, 5):
        with pytest.raises(Refused):
            asked(cast, alert, days=days)
    confirm_motion(motion=asked(cast, alert, days=4), by=cast.hugo, at=LATER)
    with pytest.raises(Refused):
        asked(cast, alert)
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertMotion.objects.create(
            alert=alert, kind="extend", hold=holder(alert), days=1, text="x", asked_by=cast.elena, asked_at=NOW,
            confirmed_by=cast.hugo, confirmed_at=NOW,
        )  # fmt: skip


def test_another_motion_takes_the_place_of_one_that_waits(cast: Cast):
    alert = opened(cast)
    first, second = asked(cast, alert), asked(cast, alert, days=3)
    with pytest.raises(Refused):
        confirm_motion(motion=first, by=cast.hugo, at=LATER)
    confirm_motion(motion=second, by=cast.hugo, at=LATER)
    with pytest.raises(Refused):
        confirm_motion(motion=second, by=cast.hugo, at=LATER)
    assert holder(alert).due_at == NOW + 7 * DAY


def test_when_its_time_is_over_no_motion_lengthens_it(cast: Cast):
    levels(cast)
    alert = opened(cast)
    motion = asked(cast, alert)
    with pytest.raises(Refused):
        confirm_motion(motion=motion, by=cast.hugo, at=NOW + 4 * DAY)
    with pytest.raises(Refused):
        asked(cast, alert, at=NOW + 4 * DAY)
    take_due_steps(at=NOW + 4 * DAY)
    assert holder(alert).body == cast.council


def test_the_assembly_closes_what_a_hand_raised(cast: Cast):
    alert = raised(cast)
    for day in (NOW.date() - DAY, NOW.date() + DAY):
        with pytest.raises(Refused):
            ask_close(alert=alert, decided_on=day, text="Se cambió la cañería.", by=cast.elena, at=LATER)
    with pytest.raises(Denied):
        ask_close(alert=alert, decided_on=NOW.date(), text="Ya.", by=cast.carmen, at=LATER)
    motion = ask_close(alert=alert, decided_on=NOW.date(), text="Se cambió la cañería.", by=cast.elena, at=LATER)
    assert confirm_motion(motion=motion, by=cast.hugo, at=LATER + HOUR).state == AlertState.DECIDED
    assert log_of(alert)[-1] == ("decided", LATER + HOUR)
    assert alert.entries.last().detail == {"asked_by": "Elena Paillán", "decided_on": "2026-11-16"}


def test_where_fewer_than_two_sit_in_the_committee_a_worker_confirms(cast: Cast):
    cast.committee.seats.filter(holder=cast.hugo).update(ended_at=NOW, end_reason="resigned")
    alert = opened(cast)
    motion = asked(cast, alert)
    with pytest.raises(Denied):
        confirm_motion(motion=motion, by=cast.nora, at=LATER)
    confirm_motion(motion=motion, by=cast.carmen, at=LATER)
    assert holder(alert).due_at == NOW + 6 * DAY
