"""``/healthz`` tells the four parts apart; pages go on without three of them."""

from __future__ import annotations

import datetime as dt

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from councils import tasks
from councils.breaker import Breaker
from councils.domain import heartbeat
from councils.enums import JobState
from councils.models import Job
from tests.brokers import dead_broker, hung_broker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def all_well(transactional_db, monkeypatch):
    """Everything works a moment ago."""
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://localhost/")
    monkeypatch.setattr(tasks, "_breaker", Breaker(rest=0))
    heartbeat.beat(at=timezone.now())
    heartbeat.answer([], timezone.now())


def parts_down(response) -> list[str]:
    return [name for name, part in response.json().items() if not part["ok"]]


def test_healthz_all_well(client):
    response = client.get("/healthz")
    assert (response.status_code, parts_down(response)) == (200, [])
    assert "no-store" in response["Cache-Control"]
    body = response.json()
    assert list(body) == ["database", "broker", "beat", "worker", "parked", "engine"]
    assert body["parked"] == {"ok": True, "jobs": 0, "kinds": []}
    assert dt.datetime.fromisoformat(body["beat"]["last_tick"]).utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("pulse", ["beat", "worker"])
def test_healthz_three_minutes_without_a_pulse(client, pulse):
    long_ago = timezone.now() - dt.timedelta(minutes=3)
    {"beat": lambda: heartbeat.beat(at=long_ago), "worker": lambda: heartbeat.answer([], long_ago)}[pulse]()
    response = client.get("/healthz")
    assert (response.status_code, parts_down(response)) == (503, [pulse])


def test_healthz_with_work_that_was_given_up(client):
    now = timezone.now()
    for key, kind in (("a", "settle_poll"), ("b", "count_poll"), ("c", "count_poll")):
        Job.objects.create(key=key, kind=kind, due_at=now, created_at=now, state=JobState.PARKED)
    Job.objects.create(key="d", kind="open_poll", due_at=now, created_at=now)
    response = client.get("/healthz")
    assert (response.status_code, parts_down(response)) == (503, ["parked"])
    assert response.json()["parked"] == {"ok": False, "jobs": 3, "kinds": ["count_poll", "settle_poll"]}


def test_healthz_with_a_dead_broker_while_pages_go_on(client, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    response = client.get("/healthz")
    assert (response.status_code, parts_down(response)) == (503, ["broker"])
    assert client.get("/accounts/login/").status_code == 200


def test_healthz_with_a_hung_broker(client, monkeypatch):
    with hung_broker() as (address, _listener):
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        response = client.get("/healthz")
    assert (response.status_code, parts_down(response)) == (503, ["broker"])


def test_healthz_with_a_sick_database(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE councils_heartbeat RENAME TO away")
    try:
        response = client.get("/healthz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO councils_heartbeat")
    assert (response.status_code, parts_down(response)) == (503, ["database", "beat", "worker"])


def test_healthz_is_read_only_and_for_everyone(client):
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
