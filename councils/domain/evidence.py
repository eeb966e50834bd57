"""Evidence: what another app leaves with councils, as (kind, reference, frozen JSON), and where its own page is.

Councils knows no noun of production: each kind registers how its page is found, once, when the apps are ready.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID


class Evidence(NamedTuple):
    """``kind`` names the noun, ``reference`` the one it is about, ``frozen`` is how it stood (JSON)."""

    kind: str
    reference: UUID
    frozen: dict[str, Any]


Address = Callable[[UUID], str]
_PAGES: dict[str, Address] = {}


def register(kind: str, address: Address) -> None:
    """Say where evidence of ``kind`` has its page."""
    _PAGES[kind] = address


def page_of(kind: str, reference: UUID) -> str:
    """Its address; empty for a kind that nobody has registered."""
    return _PAGES[kind](reference) if kind in _PAGES else ""
