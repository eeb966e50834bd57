"""Holt and Winters as river does it, one series and one day at a time, with the chart's limits on its errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.charts import ALLOWANCE, CLIP, SHEWHART, TRAINING

try:
    from river import time_series
except ImportError:  # a dependency of the benchmark alone: requirements-bench.txt
    time_series = None

F64 = NDArray[np.float64]
#: Periods before the first forecast is asked for.
WARM = 21


def errors(values: F64) -> F64:
    """One-step errors in standard deviations (days, n); NaN where there is no value. A missing day is learned as
    foreseen, so that the season keeps its place."""
    found = np.full(values.shape, np.nan)
    for i in range(values.shape[1]):
        model = time_series.HoltWinters(alpha=0.1, beta=0.01, gamma=0.1, seasonality=7)
        usual = float(np.nanmedian(values[:TRAINING, i]))
        for t, value in enumerate(values[:, i]):
            foreseen = model.forecast(horizon=1)[0] if t >= WARM else usual
            found[t, i] = value - foreseen
            model.learn_one(value if np.isfinite(value) else foreseen)
    noise = 1.4826 * np.nanmedian(np.abs(found[60:TRAINING]), axis=0)
    return np.asarray(found / np.maximum(noise, 1e-9))


def alarms(z: F64, limit: float) -> list[tuple[int, int, str]]:
    """(day, series, kind) of each signal of Shewhart and CUSUM on the errors."""
    n = z.shape[1]
    up, down, up_run, down_run = (np.zeros(n) for _ in range(4))
    told = []
    for t, row in enumerate(z):
        known = np.isfinite(row)
        e = np.where(known, row, 0.0)
        c = np.clip(e, -CLIP, CLIP)
        up = np.where(known, np.maximum(0, up + c - ALLOWANCE), up)
        down = np.where(known, np.maximum(0, down - c - ALLOWANCE), down)
        up_run, down_run = np.where(up > 0, up_run + 1, 0), np.where(down > 0, down_run + 1, 0)
        cusum, single = known & (np.maximum(up, down) > limit), known & (np.abs(e) > SHEWHART * limit)
        run = np.where(up > down, up_run, down_run)
        if t >= 60:
            for i in np.flatnonzero(cusum | single):
                told.append((t, int(i), ("slope" if run[i] > 10 else "step") if cusum[i] else "transient"))
        up[cusum] = 0
        down[cusum] = 0
    return told
