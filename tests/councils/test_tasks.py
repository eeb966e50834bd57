"""Hints: they reach the worker when they can, and otherwise cost next to nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from celery import current_app
from django.utils import timezone

from councils import tasks
from councils.breaker import Breaker
from councils.domain import heartbeat, job
from councils.enums import JobState
from councils.models import Heartbeat, Job
from tests.brokers import calls, dead_broker, hung_broker


@pytest.fixture(autouse=True)
def a_broker_of_its_own(monkeypatch):
    monkeypatch.setattr(tasks, "_breaker", Breaker(rest=1000))
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://localhost/")


def test_tasks_have_explicit_names():
    current_app.loader.import_default_modules()
    names = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert {"councils.run_job", "councils.sweep", "councils.heartbeat"} <= names
    assert {entry["task"] for entry in current_app.conf.beat_schedule.values()} <= names


def test_send_hint_names_the_job_to_a_worker():
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("clocks")
        queue.clear()
        tasks.send_hint(41)
        message = queue.get(timeout=5)
        message.ack()
    assert (message.headers["task"], message.payload[:2]) == ("councils.run_job", [[41], {}])


def test_send_hint_with_a_dead_broker_says_so_once_and_goes_on(monkeypatch, caplog):
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    for number in range(3):
        tasks.send_hint(number)
    assert [record.getMessage().split(",")[0] for record in caplog.records] == ["broker away"]


def test_send_hint_with_a_hung_broker_asks_it_once(monkeypatch):
    with hung_broker() as (address, listener):
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        for number in range(5):
            tasks.send_hint(number)
        assert calls(listener) == 1


def test_send_hint_tries_again_after_a_rest(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    monkeypatch.setattr(tasks, "_breaker", Breaker(rest=0))
    tasks.send_hint(1)
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://localhost/")
    tasks.send_hint(2)
    assert tasks._breaker.failed()  # news: the breaker had closed


def test_broker_answers_tells_memory_dead_and_hung_apart(monkeypatch):
    assert tasks.broker_answers()
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    assert not tasks.broker_answers()
    with hung_broker() as (address, _listener):
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        assert not tasks.broker_answers()


@pytest.mark.django_db
def test_a_dead_broker_fails_no_page_and_loses_no_work(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        heartbeat.call(at=now)
    assert job.sweep(at=now + job.GRACE) == 1


@pytest.mark.django_db
def test_run_job_twice_does_it_once():
    heartbeat.call(at=timezone.now())
    row = Job.objects.get()
    for _delivery in range(2):
        tasks.run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, Heartbeat.objects.count()) == (JobState.DONE, 1, 1)


@pytest.mark.django_db
def test_sweep_does_all_that_is_overdue_in_slices(monkeypatch):
    monkeypatch.setattr(tasks, "SLICE", 3)
    monkeypatch.setattr(job, "_HANDLERS", {"a kind": job.Registration(lambda jobs, at: None)})
    overdue = timezone.now() - dt.timedelta(minutes=1)
    for number in range(8):
        job.enqueue(kind="a kind", key=str(number), at=overdue)
    tasks.sweep()
    assert Job.objects.filter(state=JobState.DONE).count() == 8


@pytest.mark.django_db
def test_heartbeat_writes_the_minute_and_the_next_night_once():
    for _tick in range(2):
        tasks.call_heartbeat()
    kinds = list(Job.objects.values_list("kind", flat=True))
    assert kinds.count(job.PURGE) == 1
    assert kinds.count(heartbeat.KIND) in (1, 2)  # the minute may have turned


@pytest.mark.django_db(transaction=True)
def test_backstop_marks_the_beat_and_does_overdue_work_without_a_broker(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", dead_broker())
    monkeypatch.setattr(job, "_HANDLERS", {"a kind": job.Registration(lambda jobs, at: None)})
    overdue = timezone.now() - job.BACKSTOP_GRACE
    job.enqueue(kind="a kind", key="a", at=overdue)
    backstop = tasks.Backstop()
    backstop.start()
    backstop.stop(timeout=30)
    assert Heartbeat.objects.values_list("name", flat=True).get() == heartbeat.BEAT
    assert Job.objects.get(key="a").state == JobState.DONE
    assert Job.objects.get(kind=heartbeat.KIND).state == JobState.PENDING  # left for a worker to prove itself
