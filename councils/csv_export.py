"""Tables as CSV that a spreadsheet cannot take for formulas: pure."""

from __future__ import annotations

import csv
import io
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


def csv_text(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """An RFC 4180 file, header first, in which every cell is safe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in (header, *rows):
        writer.writerow([safe_cell(value) for value in row])
    return buffer.getvalue()
