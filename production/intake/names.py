"""Names of places and things in a file: what is refused in them, and what they were probably meant to be."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from councils.names import mixes_alphabets, name_key
from production.intake.trouble import Unreadable, glimpse

_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ORDINARY = re.compile(r"[A-Za-z0-9ÁÉÍÓÚÜÑáéíóúüñ_][A-Za-z0-9ÁÉÍÓÚÜÑáéíóúüñ_.,()/&:;%°º'\" +-]*").fullmatch
_SPACES = re.compile(r"\s+")


def clean_name(text: str, *, longest: int) -> str:
    """``text`` as a name: NFC, one space between words. Raises ``Unreadable``: empty, hidden, too_long, formula,
    alphabets (two that look alike within one word)."""
    if len(text) > longest * 4:
        raise Unreadable("too_long", longest=longest, value=glimpse(text))
    if any(unicodedata.category(c) in _FORBIDDEN for c in text.strip(" ")):
        raise Unreadable("hidden", value=glimpse(text))
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not name_key(name):
        raise Unreadable("empty")
    if len(name) > longest or len(name_key(name)) > longest:
        raise Unreadable("too_long", longest=longest, value=glimpse(name))
    if _ORDINARY(name) is not None:
        return name
    if name[0] in "=+-@":
        raise Unreadable("formula", value=glimpse(name))
    if any(mixes_alphabets(word) for word in name.split(" ")):
        raise Unreadable("alphabets", value=glimpse(name))
    return name


def same_name(given: str, known: str) -> bool:
    """Whether ``given`` is ``known`` up to capitals, spaces and accents left out; an accent too many is not."""
    if name_key(given) != name_key(known):
        return False
    return _accents_within(_marks(given), _marks(known))


def _marks(name: str) -> list[set[str]]:
    """The accents on each letter, in order."""
    out: list[set[str]] = []
    for c in unicodedata.normalize("NFKD", _SPACES.sub(" ", name).strip().casefold()):
        if unicodedata.combining(c):
            if out:
                out[-1].add(c)
        else:
            out.append(set())
    return out


def _accents_within(given: list[set[str]], known: list[set[str]]) -> bool:
    return len(given) == len(known) and all(a <= b for a, b in zip(given, known, strict=True))


def nearest(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known names that look most like ``name``, best first; none when nothing is near."""
    by_key: dict[str, str] = {}
    for other in known:
        by_key.setdefault(name_key(other), other)
    near = difflib.get_close_matches(name_key(name)[:120], by_key, n=most, cutoff=0.6)
    return [by_key[key] for key in near]
