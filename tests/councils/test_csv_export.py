"""Cells that no spreadsheet will execute."""

import pytest

from councils.csv_export import safe_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("+5,5", "+5,5"),
        (-5, "-5"),
        ("Perlak", "Perlak"),
        (None, ""),
    ],
)
def test_safe_cell_disarms_formulas_and_keeps_numbers(value, cell):
    assert safe_cell(value) == cell
