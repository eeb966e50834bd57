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
