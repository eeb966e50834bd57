"""Numbers and durations as people write them here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from councils import figures

NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "spanish", "english"),
    [
        (412, "412", "412"),
        (9840, "9.840", "9,840"),
        (Decimal("8.900000"), "8,9", "8.9"),
        (Decimal("1234567.500000"), "1.234.567,5", "1,234,567.5"),
        (8.9, "8,9", "8.9"),
        (-3, "-3", "-3"),
        (Decimal("-0.00"), "0", "0"),
        (Decimal("1E+6"), "1.000.000", "1,000,000"),
        (Decimal("0.000001"), "0,000001", "0.000001"),
        (None, "–", "–"),
        ("", "–", "–"),
        (float("nan"), "–", "–"),
        (Decimal("Infinity"), "–", "–"),
    ],
)
def test_figure_is_written_as_people_write_it(value: object, spanish: str, english: str) -> None:
    with translation.override("es"):
        assert figures.figure(value) == spanish
    with translation.override("en"):
        assert figures.figure(value) == english


@pytest.mark.parametrize(
    ("value", "places", "shown"), [("8.95", 1, "9"), ("8.949", 2, "8,95"), ("86.5", 0, "87"), (412, 2, "412")]
)
def test_figure_rounds_half_up_to_the_places_asked(value: object, places: int, shown: str) -> None:
    with translation.override("es"):
        assert figures.figure(value, places) == shown


def test_figure_and_unit_never_part() -> None:
    assert figures.with_unit(412, "t") == f"412{NB}t"
    assert figures.with_unit(412, "") == "412"
    assert figures.percent(Decimal("0.858")) == f"86{NB}%"
    assert figures.percent(None) == "–"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (dt.timedelta(hours=2, minutes=40, seconds=59), f"2{NB}h 40{NB}min"),
        (dt.timedelta(days=1, hours=6, minutes=59), f"1{NB}d 6{NB}h"),
        (dt.timedelta(days=5), f"5{NB}d"),
        (dt.timedelta(minutes=12), f"12{NB}min"),
        (dt.timedelta(seconds=30), f"0{NB}min"),
        (dt.timedelta(days=-1), f"0{NB}min"),
    ],
)
def test_time_left_names_its_two_largest_units(left: dt.timedelta, words: str) -> None:
    assert figures.time_left(left) == words


@given(st.one_of(st.floats(), st.integers(), st.decimals(allow_nan=True), st.text(), st.none()), st.integers(0, 6))
def test_figure_writes_whatever_it_is_given(value: object, places: int) -> None:
    assert figures.figure(value)
    assert figures.figure(value, places)
