"""What is wrong with something that came from outside: a code and its particulars, no words.

The words are chosen at the edge, in the reader's language (``production.domain.reason``).
"""

from __future__ import annotations

from dataclasses import dataclass, field


class Unreadable(ValueError):
    """A cell or a field cannot be read. ``code`` names why; ``params`` are texts and numbers to tell it with."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params


class BadFile(Unreadable):
    """The file as a whole cannot be used: nothing in it was looked at further."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One reason to reject a row. ``row``: line of the file, the header being 1. ``column``: as the file calls it."""

    row: int
    column: str
    code: str
    params: dict[str, str | int] = field(default_factory=dict)


def glimpse(text: str, length: int = 40) -> str:
    """``text`` as it may be repeated in a sentence: short, and nothing hidden in it."""
    seen = "".join(c if c.isprintable() else f"⟨U+{ord(c):04X}⟩" for c in text[: length + 1])
    return seen if len(seen) <= length else seen[:length] + "…"
