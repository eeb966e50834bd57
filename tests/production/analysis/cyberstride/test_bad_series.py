"""What factories really send: nothing raises, nothing warns, and no watched series is told nonsense."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from production.analysis.cyberstride import Frequency, Judgement, Status, advance, start

RNG = np.random.default_rng(11)
DAYS = 220
NOISE = RNG.standard_normal(DAYS)


def stopped(values: NDArray[np.float64], first: int, last: int, by: float) -> NDArray[np.float64]:
    values = values.copy()
    values[first:last] = by
    return values


SERIES = {
    "constant": np.full(DAYS, 480.0),
    "constant, then another": np.where(np.arange(DAYS) < 120, 15.0, 16.0),
    "nothing but zeros": np.zeros(DAYS),
    "zeros, then work": np.where(np.arange(DAYS) < 90, 0.0, 100 + 5 * NOISE),
    "three values": stopped(np.full(DAYS, np.nan), 5, 8, 3.0),
    "never a value": np.full(DAYS, np.nan),
    "a jump of 1e15": stopped(100 + 5 * NOISE, 120, 121, 1e15),
    "1e15 from then on": stopped(100 + 5 * NOISE, 120, DAYS, 1e15),
    "negative stock": -50 + 30 * NOISE,
    "around zero": NOISE,
    "tiny": 1e-12 * (100 + NOISE),
    "huge": 1e15 * (100 + NOISE),
    "silent for months": stopped(100 + 5 * NOISE, 100, 160, np.nan),
    "idle for months": stopped(100 + 5 * NOISE, 100, 160, 0.0),
    "never on Sundays": np.where(np.arange(DAYS) % 7 == 6, 0.0, 100 + 5 * NOISE),
    "Sundays from now on": np.where((np.arange(DAYS) % 7 == 6) & (np.arange(DAYS) < 120), 0.0, 100 + 5 * NOISE),
    "every other day": np.where(np.arange(DAYS) % 2 == 0, np.nan, 100 + 5 * NOISE),
    "pieces": RNG.poisson(2.0, DAYS).astype(float),
    "mostly zeros": np.where(RNG.random(DAYS) < 0.9, 0.0, 100.0),
    "a new level every week": 100.0 * (1 + np.arange(DAYS) // 7 % 5) + NOISE,
    "infinite": np.where(np.arange(DAYS) == 100, np.inf, 100 + 5 * NOISE),
}


def run(values: NDArray[np.float64], frequency: Frequency = "day") -> list[Judgement]:
    state = start(values.shape[1], frequency=frequency)
    return [advance(state, day=738_000 + t, values=row) for t, row in enumerate(values)]


@pytest.fixture(scope="module")
def told() -> list[Judgement]:
    return run(np.stack(list(SERIES.values()), axis=1))


def of(name: str) -> int:
    return list(SERIES).index(name)


@pytest.mark.parametrize("frequency", ["day", "week", "month"])
def test_what_is_said_of_a_watched_series_is_finite(frequency: Frequency):
    for judgement in run(np.stack(list(SERIES.values()), axis=1), frequency):
        watched = judgement.status == Status.WATCHING
        for figure in (judgement.size, judgement.size_low, judgement.size_high, judgement.probability):
            assert np.isfinite(figure[watched]).all()
        assert ((judgement.probability >= 0) & (judgement.probability <= 1)).all()
        np.testing.assert_allclose(judgement.by_kind.sum(axis=1), judgement.probability, atol=1e-5)
        expected = np.isfinite(judgement.expected)
        assert (judgement.band_low[expected] <= judgement.band_high[expected]).all()
        assert not judgement.raised[~watched].any()


def test_what_was_never_understood_is_never_alarmed_about(told):
    for name in ("nothing but zeros", "three values", "never a value"):
        assert {int(j.status[of(name)]) for j in told} == {Status.LEARNING}


def test_a_constant_that_changes_is_a_step(told):
    assert not any(j.raised[of("constant")] for j in told)
    assert told[120].raised[of("constant, then another")]
    assert not any(j.raised[of("constant, then another")] for j in told[:120])


def test_a_series_that_was_silent_is_learned_anew(told):
    statuses = [int(j.status[of("silent for months")]) for j in told]
    assert statuses[99] == Status.WATCHING
    assert statuses[159:175] == [Status.RECALIBRATING] * 16
    assert statuses[-1] == Status.WATCHING


def test_another_order_of_magnitude_is_told_and_learned_anew(told):
    i = of("1e15 from then on")
    assert told[120].raised[i]
    assert told[125].status[i] == Status.RECALIBRATING
    assert told[-1].status[i] == Status.WATCHING
    assert told[-1].expected[i] == pytest.approx(1e15, rel=1e-3)


def test_one_absurd_value_is_a_transient_and_the_next_day_is_as_ever(told):
    i = of("a jump of 1e15")
    assert told[120].raised[i]
    assert told[124].expected[i] == pytest.approx(100, abs=5)


def test_a_closed_weekday_is_no_outlier(told):
    raised = [t for t, j in enumerate(told) if j.raised[of("never on Sundays")]]
    assert len(raised) <= 1


def test_a_restless_series_is_not_alarmed_about_for_ever(told):
    assert Status.RECALIBRATING in {int(j.status[of("a new level every week")]) for j in told}


def test_a_month_reported_at_once_is_what_its_days_were():
    values = np.stack([100 + 5 * NOISE, 50 + 2 * NOISE[::-1]], axis=1)
    daily, late = start(2), start(2)
    for t in range(100):
        advance(daily, day=t, values=values[t])
        if t < 70:
            advance(late, day=t, values=values[t])
    for t in range(70, 100):
        last = advance(late, day=t, values=values[t])
    assert np.array_equal(last.expected, last.expected)
    assert late.pack() == daily.pack()


def test_days_that_are_skipped_are_missing():
    values = (100 + 5 * NOISE)[:, None]
    skipping, missing = start(1), start(1)
    for t in range(60):
        if t not in (50, 51):
            advance(skipping, day=t, values=values[t])
        advance(missing, day=t, values=np.where(t in (50, 51), np.nan, values[t]))
    assert skipping.pack() == missing.pack()


def test_thirty_years_of_months_with_closures():
    months = np.arange(360)
    season = 1 + 0.2 * np.sin(2 * np.pi * months / 12)
    values = 1000 * season * (1 + 0.03 * RNG.standard_normal(360))
    values[100:118] = np.nan
    values[250:254] = 0
    told = run(np.stack([values, np.roll(values, 7)], axis=1), "month")
    assert told[99].status[0] == Status.WATCHING
    assert told[117].status[0] == Status.RECALIBRATING
    assert told[250].raised[0]
    assert told[-1].status[0] == Status.WATCHING
    inside = [(j.band_low[0] < v < j.band_high[0]) for j, v in zip(told[60:100], values[60:100], strict=True)]
    assert np.mean(inside) > 0.8
