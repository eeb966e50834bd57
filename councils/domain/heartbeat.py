"""Heartbeats: proof that work goes round, not only that processes exist.

Two pulses. ``beat``: the timetable's process is alive and reaches the database. ``worker``: a job
written each minute was hinted at through the broker, claimed and done. A process check cannot
see a worker that lives but stopped consuming; this can.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from councils.domain import job
from councils.models import Heartbeat, Job

KIND = "heartbeat"
BEAT, WORKER = "beat", "worker"
#: A pulse older than this is unhealthy: three were missed.
STALE = dt.timedelta(minutes=3)


def beat(*, at: dt.datetime) -> None:
    """The timetable ticked."""
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": at})


def call(*, at: dt.datetime) -> None:
    """Write this minute's no-op job; asking twice in a minute writes one."""
    job.enqueue(kind=KIND, key=f"{KIND}:{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M}", at=at)


def answer(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of the no-op job: a worker is alive at ``at``."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": at})


@dataclass(frozen=True)
class Pulse:
    """``last_at`` None: never felt."""

    last_at: dt.datetime | None
    ok: bool


def feel(*, at: dt.datetime) -> dict[str, Pulse]:
    """Both pulses as they stand at ``at``."""
    last = dict(Heartbeat.objects.values_list("name", "at"))
    return {name: Pulse(last.get(name), name in last and last[name] > at - STALE) for name in (BEAT, WORKER)}
