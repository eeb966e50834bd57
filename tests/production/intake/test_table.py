"""Files of reports as typed columns: formats, encodings, columns, rows."""

import datetime as dt
import gzip
import io
import json
import zipfile

import openpyxl
import pytest

from production.intake.limits import Limits
from production.intake.table import Measure, Place, read_table
from production.intake.trouble import BadFile

LATEST = dt.date(2026, 11, 17)
HEADER = "factory,date,indicator,unit,value"
ROWS = ["Perlak,2024-01-01,Bolts,kg,10", "Perlak,2024-01-02,Bolts,kg,12.5", "Goodyear,2024-01-01,Tyres,units,3"]


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *(rows or ROWS), ""]).encode()


def read(content: bytes, name: str = "a.csv", **more):
    return read_table(name, content, latest=LATEST, **more)


def reasons(content: bytes, name: str = "a.csv", **more):
    return [(e.row, e.column, e.code) for e in read(content, name, **more).errors]


def refusal(content: bytes, name: str = "a.csv", **more) -> str:
    with pytest.raises(BadFile) as refused:
        read(content, name, **more)
    return refused.value.code


def xlsx(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(content: bytes, change=lambda name, data: data, extra=()) -> bytes:
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                archive.writestr(name, data)
        for name, data in extra:
            archive.writestr(name, data)
    return out.getvalue()


def in_sheet(change):
    return lambda name, data: change(data) if name == "xl/worksheets/sheet1.xml" else data


# --- what is read -------------------------------------------------------------------------


def test_read_table_gives_typed_columns():
    table = read(csv())
    assert list(table.rows) == [2, 3, 4]
    assert table.places == [Place("Perlak", "", ""), Place("Goodyear", "", "")]
    assert table.measures == [Measure("Bolts", "kg", "", "", ""), Measure("Tyres", "units", "", "", "")]
    assert [dt.date.fromordinal(day).isoformat() for day in table.days] == ["2024-01-01", "2024-01-02", "2024-01-01"]
    assert (list(table.micros), table.errors, table.stated) == ([10_000_000, 12_500_000, 3_000_000], [], [])


SPREADSHEET = xlsx(HEADER.split(","), *(row.split(",") for row in ROWS))
LIST = json.dumps([dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in ROWS])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", csv().replace(b",", b";")),
        ("a.csv", csv().replace(b",", b"\t")),
        ("a.csv", csv().replace(b"\r\n", b"\n")),
        ("a.csv", csv().replace(b"\r\n", b"\r")),
        ("a.csv", b"\xef\xbb\xbf" + csv() + b"\r\n\r\n"),
        ("a.csv", csv().decode().encode("utf-16")),
        ("a.csv", "\r\n".join('"' + line.replace(",", '","') + '"' for line in [HEADER, *ROWS]).encode()),
        ("a.csv", "\r\n".join(",".join(reversed(line.split(","))) for line in [HEADER, *ROWS]).encode()),
        ("a.csv", csv(header="Fábrica,FECHA, indicador ,Unidad de medida,valor")),
        ("noext", csv()),
        ("a.csv.gz", gzip.compress(csv(), mtime=0)),
        ("a.xlsx", SPREADSHEET),
        ("a.json", LIST.encode()),
        ("a.json", ("\ufeff" + LIST).encode()),
    ],
)
def test_read_table_reads_one_table_in_many_forms(name, content):
    table, plain = read(content, name), read(csv())
    assert (table.places, table.measures, table.micros, table.days) == (
        plain.places,
        plain.measures,
        plain.micros,
        plain.days,
    )


def test_typed_cells_of_a_spreadsheet():
    table = read(xlsx(HEADER.split(","), ["Perlak", dt.date(2024, 1, 1), "Bolts", "kg", 1.234]), "a.xlsx")
    assert (list(table.micros), dt.date.fromordinal(table.days[0])) == ([1_234_000], dt.date(2024, 1, 1))


def test_numbers_of_json_are_exact():
    content = LIST.replace('"12.5"', "0.1").encode()
    assert read(content, "a.json").micros[1] == 100_000


def test_the_rest_of_the_column_tells_the_decimal_mark():
    rows = ["Perlak,2024-01-01,Bolts,kg,1.234", "Perlak,2024-01-02,Bolts,kg,12.5"]
    table = read(csv(*rows))
    assert (list(table.micros), table.stated) == ([1_234_000, 12_500_000], [("decimal_mark", {"mark": "point"})])
    assert reasons(csv(rows[0])) == [(2, "value", "ambiguous")]
    assert read(csv(rows[0]), decimal="comma").micros[0] == 1_234_000_000
    both = [*rows, 'Perlak,2024-01-03,Bolts,kg,"12,5"']
    assert reasons(csv(*both)) == [(2, "value", "ambiguous")]


def test_western_letters_without_utf8_are_read_and_said():
    table = read(csv("Cristalerías,2024-01-01,Ñandúes,kg,1").decode().encode("latin-1"))
    assert (table.places[0].factory, table.stated) == (
        "Cristalerías",
        [("read_encoding", {"encoding": "Windows-1252"})],
    )


def test_optional_columns():
    header = "factory,sector,cordon,date,indicator,kind,unit,value,remark,frequency,aggregation"
    table = read(csv("Perlak,Food,Cerrillos,2024-01-01,Paste,Producto,t,5,late  truck,semanal,suma", header=header))
    assert table.places == [Place("Perlak", "Food", "Cerrillos")]
    assert table.measures == [Measure("Paste", "t", "output", "sum", "week")]
    assert table.remarks == {0: "late truck"}


def test_blank_rows_are_no_rows():
    table = read(csv(ROWS[0], "", ",,,,", ROWS[1], " , ,,,"))
    assert list(table.rows) == [2, 5]


# --- rows that are rejected -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2024-01-01,Bolts,kg,1", ("factory", "empty")),
        ("Perlak,2025-02-30,Bolts,kg,1", ("date", "no_such_day")),
        ("Perlak,2026-11-18,Bolts,kg,1", ("date", "future")),
        ("Perlak,2024-01-01,,kg,1", ("indicator", "empty")),
        ("Perlak,2024-01-01,a\u202eb,kg,1", ("indicator", "hidden")),
        ("Perlak,2024-01-01,Bolts,,1", ("unit", "empty")),
        ("Perlak,2024-01-01,Bolts,lbs-per-hour,1", ("unit", "unknown_unit")),
        ("Perlak,2024-01-01,Bolts,kg,", ("value", "empty")),
        ("Perlak,2024-01-01,Bolts,kg,NaN", ("value", "not_a_number")),
        ("Perlak,2024-01-01,Bolts,kg", ("value", "row_width")),
        ("Perlak,2024-01-01", ("indicator", "row_width")),
        ("Perlak,2024-01-01,Bolts,kg,1,extra", ("", "row_width")),
        ("Perlak;2024-01-01;Bolts;kg;1", ("date", "row_width")),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_reason(row, reason):
    assert reasons(csv(ROWS[0], ROWS[1], row)) == [(4, *reason)]


def test_every_reason_of_every_row_is_told_under_the_names_of_the_file():
    content = csv("x,x,Bolts,??,x", ROWS[1], "Perlak,x,Bolts,kg,1", header="fábrica,fecha,indicador,unidad,valor")
    assert reasons(content) == [
        (2, "fecha", "not_a_date"),
        (2, "unidad", "unknown_unit"),
        (2, "valor", "not_a_number"),
        (4, "fecha", "not_a_date"),
    ]


def test_a_unit_that_an_indicator_already_has_is_known():
    row = "Perlak,2024-01-01,Bolts,De 64,1"
    assert reasons(csv(row)) == [(2, "unit", "unknown_unit")]
    assert reasons(csv(row), known_units=frozenset({"de 64"})) == []


def test_a_quoted_cell_of_many_lines_keeps_the_numbers_of_lines():
    content = csv('Perlak,2024-01-01,"a\nb",kg,1', "Perlak,2024-01-01,Bolts,kg,x")
    assert reasons(content) == [(2, "indicator", "hidden"), (4, "value", "not_a_number")]


def test_only_the_first_errors_are_kept_but_all_rows_are_counted():
    table = read(csv(*["x,y,z,kg,1"] * 1500))
    assert (len(table.errors), len(table.rejected), table.given) == (1000, 1500, 1500)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", "not_a_number"),
        ("true", "not_a_number"),
        ("null", "empty"),
        ("[1]", "not_text"),
        ('{"a": 1}', "not_text"),
        ("1e999", "exponent"),
        ("9" * 5000, "too_large"),
        ('"\\u0000"', "hidden"),
        ('"\\ud800"', "hidden"),
    ],
)
def test_json_values_that_are_no_numbers(value, code):
    assert reasons(LIST.replace('"12.5"', value).encode(), "a.json") == [(3, "value", code)]


# --- files that are refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf \r\n\r\n", "empty_file"),
        ("a.csv", b"\0" * 100, "empty_file"),
        ("a.csv", csv() + b"\0" * 10, "nul"),
        ("a.csv", HEADER.encode(), "no_rows"),
        ("a.csv", csv(header="a,b,c,d,e"), "columns_wrong"),
        ("a.csv", csv(header="factory,date,indicator,unit,factory"), "column_twice"),
        ("a.csv", csv(header="factory,date,indicator,unit,value,колонка"), "columns_unknown"),
        ("a.csv", csv(header="factory,date,indicator,unit"), "columns_missing"),
        ("a.csv", csv(header="f\u0430ctory,date,indicator,unit,value"), "columns_wrong"),
        ("a.csv", csv(header="factory\u200b,date,indicator,unit,value"), "columns_wrong"),
        ("a.csv", csv(header=HEADER + ",x" * 300), "too_many_columns"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "encoding"),
        ("a.csv", "Гайка".encode("cp1251") + csv(), "encoding"),
        ("a.csv", csv().decode().encode("cp037"), "encoding"),
        ("a.csv", csv('"Perlak,2024-01-01'), "broken_csv"),
        ("a.csv", b'"' * 20001, "not_a_table"),
        ("a.csv", b"\x07" + csv(), "not_a_table"),
        ("a.csv", csv("x" * 300_000), "line_too_long"),
        ("a.csv", b"f" * 300_000, "line_too_long"),
        ("a.csv", gzip.compress(csv(), mtime=0), "misnamed"),
        ("a.csv", SPREADSHEET, "misnamed"),
        ("a.xlsx", csv(), "misnamed"),
        ("a.gz", gzip.compress(csv(), mtime=0)[:40], "broken_gzip"),
        ("a.gz", gzip.compress(b"0" * 20_000_000, mtime=0), "unpacks_suspiciously"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old_workbook"),
        ("a.xlsx", SPREADSHEET[: len(SPREADSHEET) // 2], "broken_workbook"),
        ("a.xlsx", rezipped(SPREADSHEET, in_sheet(lambda data: None)), "broken_workbook"),
        (
            "a.xlsx",
            rezipped(SPREADSHEET, in_sheet(lambda data: b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + data)),
            "document_type",
        ),
        ("a.xlsx", rezipped(SPREADSHEET, extra=[("../../x", b"x")]), "broken_workbook"),
        ("a.xlsx", rezipped(SPREADSHEET, extra=[(f"m/{n}", b"x") for n in range(1200)]), "too_many_members"),
        ("a.zip", rezipped(SPREADSHEET, lambda name, data: None, [("a.csv", csv())]), "not_a_workbook"),
        ("a.json", b"[]", "json_not_a_list"),
        ("a.json", b"7", "json_not_a_list"),
        ("a.json", b"[null]", "json_not_a_list"),
        ("a.json", b"[1,2", "broken_json"),
        ("a.json", b"[" * 100_000, "broken_json"),
        ("a.json", b'{"a":' * 50_000, "broken_json"),
        ("a.json", b'[{"value":1,"value":2}]', "json_key_twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(name, content, code):
    assert refusal(content, name) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "too_many_columns"),
        (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
    ],
)
def test_a_cell_far_out_is_refused_before_the_sheet_is_built(cell, code):
    content = rezipped(SPREADSHEET, in_sheet(lambda data: data.replace(b"</sheetData>", cell + b"</sheetData>")))
    assert refusal(content, "a.xlsx") == code


def test_a_sheet_that_swells_is_refused():
    swollen = in_sheet(lambda data: data.replace(b"<sheetData>", b" " * 20_000_000 + b"<sheetData>"))
    assert refusal(rezipped(SPREADSHEET, swollen), "a.xlsx") == "unpacks_suspiciously"


def test_limits_on_rows_and_size():
    assert refusal(csv(*ROWS), limits=Limits(rows=2)) == "too_many_rows"
    assert (
        refusal(gzip.compress(csv(*ROWS * 50), mtime=0), "a.gz", limits=Limits(unpacked_bytes=1000))
        == "unpacks_too_large"
    )


def test_column_names_in_a_refusal_are_the_files():
    with pytest.raises(BadFile) as refused:
        read(csv(header="planta,fecha,indicador,unidad,precio"))
    assert refused.value.params == {"missing": "value", "unknown": "precio"}
