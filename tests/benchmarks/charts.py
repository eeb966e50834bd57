"""The chart to beat: Shewhart and re-centring CUSUM (Page 1954, Biometrika 41:100) on robustly deseasonalised figures.

It knows the first 120 days in advance (season, level, noise), the engine does not. Its limit is the lowest with at most
one false alarm per series and year on the very set that it is scored on.
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
TRAINING = 120
#: Drift allowed for, Shewhart limit over CUSUM limit, clip of one value; chosen on other sets for the highest recall.
ALLOWANCE, SHEWHART, CLIP = 0.5, 0.6, 3.5


@dataclass
class Start:
    """Season (7, n), level and noise (n,) of the training days."""

    season: F64
    level: F64
    noise: F64
    closed: NDArray[np.bool_]


def train(values: F64, weekday: NDArray[np.int64]) -> Start:
    """Median polish of ratios to a weekly running mean."""
    x, d = values[:TRAINING].copy(), weekday[:TRAINING]
    n = x.shape[1]
    closed = np.stack([_median(x[d == k]) == 0 for k in range(7)])
    x[closed[d]] = np.nan
    season = np.ones((7, n))
    for _ in range(3):
        flat = x / season[d]
        local = np.stack([_mean(flat[max(0, t - 7) : t + 8]) for t in range(len(x))])
        ratio = x / local
        season = np.stack([_median(ratio[d == k]) for k in range(7)])
        season = np.where(np.isfinite(season) & (season > 0), season, 1.0)
        season /= season.mean(axis=0)
    flat = x / season[d]
    local = np.stack([_median(flat[max(0, t - 10) : t + 11]) for t in range(len(x))])
    noise = 1.4826 * _median(np.abs(flat - local)) * 1.05
    return Start(season, _median(flat[:14]), np.maximum(noise, 1e-9), closed)


def alarms(values: F64, weekday: NDArray[np.int64], begun: Start, limit: float) -> list[tuple[int, int, str]]:
    """(day, series, kind) of each signal; after a signal the chart is re-centred by Page's estimate of the shift."""
    season, level, noise = begun.season.copy(), begun.level.copy(), begun.noise.copy()
    n = len(level)
    up, down, up_run, down_run = (np.zeros(n) for _ in range(4))
    told = []
    for t, row in enumerate(values):
        w = weekday[t]
        x = row / season[w]
        known = np.isfinite(x) & ~begun.closed[w]
        z = np.where(known, (x - level) / noise, 0.0)
        c = np.clip(z, -CLIP, CLIP)
        up = np.where(known, np.maximum(0, up + c - ALLOWANCE), up)
        down = np.where(known, np.maximum(0, down - c - ALLOWANCE), down)
        up_run, down_run = np.where(up > 0, up_run + 1, 0), np.where(down > 0, down_run + 1, 0)
        most, run = np.maximum(up, down), np.where(up > down, up_run, down_run)
        cusum, single = known & (most > limit), known & (np.abs(z) > SHEWHART * limit)
        if t >= 60:
            for i in np.flatnonzero(cusum | single):
                told.append((t, int(i), ("slope" if run[i] > 10 else "step") if cusum[i] else "transient"))
        shift = np.sign(up - down) * (ALLOWANCE + most / np.maximum(run, 1))
        gain = max(0.02, 1 / (t + 1))
        level = np.where(known, level + gain * np.clip(x - level, -3 * noise, 3 * noise), level)
        level = np.where(cusum, level + shift * noise, level)
        for row_ in (up, down, up_run, down_run):
            row_[cusum] = 0
        quiet = known & (np.abs(z) < 3)
        noise = np.where(quiet, noise * np.sqrt(0.98 + 0.02 * z * z / 0.975), noise)
        season[w] = np.where(quiet, season[w] * (1 + 0.03 * np.clip(x / level - 1, -0.3, 0.3)), season[w])
    return told


def best_limit(score: Callable[[float], tuple[float, Any]], *, most: float = 1.0) -> Any:
    """What ``score`` gives (false alarms, anything) at the lowest limit with at most ``most`` false alarms."""
    low, high, best = 1.0, 40.0, None
    for _ in range(9):
        middle = (low + high) / 2
        false, found = score(middle)
        if false <= most:
            high, best = middle, found
        else:
            low = middle
    return best


def rows(told: list[tuple[int, int, str]], names: list[str], first: int) -> dict[str, list[tuple[int, str, float]]]:
    """As ``score.py`` keeps detections."""
    found = collections.defaultdict(list)
    for t, i, kind in told:
        found[names[i]].append((first + t, kind, 1.0))
    return found


def _median(x: F64) -> F64:
    return np.asarray(np.ma.median(np.ma.masked_invalid(x), axis=0).filled(np.nan))


def _mean(x: F64) -> F64:
    return np.asarray(np.ma.masked_invalid(x).mean(axis=0).filled(np.nan))
