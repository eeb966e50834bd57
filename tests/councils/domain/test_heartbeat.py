"""Two pulses: the timetable's own, and the one that goes round through a job."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import heartbeat, job
from councils.domain.heartbeat import Pulse
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def test_feel_knows_what_was_never_felt():
    assert heartbeat.feel(at=NOW) == {"beat": Pulse(None, False), "worker": Pulse(None, False)}


def test_feel_three_minutes_without_is_unhealthy():
    heartbeat.beat(at=NOW)
    heartbeat.answer([], NOW)
    just, late = NOW + dt.timedelta(seconds=179), NOW + dt.timedelta(minutes=3)
    assert heartbeat.feel(at=just) == {"beat": Pulse(NOW, True), "worker": Pulse(NOW, True)}
    assert heartbeat.feel(at=late) == {"beat": Pulse(NOW, False), "worker": Pulse(NOW, False)}


def test_call_is_answered_by_whoever_executes_jobs():
    heartbeat.call(at=NOW)
    heartbeat.call(at=NOW + dt.timedelta(seconds=1))
    assert job.run_due(at=NOW + dt.timedelta(seconds=2)) == 1
    assert heartbeat.feel(at=NOW)["worker"].last_at == NOW + dt.timedelta(seconds=2)


def test_call_says_nothing_of_the_beat():
    heartbeat.call(at=NOW)
    job.run_due(at=NOW)
    assert heartbeat.feel(at=NOW)["beat"] == Pulse(None, False)
