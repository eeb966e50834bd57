"""The plain Harrison-Stevens filter, many series at once: the yardstick beside which the engine stands. Pure: no
Django.

Multi-process models of class II (Harrison & Stevens 1971, Oper. Res. Q. 22:341; 1976, JRSS B 38:205; Smith & West 1983,
Biometrics 39:867): each period one of four models holds, chosen independently; sixteen Kalman updates (yesterday's
model by today's) are collapsed to four by their moments. It forgets slow evidence with every collapse, which is why
the engine keeps its hypotheses apart instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: In this order everywhere.
MODELS = ("steady", "transient", "step", "slope")


@dataclass(frozen=True)
class Models:
    """Of each model: its chance, the variance of an observation, and of what a period adds to level and slope
    (``level``, ``shared``, ``slope``: the covariance matrix [[level, shared], [shared, slope]]), in squared units of
    the value."""

    chance: F64
    observation: F64
    level: F64
    shared: F64
    slope: F64


@dataclass
class Mixture:
    """Of ``n`` series: ``mean`` (n, 4, 2), ``covariance`` (n, 4, 3: level, shared, slope), ``probability`` (n, 4) of
    today's models, and ``pair`` (n, 4, 4), yesterday's by today's."""

    mean: F64
    covariance: F64
    probability: F64
    pair: F64 | None = None

    @classmethod
    def start(cls, n: int, models: Models, *, mean: tuple[float, float], variance: tuple[float, float]) -> Mixture:
        """``n`` series with the same level and slope, of those variances."""
        four = len(MODELS)
        return cls(
            mean=np.broadcast_to(np.array(mean, dtype=float), (n, four, 2)).copy(),
            covariance=np.broadcast_to(np.array([variance[0], 0.0, variance[1]]), (n, four, 3)).copy(),
            probability=np.broadcast_to(models.chance, (n, four)).copy(),
        )


@dataclass(frozen=True)
class Answer:
    """Probabilities (n, 4) of the models of today, of yesterday and of the day before, knowing today; and the level
    (n,)."""

    today: F64
    yesterday: F64
    day_before: F64
    level: F64


def update(mixture: Mixture, values: F64, models: Models) -> Answer:
    """Take the values (n,) of one period into ``mixture``, in place. A missing value (NaN) lets time pass: variances
    grow, probabilities stay."""
    known = np.isfinite(values)
    m, c, p = mixture.mean, mixture.covariance, mixture.probability
    level, slope = m[..., 0] + m[..., 1], m[..., 1]
    r00, r01, r11 = c[..., 0] + 2 * c[..., 1] + c[..., 2], c[..., 1] + c[..., 2], c[..., 2]
    # i: yesterday's model, j: today's
    s00, s01, s11 = (r[:, :, None] + w for r, w in ((r00, models.level), (r01, models.shared), (r11, models.slope)))
    q = s00 + models.observation
    e = (np.where(known, values, 0.0)[:, None] - level)[:, :, None]
    with np.errstate(divide="ignore"):
        log = np.log(p)[:, :, None] + np.log(models.chance) - 0.5 * (e * e / q + np.log(q))
    weight = np.exp(log - log.max(axis=(1, 2), keepdims=True))
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    today = weight.sum(axis=1)
    share = weight / np.maximum(today, 1e-300)[:, None, :]
    a0, a1 = s00 / q, s01 / q
    m0, m1 = level[:, :, None] + a0 * e, slope[:, :, None] + a1 * e
    mean0, mean1 = (share * m0).sum(axis=1), (share * m1).sum(axis=1)
    d0, d1 = m0 - mean0[:, None], m1 - mean1[:, None]
    c00 = (share * (s00 - a0 * a0 * q + d0 * d0)).sum(axis=1)
    c01 = (share * (s01 - a0 * a1 * q + d0 * d1)).sum(axis=1)
    c11 = (share * (s11 - a1 * a1 * q + d1 * d1)).sum(axis=1)
    yesterday = weight.sum(axis=2)
    before = mixture.pair
    if before is None:
        day_before = np.full_like(yesterday, np.nan)
    else:
        given = before / np.maximum(before.sum(axis=1, keepdims=True), 1e-300)
        day_before = (given * yesterday[:, None, :]).sum(axis=2)
    one, four = known[:, None], known[:, None, None]
    idle = np.stack([r00 + models.level[0], r01 + models.shared[0], r11 + models.slope[0]], axis=-1)
    mixture.mean = np.where(four, np.stack([mean0, mean1], axis=-1), np.stack([level, slope], axis=-1))
    mixture.covariance = np.where(four, np.stack([c00, c01, c11], axis=-1), idle)
    mixture.probability = np.where(one, today, p)
    if before is None:
        mixture.pair = np.where(four, weight, p[:, :, None] * models.chance)
    else:
        mixture.pair = np.where(four, weight, before)
    return Answer(
        today=mixture.probability,
        yesterday=np.where(one, yesterday, p),
        day_before=day_before,
        level=(mixture.probability * mixture.mean[..., 0]).sum(axis=1),
    )
