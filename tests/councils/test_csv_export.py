"""Cells that no spreadsheet executes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.csv_export import csv_text, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "-inf", "--1"])
def test_safe_cell_neutralises_what_begins_a_formula(text: str):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (-3, "-3"), ("-3,5", "-3,5"), ("+7", "+7"), ("Perlak", "Perlak"), (0, "0"), (True, "True")],
)
def test_safe_cell_leaves_numbers_and_words(value: object, cell: str):
    assert safe_cell(value) == cell


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1), min_size=1))
def test_csv_text_is_read_back_as_it_was_but_for_formulas(rows: list[list[str]]):
    read = list(csv.reader(io.StringIO(csv_text(["a"], rows), newline="")))
    assert read == [["a"], *([safe_cell(cell) for cell in row] for row in rows)]
    assert not any(cell.startswith(("=", "@")) for row in read for cell in row)
