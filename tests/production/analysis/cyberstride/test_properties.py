"""What must hold of every series: its unit means nothing, nor where zero lies if nothing follows the level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from production.analysis.cyberstride import Judgement, State, advance, start

DAYS = 130


def figures(seed: int, n: int = 6) -> NDArray[np.float64]:
    """Series of every manner, with a change in some and holes in all."""
    rng = np.random.default_rng(seed)
    season = 1 + rng.uniform(-0.2, 0.2, (7, n))
    noise = rng.choice([0.02, 0.05, 0.15], n) * rng.standard_t(5, (DAYS, n))
    level = 1 + np.where(np.arange(DAYS)[:, None] >= rng.integers(60, 200, n), rng.uniform(-0.5, 0.5, n), 0)
    values = 100 * level * season[np.arange(DAYS) % 7] * (1 + noise)
    values[rng.random((DAYS, n)) < 0.05] = np.nan
    return values


def judge(values: NDArray[np.float64]) -> list[Judgement]:
    state = start(values.shape[1])
    return [advance(state, day=t, values=row) for t, row in enumerate(values)]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), power=st.integers(-30, 40))
def test_the_unit_of_a_series_means_nothing(seed: int, power: int):
    factor = 2.0**power  # a power of two is exact, so that nothing but the engine can differ
    values = figures(seed)
    for one, other in zip(judge(values), judge(values * factor), strict=True):
        assert np.array_equal(one.kind, other.kind)
        assert np.array_equal(one.probability, other.probability)
        np.testing.assert_allclose(one.size * factor, other.size, rtol=1e-6)
        np.testing.assert_allclose(one.expected * factor, other.expected, rtol=1e-6)


@pytest.mark.parametrize("shift", [-1000.0, -50.0])
def test_of_a_stock_that_goes_below_zero_only_differences_count(shift: float):
    values = 30 * np.random.default_rng(1).standard_normal((DAYS, 5))
    values[100:] += 200
    low, lower = judge(values - 500), judge(values - 500 + shift)
    for one, other in zip(low, lower, strict=True):
        assert np.array_equal(one.kind, other.kind)
        np.testing.assert_allclose(one.probability, other.probability, atol=2e-3)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(1, DAYS - 1))
def test_a_run_that_was_saved_and_loaded_is_the_run_to_the_bit(seed: int, cut: int):
    values, state = figures(seed), start(6)
    for t in range(cut):
        advance(state, day=t, values=values[t])
    state = State.unpack(state.pack())
    for t in range(cut, DAYS):
        advance(state, day=t, values=values[t])
    cold = start(6)
    for t in range(DAYS):
        advance(cold, day=t, values=values[t])
    assert state.pack() == cold.pack()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(6)))
def test_the_order_of_series_means_nothing(seed: int, order: list[int]):
    values = figures(seed)
    for one, other in zip(judge(values), judge(values[:, order]), strict=True):
        assert np.array_equal(one.probability[order], other.probability)


def test_what_is_taken_apart_and_joined_is_what_it_was():
    values, state = figures(1), start(6)
    for t in range(60):
        advance(state, day=t, values=values[t])
    again = State.join([state.take([0, 1, 2]), state.take([3, 4, 5])])
    assert again.pack() == state.pack()
    other = start(1)
    with pytest.raises(ValueError, match="cannot be joined"):
        State.join([state, other])


def test_bytes_that_are_no_state_are_refused():
    packed = start(3).pack()
    for nonsense in (b"", b"CSTR1", packed[:-1], packed[:40], b"x" + packed[1:]):
        with pytest.raises(ValueError, match="not a state"):
            State.unpack(nonsense)


def test_a_series_in_another_unit_goes_on_as_before():
    values, state = figures(2), start(6)
    for t in range(80):
        advance(state, day=t, values=values[t])
    same = state.copy()
    state.rescale(range(6), 1024.0)
    for t in range(80, DAYS):
        one, other = (advance(s, day=t, values=v) for s, v in ((same, values[t]), (state, values[t] * 1024.0)))
        assert np.array_equal(one.probability, other.probability)
