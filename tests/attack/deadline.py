"""The close by the clock, with no worker and no timetable running; then two that count at once."""

from __future__ import annotations

import asyncio
import collections
import subprocess
import sys
import time
from typing import Any

import httpx

from tests.attack.harness import say
from tests.attack.site import Site, site
from tests.services.conftest import ROOT

#: Electors at each of these seconds from the close.
EACH = 40
MOMENTS = (-1.0, 0.0, 1.0)
CASTS, REFUSED = 201, 409
#: Too many at once: who comes too late may be told so instead.
BUSY = 503
#: Seconds until the close, in which the browsers get ready.
LEAD = 15
COUNTERS = 4


def attack(engine: str, *, each: int = EACH) -> bool:
    """Whether exactly what came in time is counted, once, whoever counts."""
    with site(engine) as place:
        world = place.busy("electors", str(each * len(MOMENTS)))
        place.serve(without=("worker", "beat"))
        closes = place.busy("close", world["poll"], str(LEAD))["epoch"]
        answers = asyncio.run(_cast_all(place, world, closes, each))
        return _in_time(answers) & _count_at_once(place, world["poll"], answers)


async def _cast_all(place: Site, world: dict[str, Any], closes: float, each: int) -> list[tuple[float, float, int]]:
    """(when sent, when answered, status), seconds from the close."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=place.base, timeout=60, trust_env=False, limits=limits) as client:

        async def cast(number: int, cookies: dict[str, str]) -> tuple[float, float, int]:
            at = closes + MOMENTS[number // each]
            await asyncio.sleep(max(0.0, at - time.time()))
            sent = time.time() - closes
            header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            paper = {"choice": "yes", "csrfmiddlewaretoken": cookies["csrftoken"]}
            answer = await client.post(f"/votes/{world['poll']}/cast/", data=paper, headers=header)
            return sent, time.time() - closes, answer.status_code

        return await asyncio.gather(*(cast(number, cookies) for number, cookies in enumerate(world["cookies"])))


def _in_time(answers: list[tuple[float, float, int]]) -> bool:
    faults = []
    for moment in MOMENTS:
        there = [one for one in answers if abs(one[0] - moment) < 0.5]
        said = collections.Counter(status for _sent, _answered, status in there)
        say(f"{moment:+.0f} s: {len(there)} cast, answers {dict(said)}")
        faults += [f"{moment:+.0f} s: answered {status}" for status in said.keys() - {CASTS, REFUSED, BUSY}]
    faults += [
        f"sent {sent:+.3f} s and turned away" for sent, _answered, status in answers if sent < 0 and status == BUSY
    ]
    faults += [f"sent {sent:+.3f} s and taken" for sent, _answered, status in answers if sent > 0 and status == CASTS]
    faults += [
        f"answered {answered:+.3f} s and refused"
        for _sent, answered, status in answers
        if answered < 0 and status == REFUSED
    ]
    for fault in faults:
        say(f"FAULT {fault}")
    return not faults


def _count_at_once(place: Site, poll: str, answers: list[tuple[float, float, int]]) -> bool:
    """Several operators count the same vote in the same moment."""
    taken = sum(status == CASTS for _sent, _answered, status in answers)
    command = [sys.executable, "manage.py", "tally_vote", poll]
    counting = [
        subprocess.Popen(command, cwd=ROOT, env=place.operator, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(COUNTERS)
    ]
    said = collections.Counter(one.communicate()[0].decode().strip().splitlines()[-1] for one in counting)
    found = place.busy("counted", poll)
    once = found["counts"] == 1 and found["ballots"] == found["result"]["present"] == len(found["codes"]) == taken
    say(
        f"taken {taken}; {COUNTERS} that count at once say {dict(said)}; ballots {found['ballots']}, "
        f"codes {len(found['codes'])}, declared {found['counts']} times"
        f"{'' if once else '  FAULT'}"
    )
    return once and found["state"] == "declared" and len(said) == 1
