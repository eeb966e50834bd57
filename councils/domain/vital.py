"""Vital signs: what another app adds to ``/healthz``, without names or places. Registered when the apps are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

#: Gives ``{"ok": …}`` and what who keeps the installation should know.
Probe = Callable[[dt.datetime], dict[str, object]]
_PROBES: dict[str, Probe] = {}


def register(name: str, probe: Probe) -> None:
    """Add a part to the answer of ``/healthz``."""
    _PROBES[name] = probe


def felt(*, at: dt.datetime) -> dict[str, dict[str, object]]:
    """Every part that was added, as it is at ``at``."""
    return {name: probe(at) for name, probe in _PROBES.items()}
