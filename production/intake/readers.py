"""From the bytes of a file to its rows: CSV (also gzipped), XLSX, JSON.

What the file is, its bytes say; a name that contradicts them is refused. Nothing here knows
what the columns mean.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from production.intake.cells import ExactNumber, NotText
from production.intake.limits import Limits
from production.intake.trouble import BadFile, glimpse
from production.intake.workbook import read_workbook

#: What was assumed about the file: a code and its particulars, told to whoever sent it.
Stated = tuple[str, dict[str, str | int]]
Row = tuple[int, list[str]]

DELIMITERS = ",;\t|"
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: Letters and signs of Western European text, which alone are believed without UTF-8.
_WESTERN = frozenset("áéíóúüñçàèìòùâêîôûãõäëïöåøÁÉÍÓÚÜÑÇÀÈÌÒÙÂÊÎÔÛÃÕÄËÏÖÅØ°ºª¿¡«»²³\u00a0")


@dataclass
class Grid:
    """A header and the rows under it, with their numbers in the file (the header is row 1)."""

    header: list[str]
    rows: Iterator[Row]
    stated: list[Stated] = field(default_factory=list)


def open_grid(name: str, content: bytes, *, is_header: Callable[[str], bool], limits: Limits | None = None) -> Grid:
    """The rows of the file called ``name``. ``is_header`` tells a column name, to choose the delimiter by.

    Raises ``BadFile`` here, and from ``rows`` while they are read.
    """
    limits = limits or Limits()
    _refuse_misnamed(name.casefold(), content)
    if content.startswith(b"\x1f\x8b"):
        content = _gunzip(content, limits)
        name = name.removesuffix(".gz")
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise BadFile("empty_file")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _with_header(limits.counted(read_workbook(content, limits)), [("read_as", {"format": "XLSX"})], limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile("old_workbook")
    text, encoding = _decode(content)
    stated: list[Stated] = [("read_encoding", {"encoding": encoding})] if encoding != "UTF-8" else []
    text = text.lstrip("\ufeff")
    if "\0" in text:
        raise BadFile("nul")
    if name.casefold().endswith(".json") or text.lstrip()[:1] in ("[", "{"):
        return _json(text, stated, limits)
    return _csv(text, is_header, stated, limits)


def _refuse_misnamed(name: str, content: bytes) -> None:
    """A name that says one thing and bytes that say another: somebody took the wrong file."""
    is_workbook, is_gzip = content.startswith(b"PK"), content.startswith(b"\x1f\x8b")
    if content and name.endswith((".xlsx", ".xlsm")) and not is_workbook and not content.startswith(b"\xd0\xcf"):
        raise BadFile("misnamed", named="XLSX")
    if name.endswith((".csv", ".txt", ".tsv", ".json")) and (is_workbook or is_gzip):
        raise BadFile("misnamed", named=name.rsplit(".", 1)[-1].upper())


def _gunzip(content: bytes, limits: Limits) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while piece := stream.read(1 << 18):
                size += len(piece)
                limits.check_unpacked(size, len(content))
                pieces.append(piece)
    except (OSError, EOFError, zlib.error) as e:
        raise BadFile("broken_gzip") from e
    return b"".join(pieces)


def _decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises ``BadFile`` rather than guess an alphabet."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), "UTF-16"
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as e:
        raise BadFile("encoding") from e
    run = 0
    for c in text:
        run = run + 1 if c > "\x7f" else 0
        if run > 2 or (run and c not in _WESTERN):
            raise BadFile("encoding")
    return text, "Windows-1252"


def _with_header(rows: Iterator[Row], stated: list[Stated], limits: Limits) -> Grid:
    """The first row that holds anything is the header."""
    for _number, cells in rows:
        if any(cell.strip() for cell in cells):
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > limits.columns:
                raise BadFile("too_many_columns", columns=limits.columns)
            return Grid(cells, rows, stated)
    raise BadFile("empty_file")


# --- CSV --------------------------------------------------------------------------------


def _csv(text: str, is_header: Callable[[str], bool], stated: list[Stated], limits: Limits) -> Grid:
    first = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    if len(first) > limits.line_length:
        raise BadFile("line_too_long", length=limits.line_length)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in first):
        raise BadFile("not_a_table")
    delimiter = max(DELIMITERS, key=lambda d: (sum(map(is_header, _cells_of(first, d))), -DELIMITERS.index(d)))
    if delimiter != ",":
        stated.append(("delimiter", {"delimiter": _NAMES[delimiter]}))
    return _with_header(limits.counted(_csv_rows(text, delimiter, limits)), stated, limits)


def _cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:  # quotes that make no sense with this delimiter
        return []


def _csv_rows(text: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=None):
            if len(line) > limits.line_length:
                raise BadFile("line_too_long", length=limits.line_length)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if cells:
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as e:
        raise BadFile("broken_csv", line=number) if number > 1 else BadFile("not_a_table") from e


# --- JSON -------------------------------------------------------------------------------


def _json(text: str, stated: list[Stated], limits: Limits) -> Grid:
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=ExactNumber,
            parse_float=ExactNumber,
            parse_constant=str,
        )
    except BadFile:
        raise
    except (ValueError, RecursionError) as e:  # the parser gives up on nesting long before the stack does
        raise BadFile("broken_json") from e
    if not isinstance(data, list) or not data or not all(isinstance(item, dict) for item in data):
        raise BadFile("json_not_a_list")
    header = list(dict.fromkeys(key for item in data for key in item))
    if len(header) > limits.columns:
        raise BadFile("too_many_columns", columns=limits.columns)
    rows = ((number, [_value(item.get(key)) for key in header]) for number, item in enumerate(data, 2))
    return Grid(header, limits.counted(rows), [*stated, ("read_as", {"format": "JSON"})])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadFile("json_key_twice", key=glimpse(twice))
    return found


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return NotText("[…]" if isinstance(value, list) else "{…}")
