"""Cells for CSV and XLSX that no spreadsheet will execute."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?").fullmatch
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """``value`` as text; one that would begin a formula gets an apostrophe before it. Numbers stay numbers."""
    text = "" if value is None else str(value)
    if text.startswith(_STARTS_FORMULA) and _NUMBER(text) is None:
        return "'" + text
    return text


def safe_row(values: Iterable[object]) -> list[str]:
    """``safe_cell`` of each."""
    return [safe_cell(value) for value in values]
