"""The embedded shape: web, Celery worker and timetable in one process, with the broker in its memory.

Exactly one process: another would have a broker of its own and hint at nobody. Whatever is
lost with the process was only a hint; its Job row is executed after the next start.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from types import FrameType

import uvicorn
from celery import current_app
from celery.beat import EmbeddedService

from councils import stopping
from councils.management.command import say_stopped
from councils.tasks import backstop

log = logging.getLogger(__name__)

WORKER_THREADS = 2
#: Seconds that open pages (a live page never ends by itself) and running jobs are given at a stop.
PATIENCE = 3


class Engine:
    """Worker and timetable, in threads of this process."""

    def __init__(self) -> None:
        app = current_app._get_current_object()
        self._worker = app.WorkController(
            pool="threads",
            concurrency=WORKER_THREADS,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        self._worker_thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)
        # in memory, because a schedule on disk is one more file to spoil; what must not be missed is a Job row
        self._beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")

    def start(self) -> None:
        """Begin to work."""
        self._worker_thread.start()
        self._beat.start()

    def stop(self) -> bool:
        """Stop; returns whether all work in hand was finished in time."""
        stopping = threading.Thread(target=self._stop_parts, name="stopping", daemon=True)
        stopping.start()
        stopping.join(PATIENCE)
        return not stopping.is_alive()

    def _stop_parts(self) -> None:
        self._beat.service.stop()
        backstop.stop()
        self._worker.stop()
        self._worker_thread.join()


class _Server(uvicorn.Server):
    """Tells live pages of the stop, so that it need not wait for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        stopping.announce()
        super().handle_exit(sig, frame)


def serve(*, application: str, listener: socket.socket) -> None:
    """Serve ``application`` (an ASGI import path) at ``listener`` until SIGINT or SIGTERM; from the main thread."""
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    server = _Server(config)
    # a live page that is cut off at the stop is no error
    logging.getLogger("uvicorn.error").addFilter(lambda record: not server.should_exit)
    engine = Engine()
    # uvicorn raises the signal again once it has stopped; by then it only means "end"
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _already_stopping)
    engine.start()
    try:
        server.run(sockets=[listener])
    finally:
        finished = engine.stop()
    if not finished:
        log.warning("a job was still running: it is done again after the next start")
    say_stopped()
    sys.stdout.flush()
    sys.stderr.flush()
    if not finished:
        os._exit(0)  # a plain exit would wait for the job's thread


def _already_stopping(number: int, frame: FrameType | None) -> None:
    """The stop is under way."""
