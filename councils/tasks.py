"""Celery tasks: hints that due work may be ready. All may be lost, late or doubled without harm.

The truth is the Job row (councils/domain/job.py). Three things execute it: the hint, sent
after commit; the worker's sweep, from the timetable; and the backstop below, a thread of the
timetable's own process, which needs no broker and so also works while Redis is away or a worker
lives without consuming.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery import current_app, shared_task
from celery.signals import beat_init
from django.db import connections
from django.utils import timezone
from kombu import pools
from kombu.connection import Connection
from kombu.exceptions import KombuError

from councils.breaker import Breaker
from councils.domain import heartbeat, job

log = logging.getLogger(__name__)

#: A hint waits no longer than this for the broker, and after a failure the broker is left alone for REST seconds.
PATIENCE = 0.25
REST = 5.0
#: A hint older than this is not worth executing: sweeps have long been there.
HINT_EXPIRES = 600
SLICE = 50
_breaker = Breaker(REST)


@shared_task(name="councils.run_job")
def run_job(job_id: int) -> None:
    """Execute one job, if it is still due."""
    job.run_job(job_id=job_id, at=timezone.now())


@shared_task(name="councils.sweep")
def sweep() -> None:
    """Execute whatever is overdue, in slices, so that leases start from a fresh clock."""
    while job.sweep(at=timezone.now(), limit=SLICE):
        pass


@shared_task(name="councils.heartbeat")
def call_heartbeat() -> None:
    """Write the no-op job of this minute and the next night's work."""
    heartbeat.call(at=timezone.now())
    job.enqueue_nightly(at=timezone.now())


# --- hints ---------------------------------------------------------------------------------


def _hint_connection() -> Connection:
    """The broker with little patience: the default would retry for ever, with a page waiting."""
    patience = {"max_retries": 0, "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    connection: Connection = current_app.connection_for_write(transport_options=patience)
    return connection


def send_hint(job_id: int) -> None:
    """Tell a worker that the job may be ready. Never raises, and a dead broker costs a page next to nothing."""
    if not _breaker.may_try():
        return
    try:
        with pools.producers[_hint_connection()].acquire(block=True, timeout=PATIENCE) as producer:
            run_job.apply_async(args=[job_id], producer=producer, retry=False, expires=HINT_EXPIRES)
    except (KombuError, OSError) as e:
        if _breaker.failed():
            log.warning("broker away, the sweep will execute what is due: %s", type(e).__name__)
    else:
        _breaker.succeeded()


def broker_answers() -> bool:
    """Whether the broker can be reached now; the broker in memory always can."""
    try:
        with _hint_connection() as connection:
            return connection.default_channel is not None
    except (KombuError, OSError):
        return False


# --- the backstop ------------------------------------------------------------------------------


class Backstop:
    """A thread beside beat: marks the beat, and executes what hints and sweeps of a healthy worker would have."""

    EVERY = 30.0  # seconds

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, once per process."""
        if self._thread is None or not self._thread.is_alive():
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="backstop", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """End after the job in hand, or after ``timeout`` seconds leave it to the process's end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        called = False
        while not self._stop.is_set():
            done = 0
            try:
                heartbeat.beat(at=timezone.now())
                if not called:  # do not wait a minute to know whether a worker is there
                    call_heartbeat()
                    called = True
                done = job.sweep(at=timezone.now(), grace=job.BACKSTOP_GRACE, leave={heartbeat.KIND}, limit=SLICE)
            except Exception as e:  # whatever went wrong, the backstop is there again in half a minute
                log.error("backstop: %s", type(e).__name__)
            finally:
                connections.close_all()
            if not done:
                self._stop.wait(self.EVERY)


backstop = Backstop()


@beat_init.connect(dispatch_uid="councils.backstop")
def start_backstop(**_signal: Any) -> None:
    """Wherever the timetable runs, the backstop runs."""
    backstop.start()
