"""Reads the rows of a roll from CSV or XLSX. Pure: no database, no translation.

A file that cannot be read raises ``UnreadableFile`` with a code and its particulars;
``councils.domain.roll_import`` says it in words. Sizes are checked before anything is
unpacked, and the extent of a sheet before its cells are laid out: one cell in the last
corner of a sheet would otherwise ask for hundreds of gigabytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from python_calamine import CalamineWorkbook

from councils.names import name_key

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 60
MAX_CELL = 500
#: An unpacked spreadsheet: in all, against its packed size, and in members.
MAX_UNPACKED = 60_000_000
MAX_RATIO = 100
MAX_MEMBERS = 500

#: Column → the headers by which people call it, as ``name_key`` folds them.
HEADERS: dict[str, set[str]] = {
    "name": {"name", "full name", "nombre", "nombre completo", "nombre y apellido", "nombre y apellidos"},
    "reference": {
        "reference", "roll number", "number", "referencia", "numero", "numero de rol", "rut", "legajo", "ficha",
    },
    "section": {"section", "department", "seccion", "departamento"},
    "category": {"category", "contract", "categoria", "contrato", "tipo de contrato"},
    "can_vote": {"can_vote", "can vote", "may vote", "puede votar", "vota", "puede_votar"},
    "can_stand": {
        "can_stand", "can stand", "may stand", "eligible", "puede ser elegida", "puede ser elegido", "elegible",
        "puede_ser_elegida", "puede postular",
    },
    "group": {"group", "constituency", "grupo", "estamento"},
    "since": {"since", "from", "start", "desde", "ingreso", "fecha de ingreso"},
    "email": {"e-mail", "email", "mail", "correo", "correo electronico"},
}  # fmt: skip
_COLUMN_OF = {header: column for column, headers in HEADERS.items() for header in headers}


class UnreadableFile(Exception):
    """``code`` names the reason; ``particulars`` fill its sentence."""

    def __init__(self, code: str, **particulars: object) -> None:
        super().__init__(code)
        self.code = code
        self.particulars = particulars


@dataclass(frozen=True)
class RawRow:
    """One row as written: ``number`` counts from 1 at the header; ``cells`` by column, stripped."""

    number: int
    cells: dict[str, str]
    #: Cells beyond the last header: the row does not fit the file.
    too_many: bool = False
    #: Fewer cells than headers: the file was cut, or a delimiter is missing.
    too_few: bool = False


@dataclass(frozen=True)
class RollFile:
    """What a file holds: the columns understood, with their headers as written; those that were not; the rows."""

    headers: dict[str, str]
    ignored: list[str]
    rows: list[RawRow]


def read_roll(content: bytes) -> RollFile:
    """The rows of ``content``, CSV or XLSX by its first bytes. Raises ``UnreadableFile``."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile("too_big", limit=MAX_BYTES // 1_000_000)
    if not content.strip():
        raise UnreadableFile("empty")
    table = _xlsx_rows(content) if content[:2] == b"PK" else _csv_rows(content)
    rows = ((number, [_plain(c) for c in cells]) for number, cells in table)
    return _under_headers((number, cells) for number, cells in rows if any(cells))


def _under_headers(rows: Iterable[tuple[int, list[str]]]) -> RollFile:
    found = iter(rows)
    first = next(found, None)
    if first is None:
        raise UnreadableFile("empty")
    _header_row, headers = first
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
    at: dict[str, int] = {}
    ignored: list[str] = []
    for position, header in enumerate(headers):
        column = _COLUMN_OF.get(name_key(header.strip("\ufeff\u200b")))
        if column is None:
            ignored.append(header or "—")
        elif column in at:
            raise UnreadableFile("column_twice", column=column, header=header)
        else:
            at[column] = position
    if "name" not in at:
        raise UnreadableFile("no_name_column", found=headers[:8])
    width = len(headers)
    out: list[RawRow] = []
    for number, cells in found:
        if len(out) >= MAX_ROWS:
            raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
        values = {column: cells[i] if i < len(cells) else "" for column, i in at.items()}
        out.append(RawRow(number, values, too_many=any(cells[width:]), too_few=len(cells) < width))
    if not out:
        raise UnreadableFile("no_rows")
    return RollFile({column: headers[i] for column, i in at.items()}, ignored, out)


def _plain(cell: object) -> str:
    """A cell as text: whole numbers without ".0", days as ISO, booleans as yes and no."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    text = str(cell).strip()
    if len(text) > MAX_CELL:
        raise UnreadableFile("cell_too_long", limit=MAX_CELL)
    return text


# --- CSV -------------------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS * _SLACK:
                raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
            yield number, cells
    except csv.Error as e:
        raise UnreadableFile("broken_csv", line=reader.line_num) from e


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else Latin-1 (old spreadsheets)."""
    if b"\x00" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile("not_text")
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if _CONTROL.search(text[:100_000]) or "\ufffd" in text:
        raise UnreadableFile("not_text")
    return text


_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# --- XLSX ------------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[object]]]:
    _refuse_bombs(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        start = sheet.start[0] if sheet.start else 0
        table = sheet.to_python(skip_empty_area=True)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as e:  # the reader is Rust: a panic on a broken file is no Exception
        raise UnreadableFile("broken_xlsx") from e
    for number, cells in enumerate(table, start=start + 1):
        yield number, list(cells)


def _refuse_bombs(content: bytes) -> None:
    """Number of members, unpacked size and ratio as declared, then as found; then the extent of each sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            declared = sum(m.file_size for m in members)
            if len(members) > MAX_MEMBERS or declared > MAX_UNPACKED or declared > MAX_RATIO * len(content):
                raise UnreadableFile("zip_bomb")
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile("not_xlsx")
            for member in members:
                with archive.open(member) as file:
                    body = file.read(member.file_size + 1)
                if len(body) > member.file_size or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
                    raise UnreadableFile("zip_bomb")
                if member.filename.startswith("xl/worksheets/"):
                    _refuse_wide(body)
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, NotImplementedError) as e:
        raise UnreadableFile("broken_xlsx") from e
    except Exception as e:  # zlib.error, struct.error: whatever a damaged archive makes its reader say
        raise UnreadableFile("broken_xlsx") from e


_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']\$?([A-Za-z]{1,4})\$?(\d{1,9})")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d{1,9})")
_TAGS = re.compile(rb"<(?:\w+:)?(?:row|c)[\s/>]")
#: A few empty rows and odd cells around the list are nobody's fault.
_SLACK = 4


def _refuse_wide(sheet: bytes) -> None:
    if sheet[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile("not_xlsx")
    if sum(1 for _tag in _TAGS.finditer(sheet)) > MAX_ROWS * MAX_COLUMNS:
        raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
    for found in _ROW.finditer(sheet):
        if int(found[1]) > MAX_ROWS * _SLACK:
            raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
    for found in _CELL.finditer(sheet):
        if int(found[2]) > MAX_ROWS * _SLACK:
            raise UnreadableFile("too_many_rows", limit=MAX_ROWS)
        if _column_number(found[1]) > MAX_COLUMNS * _SLACK:
            raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
