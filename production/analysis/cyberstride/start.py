"""The first understanding of a series: level, season, noise, from its first weeks. Pure: no Django.

A robust joint fit (median polish, Tukey 1977): a line through the deseasonalised values and a median per season, in
turn; effects shrunk towards none by their standard error (empirical Bayes within the series), because a season
that is wrong costs more than any choice of model. A season whose values are all zero while others are not is closed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: Efficiency of a median against a mean, as variance.
MEDIAN_COST = 1.57
#: A constant series is taken to be good to so much of its level.
CONSTANT = 1e-3


@dataclass(frozen=True)
class Fit:
    """Of ``n`` series: ``level`` at the newest value, ``slope`` per period (0 unless it is beyond doubt) and
    ``noise`` in the unit of the values; ``season`` and
    ``season_var`` (of the mean; in units of the value, and of the noise variance) and ``closed``, (season, n)."""

    level: F64
    slope: F64
    noise: F64
    season: F64
    season_var: F64
    closed: NDArray[np.bool_]


def fit(values: F64, phase: NDArray[np.int64], season: int) -> Fit:
    """Fit ``values`` (window, n; newest first; NaN missing), row ``j`` being in phase ``phase[j]`` of the season."""
    rows, n = values.shape
    closed = np.zeros((season, n), dtype=bool)
    middle = _median(np.abs(values))
    if season > 1:
        for p in range(season):
            own = values[phase == p]
            known = np.isfinite(own).sum(axis=0)
            closed[p] = (known >= 2) & ((own == 0).sum(axis=0) == known) & (middle > 0)
    open_values = np.where(closed[phase], np.nan, values) if season > 1 else values
    count = np.stack([np.isfinite(open_values[phase == p]).sum(axis=0) for p in range(season)])
    effect = np.zeros((season, n))
    age = np.arange(rows, dtype=np.float64)[:, None]
    enough = (count >= 2).sum(axis=0) * 2 > season
    for _ in range(4):
        level, slope = _line(open_values - effect[phase], age)
        if season == 1:
            break
        left = open_values - level - slope * age
        found = np.stack([_median(left[phase == p]) for p in range(season)])
        known = (count > 0) & ~closed
        found = np.where(known & enough, found, 0.0)
        effect = np.where(known, found - found.sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0.0)
    left = open_values - level - slope * age - effect[phase]
    total = np.isfinite(left).sum(axis=0)
    fitted = np.where(enough, (count > 0).sum(axis=0), 1) + 1.0
    noise = _noise(left, total, fitted, level)
    if season > 1:
        error = MEDIAN_COST / np.maximum(count, 1)
        spread = np.square(effect / noise)
        among = np.maximum(
            (np.where(count > 0, spread - error, 0.0)).sum(axis=0) / np.maximum((count > 0).sum(axis=0), 1), 0
        )
        among = np.maximum(among, 0.02)
        shrink = among / (among + error)
        # what shrinking leaves behind is noise again
        effect, var = effect * shrink, among * error / (among + error)
    else:
        var = np.zeros((season, n))
    return Fit(level=level, slope=-slope, noise=noise, season=effect, season_var=var, closed=closed)


def _median(values: F64) -> F64:
    """Median of each column without its NaNs; 0 of none."""
    ordered = np.sort(values, axis=0)  # NaN last
    count = np.isfinite(values).sum(axis=0)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1)
    lanes = np.arange(values.shape[1])
    return np.asarray(np.where(count > 0, (ordered[low, lanes] + ordered[high, lanes]) / 2, 0.0))


def _line(values: F64, age: F64) -> tuple[F64, F64]:
    """Level now and change per period back in time: medians of the older and the newer half, the slope kept only
    where it is beyond its own uncertainty."""
    half = len(values) // 2
    known = np.isfinite(values)
    span = known.cumsum(axis=0) * 2 <= known.sum(axis=0)
    newer, older = np.where(span, values, np.nan), np.where(span, np.nan, values)
    when = np.where(known, age, np.nan)
    t_new, t_old = _median(np.where(span, when, np.nan)), _median(np.where(span, np.nan, when))
    m_new, m_old = _median(newer), _median(older)
    apart = np.maximum(t_old - t_new, 1.0)
    slope = (m_old - m_new) / apart
    spread = 1.4826 * np.maximum(_median(np.abs(newer - m_new)), _median(np.abs(older - m_old)))
    doubt = spread * np.sqrt(2 * MEDIAN_COST / np.maximum(known.sum(axis=0) / 2, 1)) / apart
    slope = np.where(np.abs(slope) > 2.5 * doubt, slope, 0.0) if half else np.zeros_like(slope)
    return _median(values - slope * age), slope


def _noise(left: F64, total: NDArray[np.int64], fitted: F64, level: F64) -> F64:
    """Standard deviation of residuals: winsorised at 2.5 robust ones; where half of them are equal, the mean
    deviation; where all are, a thousandth of the level."""
    robust = 1.4826 * _median(np.abs(left))
    free = np.maximum(total - fitted, 2.0)
    mean = 1.2533 * np.nansum(np.abs(left), axis=0) / free
    first = np.where(robust > 0, robust * np.sqrt(np.maximum(total, 1) / free), mean)
    bound = 2.5 * first
    square = np.nansum(np.square(np.clip(left, -bound, bound)), axis=0) / free / 0.944
    least = CONSTANT * np.abs(level)
    noise = np.sqrt(square)
    noise = np.where(noise > least * 1e-3, noise, least)
    return np.where(noise > 0, noise, 1.0)
