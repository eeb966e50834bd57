"""Strands carried together come to what each comes to alone, from a saved state as from the first day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from production.analysis.cyberstride import State
from production.analysis.watch import (
    LAST_DAYS,
    REMEMBERED,
    Course,
    Strand,
    begin_of,
    carry,
    engine_version,
    foresee,
    kept,
    number_of,
    start_of,
)

MONDAY = dt.date(2026, 3, 2)
FIRST = number_of("day", MONDAY)
ARRAYS = ("expected", "low", "high", "probability", "kind", "onset", "size", "size_low", "size_high", "status")


def figures(n: int, days: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    week = 1 + 0.1 * rng.standard_normal((n, 7))
    values = 100 * week[:, np.arange(days) % 7] * (1 + 0.04 * rng.standard_normal((n, days)))
    values[0, days // 2 :] *= 1.3
    values[:, rng.random(days) < 0.05] = np.nan
    return values


def strand(values: np.ndarray, first: int = FIRST, workplace: int = 1, **changed: object) -> Strand:
    n, days = values.shape
    given = {
        "workplace": workplace,
        "series": tuple(range(workplace * 100, workplace * 100 + n)),
        "state": None,
        "begins": np.full(n, first),
        "first": first,
        "last": first + days - 1,
        "values": values,
        "off": np.array([start_of("day", first + d).weekday() == 6 for d in range(days)]),
        "keep": kept("day", first + days - 1),
        **changed,
    }
    return Strand(**given)  # type: ignore[arg-type]


def after(whole: Strand, state: State, day: int) -> Strand:
    """The rest of ``whole`` after ``day``, from the state that was saved then."""
    gone = day - whole.first + 1
    return strand(
        whole.values[:, gone:], first=day + 1, workplace=whole.workplace, state=state, begins=np.zeros(0, np.int64)
    )


def same(one: Course, other: Course, last: int) -> None:
    """Both say the same of the last ``last`` periods, to the bit."""
    for name in ARRAYS:
        a, b = (getattr(c, name) for c in (one, other))
        assert np.array_equal(a[..., -last:], b[..., -last:], equal_nan=a.dtype.kind == "f"), name
    for number in one.states.keys() & other.states.keys():
        assert one.states[number].state.pack() == other.states[number].state.pack()


def test_carry_from_a_saved_state_says_what_it_says_from_the_first_day():
    whole = strand(figures(5, 150, seed=1))
    cold = carry([whole], frequency="day")[0]
    sunday = min(cold.states)
    assert start_of("day", sunday).weekday() == 6
    assert whole.last - sunday > 28
    warm = carry([after(whole, cold.states[sunday].state, sunday)], frequency="day")[0]
    same(cold, warm, last=whole.last - sunday)
    assert sorted(warm.states) == [number for number in sorted(cold.states) if number > sunday]
    assert (cold.probability[0] > 0.5).any()


def test_carry_in_company_says_what_it_says_alone():
    many = [strand(figures(4, 90, seed), first=FIRST + 7 * seed, workplace=seed) for seed in range(1, 5)]
    together = carry(many, frequency="day")
    for one, course in zip(many, together, strict=True):
        same(carry([one], frequency="day")[0], course, last=REMEMBERED)


def test_carry_lets_a_series_begin_later_as_if_the_others_were_not_there():
    values = figures(2, 120, seed=3)
    values[1, :35] = np.nan
    late = strand(values, begins=np.array([FIRST, FIRST + 35]))
    alone = strand(values[1:, 35:], first=FIRST + 35)
    course, other = carry([late], frequency="day")[0], carry([alone], frequency="day")[0]
    assert np.array_equal(course.expected[1, -85:], other.expected[0], equal_nan=True)
    assert np.array_equal(course.probability[1, -85:], other.probability[0])


def test_carry_keeps_only_series_that_have_begun():
    late = strand(figures(2, 20, seed=3), begins=np.array([FIRST, 10**9]))
    course = carry([late], frequency="day")[0]
    assert {one.series for one in course.states.values()} == {(100,)}
    assert (course.status[1], course.wanting[1]) == (0, 24)
    assert course.wanting[0] == 24 - np.isfinite(np.where(late.off, np.nan, late.values[0])).sum()


def test_carry_judges_a_period_again_without_what_is_at_fault():
    values = figures(3, 100, seed=4)
    values[:, 80] = 5000.0
    given = strand(values)

    def screen(number, lanes, there, off, judgement):
        assert sorted(lanes.tolist()) == [0, 1, 2]
        return np.where(there > 1000, np.nan, there) if (there > 1000).any() else None

    shielded = carry([given], frequency="day", screen=screen)[0]
    values = values.copy()
    values[:, 80] = np.nan
    missing = carry([strand(values)], frequency="day")[0]
    same(shielded, missing, last=REMEMBERED)
    assert np.flatnonzero(shielded.shielded[0]).tolist() == [80]


def test_carry_tells_of_the_latest_of_two_odd_periods():
    values = 100 + 3 * np.random.default_rng(6).standard_normal((1, 100))
    values[0, [96, 99]] = 150.0, 70.0
    course = carry([strand(values)], frequency="day")[0]
    assert (course.kind[0, -1], course.onset[0, -1]) == (1, 0)
    assert course.size_low[0, -1] < course.size[0, -1] < course.size_high[0, -1] < -20


def test_carry_of_nothing_is_nothing():
    assert carry([], frequency="week") == []


@pytest.mark.parametrize(
    ("frequency", "starts"),
    [
        ("day", [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 1, 2)]),
        ("week", [dt.date(2025, 12, 22), dt.date(2025, 12, 29), dt.date(2026, 1, 5)]),
        ("month", [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]),
    ],
)
def test_number_of_counts_without_a_hole_over_the_end_of_a_year(frequency, starts):
    numbers = [number_of(frequency, start) for start in starts]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert [start_of(frequency, number) for number in numbers] == starts


def test_begin_of_a_daily_series_is_the_monday_before_its_first_value():
    assert start_of("day", begin_of("day", dt.date(2026, 3, 5))) == MONDAY
    assert start_of("month", begin_of("month", dt.date(2026, 3, 5))) == dt.date(2026, 3, 1)


def test_kept_are_the_last_days_and_the_sundays_of_five_weeks():
    days = sorted(start_of("day", number) for number in kept("day", number_of("day", dt.date(2026, 3, 11))))
    assert days[-LAST_DAYS:] == [dt.date(2026, 3, 9), dt.date(2026, 3, 10), dt.date(2026, 3, 11)]
    assert days[:-LAST_DAYS] == [dt.date(2026, 3, 8) - dt.timedelta(weeks=n) for n in range(4, -1, -1)]
    assert len(kept("month", 24000)) == 6


def test_foresee_tells_what_is_expected_of_a_day_to_come():
    whole = strand(figures(3, 150, seed=5))
    course = carry([whole], frequency="day")[0]
    state = course.states[whole.last - 2].state
    before = state.pack()
    expected, low, high = foresee(state, number=whole.last - 1, off=np.array([False]))
    assert np.allclose(expected, course.expected[:, -2])
    assert np.allclose(low, course.low[:, -2])
    assert (low < expected).all()
    assert (expected < high).all()
    assert state.pack() == before
    with pytest.raises(ValueError, match="judged already"):
        foresee(state, number=whole.last - 2, off=np.zeros(0, bool))


def test_engine_version_is_of_the_constants():
    assert engine_version() == engine_version()
    assert len(engine_version()) == 24
