"""The black-box scripts, which lie beside the checkout: configured, run, judged by their exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.attack.site import Site, Unavailable
from tests.services.conftest import ROOT

LOGIN = {"url": "/accounts/login/", "user_field": "login", "pass_field": "password"}
#: Exit code of a script that found a fault; 2 is one that could not work.
FAULT = 1


def directory() -> Path:
    """Where the scripts are. Raises ``Unavailable``."""
    place = Path(os.environ.get("HARNESS", ROOT.parent / "shared" / "harness"))
    place = place if place.is_absolute() else ROOT / place
    if not (place / "hx.py").exists():
        raise Unavailable(f"the harness is not in {place}: set HARNESS")
    return place


def run(site: Site, script: str, config: dict[str, Any], *words: str, before: tuple[str, ...] = ()) -> bool:
    """Whether ``script`` passed with ``config``; what it found is printed. Raises ``Unavailable`` if it broke."""
    path = site.directory / f"{Path(script).stem}.json"
    path.write_text(json.dumps({"base": site.base, "login": LOGIN, **config}, indent=1))
    command = [sys.executable, str(directory() / script), *before, str(path), *words]
    done = subprocess.run(command, cwd=site.directory, check=False)
    if done.returncode not in (0, FAULT):
        raise Unavailable(f"{script} could not work (exit {done.returncode})")
    return done.returncode == 0


def script(name: str, *words: str) -> bool:
    """Whether a script that takes words instead of a file passed. Raises ``Unavailable`` if it broke."""
    done = subprocess.run([sys.executable, str(directory() / name), *words], check=False)
    if done.returncode not in (0, FAULT):
        raise Unavailable(f"{name} could not work (exit {done.returncode})")
    return done.returncode == 0


def say(text: str) -> None:
    """A line of what an attack found out."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
