"""Reading a list of people: encodings, delimiters, spreadsheets, and files that are something else."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile

import openpyxl
import pytest

from councils import roll_file
from councils.roll_file import UnreadableFile, read_roll


def xlsx(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(content: bytes, change) -> bytes:
    out, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_roll(content)
    return caught.value.code


NAMES = "nombre,sección\nCarmen Soto,Hornos\nAna Muñoz,\n"
EXPECTED = [(2, {"name": "Carmen Soto", "section": "Hornos"}), (3, {"name": "Ana Muñoz", "section": ""})]


@pytest.mark.parametrize(
    "content",
    [
        NAMES.encode(),
        NAMES.encode("utf-8-sig"),
        NAMES.encode("latin-1"),
        NAMES.encode("utf-16"),
        NAMES.replace(",", ";").encode(),
        NAMES.replace(",", "\t").encode(),
        NAMES.replace("\n", "\r\n").encode(),
        NAMES.replace("\n", "\r").encode(),
        (NAMES + "\n\n").encode(),
        NAMES.strip().encode(),
        b"Full name,DEPARTMENT\nCarmen Soto,Hornos\nAna Mu\xc3\xb1oz,\n",
        xlsx([["Nombre completo", " Sección "], ["Carmen Soto", "Hornos"], ["Ana Muñoz", None]]),
    ],
)
def test_read_roll_reads_what_people_save(content):
    assert [(row.number, row.cells) for row in read_roll(content).rows] == EXPECTED


def test_read_roll_counts_rows_as_the_file_does():
    file = read_roll(b"nombre\n\nCarmen Soto\n")
    assert [row.number for row in file.rows] == [3]


def test_read_roll_takes_columns_in_any_order_and_names_those_it_ignores():
    file = read_roll(b"correo;altura;Nombre\nana@example.org;1,70;Ana\n")
    assert file.headers == {"email": "correo", "name": "Nombre"}
    assert file.ignored == ["altura"]


def test_read_roll_writes_spreadsheet_values_as_text():
    day = dt.date(2024, 3, 1)
    file = read_roll(xlsx([["name", "number", "since", "may vote"], ["Ana", 117.0, day, False]]))
    assert file.rows[0].cells == {"name": "Ana", "reference": "117", "since": "2024-03-01", "can_vote": "no"}


def test_read_roll_marks_a_row_that_does_not_fit_the_header():
    rows = read_roll(b"nombre,seccion\nAna,Hornos,9\nEva,Hornos,\n").rows
    assert [row.too_many for row in rows] == [True, False]


BOOK = xlsx([["name"], ["Ana"]])
SHEET = "xl/worksheets/sheet1.xml"


def in_sheet(old: bytes, new: bytes) -> bytes:
    return rezipped(BOOK, lambda name, body: body.replace(old, new) if name == SHEET else body)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \r\n \r\n", "empty"),
        (b",,,\r\n,,,", "empty"),
        (b"nombre\n", "no_rows"),
        (b"Ana Soto,Hornos\nEva Paz,Hornos\n", "no_name_column"),
        (b"title above\nnombre\nAna\n", "no_name_column"),
        (b"nombre,name\nAna,Ana\n", "column_twice"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (b"nombre\nAn\x00a\n", "not_text"),
        (b"%PDF-1.7\n1 0 obj<<>>endobj", "no_name_column"),
        (b'nombre\n"Ana\nEva\n', "broken_csv"),
        (b"nombre" + b",c" * 70 + b"\nAna\n", "too_many_columns"),
        (b"nombre\n" + b"A" * 5_000 + b"\n", "cell_too_long"),
        (b"nombre\n" + b"Ana\n" * 10_001, "too_many_rows"),
        (b"x" * (roll_file.MAX_BYTES + 1), "too_big"),
        (BOOK[: len(BOOK) // 2], "broken_xlsx"),
        (b"PK\x03\x04 not a zip", "broken_xlsx"),
        (rezipped(BOOK, lambda name, body: None if name == "xl/workbook.xml" else body), "not_xlsx"),
        (rezipped(BOOK, lambda name, body: None if name == SHEET else body), "broken_xlsx"),
        (in_sheet(b"<sheetData>", b" " * 50_000_000 + b"<sheetData>"), "zip_bomb"),
        (in_sheet(b"<sheetData>", b"<!DOCTYPE a><sheetData>"), "zip_bomb"),
        (
            in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
            "too_many_rows",
        ),
        (in_sheet(b"</sheetData>", b"<row r='3'><c r='XFD3'><v>1</v></c></row></sheetData>"), "too_many_columns"),
    ],
)
def test_read_roll_refuses_with_a_reason(content, code):
    assert code_of(content) == code


def test_read_roll_refuses_many_members():
    out = io.BytesIO(BOOK)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(roll_file.MAX_MEMBERS):
            archive.writestr(f"m/{number}", b"x")
    assert code_of(out.getvalue()) == "zip_bomb"


@pytest.mark.parametrize("seed", range(12))
def test_read_roll_survives_damaged_spreadsheets(seed):
    chance, damaged = random.Random(seed), bytearray(BOOK)
    for _n in range(8):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    try:
        rows = read_roll(bytes(damaged)).rows
    except UnreadableFile as e:
        assert e.code
    else:
        assert len(rows) >= 1
