"""Days as people write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.intake.dates import infer_frequency, read_day
from production.intake.trouble import Unreadable

LATEST = dt.date(2026, 11, 17)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", (2024, 2, 29)),
        (" 2024-01-31 ", (2024, 1, 31)),
        ("2024/1/5", (2024, 1, 5)),
        ("2024-01-05T00:00:00", (2024, 1, 5)),
        ("31/12/2024", (2024, 12, 31)),
        ("12/31/2024", (2024, 12, 31)),
        ("05-05-2024", (2024, 5, 5)),
        ("2026-11-17", (2026, 11, 17)),
    ],
)
def test_read_day_reads_what_has_one_reading(text, day):
    assert read_day(text, latest=LATEST) == dt.date(*day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("2025-02-30", "no_such_day"),
        ("2025-13-01", "no_such_day"),
        ("0000-00-00", "no_such_day"),
        ("32/13/2024", "no_such_day"),
        ("01/02/2024", "two_dates"),
        ("yesterday", "not_a_date"),
        ("45000", "not_a_date"),
        ("20240101", "not_a_date"),
        ("2024-01-01T23:30:00", "not_a_date"),
        ("10000-01-01", "not_a_date"),
        ("=TODAY()", "not_a_date"),
        ("٢٠٢٤-٠١-٠١", "not_a_date"),
        ("2024-01\u200b-01", "hidden"),
        ("1899-12-31", "too_early"),
        ("2026-11-18", "future"),
        ("9999-12-31", "future"),
    ],
)
def test_read_day_refuses_with_the_reason(text, code):
    with pytest.raises(Unreadable) as refusal:
        read_day(text, latest=LATEST)
    assert refusal.value.code == code


def test_read_day_names_both_readings():
    with pytest.raises(Unreadable) as refusal:
        read_day("01/02/2024", latest=LATEST)
    assert refusal.value.params == {"value": "01/02/2024", "one": "2024-01-02", "other": "2024-02-01"}


@given(st.text(max_size=40))
def test_read_day_answers_anything_with_a_day_or_a_reason(text):
    try:
        assert read_day(text, latest=LATEST) <= LATEST
    except Unreadable as refusal:
        assert refusal.code


def test_infer_frequency_from_the_days():
    monday = dt.date(2024, 1, 1).toordinal()
    months = {dt.date(2024, month, 1).toordinal() for month in range(1, 6)}
    assert infer_frequency({monday + n for n in range(5)}) == "day"
    assert infer_frequency({monday + 7 * n for n in range(5)}) == "week"
    assert infer_frequency({monday, monday + 14, monday + 21}) == "week"
    assert infer_frequency(months) == "month"
    assert infer_frequency({monday, monday + 7}) == "day"  # two days are no habit
