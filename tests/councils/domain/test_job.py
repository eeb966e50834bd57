"""Due work is a row: claimed once, done with its effect or not at all, and never in the way of other work."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from councils.domain import job
from councils.domain.job import NotYet
from councils.enums import JobState
from councils.models import Heartbeat, Job
from tests.builders import NOW

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


class Killed(BaseException):
    """The process dies here: nothing after this line happens."""


@pytest.fixture
def ran(monkeypatch) -> list[list[str]]:
    """Registers three kinds for the test; collects the keys of each call, one list per call."""
    calls: list[list[str]] = []

    def note(jobs, at):
        calls.append([j.key for j in jobs])
        if any("poison" in j.key for j in jobs):
            raise ValueError("el voto de Carmen fue sí")
        if any("not yet" in j.key for j in jobs):
            raise NotYet(MINUTE)

    monkeypatch.setattr(job, "_HANDLERS", {})
    monkeypatch.setattr(job, "_hint", None)
    job.register("one", note)
    job.register("many", note, batch=10)
    return calls


def enqueue(key: str, kind: str = "one", at: dt.datetime = NOW, due_at: dt.datetime | None = None) -> Job:
    return job.enqueue(kind=kind, key=key, at=at, due_at=due_at)


def state(key: str) -> tuple[str, int]:
    row = Job.objects.get(key=key)
    return row.state, row.attempts


# --- writing -------------------------------------------------------------------------------------


def test_enqueue_writes_the_same_key_once(db, ran):
    assert enqueue("a").pk == enqueue("a", at=NOW + MINUTE).pk
    assert Job.objects.values_list("key", "created_at").get() == ("a", NOW)


def test_enqueue_is_undone_with_the_fact_that_called_for_it(db, ran):
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue("a")
        raise IntegrityError
    assert Job.objects.count() == 0


def test_enqueue_hints_after_commit_and_only_of_what_is_new_and_due(db, ran, django_capture_on_commit_callbacks):
    hinted: list[int] = []
    job.send_hints_with(hinted.append)
    with django_capture_on_commit_callbacks(execute=True):
        first = enqueue("a")
        enqueue("a")
        enqueue("b", due_at=NOW + MINUTE)
        assert hinted == []
    assert hinted == [first.pk]


def test_enqueue_survives_a_hint_that_fails(db, ran, django_capture_on_commit_callbacks, caplog):
    def broken(job_id: int) -> None:
        raise OSError

    job.send_hints_with(broken)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("a")
    assert job.run_due(at=NOW) == 1


# --- doing ---------------------------------------------------------------------------------------


def test_run_job_does_it_and_marks_it(db, ran):
    assert job.run_job(job_id=enqueue("a").pk, at=NOW + SECOND) == 1
    row = Job.objects.get()
    assert (row.state, row.done_at, row.lease_until, row.attempts) == (JobState.DONE, NOW + SECOND, None, 1)
    assert ran == [["a"]]


def test_run_job_delivered_twice_does_it_once(db, ran):
    row = enqueue("a")
    assert [job.run_job(job_id=row.pk, at=NOW) for _ in range(2)] == [1, 0]
    assert ran == [["a"]]


def test_run_job_leaves_what_is_not_due_unknown_or_leased(db, ran):
    later, leased = enqueue("later", due_at=NOW + MINUTE), enqueue("leased")
    Job.objects.filter(pk=leased.pk).update(lease_until=NOW + SECOND)
    assert [job.run_job(job_id=i, at=NOW) for i in (later.pk, leased.pk, 999_999)] == [0, 0, 0]
    assert job.run_job(job_id=leased.pk, at=NOW + SECOND) == 1


def test_run_job_takes_due_siblings_of_its_kind_in_order(db, ran):
    rows = [enqueue(f"b{i}", "many", due_at=NOW - i * SECOND) for i in range(12)]
    enqueue("other kind")
    enqueue("not due", "many", due_at=NOW + MINUTE)
    assert job.run_job(job_id=rows[0].pk, at=NOW) == 10
    assert ran == [["b11", "b10", "b9", "b8", "b7", "b6", "b5", "b4", "b3", "b0"]]


def test_run_job_done_by_another_after_the_lease_is_not_repeated(db, ran):
    """The second half of a paused worker: its siblings were finished meanwhile, the rest is still its own."""
    rows = [enqueue(f"b{i}", "many") for i in range(3)]
    Job.objects.filter(key="b1").update(state=JobState.DONE)
    assert job._execute(job._HANDLERS["many"].handler, rows, NOW) == 2
    assert ran == [["b0", "b2"]]


# --- failing ---------------------------------------------------------------------------------------


def test_run_job_killed_half_way_leaves_no_effect_and_is_done_after_the_lease(db, ran):
    def effect_then_death(jobs, at):
        Heartbeat.objects.create(name="effect", at=at)
        if jobs[0].attempts == 1:
            raise Killed

    job.register("one", effect_then_death)
    row = enqueue("a")
    with pytest.raises(Killed):
        job.run_job(job_id=row.pk, at=NOW)
    assert (Heartbeat.objects.count(), state("a")) == (0, (JobState.PENDING, 1))
    assert job.sweep(at=NOW + job.LEASE - SECOND) == 0
    assert job.sweep(at=NOW + job.LEASE) == 1
    assert Heartbeat.objects.get().at == NOW + job.LEASE


def test_run_job_that_kills_its_process_five_times_is_parked(db, ran):
    def die(jobs, at):
        raise Killed

    job.register("one", die)
    row, at = enqueue("a"), NOW
    for _try in range(job.TRIES):
        with pytest.raises(Killed):
            job.run_job(job_id=row.pk, at=at)
        at += job.LEASE
    assert job.run_job(job_id=row.pk, at=at) == 0
    row.refresh_from_db()
    assert (row.state, row.last_error.split(":")[0]) == (JobState.PARKED, "Started 5 times, never finished")


def test_run_job_that_died_in_a_batch_runs_alone(db, ran):
    tried = enqueue("tried", "many")
    Job.objects.filter(pk=tried.pk).update(attempts=1)
    fresh = [enqueue(f"b{i}", "many") for i in range(2)]
    assert job.run_job(job_id=fresh[0].pk, at=NOW) == 2
    assert job.run_job(job_id=tried.pk, at=NOW) == 1
    assert ran == [["b0", "b1"], ["tried"]]


def test_run_job_poisoned_backs_off_and_is_parked_after_five(db, ran):
    row, at = enqueue("poison"), NOW
    for pause in job.BACKOFF:
        assert job.run_job(job_id=row.pk, at=at) == 0
        assert job.run_job(job_id=row.pk, at=at + pause - SECOND) == 0
        at += pause
    assert state("poison") == (JobState.PENDING, 4)
    job.run_job(job_id=row.pk, at=at)
    assert state("poison") == (JobState.PARKED, 5)
    assert job.run_due(at=at + dt.timedelta(days=9)) == 0
    assert len(ran) == 5


def test_run_job_keeps_type_and_place_of_an_error_but_not_its_words(db, ran):
    row = enqueue("poison")
    job.run_job(job_id=row.pk, at=NOW)
    row.refresh_from_db()
    assert row.last_error.splitlines()[0] == "ValueError"
    assert "test_job.py" in row.last_error.splitlines()[1]
    assert "Carmen" not in row.last_error


def test_run_job_poisoned_in_a_batch_does_not_hold_back_its_siblings(db, ran):
    rows = [enqueue(key, "many") for key in ("b0", "poison", "b1")]
    assert job.run_job(job_id=rows[0].pk, at=NOW) == 2
    assert [state(key)[0] for key in ("b0", "poison", "b1")] == [JobState.DONE, JobState.PENDING, JobState.DONE]


def test_run_job_not_yet_asks_again_without_counting(db, ran):
    row = enqueue("not yet", due_at=NOW - MINUTE)
    for _try in range(job.TRIES + 2):
        assert job.run_job(job_id=row.pk, at=NOW) == 0
        assert job.run_job(job_id=row.pk, at=NOW + 59 * SECOND) == 0
        Job.objects.update(lease_until=None)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.due_at) == (JobState.PENDING, 0, NOW - MINUTE)


def test_run_job_of_an_unknown_kind_is_parked_and_blocks_nobody(db, ran):
    enqueue("unknown", "from another version", due_at=NOW - MINUTE)
    enqueue("a")
    assert job.run_due(at=NOW) == 1
    assert (state("unknown"), state("a")) == ((JobState.PENDING, 1), (JobState.DONE, 1))


# --- sweeping ----------------------------------------------------------------------------------------


def test_sweep_after_an_outage_does_each_step_once_in_the_order_it_fell_due(db, ran):
    for key, ago in (("c", 1), ("a", 3), ("b", 2)):
        enqueue(key, at=NOW - 5 * MINUTE, due_at=NOW - ago * MINUTE)
    assert (job.sweep(at=NOW), job.sweep(at=NOW)) == (3, 0)
    assert ran == [["a"], ["b"], ["c"]]
    assert set(Job.objects.values_list("done_at", flat=True)) == {NOW}


def test_sweep_leaves_to_the_hint_what_is_only_just_due(db, ran):
    enqueue("a", due_at=NOW)
    assert job.sweep(at=NOW + job.GRACE - SECOND) == 0
    assert job.sweep(at=NOW + job.GRACE) == 1


def test_sweep_leaves_the_kinds_it_is_told_to(db, ran):
    enqueue("a", "many")
    enqueue("b")
    assert job.sweep(at=NOW + MINUTE, leave={"many"}) == 1
    assert ran == [["b"]]


def test_run_due_also_does_what_its_jobs_cause(db, ran):
    def chain(jobs, at):
        if jobs[0].key != "aaa":
            job.enqueue(kind="chain", key=jobs[0].key + "a", at=at)

    job.register("chain", chain)
    enqueue("a", "chain")
    assert job.run_due(at=NOW) == 3


# --- nights --------------------------------------------------------------------------------------------


def test_enqueue_nightly_writes_the_next_night_once(db, ran):
    job.register("night", lambda jobs, at: None, nightly=True)
    for minutes in range(3):
        job.enqueue_nightly(at=NOW + minutes * MINUTE)
    six = dt.datetime(2026, 11, 17, 6, 0, tzinfo=dt.UTC)  # three at night in Santiago
    assert list(Job.objects.values_list("key", "due_at")) == [("night:2026-11-17", six)]
    job.enqueue_nightly(at=six)
    assert Job.objects.filter(key="night:2026-11-18", due_at=six + dt.timedelta(days=1)).count() == 1


def test_purge_done_forgets_what_was_done_long_ago_and_keeps_what_waits_for_a_person(db, ran):
    old, recent = NOW - job.KEEP_DONE - SECOND, NOW - job.KEEP_DONE
    for key, done_at, its_state in (
        ("old", old, JobState.DONE), ("recent", recent, JobState.DONE), ("parked", None, JobState.PARKED)
    ):  # fmt: skip
        enqueue(key, at=old)
        Job.objects.filter(key=key).update(state=its_state, done_at=done_at)
    job.purge_done([], NOW)
    assert set(Job.objects.values_list("key", flat=True)) == {"recent", "parked"}


# --- races -----------------------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["one", "many"])
def test_run_job_by_many_workers_at_once_does_each_once(ran, kind):
    effects: list[str] = []
    job.register(kind, lambda jobs, at: effects.extend(j.key for j in jobs), batch=job._HANDLERS[kind].batch)
    ids = [enqueue(f"j{i}", kind).pk for i in range(20)]
    barrier, done = threading.Barrier(8), []

    def work(shift: int) -> None:
        try:
            barrier.wait()
            done.extend(job.run_job(job_id=i, at=NOW) for i in ids[shift:] + ids[:shift])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(done), sorted(effects)) == (20, sorted(f"j{i}" for i in range(20)))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_run_job_outlasting_its_lease_is_not_doubled(ran):
    """A second worker comes when the lease is over and the first is still in its transaction."""
    effects: list[str] = []
    inside, finish = threading.Event(), threading.Event()

    def slow(jobs, at):
        effects.append(threading.current_thread().name)
        inside.set()
        finish.wait(20)

    job.register("one", slow)
    row = enqueue("a")

    def first() -> None:
        job.run_job(job_id=row.pk, at=NOW)
        connections.close_all()

    thread = threading.Thread(target=first, name="first")
    thread.start()
    assert inside.wait(20)
    assert job.run_job(job_id=row.pk, at=NOW + job.LEASE + SECOND) == 0
    finish.set()
    thread.join()
    assert (effects, state("a")) == (["first"], (JobState.DONE, 1))
