"""Numbers as people write them: read exactly, or refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.intake.numbers import decimal_mark_in, parse_number, read_micro
from production.intake.trouble import Unreadable
from production.models.fixed_point import to_micro


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("+5", "5"),
        ("-5", "-5"),
        ("00012", "12"),
        (" 7 ", "7"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("1\u00a0234,5", "1234.5"),
        ("1'234.25", "1234.25"),
        ("999999999999.123", "999999999999.123"),
        ("0.000001", "0.000001"),
    ],
)
def test_parse_number_reads_what_has_one_reading(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("\u202e5", "hidden"),
        ("5\u200b5", "hidden"),
        ("5\0", "hidden"),
        ("=1+1", "formula"),
        ("=cmd|'/C calc'!A0", "formula"),
        ("@SUM(1)", "formula"),
        ("#DIV/0!", "spreadsheet_error"),
        ("#N/A", "spreadsheet_error"),
        ("5%", "percent"),
        ("€5", "currency"),
        ("5 CLP", "currency"),
        ("1e309", "exponent"),
        ("1E5", "exponent"),
        ("½", "other_digits"),
        ("²", "other_digits"),
        ("１２", "other_digits"),
        ("٣", "other_digits"),
        ("abc", "not_a_number"),
        ("NaN", "not_a_number"),
        ("-inf", "not_a_number"),
        ("0x10", "not_a_number"),
        ("--5", "not_a_number"),
        ("5-", "not_a_number"),
        ("(5)", "not_a_number"),
        ("12kg", "not_a_number"),
        ("1;2", "not_a_number"),
        ("true", "not_a_number"),
        ("1_000", "not_a_number"),
        ("-", "not_a_number"),
        (".", "not_a_number"),
        ("1,2,3", "grouping"),
        ("1.2.3", "grouping"),
        ("1.", "grouping"),
        ("1 2 3", "grouping"),
        ("1 23", "grouping"),
        ("1,234.", "grouping"),
        ("1.234,567.8", "grouping"),
        ("12345.678.901", "grouping"),
        ("1,234", "ambiguous"),
        ("12.345", "ambiguous"),
        ("9" * 25, "too_large"),
        ("9" * 400, "too_large"),
        ("1000000000000", "too_large"),
        ("1.1234567", "too_precise"),
        ("9999999999.123456", "too_precise"),
    ],
)
def test_parse_number_refuses_with_the_reason(text, code):
    with pytest.raises(Unreadable) as refusal:
        parse_number(text)
    assert refusal.value.code == code


def test_parse_number_is_told_the_mark_only_where_both_would_do():
    assert parse_number("1,234", decimal="comma") == Decimal("1.234")
    assert parse_number("1,234", decimal="point") == 1234
    assert parse_number("1.234", decimal="comma") == 1234
    assert parse_number("8.9", decimal="comma") == Decimal("8.9")
    assert parse_number("1,234.5", decimal="comma") == Decimal("1234.5")


def test_decimal_mark_in_is_what_the_text_gives_away():
    marks = {text: decimal_mark_in(text) for text in ("12.5", "12,5", "1.234.567", "1,234", "12", "x")}
    assert marks == {"12.5": "point", "12,5": "comma", "1.234.567": "comma", "1,234": "auto", "12": "auto", "x": "auto"}


figures = st.decimals(
    min_value=Decimal("-999999999"), max_value=Decimal("999999999"), places=6, allow_nan=False, allow_infinity=False
)


@given(figures, st.sampled_from([".", ","]))
def test_read_micro_reads_every_figure_as_the_database_would_store_it(value, mark):
    assert read_micro(f"{value:f}".replace(".", mark)) == to_micro(value)


@given(st.integers(min_value=0, max_value=10**12 - 1), st.sampled_from([" ", "'", "\u00a0", "\u202f"]))
def test_read_micro_reads_grouped_thousands(number, separator):
    assert read_micro(f"{number:,}".replace(",", separator)) == number * 10**6


@given(st.text(max_size=60), st.sampled_from(["auto", "comma", "point"]))
def test_read_micro_answers_anything_with_a_number_or_a_reason(text, decimal):
    try:
        assert abs(read_micro(text, decimal=decimal)) < 10**18
    except Unreadable as refusal:
        assert all(str(value).isprintable() for value in refusal.params.values())
