"""Rolls in the order of names, and found by name; both without accents, and the same on every database."""

from __future__ import annotations

from collections.abc import Iterable

from councils.names import name_key, sort_key


def found_in(rows: Iterable[tuple[int, str, *tuple[str | None, ...]]], words: str) -> list[int]:
    """Keys of ``rows`` (key, name, and what else she is found by) in the order of names; with ``words``, those rows
    alone that have all of them."""
    wanted = name_key(words).split()
    found = []
    for key, name, *more in rows:
        told = name_key(" ".join(text or "" for text in (name, *more))) if wanted else ""
        if all(word in told for word in wanted):
            found.append((sort_key(name), key))
    return [key for _name, key in sorted(found)]
