"""Values of rules, read from JSON: each reader gives the value or raises ``ValueError`` with a sentence. Pure.

A ``Reader`` also says what may be written, so that the words beside a form cannot differ from what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

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


class Reader(NamedTuple):
    """How the value of one rule is read, and what may be written, in the active language."""

    read: Callable[[Any], Any]
    values: Callable[[], str]


def number(low: int, high: int, unit: Callable[[], str]) -> Reader:
    """Whole numbers from ``low`` to ``high``, of ``unit``."""

    def values() -> str:
        return _("%(unit)s, a whole number from %(low)s to %(high)s") % {"unit": unit(), "low": low, "high": high}

    return Reader(read_whole(low, high), values)


def days() -> str:
    """A unit."""
    return _("days")


def persons() -> str:
    """A unit."""
    return _("persons")


def one_of(names: Iterable[str]) -> str:
    """``"a" | "b"``."""
    return " | ".join(f'"{name}"' for name in names)


def or_null(reader: Reader) -> Reader:
    """The same, or null: nothing of its own."""
    return Reader(lambda raw: None if raw is None else reader.read(raw), lambda: f"{reader.values()} | null")


def _share_values() -> str:
    return _("a share like “1/2”")


def _quorum_values() -> str:
    return f'{{"base": {one_of(BASES)}, "share": {_share_values()}}}'


def _majority_values() -> str:
    return f'{{"share": {_share_values()}, "strict": true | false, "abstentions": true | false}}'


TRUTH = Reader(read_truth, lambda: "true | false")
SHARE = Reader(read_share, _share_values)
QUORUM = Reader(read_quorum, _quorum_values)
MAJORITY = Reader(read_majority, _majority_values)
