"""Rules of seats: which nobody holds together, how many terms in a row, how many follow the elected. Pure."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.counting.publication import ELECTION_TOTALS_FROM
from councils.enums import COUNCIL_OF, BodyKind
from councils.rule_reading import Reader, number, one_of, persons, read_whole

#: Two kinds of bodies, in the order of their names.
Pair = tuple[str, str]
KINDS = tuple(str(kind.value) for kind in BodyKind if kind != BodyKind.ASSEMBLY)
MOST_TERMS = 10
MOST_SUBSTITUTES = 10


def read_incompatible(raw: Any) -> tuple[Pair, ...]:
    """``[["committee", "cordon_council"]]``. Raises ``ValueError`` with a sentence."""
    pairs: list[Any] = raw if isinstance(raw, list) else [None]
    if not all(isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1] for pair in pairs) or not all(
        kind in KINDS for pair in pairs for kind in pair
    ):
        raise ValueError(_("it must be a list of pairs of bodies, of: %(names)s.") % {"names": ", ".join(KINDS)})
    if any(set(pair) <= set(COUNCIL_OF.values()) for pair in pairs):
        raise ValueError(_("the council above is filled from the one below: these seats go together."))
    return tuple(sorted({(min(pair), max(pair)) for pair in pairs}))


def _read_terms(raw: Any) -> int | None:
    return None if raw is None else read_whole(1, MOST_TERMS)(raw)


def incompatible_with(kind: str, pairs: tuple[Pair, ...]) -> set[str]:
    """Kinds of bodies whose seats nobody holds together with one of ``kind``."""
    return {one if other == kind else other for one, other in pairs if kind in (one, other)}


def incompatible_in_words(pairs: tuple[Pair, ...]) -> list[str]:
    """One sentence for each pair, in the active language."""
    said = _("Nobody holds a seat in both at once: %(one)s, %(other)s. Whoever is elected to one leaves the other.")
    return [said % {"one": BodyKind(one).label, "other": BodyKind(other).label} for one, other in pairs]


def terms_in_words(terms: int | None) -> list[str]:
    """What limits terms in a row; nothing where there is no limit."""
    if terms is None:
        return []
    return [
        ngettext(
            "Whoever has sat there for %(n)s term does not stand for the next one. A term given back counts; completing"
            " less than half of another's does not.",
            "Whoever has sat there for %(n)s terms in a row does not stand for the next one. A term given back counts;"
            " completing less than half of another's does not.",
            terms,
        )
        % {"n": terms}
    ]


def substitutes_in_words(most: int) -> list[str]:
    """Who stands in, and where there is nobody; nothing where the rules ask for none."""
    if not most:
        return []
    sentence = ngettext(
        "Each seat has %(n)s substitute: who comes next by votes or on the list, or in a ranked vote when it is counted"
        " again without the person elected. With fewer than %(ballots)s secret ballots there is none, because it would"
        " tell who voted what.",
        "Each seat has up to %(n)s substitutes: who comes next by votes or on the list, or in a ranked vote when it is"
        " counted again without the person elected. With fewer than %(ballots)s secret ballots there are none, because"
        " their order would tell who voted what.",
        most,
    )
    return [sentence % {"n": most, "ballots": ELECTION_TOTALS_FROM}]


INCOMPATIBLE = Reader(read_incompatible, lambda: f"[[{one_of(KINDS)}, {one_of(KINDS)}], …]")
SUBSTITUTES = number(0, MOST_SUBSTITUTES, persons)
CONSECUTIVE_TERMS = Reader(
    _read_terms, lambda: _("a whole number from 1 to %(high)s | null") % {"high": str(MOST_TERMS)}
)
