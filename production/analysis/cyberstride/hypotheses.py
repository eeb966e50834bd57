"""What may have happened, and since when: the rows of hypotheses and their linear operators. Pure: no Django.

A window of ``K`` values, the newest first (row 0 is today). A hypothesis is a shape ``h`` over the window: a
step that began ``k`` periods back is 1 on rows 0..k; a slope that began then is ``k+1, k, ..., 1`` on them. All
sums over the window that a Bayes factor needs (``h'w``, ``h'wp``, ``h'wh``, ``h'wr``) are linear in the weights or
in the weighted residuals, so one matrix product gives them for every hypothesis and every series at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.lanes import STRIP
from production.analysis.cyberstride.settings import Settings

F32 = NDArray[np.float32]

#: Autocorrelations between which a series is placed.
RHO = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 0.93], dtype=np.float32)


@dataclass(frozen=True)
class Hypotheses:
    """Operators over a window of ``K`` values; ``J`` rows: steps, then slopes.

    ``position``: periods from the frozen filter to each value (K, K-1, ..., 1).
    ``shapes``: (J + 2, K), the shapes, then the level (1) and the slope (position): times ``w r``.
    ``weights``: (3 J + 3, K), per shape ``h``, ``h p``, ``h h``; then ``1``, ``p``, ``p p``: times ``w``.
    ``inflation``: (J, len(RHO)), by how much autocorrelation widens the variance of each shape's estimate.
    ``prior``: (J,), log chance that the change began in the periods for which the row stands.
    """

    steps: int
    lags: NDArray[np.int64]
    position: F32
    shapes: F32
    weights: F32
    inflation: F32
    prior: F32


def apply(operator: F32, columns: F32) -> F32:
    """``operator @ columns``, strip by strip."""
    found = np.empty((len(operator), columns.shape[1]), np.float32)
    for low in range(0, columns.shape[1], STRIP):
        np.matmul(operator, columns[:, low : low + STRIP], out=found[:, low : low + STRIP])
    return found


@lru_cache(maxsize=8)
def build(settings: Settings) -> Hypotheses:
    """The operators of ``settings``."""
    window = settings.window
    row = np.arange(window)
    position = (window - row).astype(np.float64)
    steps = [(row <= k).astype(np.float64) for k in settings.step_lags]
    slopes = [np.maximum(k - row + 1.0, 0.0) for k in settings.slope_lags]
    shapes = np.stack(steps + slopes)
    ones = np.ones(window)
    weights = np.stack(
        [*shapes, *(shapes * position), *(shapes * shapes), ones, position, position * position],
    )
    prior = np.concatenate(
        [
            np.log(settings.hazard[1] * _share(settings.step_lags)),
            np.log(settings.hazard[2] * _share(settings.slope_lags)),
        ]
    )
    return Hypotheses(
        steps=len(steps),
        lags=np.array([*settings.step_lags, *settings.slope_lags]),
        position=position.astype(np.float32),
        shapes=np.stack([*shapes, ones, position]).astype(np.float32),
        weights=weights.astype(np.float32),
        inflation=np.stack([_inflation(h) for h in shapes]).astype(np.float32),
        prior=prior.astype(np.float32),
    )


def _share(lags: tuple[int, ...]) -> NDArray[np.float64]:
    """How many onsets each lag stands for: half the way to either neighbour."""
    edges = np.array([lags[0] - 0.5, *[(a + b) / 2 for a, b in pairwise(lags)], lags[-1] + 0.5])
    return np.diff(edges)


def _inflation(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of ``h'r`` under first-order autocorrelation over that under none, for each of ``RHO``."""
    by_lag = np.array([float(shape[: len(shape) - d] @ shape[d:]) for d in range(len(shape))])
    powers = RHO.astype(np.float64)[:, None] ** np.arange(len(shape))
    return np.asarray((by_lag[0] + 2 * (powers[:, 1:] @ by_lag[1:])) / by_lag[0])
