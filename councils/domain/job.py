"""Jobs: due work is a row written with the fact; a Celery task is a hint; the sweep executes.

Why: brokers lose messages and hung workers keep them. A Job row commits with the fact
that calls for it, so neither can exist without the other. ``run_job`` claims the row
with a lease, then does the effect and marks the row done in one transaction, so a kill
at any moment leaves either both or neither. Whatever no hint reached, ``sweep`` runs.

A handler is ``handler(jobs, at)``: one domain effect for the list of jobs it was given
(all of one kind; more than one only if it was registered with ``batch`` > 1). It runs
inside the transaction, must be safe to run twice, and may raise ``NotYet`` to be asked
again later without counting as a failed attempt. ``job.due_at`` stays the moment when the
step was due, however late it is executed.

The lease only covers the gap between claim and execution: while a handler runs, its
transaction holds the row (PostgreSQL) or the database (SQLite), so a handler that outlasts
its lease is waited for or skipped, never doubled.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from councils.enums import JobState
from councils.models import Job

log = logging.getLogger(__name__)

Handler = Callable[[Sequence[Job], dt.datetime], None]
LEASE = dt.timedelta(minutes=1)
#: What a hint should have reached is left to it for this long, before a sweep takes it…
GRACE = dt.timedelta(seconds=10)
#: …and what the workers' sweeps should have taken, before the timetable's process takes it.
BACKSTOP_GRACE = dt.timedelta(seconds=45)
TRIES = 5
#: Wait after the first, second… failed attempt; the fifth parks.
BACKOFF = [dt.timedelta(seconds=s) for s in (5, 30, 120, 600)]
NIGHT_HOUR = 3  # local
KEEP_DONE = dt.timedelta(days=30)
PURGE = "purge_jobs"


class NotYet(Exception):
    """The effect cannot be done now; ask again after ``retry_in``."""

    def __init__(self, retry_in: dt.timedelta = dt.timedelta(seconds=30)) -> None:
        super().__init__(f"not yet, again in {retry_in}")
        self.retry_in = retry_in


@dataclass(frozen=True)
class Registration:
    """How a kind of job is executed."""

    handler: Handler
    batch: int = 1
    lease: dt.timedelta = LEASE
    nightly: bool = False
    private: bool = False


_HANDLERS: dict[str, Registration] = {}
_hint: Callable[[int], None] | None = None


def register(
    kind: str,
    handler: Handler,
    *,
    batch: int = 1,
    lease: dt.timedelta = LEASE,
    nightly: bool = False,
    private: bool = False,
) -> None:
    """Name the handler of ``kind``; called once, when the apps are ready.

    ``nightly``: due each night by itself. ``private``: that such work waits somewhere is itself nobody's business
    (``shown_to_keepers``).
    """
    _HANDLERS[kind] = Registration(handler, batch, lease, nightly, private)


def send_hints_with(send: Callable[[int], None]) -> None:
    """How to tell a worker that a job may be ready (set in ``councils.receivers``)."""
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


def enqueue_nightly(*, at: dt.datetime) -> None:
    """Write the work of the next night. A machine that is off at night finds it overdue in the morning."""
    night = timezone.localtime(at).replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    if night <= at:
        night += dt.timedelta(days=1)
    for kind, registration in _HANDLERS.items():
        if registration.nightly:
            enqueue(kind=kind, key=f"{kind}:{night:%Y-%m-%d}", at=at, due_at=night)


def _send_hint(job_id: int) -> None:
    if _hint is not None:
        _hint(job_id)


def run_job(*, job_id: int, at: dt.datetime) -> int:
    """Execute one job (and, for a kind that takes batches, its due siblings). Returns how many were done."""
    first = Job.objects.due(at).filter(pk=job_id).first()
    if first is None:
        return 0
    registration = _HANDLERS.get(first.kind, Registration(_unknown_kind))
    ids = [first.pk]
    if registration.batch > 1 and not first.attempts:
        # what was tried before runs alone: it may be what killed the batch
        siblings = Job.objects.due(at).filter(kind=first.kind, attempts=0).exclude(pk=first.pk)
        ids += list(siblings.order_by("due_at", "pk").values_list("pk", flat=True)[: registration.batch - 1])
    jobs = _claim(ids, at, registration.lease)
    return _execute(registration.handler, jobs, at) if jobs else 0


def _claim(job_ids: Sequence[int], at: dt.datetime, lease: dt.timedelta) -> list[Job]:
    """Lease those of ``job_ids`` that are still due and free, and count the attempt. Committed at once.

    Attempts are counted here, not on failure, so that a job that kills its process is parked too.
    """
    with transaction.atomic():
        rows = Job.objects.due(at).filter(pk__in=job_ids)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        jobs = list(rows.order_by("due_at", "pk"))
        worn = [job for job in jobs if job.attempts >= TRIES]
        for job in worn:
            _park(job, f"Started {TRIES} times, never finished: its process died or was stopped each time.")
        jobs = [job for job in jobs if job.attempts < TRIES]
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(lease_until=at + lease, attempts=F("attempts") + 1)
    return jobs


def _execute(handler: Handler, jobs: Sequence[Job], at: dt.datetime) -> int:
    """The effect and the mark in one transaction; a batch that fails is done one by one. Returns how many were done."""
    try:
        with transaction.atomic():
            # what another process finished after our lease ran out is no longer among these
            mine = list(
                Job.objects.filter(pk__in=[job.pk for job in jobs], state=JobState.PENDING)
                .select_for_update()
                .order_by("due_at", "pk")
            )
            if mine:
                handler(mine, at)
            done = Job.objects.filter(pk__in=[job.pk for job in mine])
            return done.update(state=JobState.DONE, done_at=at, lease_until=None, last_error="")
    except NotYet as wait:
        if len(jobs) == 1:
            rows = Job.objects.filter(pk=jobs[0].pk, state=JobState.PENDING)
            rows.update(lease_until=at + wait.retry_in, attempts=F("attempts") - 1)
            return 0
    except Exception as e:  # any failure is noted on the row, five times, then parked
        if len(jobs) == 1:
            _note_failure(jobs[0], e, at)
            return 0
    return sum(_execute(handler, [job], at) for job in jobs)


def _note_failure(job: Job, error: Exception, at: dt.datetime) -> None:
    """Back off, or park after the last try. ``job.attempts`` is the count before this attempt."""
    tries = job.attempts + 1
    log.error("job %s failed (%s of %s): %s", job.key, tries, TRIES, type(error).__name__)
    if tries >= TRIES:
        _park(job, _where(error))
    else:
        rows = Job.objects.filter(pk=job.pk, state=JobState.PENDING)
        rows.update(lease_until=at + BACKOFF[tries - 1], last_error=_where(error))


def _park(job: Job, why: str) -> None:
    """Leave it to a person."""
    rows = Job.objects.filter(pk=job.pk, state=JobState.PENDING)
    rows.update(state=JobState.PARKED, lease_until=None, last_error=why)


def _where(error: Exception) -> str:
    """Type and place of an error, without its message: a message may quote a ballot or a judgement."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([type(error).__name__, *reversed(places)])


def _unknown_kind(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Fails like any job, so that a kind from another version waits and never blocks the rest."""
    raise LookupError(jobs[0].kind)


def sweep(*, at: dt.datetime, grace: dt.timedelta = GRACE, leave: Collection[str] = (), limit: int = 500) -> int:
    """Execute what has been due for longer than ``grace``, in the order it fell due, but kinds in ``leave``.

    Returns how many were done.
    """
    overdue = Job.objects.due(at).filter(due_at__lte=at - grace).exclude(kind__in=leave)
    ids = list(overdue.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(run_job(job_id=job_id, at=at) for job_id in ids)


def run_due(*, at: dt.datetime, rounds: int = 20) -> int:
    """Execute all that is due now, also what those jobs cause: for commands, tests and the embedded shape."""
    total = 0
    for _round in range(rounds):
        done = sweep(at=at, grace=dt.timedelta(0))
        if not done:
            break
        total += done
    return total


def parked() -> list[str]:
    """The kind of each job that waits for a person, in order; of a private kind only that it is."""
    kinds = Job.objects.parked().values_list("kind", flat=True)
    return sorted("private" if kind in _private() else kind for kind in kinds)


def shown_to_keepers(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Those that who keeps the installation sees: of a private kind only what was given up, which waits for her."""
    return jobs.exclude(~Q(state=JobState.PARKED), kind__in=_private())


def _private() -> list[str]:
    return [kind for kind, registration in _HANDLERS.items() if registration.private]


def try_again(*, jobs: QuerySet[Job], at: dt.datetime) -> int:
    """Those of ``jobs`` that were parked become due now, with all their tries. Returns how many."""
    return jobs.filter(state=JobState.PARKED).update(state=JobState.PENDING, attempts=0, due_at=at, lease_until=None)


def purge_done(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of the nightly purge: what was done long ago is forgotten; what is parked waits for a person."""
    Job.objects.filter(state=JobState.DONE, done_at__lt=at - KEEP_DONE).delete()
