"""XLSX sheets: looked over as an archive first, then read by calamine.

An XLSX file is a ZIP of XML. Before any parser sees it: members counted, names and sizes
checked, every member unpacked once in pieces under the caps (which also proves its
checksum), no document type (the way to entities that swell or fetch), no cell so far out
that the sheet between it and A1 would not fit in memory.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, load_workbook

from production.intake.cells import ExactNumber
from production.intake.limits import Limits
from production.intake.trouble import BadFile

_PIECE = 1 << 18
#: A reference may be cut by the end of a piece: so many bytes are seen twice.
_OVERLAP = 4096
_CELL = re.compile(rb"""\br\s*=\s*["']\$?([A-Za-z]{1,8})\$?([0-9]{1,12})["']""")
_ROW = re.compile(rb"""<(?:[A-Za-z0-9]+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,12})["']""")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"<\x00", b"\x00<")


def read_workbook(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet that holds anything: (number of the row in the sheet, cells as text).

    Raises ``BadFile``.
    """
    _look_over(content, limits)
    try:
        workbook = load_workbook(io.BytesIO(content))
        rows = _first_rows(workbook)
    except (CalamineError, OSError, ValueError, TypeError) as e:
        raise BadFile("broken_workbook") from e
    except BaseException as e:  # the parser's own panic is not an Exception
        if type(e).__name__ != "PanicException":
            raise
        raise BadFile("broken_workbook") from e
    for number, cells in enumerate(rows, 1):
        yield number, [_text(cell) for cell in cells]


def _first_rows(workbook: CalamineWorkbook) -> list[list[Any]]:
    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        rows: list[list[Any]] = list(workbook.get_sheet_by_name(sheet.name).iter_rows())
        if rows:
            return rows
    raise BadFile("no_sheet")


def _text(cell: Any) -> str:
    """A cell as the text a person would have typed; a number keeps the 15 digits that spreadsheets keep."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return ExactNumber(f"{Decimal(f'{cell:.15g}'):f}" if abs(cell) < 1e30 else repr(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time(0):
        return cell.date().isoformat()
    return str(cell)


def _look_over(content: bytes, limits: Limits) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if len(members) > limits.members:
            raise BadFile("too_many_members", members=limits.members)
        names = {member.filename for member in members}
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
            raise BadFile("not_a_workbook")
        if len(names) != len(members) or any(_escapes(name) for name in names):
            raise BadFile("broken_workbook")
        if any(member.flag_bits & 0x1 for member in members):
            raise BadFile("locked_workbook")
        limits.check_unpacked(sum(member.file_size for member in members), len(content))
        unpacked = 0
        for member in members:
            unpacked += _look_into(archive, member, limits, unpacked, len(content))
    except BadFile:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as e:
        raise BadFile("broken_workbook") from e


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _look_into(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits, before: int, packed: int) -> int:
    """Unpack ``member`` in pieces and look for what must not be there. Returns its true size."""
    size, tail = 0, b""
    sheet = member.filename.endswith(".xml") and "/worksheets/" in member.filename
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            if not size and piece.startswith(_NOT_UTF8) and member.filename.endswith((".xml", ".rels")):
                raise BadFile("broken_workbook")
            size += len(piece)
            limits.check_unpacked(before + size, packed)
            seen = tail + piece
            if _DOCTYPE.search(seen):
                raise BadFile("document_type")
            if sheet:
                _refuse_far_cells(seen, limits)
            tail = seen[-_OVERLAP:]
    return size


def _refuse_far_cells(xml: bytes, limits: Limits) -> None:
    for letters, digits in _CELL.findall(xml):
        if len(letters) > 3 or _column(letters) > limits.columns:
            raise BadFile("too_many_columns", columns=limits.columns)
        if int(digits) > limits.rows + 1:
            raise BadFile("too_many_rows", rows=limits.rows)
    for digits in _ROW.findall(xml):
        if int(digits) > limits.rows + 1:
            raise BadFile("too_many_rows", rows=limits.rows)


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
