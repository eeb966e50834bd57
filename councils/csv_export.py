"""Tables as CSV that a spreadsheet cannot take for formulas: pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """``value`` as text; an apostrophe in front of whatever a spreadsheet would execute.

    Plain numbers keep their sign.
    """
    text = "" if value is None else str(value)
    if text.startswith(_DANGEROUS):
        try:
            float(text)
        except ValueError:
            return "'" + text
    return text


def csv_rows(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of an RFC 4180 file, header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([safe_cell(v) for v in header])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(v) for v in row])
        yield buffer.getvalue()
