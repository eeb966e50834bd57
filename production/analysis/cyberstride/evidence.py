"""Odds of every hypothesis against "nothing changed". Pure: no Django.

For a shape ``h`` with weighted residuals ``r``, nuisance regressors ``X`` (level, slope) and their prior precision
``A``:
``u = X'r``, ``L = A + X'X``, ``c = X'h``, ``n = h'h - c'L^-1c``, ``s = h'r - c'L^-1u``. With a size ``N(m, t²)`` and a
variance inflated by autocorrelation to ``v``: ``q = n/v + 1/t²``, ``mu = (s/v + m/t²)/q``, and the Bayes factor is
``exp(mu² q/2 - m²/2t²) / sqrt(q t²)`` (the normal integral; monitoring by Bayes factors: West & Harrison 1997, ch. 11).
Transients and steps of a few values are judged value by value with the series' own tail instead (``outlier``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.forecast import Window
from production.analysis.cyberstride.hypotheses import Hypotheses, apply
from production.analysis.cyberstride.lanes import Lanes
from production.analysis.cyberstride.outlier import YOUNG, Outliers, transients, young_steps
from production.analysis.cyberstride.settings import Settings

F32 = NDArray[np.float32]

#: How far from the whole of it the end of a slope may be, as a share of it.
RETURN_SPREAD = np.float32(0.15)
#: A slope is there to be ended when it is about so steep, in noise standard deviations per period.
STEEP = np.float32(0.05)


@dataclass
class Evidence:
    """Of one block and period; sizes and errors in standard deviations of the noise.

    ``odds`` (rows, lanes) of transients by lag, steps, slopes and slopes that end one, and ``none`` those of nothing,
    up to a factor per lane. ``sums`` over ``information`` is the size of a step or slope; ``inflation`` what
    autocorrelation makes of its variance. ``error`` of today's value against its ``forecast`` (from the frozen line),
    with ``variance``.
    """

    odds: F32
    none: F32
    sums: F32
    information: F32
    inflation: F32
    outliers: Outliers
    error: F32
    variance: F32
    forecast: F32


@dataclass
class Nuisance:
    """Level and slope over the window: inverse of ``L`` (three rows of it) and ``u``."""

    i00: F32
    i01: F32
    i11: F32
    u0: F32
    u1: F32


def weigh(lanes: Lanes, seen: Window, hypotheses: Hypotheses, settings: Settings, standstill: F32) -> Evidence:
    """The evidence of one block on one period. ``standstill``: log odds that an exact zero adds to a change today."""
    rows = len(hypotheses.prior)
    sums = apply(hypotheses.shapes, seen.weight * seen.calm)
    moments = apply(hypotheses.weights, seen.weight)
    nuisance, forecast, variance = _solve(lanes, seen, sums[rows:], moments[3 * rows :], hypotheses.position[0])
    s, n = _sweep(nuisance, sums[:rows], moments[: 3 * rows].reshape(3, rows, -1))
    inflation = apply(hypotheses.inflation, np.exp(lanes.rho))
    outliers = transients(lanes, seen, hypotheses, settings, nuisance.i00, nuisance.i01, nuisance.i11, sums[rows:])
    outliers.log_odds[0] += standstill
    outliers.log_quiet -= standstill
    odds, none = _odds(lanes, seen, hypotheses, settings, s, n, inflation, outliers, forecast)
    error = np.asarray((seen.raw[0] - forecast) * seen.known[0], dtype=np.float32)
    return Evidence(odds, none, s, n, inflation, outliers, error, variance, forecast)


def _solve(lanes: Lanes, seen: Window, u: F32, moments: F32, newest: np.float32) -> tuple[Nuisance, F32, F32]:
    """The nuisances with today's value, and what they foretold of it without, with the variance of its error."""
    det = np.maximum(lanes.p00 * lanes.p11 - lanes.p01 * lanes.p01, np.float32(1e-16))
    w, u0, u1 = seen.weight[0], u[0], u[1]
    a00 = lanes.p11 / det + moments[0] - w
    a01 = moments[1] - lanes.p01 / det - w * newest
    a11 = lanes.p00 / det + moments[2] - w * (newest * newest)
    d = a00 * a11 - a01 * a01
    v0, v1 = u0 - w * seen.calm[0], u1 - w * seen.calm[0] * newest
    forecast = ((a11 * v0 - a01 * v1) + newest * (a00 * v1 - a01 * v0)) / d
    spread = (a11 - 2 * newest * a01 + newest * newest * a00) / d
    variance = 1 / seen.today_weight + np.maximum(spread, 0)
    a00, a01, a11 = a00 + w, a01 + w * newest, a11 + w * (newest * newest)
    d = 1 / (a00 * a11 - a01 * a01)
    return Nuisance(a11 * d, -a01 * d, a00 * d, u0, u1), forecast, np.asarray(variance, dtype=np.float32)


def _sweep(nuisance: Nuisance, s: F32, moments: F32) -> tuple[F32, F32]:
    """``s`` and ``n`` of every shape, the nuisances taken out; in place of the sums they come from."""
    c0, c1, n = moments
    work = c0 * nuisance.i00
    other = c1 * nuisance.i01
    work += other
    np.multiply(work, nuisance.u0, out=other)
    s -= other
    work *= c0
    n -= work
    np.multiply(c0, nuisance.i01, out=work)
    np.multiply(c1, nuisance.i11, out=other)
    work += other
    np.multiply(work, nuisance.u1, out=other)
    s -= other
    work *= c1
    n -= work
    return s, np.maximum(n, np.float32(1e-6), out=n)


def _odds(
    lanes: Lanes,
    seen: Window,
    hypotheses: Hypotheses,
    settings: Settings,
    s: F32,
    n: F32,
    inflation: F32,
    outliers: Outliers,
    forecast: F32,
) -> tuple[F32, F32]:
    """Odds of all rows and of nothing, scaled per lane so that none is beyond what a float holds."""
    rows, steps, lags = len(hypotheses.prior), hypotheses.steps, settings.transient_lags
    power = np.empty((lags + rows + rows - steps, s.shape[1]), np.float32)
    factor = np.ones_like(power)
    power[:lags] = outliers.log_odds
    a, q = s / inflation, n / inflation
    # of no expected size
    scale = np.full((rows, 1), np.float32(settings.spread[2] ** 2))
    scale[:steps] = settings.spread[1] ** 2
    whole = q * scale
    whole += 1
    own = power[lags : lags + rows]
    np.multiply(a, a, out=own)
    own *= scale * np.float32(0.5)
    own /= whole
    np.divide(np.exp(hypotheses.prior)[:, None], np.sqrt(whole), out=factor[lags : lags + rows])
    power[lags : lags + YOUNG] = young_steps(seen, outliers, s, n, inflation, forecast, hypotheses, settings)
    factor[lags : lags + YOUNG] = 1
    # a slope that is there ends: its size is known
    beta = lanes.slope / seen.sd
    known = lanes.p11 + np.square(RETURN_SPREAD * beta) + np.float32(1e-6)
    share = np.float32(settings.returning) * beta * beta / (beta * beta + STEEP * STEEP)
    pull = -beta / known
    a, q = a[steps:], q[steps:] + 1 / known
    a += pull
    np.multiply(a, a, out=power[lags + rows :])
    power[lags + rows :] /= q
    power[lags + rows :] += beta * pull
    power[lags + rows :] *= np.float32(0.5)
    q *= known
    np.divide(np.exp(hypotheses.prior)[steps:, None] * share, np.sqrt(q), out=factor[lags + rows :])
    factor[lags + steps : lags + rows] *= 1 - share
    top = np.maximum(power.max(axis=0), 0)
    power -= top
    np.exp(power, out=power)
    power *= factor
    return power, np.exp(-top)
