"""Comparable forms of names: pure, no database."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def name_key(name: str) -> str:
    """Fold ``name`` for comparison: NFKC, case, accents and runs of spaces.

    "Cristalerías  de CHILE" and "cristalerias de chile" give the same key.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip()


#: What stands in names of people besides letters, marks, digits and spaces.
_IN_NAMES = frozenset("'’´`ʼ-‐–.,()ªº·")


def is_person_name(text: str) -> bool:
    """Whether ``text`` can be the name of a person: at least one letter, and nothing that no name has."""
    return any(c.isalpha() for c in text) and all(
        c.isalpha() or c.isdigit() or c == " " or c in _IN_NAMES or unicodedata.category(c).startswith("M")
        for c in text
    )
