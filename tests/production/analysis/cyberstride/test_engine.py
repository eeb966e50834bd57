"""The engine as its callers see it: kinds, statuses, bad input, and that no series depends on its neighbours."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray

from production.analysis.cyberstride import Judgement, Kind, State, Status, advance, start

MONDAY = 738_000 - (738_000 % 7)
WEEK = np.array([1.0, 1.05, 0.98, 1.02, 0.95, 0.9, 1.1])


def figures(days: int, n: int, *, seed: int = 1, noise: float = 5.0) -> NDArray[np.float64]:
    """Quiet series of level 100 with a weekly season, (days, n)."""
    rng = np.random.default_rng(seed)
    return 100 * WEEK[np.arange(days) % 7][:, None] + noise * rng.standard_normal((days, n))


def judge(values: NDArray[np.float64], state: State | None = None, first: int = MONDAY) -> list[Judgement]:
    state = start(values.shape[1]) if state is None else state
    return [advance(state, day=first + t, values=row) for t, row in enumerate(values)]


def same(one: Judgement, other: Judgement, indices: slice = slice(None)) -> bool:
    return all(
        np.array_equal(
            getattr(one, f.name)[indices], getattr(other, f.name), equal_nan=f.name not in {"raised", "kind"}
        )
        for f in fields(Judgement)
    )


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (Kind.TRANSIENT, np.array([0] * 90 + [40] + [0] * 29)),
        (Kind.STEP, np.array([0] * 90 + [25] * 30)),
        (Kind.SLOPE, np.concatenate([np.zeros(90), np.arange(1, 31) * 2.0])),
    ],
)
def test_each_kind_of_change_is_found_and_named(kind: Kind, change: NDArray[np.float64]):
    told = judge(figures(120, 40) + change[:, None])
    after = {Kind.TRANSIENT: 92, Kind.STEP: 97, Kind.SLOPE: 108}[kind]
    named = told[after].kind == kind
    assert named.mean() > 0.9
    assert not any(judgement.raised.mean() > 0.06 for judgement in told[:90])


def test_a_packed_state_is_the_same_to_the_bit():
    values = figures(60, 20)
    state = start(20)
    judge(values[:50], state)
    again = State.unpack(state.pack())
    assert again.day == state.day
    for t in range(50, 60):
        one = advance(state, day=MONDAY + t, values=values[t])
        assert same(one, advance(again, day=MONDAY + t, values=values[t]))


def test_a_series_is_judged_alike_whoever_stands_beside_it():
    values = figures(130, 700) + np.where(np.arange(130) > 100, 20, 0)[:, None]
    whole, parts = judge(values), [judge(values[:, part]) for part in (slice(0, 3), slice(3, 520), slice(520, 700))]
    for t in range(130):
        assert same(whole[t], parts[0][t], slice(0, 3))
        assert same(whole[t], parts[1][t], slice(3, 520))
        assert same(whole[t], parts[2][t], slice(520, 700))


def test_a_state_cannot_go_back():
    state = start(1)
    advance(state, day=10, values=np.ones(1))
    with pytest.raises(ValueError, match="after"):
        advance(state, day=10, values=np.ones(1))


def test_a_young_series_is_learning():
    assert judge(figures(10, 3))[-1].status.tolist() == [Status.LEARNING] * 3
