"""A minute without Redis: pages as fast as before, and all due work done within two sweeps of its return."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.attack.harness import say
from tests.attack.site import Site, site
from tests.services.conftest import wait_until

OUTAGE = 60.0
#: Two sweeps, and what a sweep leaves to the hints.
TWO_SWEEPS = 70.0
#: How much slower the middle page, and the slow ones, may be: more than a measurement on a busy machine varies.
MIDDLE, SLOW = 1.3, 1.6
SAMPLE = 0.05


def attack(engine: str, *, outage: float = OUTAGE) -> bool:
    """Whether losing Redis costs pages nothing and due work only a little time."""
    with site(engine) as place:
        world = place.busy("reports")
        place.serve()
        wait_until(place.is_well)
        _visit(place, world, 10)  # what the first visit of a process costs is not what is measured
        before = _visit(place, world, outage)
        place.kill("redis")
        during = _visit(place, world, outage, first=100_000)
        left = place.busy("waiting")
        place.start("redis")
        back = time.monotonic()
        done = wait_until(lambda: place.busy("waiting")["due"] == 0, TWO_SWEEPS)
        took = time.monotonic() - back
        after = place.busy("waiting")
        say(f"due when it came back: {left['due']}; {'none' if done else after['due']} left after {took:.0f} s")
        return _compare(before, during) & done & (not after["parked"])


def _visit(place: Site, world: dict[str, Any], seconds: float, first: int = 0) -> dict[str, list[float]]:
    """Milliseconds of each page, by what it is, for so long; every report causes work that is due at once."""
    field, home = world["field"], f"/workplaces/{world['place']}/"
    taken: dict[str, list[float]] = {"home": [], "workplace": [], "control room": [], "sign-in": [], "report sent": []}
    cookies, end, number = world["cookies"], time.monotonic() + seconds, first
    with httpx.Client(base_url=place.base, cookies=cookies, timeout=30, trust_env=False) as member:
        while time.monotonic() < end:
            number += 1
            key = f"n{number}"
            sent = {field: str(number % 90 + 10), "note": key, "reason": key, "confirmed": "1", "sender_key": key}
            sent["csrfmiddlewaretoken"] = cookies["csrftoken"]
            for name, path in (("home", "/"), ("workplace", home), ("control room", "/control/")):
                _time(taken[name], 200, member.get, path)
            _time(taken["sign-in"], 200, httpx.get, place.base + "/accounts/login/", trust_env=False)
            _time(taken["report sent"], 302, member.post, f"/report/place/{world['place']}/", data=sent)
            time.sleep(SAMPLE)
    return taken


def _time(taken: list[float], status: int, ask: Callable[..., httpx.Response], *words: Any, **given: Any) -> None:
    begun = time.monotonic()
    answer = ask(*words, **given)
    taken.append((time.monotonic() - begun) * 1000)
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.url} answered {answer.status_code}")


def _compare(before: dict[str, list[float]], during: dict[str, list[float]]) -> bool:
    good = True
    for name in before:
        (p50, p95), (q50, q95) = _quantiles(before[name]), _quantiles(during[name])
        fits = q50 <= p50 * MIDDLE and q95 <= p95 * SLOW
        say(
            f"{name:12} up {p50:4.0f}/{p95:4.0f} ms, down {q50:4.0f}/{q95:4.0f} ms (p50/p95 of {len(before[name])} "
            f"and {len(during[name])}): ratios {q50 / p50:.2f} {q95 / p95:.2f}{'' if fits else '  FAULT'}"
        )
        good &= fits
    return good


def _quantiles(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
