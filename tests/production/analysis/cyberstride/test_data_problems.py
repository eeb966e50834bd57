"""One fault across many series is one sentence; a factory that changes is none."""

from __future__ import annotations

import numpy as np
import pytest

from production.analysis.cyberstride.data_problems import (
    DataProblem,
    Problem,
    find_problem,
    has_come_to_stay,
    is_news,
    shield,
)

RNG = np.random.default_rng(5)
EXPECTED = RNG.uniform(10, 1000, 20)
EARLIER, BEFORE, TODAY = (EXPECTED * RNG.normal(1, 0.08, 20) for _ in range(3))
OFF = np.zeros(20, bool)


def problem(values: np.ndarray, off: np.ndarray = OFF) -> DataProblem | None:
    return find_problem(values, expected=EXPECTED, before=BEFORE, earlier=EARLIER, off=off)


def test_an_ordinary_day_is_no_problem():
    assert problem(TODAY) is None


@pytest.mark.parametrize("factor", [0.01, 10, 100, 1000])
def test_a_switched_unit_is_found_and_taken_back(factor: float):
    found = problem(TODAY * factor)
    assert (found.problem, found.factor, len(found.series)) == (Problem.UNIT, pytest.approx(factor), 20)
    np.testing.assert_allclose(shield(TODAY * factor, found), TODAY)


def test_a_doubled_day_is_found_and_not_used():
    found = problem(TODAY * 2)
    assert found.problem is Problem.DOUBLED
    assert np.isnan(shield(TODAY * 2, found)[found.series]).all()


def test_the_sheet_of_yesterday_sent_again_is_found():
    assert problem(BEFORE).problem is Problem.REPEATED


def test_series_that_never_change_do_not_make_a_repeated_day():
    same = EXPECTED.copy()
    assert find_problem(same, expected=EXPECTED, before=same, earlier=same, off=OFF) is None


def test_a_day_missing_for_all_is_found_unless_it_is_a_day_off():
    nothing = np.full(20, np.nan)
    assert problem(nothing).problem is Problem.MISSING
    assert problem(nothing, off=~OFF) is None


def test_a_few_series_out_of_line_are_factories_not_data():
    values = TODAY.copy()
    values[:8] *= 10
    assert problem(values) is None


def test_three_series_are_a_coincidence():
    few = slice(0, 3)
    assert (
        find_problem(TODAY[few] * 100, expected=EXPECTED[few], before=BEFORE[few], earlier=EARLIER[few], off=OFF[few])
        is None
    )


def test_a_unit_that_stays_switched_is_told_once():
    first, relapse = problem(TODAY * 100), problem(BEFORE * 100.5)
    assert is_news(first, None)
    assert not is_news(relapse, first)
    assert not is_news(problem(TODAY / 100), first)
    assert has_come_to_stay(relapse, first)
    assert not has_come_to_stay(first, None)
    assert is_news(problem(TODAY * 2), first)
    assert not is_news(None, None)
