"""Two thousand electors cast at full rate, in turns with the bare Django site of ``shared/perf/floor`` beside it.

CPU is that of web and database together, by the ticks of their processes. What else the machine does changes the
rate most, so both are told as medians of several turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.attack import harness
from tests.attack.harness import say
from tests.attack.site import SERVER_USER, Site, Unavailable, site
from tests.services.conftest import BIN, free_port, wait_until

ELECTORS = 2000
TURNS = 3
CLIENTS = 32
#: Cast before the first turn, for what only the first requests of a process cost.
WARMING = 200
#: What a cast may cost, and how many a second there must be, against the bare site.
COST, RATE = 1.5, 0.7


def directory() -> Path:
    """The yardsticks. Raises ``Unavailable``."""
    place = harness.directory().parent / "perf"
    if not (place / "floor").exists():
        raise Unavailable(f"the bare site is not in {place}")
    return place


@dataclass
class Turns:
    """What was measured of one site: milliseconds of CPU per cast, and casts per second."""

    name: str
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def note(self, found: dict[str, Any]) -> None:
        self.web.append(found["per_op_ms"]["web"])
        self.database.append(found["per_op_ms"]["database"])
        self.rate.append(found["rate"])
        self.errors |= found["errors"] or {}

    @property
    def cost(self) -> float:
        return statistics.median(w + d for w, d in zip(self.web, self.database, strict=True))

    @property
    def speed(self) -> float:
        return statistics.median(self.rate)

    def told(self) -> str:
        web, database = statistics.median(self.web), statistics.median(self.database)
        return (
            f"{self.name:12} {web:5.2f} ms web + {database:4.2f} ms database = {self.cost:5.2f} ms of CPU a cast, "
            f"{self.speed:4.0f} casts/s, errors {self.errors or 'none'}"
        )


def attack(engine: str, *, electors: int = ELECTORS, turns: int = TURNS) -> bool:
    """Whether each cast is answered, and costs no more than ``COST`` times one of the bare site."""
    with site(engine) as place:
        cookies = place.busy("electors", str(electors))["cookies"]
        place.serve()
        bare = Bare(place, electors)
        ours, floor = Turns("cordón"), Turns("bare Django")
        voters = place.directory / "voters.jsonl"
        voters.write_text("".join(json.dumps(_voter(one)) + "\n" for one in cookies))
        try:
            for turn in range(turns + 1):
                cast = {
                    "path": f"/votes/{place.busy('vote')['poll']}/cast/",
                    "form": {"choice": "yes"},
                    "expect": [201],
                }
                found = measure(place, place.pid("web"), place.base, voters, cast, WARMING if not turn else electors)
                other = bare.measure(WARMING if not turn else electors)
                if turn:
                    ours.note(found)
                    floor.note(other)
                    shown = [f"{one['per_op_ms']} {one['rate']}/s" for one in (found, other)]
                    say(f"turn {turn}: {shown[0]}; bare {shown[1]}")
        finally:
            bare.end()
    return _judge(ours, floor)


def measure(place: Site, web: int, base: str, voters: Path, cast: dict[str, Any], number: int) -> dict[str, Any]:
    """What casting ``number`` votes at ``base`` took, by ``cpucost.py`` around ``cast_load.py``."""
    plan = place.directory / "plan.json"
    step = {"name": "cast", "method": "POST", **cast}
    plan.write_text(json.dumps({"headers": {"Accept": "text/html", "X-CSRFToken": "{csrf}"}, "steps": [step]}))
    watched = [f"web={web}", f"database={place.pid('postgresql')}"]
    load = ["--base", base, "--voters", str(voters), "--plan", str(plan), "-c", str(CLIENTS), "-n", str(number)]
    command = [directory() / "cpucost.py", *watched, "--", sys.executable, directory() / "cast_load.py", *load]
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[0])
    except (IndexError, ValueError) as e:
        raise Unavailable(f"the load did not run: {done.stdout[-500:]} {done.stderr[-500:]}") from e
    if not found["per_op_ms"]:
        raise Unavailable(f"nothing was cast at {base}: {found['errors']}")
    return found


class Bare:
    """The bare site, on a database of its own in the cluster of ``place``."""

    def __init__(self, place: Site, electors: int) -> None:
        self._place, self._electors, port = place, electors, free_port()
        self._base, self._code = f"http://127.0.0.1:{port}", directory() / "floor"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        there = {"PGHOST": "127.0.0.1", "PGPORT": str(place.database_port), "PGUSER": SERVER_USER}
        self._environment = {**keep, **there, "PYTHONDONTWRITEBYTECODE": "1"}
        self._voters = place.directory / "bare.jsonl"
        with psycopg.connect(place.database_url, autocommit=True) as server:
            server.execute("CREATE DATABASE floor")
        self._set_up()
        command = [str(BIN / "gunicorn"), "wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        with (place.directory / "bare.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._code, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        if not wait_until(self._answers, 30):
            raise Unavailable(f"the bare site does not answer, see {place.directory}/bare.log")

    def _set_up(self) -> None:
        """Its own ``setup.py``: electors with sessions, nobody has voted."""
        command = [sys.executable, "setup.py", str(self._electors), str(self._voters)]
        subprocess.run(command, cwd=self._code, env=self._environment, check=True, capture_output=True)

    def _answers(self) -> bool:
        try:
            return httpx.get(self._base + "/plain", trust_env=False, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def measure(self, number: int) -> dict[str, Any]:
        """As ``measure``, from an empty urn."""
        self._set_up()
        cast = {"path": "/cast/1", "form": {"ranking": "3,1,2"}, "expect": [302]}
        return measure(self._place, self._process.pid, self._base, self._voters, cast, number)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(15)


def _voter(cookies: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "csrf": cookies["csrftoken"]}


def _judge(ours: Turns, floor: Turns) -> bool:
    cost, rate = ours.cost / floor.cost, ours.speed / floor.speed
    for one in (ours, floor):
        say(one.told())
    faults = {
        "errors": bool(ours.errors or floor.errors),
        f"a cast costs {cost:.2f} times a bare one, more than {COST}": cost > COST,
        f"casts per second are {rate:.2f} of the bare ones, less than {RATE}": rate < RATE,
    }
    say(f"CPU {cost:.2f} times the bare cast (at most {COST}), rate {rate:.2f} of it (at least {RATE})")
    for name, is_fault in faults.items():
        if is_fault:
            say(f"FAULT {name}")
    return not any(faults.values())
