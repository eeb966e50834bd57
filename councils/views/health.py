"""``/healthz``: for whoever watches the installation. It says what is alive, and nothing about anyone."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from councils.domain import heartbeat, job, vital
from councils.domain.heartbeat import Pulse
from councils.tasks import broker_answers

#: Seconds that each part may take to answer before it counts as down.
PATIENCE = 2.0
# hung probes stay in their threads: a sick neighbour can fill this pool, and then it still counts as down
_probes = ThreadPoolExecutor(max_workers=4, thread_name_prefix="healthz")
_T = TypeVar("_T")
Felt = tuple[dict[str, Pulse], list[str], dict[str, dict[str, object]]]
_NOTHING: Felt = ({}, [], {})


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well; 503 when a part is down or work is parked. Pages go on without broker, beat and worker.

    ``parked``: how many jobs were given up and wait for a person, and of which kinds.
    """
    felt_asked, broker_asked = _probes.submit(_feel, timezone.now()), _probes.submit(broker_answers)
    (pulses, parked, others), broker = _wait(felt_asked, _NOTHING), _wait(broker_asked, False)
    parts: dict[str, dict[str, object]] = {"database": {"ok": bool(pulses)}, "broker": {"ok": broker}}
    for name in (heartbeat.BEAT, heartbeat.WORKER):
        pulse = pulses.get(name, Pulse(None, False))
        parts[name] = {"ok": pulse.ok, "last_tick": pulse.last_at}
    parts["parked"] = {"ok": not parked, "jobs": len(parked), "kinds": sorted(set(parked))}
    parts |= others
    return JsonResponse(parts, status=200 if all(part["ok"] for part in parts.values()) else 503)


def _feel(at: dt.datetime) -> Felt:
    """Both pulses, the kinds of what is parked, what other apps add; nothing when the database does not answer."""
    try:
        return heartbeat.feel(at=at), job.parked(), vital.felt(at=at)
    except DatabaseError:
        return _NOTHING
    finally:
        connections.close_all()


def _wait(asked: Future[_T], otherwise: _T) -> _T:
    try:
        return asked.result(timeout=PATIENCE)
    except TimeoutError:
        return otherwise
