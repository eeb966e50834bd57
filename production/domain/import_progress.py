"""How far a running import is, where another process can see it.

Storing is one transaction, so nothing it writes to the database is seen before its end. Progress is
therefore kept in the cache: shared by all processes through Redis, and by the threads of the one web
process where there is none. Lost or stale, it misleads nobody: the batch's own state is what counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

_SECONDS = 600


@dataclass(frozen=True)
class Step:
    """``phase``: "reading" or "storing". ``total`` 0: not known yet."""

    phase: str
    done: int
    total: int


def tell(batch: str) -> Callable[[str, int, int], None]:
    """What ``import_reports`` calls to say how far the import of ``batch`` (uuid) is."""
    return lambda phase, done, total: cache.set(f"import:{batch}", (phase, done, total), _SECONDS)


def step_of(batch: str) -> Step | None:
    """The last step told, if any."""
    told = cache.get(f"import:{batch}")
    return Step(*told) if told else None
