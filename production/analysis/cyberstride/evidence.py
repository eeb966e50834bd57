"""Bayes factors of every hypothesis against "nothing changed". Pure: no Django.

For a shape ``h`` with weighted residuals ``r``, nuisance regressors ``X`` (level, slope) and their prior precision:
``u = X'r``, ``L = P^-1 + X'X``, ``c = X'h``, ``n = h'h - c'L^-1c``, ``s = h'r - c'L^-1u``; with a size ``N(m, t²)``,
a variance inflated by autocorrelation to ``v``: ``q = n/v + 1/t²``, ``mu = (s/v + m/t²)/q``, and
``log BF = mu² q/2 - m²/2t² - log(q t²)/2`` (the normal integral; monitoring after West & Harrison 1997, ch. 11).
Transients and young steps are judged by densities with the series' own tail instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import manner
from production.analysis.cyberstride.forecast import Window
from production.analysis.cyberstride.hypotheses import RHO, Hypotheses, apply
from production.analysis.cyberstride.lanes import Lanes
from production.analysis.cyberstride.settings import Settings

F32 = NDArray[np.float32]


@dataclass
class Evidence:
    """Of one block and period, in noise standard deviations.

    ``log_posterior``: (rows, lanes) unnormalised against 0 for "nothing": transients by lag, steps, slopes, slopes
    that end one. ``shape_sum`` over ``shape_information`` is the size of a step or slope, likewise of transients.
    ``error``, ``variance``: of today's value before it was seen. ``densities``: of that error when quiet.
    """

    log_posterior: F32
    shape_sum: F32
    shape_information: F32
    inflation: F32
    transient_sum: F32
    transient_information: F32
    error: F32
    variance: F32
    forecast: F32
    densities: list[F32]
    tail: F32


def weigh(lanes: Lanes, seen: Window, hypotheses: Hypotheses, settings: Settings) -> Evidence:
    """The evidence of one block on one period."""
    rows = len(hypotheses.prior)
    sums = apply(hypotheses.shapes, seen.weight * seen.calm)
    info = apply(hypotheses.weights, seen.weight)
    u0, u1 = sums[rows], sums[rows + 1]
    det = np.maximum(lanes.p00 * lanes.p11 - lanes.p01 * lanes.p01, np.float32(1e-16))
    a00, a01, a11 = lanes.p11 / det, -lanes.p01 / det, lanes.p00 / det
    # before today: the forecast
    newest = hypotheses.position[0]
    w0 = seen.weight[0]
    b00 = a00 + info[3 * rows] - w0
    b01 = a01 + info[3 * rows + 1] - w0 * newest
    b11 = a11 + info[3 * rows + 2] - w0 * (newest * newest)
    d = b00 * b11 - b01 * b01
    v0, v1 = u0 - w0 * seen.calm[0], u1 - w0 * seen.calm[0] * newest
    forecast = ((b11 * v0 - b01 * v1) + newest * (b00 * v1 - b01 * v0)) / d
    spread = (b11 - 2 * newest * b01 + newest * newest * b00) / d
    variance: F32 = np.asarray(1 / seen.today_weight + np.maximum(spread, 0), dtype=np.float32)
    error = ((seen.raw[0] - forecast) * seen.known[0]).astype(np.float32)
    # with today
    a00 = b00 + w0
    a01 = b01 + w0 * newest
    a11 = b11 + w0 * (newest * newest)
    d = 1 / (a00 * a11 - a01 * a01)
    i00, i01, i11 = a11 * d, -a01 * d, a00 * d
    c0, c1, n = info[:rows], info[rows : 2 * rows], info[2 * rows : 3 * rows]
    d0 = c0 * i00
    d0 += c1 * i01
    d1 = c0 * i01
    d1 += c1 * i11
    s = sums[:rows]
    s -= d0 * u0
    s -= d1 * u1
    d0 *= c0
    d1 *= c1
    n -= d0
    n -= d1
    np.maximum(n, np.float32(1e-6), out=n)
    inflation: F32 = apply(hypotheses.inflation, np.exp(lanes.rho))
    return _posterior(
        lanes, seen, hypotheses, settings, s, n, inflation, (i00, i01, i11), (u0, u1), error, variance, forecast
    )


#: Step rows judged value by value with the series' own tail.
SHORT = 4


def _short_steps(
    out: F32,
    seen: Window,
    tail: F32,
    s: F32,
    n: F32,
    forecast: F32,
    tau: np.float32,
    prior: F32,
    absent: F32,
    inflation: F32,
) -> None:
    """Steps of a few values, value by value, under a Student law with the mean of the series' tail."""
    inverse = np.maximum((tail * manner.INVERSE_DEGREES[:, None]).sum(axis=0), np.float32(0.01))
    square = (tail * manner.SQUARED_SCALES[:, None]).sum(axis=0)
    power, inner = -(1 + 1 / inverse) / 2, inverse / square
    base = np.zeros_like(tail[0])
    z = [(seen.raw[j] - forecast) * np.sqrt(seen.weight[j]) for j in range(SHORT)]
    total = np.zeros_like(base)
    quiet = [power * np.log1p(z[j] * z[j] * inner) * seen.known[j] for j in range(SHORT)]
    for k in range(SHORT):
        total = total + quiet[k]
        if k == 0:
            continue
        size = s[k] / (n[k] + 1 / tau)
        shifted = np.zeros_like(total)
        for j in range(k + 1):
            shifted += power * np.log1p(np.square(z[j] - size * np.sqrt(seen.weight[j])) * inner) * seen.known[j]
        out[k] = (
            (shifted - total) / inflation[k]
            - 0.5 * size * size / tau
            - 0.5 * np.log1p(n[k] * tau / inflation[k])
            + prior[k]
            + absent
        )


def _posterior(
    lanes: Lanes,
    seen: Window,
    hypotheses: Hypotheses,
    settings: Settings,
    s: F32,
    n: F32,
    inflation: F32,
    inverse: tuple[F32, F32, F32],
    u: tuple[F32, F32],
    error: F32,
    variance: F32,
    forecast: F32,
) -> Evidence:
    rows, steps, lags = len(hypotheses.prior), hypotheses.steps, settings.transient_lags
    log_hazard = np.log(np.array(settings.hazard, dtype=np.float32))
    out = np.empty((lags + rows + rows - steps, s.shape[1]), np.float32)
    # transients
    i00, i01, i11 = inverse
    w, pos = seen.weight[:lags], hypotheses.position[:lags, None]
    extra = w * (seen.raw[:lags] - seen.calm[:lags])
    t0 = w * (i00 + i01 * pos)
    t1 = w * (i01 + i11 * pos)
    ts: F32 = np.asarray(w * seen.raw[:lags] - t0 * (u[0] + extra) - t1 * (u[1] + extra * pos), dtype=np.float32)
    tn = np.maximum(w - t0 * w - t1 * w * pos, np.float32(1e-6))
    z = np.empty((lags + 1, ts.shape[1]), np.float32)
    z[:lags] = ts / np.sqrt(tn)
    # what yesterday's error foretells of today's; the last row keeps today's own for learning
    rho = (np.exp(lanes.rho) * RHO[:, None]).sum(axis=0) * seen.known[1]
    own = 1 - rho * rho
    z[lags] = z[0]
    z[0] = (z[0] - rho * np.clip(lanes.last, np.float32(-2.5), np.float32(2.5))) / np.sqrt(own)
    tn_own = tn.copy()
    tn_own[0] /= own
    tail = np.exp(lanes.tail)
    densities = manner.quiet_densities(z)
    quiet = np.zeros_like(z)
    for density, chance in zip(densities, tail, strict=True):
        quiet += density * chance
    log_quiet = np.log(np.maximum(quiet, np.float32(1e-36)))
    tau = [np.float32(t * t) for t in settings.spread]
    absent = np.where(w > 0, np.float32(0), np.float32(-60))
    out[:lags] = (
        np.log(manner.outlier_density(z[:lags], tn_own * tau[0]))
        - log_quiet[:lags]
        + np.float32(log_hazard[0])
        + absent
    )
    # steps and slopes
    q = n / inflation
    a = s / inflation
    base = lags
    scale = np.empty((rows, 1), np.float32)
    scale[:steps], scale[steps:] = tau[1], tau[2]
    qt = q * scale
    qt += 1
    out[base : base + rows] = 0.5 * a * a * scale / qt - 0.5 * np.log(qt) + hypotheses.prior[:, None]
    out[base] = np.log(manner.outlier_density(z[0], tn_own[0] * tau[1])) - log_quiet[0] + hypotheses.prior[0]
    out[base : base + 1] += absent[0]
    _short_steps(out[base : base + SHORT], seen, tail, s, n, forecast, tau[1], hypotheses.prior, absent[0], inflation)
    # a slope that is there ends: its size is known
    beta = lanes.slope / seen.sd
    known = lanes.p11 + np.float32(0.0225) * beta * beta + np.float32(1e-6)
    a, q = a[steps:], q[steps:] + 1 / known
    m = -beta / known
    mu = a + m
    share = beta * beta / (beta * beta + np.float32(0.0025)) * np.float32(settings.returning) + np.float32(1e-9)
    out[base + rows :] = (
        0.5 * mu * mu / q + 0.5 * beta * m - 0.5 * np.log(q * known) + hypotheses.prior[steps:, None] + np.log(share)
    )
    out[base + steps : base + rows] += np.log1p(-share)
    return Evidence(out, s, n, inflation, ts, tn, error, variance, forecast, [f[lags] for f in densities], tail)
