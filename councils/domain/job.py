"""Jobs: due work is a row written with the fact; a Celery task is a hint; the sweep executes.

Why: brokers lose messages and hung workers keep them. A Job row commits with the fact
that calls for it, so neither can exist without the other. ``run_job`` claims the row
with a lease, then does the effect and marks the row done in one transaction, so a kill
at any moment leaves either both or neither. Whatever no hint reached, ``sweep`` runs.

A handler is ``handler(jobs, at)``: one domain effect for the list of jobs it was given
(all of one kind; more than one only if it was registered with ``batch`` > 1). It runs
inside the transaction, must be safe to run twice, and may raise ``NotYet`` to be asked
again later without counting as a failed attempt.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from councils.enums import JobState
from councils.models import Job

log = logging.getLogger(__name__)

Handler = Callable[[Sequence[Job], dt.datetime], None]
LEASE = dt.timedelta(minutes=5)
GRACE = dt.timedelta(seconds=10)
TRIES = 5
#: Wait after the first, second… failed attempt.
BACKOFF = [dt.timedelta(seconds=s) for s in (5, 30, 120, 600, 1800)]


class NotYet(Exception):
    """The effect cannot be done now; ask again after ``retry_in``."""

    def __init__(self, retry_in: dt.timedelta = dt.timedelta(seconds=30)) -> None:
        super().__init__(f"not yet, again in {retry_in}")
        self.retry_in = retry_in


@dataclass(frozen=True)
class Registration:
    """How a kind of job is executed."""

    handler: Handler
    batch: int
    lease: dt.timedelta


_HANDLERS: dict[str, Registration] = {}
_hint: Callable[[int], None] | None = None


def register(kind: str, handler: Handler, *, batch: int = 1, lease: dt.timedelta = LEASE) -> None:
    """Name the handler of ``kind``; called once, when the apps are ready."""
    _HANDLERS[kind] = Registration(handler, batch, lease)


def send_hints_with(send: Callable[[int], None]) -> None:
    """How to tell a worker that a job may be ready (set by ``councils.tasks``)."""
    global _hint
    _hint = send


def enqueue(
    *, kind: str, key: str, at: dt.datetime, due_at: dt.datetime | None = None, payload: dict[str, Any] | None = None
) -> Job:
    """Write the job inside the caller's transaction; the same ``key`` is written once.

    ``due_at`` None: now. A job due now is hinted at after commit.
    """
    job, created = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload or {}, "due_at": due_at or at, "created_at": at}
    )
    if created and job.due_at <= at:
        transaction.on_commit(lambda: _send_hint(job.pk), robust=True)
    return job


def _send_hint(job_id: int) -> None:
    if _hint is not None:
        _hint(job_id)


def _claim(job_ids: Sequence[int], at: dt.datetime, lease: dt.timedelta) -> list[Job]:
    """Lease those of ``job_ids`` that are still due and free. Committed at once."""
    with transaction.atomic():
        rows = Job.objects.due(at).filter(pk__in=job_ids)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        jobs = list(rows.order_by("due_at", "pk"))
        Job.objects.filter(pk__in=[j.pk for j in jobs]).update(lease_until=at + lease)
    return jobs


def run_job(*, job_id: int, at: dt.datetime) -> int:
    """Execute one job (and, for a kind that takes batches, its due siblings). Returns how many were done."""
    first = Job.objects.due(at).filter(pk=job_id).first()
    if first is None:
        return 0
    registration = _HANDLERS[first.kind]
    ids = [first.pk]
    if registration.batch > 1:
        ids += list(
            Job.objects.due(at)
            .filter(kind=first.kind)
            .exclude(pk=first.pk)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[: registration.batch - 1]
        )
    jobs = _claim(ids, at, registration.lease)
    if not jobs:
        return 0
    if _execute(registration.handler, jobs, at):
        return len(jobs)
    if len(jobs) > 1:  # one poisoned job must not hold back its siblings
        return sum(_execute(registration.handler, [job], at) for job in jobs)
    return 0


def _execute(handler: Handler, jobs: list[Job], at: dt.datetime) -> bool:
    """The effect and the mark in one transaction. A failure is noted only for a job that ran alone."""
    ids = [j.pk for j in jobs]
    try:
        with transaction.atomic():
            mine = Job.objects.filter(pk__in=ids, state=JobState.PENDING)
            if connection.features.has_select_for_update:
                mine = mine.select_for_update()
            if len(mine) != len(ids):  # another process finished it after our lease ran out
                return True
            handler(jobs, at)
            Job.objects.filter(pk__in=ids).update(state=JobState.DONE, done_at=at, lease_until=None, last_error="")
    except NotYet as wait:
        Job.objects.filter(pk__in=ids).update(lease_until=None, due_at=at + wait.retry_in)
        return True
    except Exception as e:  # noqa: BLE001  any failure is noted on the row, five times, then parked
        if len(jobs) > 1:
            return False
        job = jobs[0]
        tries = job.attempts + 1
        trace = "".join(traceback.format_exception(e, limit=-6))
        state = JobState.PARKED if tries >= TRIES else JobState.PENDING
        Job.objects.filter(pk=job.pk, state=JobState.PENDING).update(
            attempts=F("attempts") + 1,
            state=state,
            last_error=trace[-4000:],
            lease_until=None if state == JobState.PARKED else at + BACKOFF[min(tries, len(BACKOFF)) - 1],
        )
        log.error("job %s failed (%s of %s): %s", job.key, tries, TRIES, e)
        return False
    return True


def sweep(*, at: dt.datetime, grace: dt.timedelta = GRACE, limit: int = 500) -> int:
    """Execute what has been due for longer than ``grace``, in the order it fell due. Returns how many were done."""
    done = 0
    ids = list(Job.objects.due(at).filter(due_at__lte=at - grace).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    for job_id in ids:
        done += run_job(job_id=job_id, at=at)
    return done


def run_due(*, at: dt.datetime, rounds: int = 20) -> int:
    """Execute all that is due now, also what those jobs cause: for commands, tests and the embedded shape."""
    total = 0
    for _round in range(rounds):
        done = sweep(at=at, grace=dt.timedelta(0))
        if not done:
            break
        total += done
    return total
