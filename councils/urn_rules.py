"""Rules of the urn: whether an assembly votes by it or on paper, and whether scrutineers hold a key of it. Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from councils.rule_reading import Reader, number, one_of, persons, read_parts, read_whole
from councils.urn.shares import MOST_SHARES

#: By urn, on paper, or as whoever calls a vote chooses.
SECRECIES = ("urn", "paper", "choice")


def _read_secrecy(raw: Any) -> str:
    if raw not in SECRECIES:
        raise ValueError(_("it must be one of: %(names)s.") % {"names": ", ".join(SECRECIES)})
    return str(raw)


def secrecy_in_words(secrecy: str) -> list[str]:
    """How an assembly votes, where it is not simply by urn."""
    told = {
        "paper": _("The assembly votes on paper, in the hall; one person enters the count, another countersigns."),
        "choice": _("Whoever calls a vote of the assembly chooses the urn or paper."),
    }
    return [told[secrecy]] if secrecy in told else []


def _read_scrutineers(raw: Any) -> tuple[int, int] | None:
    if raw is None:
        return None
    parts = read_parts(raw, {"needed", "of"})
    needed, of = read_whole(2, MOST_SHARES)(parts.get("needed")), read_whole(2, MOST_SHARES)(parts.get("of"))
    if needed > of:
        raise ValueError(_("no more can be needed than there are."))
    return needed, of


def scrutineers_in_words(scrutineers: tuple[int, int]) -> str:
    """Who opens the urn, in one sentence."""
    return _("%(of)s scrutineers hold a key of the urn in shares; any %(needed)s of them open it together.") % {
        "needed": scrutineers[0],
        "of": scrutineers[1],
    }


def _scrutineers_values() -> str:
    shares = number(2, MOST_SHARES, persons).values()
    return f'{{"needed": {shares}, "of": {shares}}} | null'


SECRECY = Reader(_read_secrecy, lambda: one_of(SECRECIES))
SCRUTINEERS = Reader(_read_scrutineers, _scrutineers_values)
