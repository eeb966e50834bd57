"""Web, worker, timetable, Redis and PostgreSQL killed at random while reports come in."""

from __future__ import annotations

from typing import Any

from tests.attack import harness
from tests.attack.site import PARTS, Site, site
from tests.services.conftest import ROOT, wait_until

#: The fewest acknowledged reports that prove something.
ACKNOWLEDGED = 2000
#: Seconds for two sweeps and what they execute.
SETTLE = 150


def attack(engine: str, *, cycles: int = 60, acknowledged: int = ACKNOWLEDGED) -> bool:
    """Whether every acknowledged report is there once and the summaries are what the reports say."""
    with site(engine) as place:
        world = place.busy("reports")
        place.end()
        passed = harness.run(place, "kill_loop.py", {"kill": _plan(place, world, cycles, acknowledged)})
        place.start("postgresql")
        wait_until(place.database_answers)
        return passed & aftermath(place)


def aftermath(place: Site) -> bool:
    """Nothing given up; the product's own check of its sums is clean."""
    parked = place.busy("waiting")["parked"]
    said = place.operate("rebuild_summaries", "--check").strip()
    harness.say(f"parked {parked or 'none'}; rebuild_summaries --check: {said}")
    return not parked


def _plan(place: Site, world: dict[str, Any], cycles: int, acknowledged: int) -> dict[str, Any]:
    sent = {"sender_key": "{key}", "note": "{key}", "reason": "{key}", "confirmed": "1", world["field"]: "{n}"}
    return {
        "procs": [
            {"name": name, "cmd": place.commands[name], "cwd": str(ROOT), "env": place.environment} for name in PARTS
        ],
        "ready": "/accounts/login/",
        "account": {"cookies": world["cookies"]},
        "write": {"path": f"/report/place/{world['place']}/", "data": sent, "pause_s": 0.0},
        "ack": [302],
        "state_cmd": place.shell("-m", "tests.attack.busy_world", "state"),
        "writers": 6,
        "cycles": cycles,
        "up_s": [1.0, 5.0],
        "settle_s": SETTLE,
        "min_acked": acknowledged,
        "log": str(place.directory / "kill.log"),
    }
