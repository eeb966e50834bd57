"""The vectorised filter against plain loops: the literature's formulas, one series, one pair of models at a time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from production.analysis.cyberstride.harrison_stevens import MODELS, Answer, Mixture, Models, update

CP6 = Path(__file__).resolve().parents[4].parent / "shared" / "cyberstride" / "cp6"
V = 15.0**2
MIXTURE = Models(
    chance=np.array([0.90, 0.04, 0.03, 0.03]),
    observation=V * np.array([1.0, 100.0, 1.0, 1.0]),
    level=V * np.array([0.02, 0.02, 40.0, 2.0]),
    shared=V * np.array([0.0, 0.0, 0.0, 2.0]),
    slope=V * np.array([0.0005, 0.0005, 0.0005, 2.0]),
)
G, F = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.0])


def by_loops(values: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64], float]]:
    """Probabilities of today and of yesterday, and the level, for each value."""
    w = [np.array([[MIXTURE.level[j], MIXTURE.shared[j]], [MIXTURE.shared[j], MIXTURE.slope[j]]]) for j in range(4)]
    mean, cov = [np.array([600.0, 10.0])] * 4, [np.diag([2500.0, 100.0])] * 4
    p, told = MIXTURE.chance, []
    for y in values:
        pair, m, c = np.zeros((4, 4)), {}, {}
        for i in range(4):
            a, steady = G @ mean[i], G @ cov[i] @ G.T
            for j in range(4):
                r = steady + w[j]
                q, e = F @ r @ F + MIXTURE.observation[j], y - F @ a
                gain = r @ F / q
                m[i, j], c[i, j] = a + gain * e, r - np.outer(gain, gain) * q
                pair[i, j] = p[i] * MIXTURE.chance[j] * np.exp(-0.5 * e * e / q) / np.sqrt(2 * np.pi * q)
        pair /= pair.sum()
        p, mean, cov = pair.sum(0), [], []
        for j in range(4):
            share = pair[:, j] / p[j]
            centre = sum(share[i] * m[i, j] for i in range(4))
            mean.append(centre)
            cov.append(sum(share[i] * (c[i, j] + np.outer(m[i, j] - centre, m[i, j] - centre)) for i in range(4)))
        told.append((p, pair.sum(1), float(sum(p[j] * mean[j][0] for j in range(4)))))
    return told


def run(values: NDArray[np.float64]) -> list[Answer]:
    mixture = Mixture.start(values.shape[1], MIXTURE, mean=(600.0, 10.0), variance=(2500.0, 100.0))
    return [update(mixture, row, MIXTURE) for row in values]


def test_many_series_at_once_are_what_loops_give():
    rng = np.random.default_rng(3)
    values = 650 + np.cumsum(rng.normal(0, 12, (60, 5)), axis=0) + 200 * (rng.random((60, 5)) < 0.05)
    told = run(values)
    for i in range(5):
        for answer, (today, yesterday, level) in zip(told, by_loops(values[:, i]), strict=True):
            np.testing.assert_allclose(answer.today[i], today, rtol=0, atol=1e-9)
            np.testing.assert_allclose(answer.yesterday[i], yesterday, rtol=0, atol=1e-9)
            assert answer.level[i] == pytest.approx(level, abs=1e-9 * 1000)


def test_a_missing_value_lets_time_pass():
    values = np.array([[620.0], [np.nan], [640.0]])
    told = run(values)
    assert np.array_equal(told[1].today, told[0].today)
    assert np.isfinite(told[2].level).all()


@pytest.mark.skipif(not CP6.exists(), reason="the published months of CP6 are not at hand")
def test_the_published_months_of_cp6():
    rows = list(csv.DictReader((CP6 / "cp6.csv").read_text().splitlines()))
    expected = json.loads((CP6 / "cp6_expected.json").read_text())
    told = run(np.array([[float(row["sales"])] for row in rows]))
    np.testing.assert_allclose(told[-1].today[0], expected["p_last"], rtol=0, atol=1e-9)
    assert told[-1].level[0] == pytest.approx(expected["filtered_last"][0], abs=1e-9)
    flags = [
        (row["time"], MODELS[1 + int(after.yesterday[0, 1:].argmax())])
        for row, after in zip(rows, told[1:], strict=False)
        if after.yesterday[0, 0] < 0.5
    ]
    assert flags == [(time, kind) for time, _value, kind, _p in expected["flags_one_step_back"]]
