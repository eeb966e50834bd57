"""Values of rules, read from JSON: each reader gives the value or raises ``ValueError`` with a sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from councils.counting.majority import Majority
from councils.counting.quorum import BASES, Quorum


def read_whole(low: int, high: int) -> Callable[[Any], int]:
    """A reader of whole numbers from ``low`` to ``high``."""

    def read(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            raise ValueError(_("it must be a whole number from %(low)s to %(high)s.") % {"low": low, "high": high})
        return raw

    return read


def read_truth(raw: Any) -> bool:
    """True or false, not 1 or "yes"."""
    if not isinstance(raw, bool):
        raise ValueError(_("it must be true or false."))
    return raw


def read_share(raw: Any) -> Fraction:
    """An exact share up to 1, written like ``"2/3"``."""
    parts = raw.split("/") if isinstance(raw, str) else []
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts) or int(parts[1]) == 0:
        raise ValueError(_("a share is written like 1/2 or 2/3."))
    share = Fraction(int(parts[0]), int(parts[1]))
    if share > 1:
        raise ValueError(_("a share is at most 1/1."))
    return share


def read_parts(raw: Any, names: set[str]) -> dict[str, Any]:
    """An object with no other names than ``names``."""
    if not isinstance(raw, dict) or not set(raw) <= names:
        raise ValueError(_("it may contain only: %(names)s.") % {"names": ", ".join(sorted(names))})
    return raw


def read_quorum(raw: Any) -> Quorum:
    """``{"base": "roll", "share": "1/2"}``."""
    parts = read_parts(raw, {"base", "share"})
    base = parts.get("base", "roll")
    if base not in BASES:
        raise ValueError(_("the base must be one of: %(names)s.") % {"names": ", ".join(BASES)})
    return Quorum(base, read_share(parts.get("share")))


def read_majority(raw: Any) -> Majority:
    """``{"share": "1/2", "strict": true, "abstentions": false}``, each of them optional."""
    parts = read_parts(raw, {"share", "strict", "abstentions"})
    return Majority(
        read_share(parts.get("share", "1/2")),
        read_truth(parts.get("strict", True)),
        read_truth(parts.get("abstentions", False)),
    )
