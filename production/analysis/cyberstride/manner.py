"""How a series behaves when nothing happens: tail, autocorrelation, noise exponent. Pure: no Django.

Each is a posterior over a small grid, one column per series, under a prior that says what most series are like: the
population's habit is where a young series starts, its own errors take over. Sources: Student-t scale mixtures for
outliers (West 1984, JRSS B 46:431), grids of discrete hyperparameters as in multi-process models of class I (Harrison &
Stevens 1976, JRSS B 38:205).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]

#: Degrees of freedom; infinity is the normal law.
DEGREES: Final = (3.0, 5.0, 9.0, math.inf)
TAIL_PRIOR: Final = np.log(np.array([0.08, 0.22, 0.25, 0.45])).astype(np.float32)
RHO_PRIOR: Final = np.log(np.array([0.62, 0.12, 0.14, 0.07, 0.035, 0.015])).astype(np.float32)
#: Noise grows like the level to this power.
EXPONENT: Final = np.array([0.0, 0.5, 1.0], dtype=np.float32)
EXPONENT_PRIOR: Final = np.log(np.array([0.4, 0.2, 0.4])).astype(np.float32)
#: Errors count up to so many standard deviations where a variance is learned.
CLIP: Final = 3.0
#: One quiet-looking error in so many is a transient, whatever the tail.
STRAY: Final = 0.01


def _density(z: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    if math.isinf(degrees):
        return np.asarray(np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi))
    norm = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    return np.asarray(norm * (1 + z * z / degrees) ** (-(degrees + 1) / 2))


def _clipped_square(degrees: float, scale: float) -> float:
    """E min(z², CLIP²) of a Student variable times ``scale``, by the trapezoid rule."""
    z = np.linspace(-400, 400, 400_001)
    return float(np.sum(np.minimum((z * scale) ** 2, CLIP**2) * _density(z, degrees)) * (z[1] - z[0]))


#: E min(z², CLIP²) of the standard normal law: what "one noise variance" means here, whatever the tail.
SQUARE: Final = _clipped_square(math.inf, 1.0)


def _scale(degrees: float) -> float:
    """Scale at which a Student law has the clipped variance of the standard normal one, by bisection."""
    low, high = 0.3, 1.2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _clipped_square(degrees, middle) < SQUARE else (low, middle)
    return high


SCALES: Final = tuple(1.0 if math.isinf(v) else _scale(v) for v in DEGREES)
INVERSE_DEGREES: Final = np.array([0.0 if math.isinf(v) else 1 / v for v in DEGREES], dtype=np.float32)
SQUARED_SCALES: Final = np.square(np.array(SCALES)).astype(np.float32)
_NORM: Final = tuple(float(_density(np.zeros(1), v)[0]) / s for v, s in zip(DEGREES, SCALES, strict=True))


def quiet_densities(z: F32) -> list[F32]:
    """Density of standardised errors ``z`` when nothing happens, under each of ``DEGREES``."""
    square = z * z
    found = []
    for degrees, scale, norm in zip(DEGREES, SCALES, _NORM, strict=True):
        if math.isinf(degrees):
            found.append(np.float32(norm) * np.exp(np.float32(-0.5) * square))
        else:
            inner = np.log1p(square * np.float32(1 / (degrees * scale * scale)))
            found.append(np.float32(norm) * np.exp(np.float32(-(degrees + 1) / 2) * inner))
    return found


def outlier_density(z: F32, variance: F32 | float) -> F32:
    """Density of ``z`` when a transient of that variance was added: Student with 3 degrees of freedom, so that no
    size is impossible."""
    total = 1 + variance
    return np.asarray(
        np.float32(2 / (math.pi * math.sqrt(3))) / (np.sqrt(total) * np.square(1 + z * z / (3 * total))),
        dtype=np.float32,
    )


def weights(log_weights: F32) -> F32:
    """Probabilities of a grid from its normalised log weights."""
    return np.exp(log_weights)


def _learn(log_weights: F32, log_likelihood: F32, prior: F32, memory: float) -> None:
    """Fade towards the prior, add the evidence, normalise; in place."""
    log_weights -= prior[:, None]
    log_weights *= np.float32(memory)
    log_weights += prior[:, None]
    log_weights += log_likelihood
    log_weights -= log_weights.max(axis=0)
    log_weights -= np.log(np.exp(log_weights).sum(axis=0))


def learn_tail(log_weights: F32, densities: list[F32], z: F32, weight: F32, memory: float) -> None:
    """A quiet error ``z`` teaches the tail. One error in a hundred may be an outlier whatever the tail is, so
    that a few large transients do not make every series heavy-tailed. ``weight``: how sure the quiet is."""
    stray = np.float32(STRAY) * outlier_density(z, 36.0)
    likelihood = np.stack([np.log(np.float32(1 - STRAY) * f + stray) for f in densities])
    likelihood *= weight
    _learn(log_weights, likelihood, TAIL_PRIOR, memory)


def learn_rho(log_weights: F32, z: F32, last: F32, weight: F32, rho: F32, memory: float) -> None:
    """Two errors in succession teach the autocorrelation (both clipped at 3)."""
    c, d = (np.minimum(np.maximum(x, -CLIP), CLIP) for x in (z, last))
    var = (1 - rho * rho)[:, None]
    likelihood = np.float32(-0.5) * (np.log(var) + np.square(c - rho[:, None] * d) / var)
    likelihood *= weight
    _learn(log_weights, likelihood, RHO_PRIOR, memory)


def learn_exponent(log_weights: F32, z: F32, mean: F32, log_level: F32, weight: F32, memory: float) -> None:
    """An error at a level away from the reference teaches how noise grows with level: under exponent ``g`` the
    error that was ``z`` standard deviations under ``mean`` is ``z * level**(mean - g)``."""
    away = (EXPONENT[:, None] - mean) * log_level
    square = np.minimum(z * z, np.float32(CLIP * CLIP))
    likelihood = -away - np.float32(0.5) * square * np.exp(np.float32(-2) * away)
    likelihood *= weight
    _learn(log_weights, likelihood, EXPONENT_PRIOR, memory)
