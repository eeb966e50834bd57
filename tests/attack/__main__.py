"""``python -m tests.attack [NAME …] [--engine sqlite|postgresql]``: exit 0 when nothing was found, 1 for a fault."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.attack import (
    authz,
    deadline,
    headers,
    importing,
    kill,
    kill_casts,
    load,
    race,
    sign_in,
    thief,
    without_redis,
)
from tests.attack.harness import say
from tests.attack.site import Unavailable

ENGINES = ("sqlite", "postgresql")
BOTH: dict[str, Callable[..., bool]] = {
    "headers": headers.attack,
    "authz": authz.attack,
    "race": race.attack,
    "import": importing.attack,
    "thief": thief.attack,
}
#: Only where there are processes to kill.
PRODUCTION: dict[str, Callable[..., bool]] = {
    "kill": kill.attack,
    "casts": kill_casts.attack,
    "deadline": deadline.attack,
    "sign_in": sign_in.attack,
    "redis": without_redis.attack,
    "load": load.attack,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*BOTH, *PRODUCTION, []], help="which; all of them when none is named"
    )
    parser.add_argument("--engine", choices=ENGINES, help="on this database only")
    parser.add_argument("--write-expect", type=Path, help="write what authz saw, to be read and corrected by a person")
    given = parser.parse_args()
    if unknown := set(given.names) - {*BOTH, *PRODUCTION}:
        parser.error(f"there is no attack {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped too
    found = [
        (name, engine, attack)
        for name, attack in {**BOTH, **PRODUCTION}.items()
        for engine in ENGINES
        if name in (given.names or [*BOTH, *PRODUCTION])
        and engine == (given.engine or engine)
        and (name in BOTH or engine == "postgresql")
    ]
    failed = []
    for name, engine, attack in found:
        begun = time.monotonic()
        say(f"== {name} on {engine}")
        more = {"write": given.write_expect} if name == "authz" else {}
        try:
            passed = attack(engine, **more)
        except (Unavailable, RuntimeError, OSError) as e:
            say(str(e))
            passed = False
        say(f"== {name} on {engine}: {'passed' if passed else 'FAILED'} after {time.monotonic() - begun:.0f} s")
        if not passed:
            failed.append(f"{name} on {engine}")
    say(f"failed: {', '.join(failed)}" if failed else "nothing found")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
