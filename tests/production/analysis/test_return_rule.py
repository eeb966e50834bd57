"""A change has gone when the figures lie again where they lay before it."""

from __future__ import annotations

import datetime as dt

import pytest

from production.analysis.return_rule import has_returned

BEGAN = dt.date(2026, 11, 9)  # a Monday
BANDS = {BEGAN - dt.timedelta(days=n): (90.0, 110.0) for n in range(1, 15)}


def since(*values: float, frequency: str = "day") -> list[tuple[dt.date, float]]:
    step = {"day": 1, "week": 7, "month": 28}[frequency]
    return [(BEGAN - dt.timedelta(days=step), 100.0)] + [
        (BEGAN + dt.timedelta(days=step * n), value) for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("kind", "values", "gone"),
    [
        ("transient", [60.0], False),
        ("transient", [60.0, 100.0], True),
        ("transient", [60.0, 100.0, 55.0], False),
        ("step", [60.0, 61.0, 100.0, 100.0], False),
        ("step", [60.0, 61.0, 100.0, 100.0, 91.0], True),
        ("slope", [89.0, 85.0, 80.0, 92.0, 95.0, 89.0], False),
        ("slope", [89.0, 85.0, 80.0, 92.0, 95.0, 99.0], True),
        ("step", [100.0], True),  # what was found was corrected
    ],
)
def test_has_returned_after_as_many_as_the_kind_wants(kind, values, gone):
    assert has_returned(kind=kind, frequency="day", began_on=BEGAN, values=since(*values), bands=BANDS) is gone


def test_has_returned_looks_at_the_same_weekday():
    bands = {day: (10.0, 30.0) if day.weekday() == 1 else band for day, band in BANDS.items()}
    values = since(60.0, 20.0)
    assert has_returned(kind="transient", frequency="day", began_on=BEGAN, values=values, bands=bands)
    assert not has_returned(kind="transient", frequency="week", began_on=BEGAN, values=values, bands=bands)


def test_has_returned_is_never_said_of_what_nothing_is_known_of():
    assert not has_returned(kind="step", frequency="day", began_on=BEGAN, values=since(), bands=BANDS)
    later = {BEGAN + dt.timedelta(days=1): (0.0, 1000.0)}
    assert not has_returned(kind="step", frequency="day", began_on=BEGAN, values=since(60.0), bands=later)
