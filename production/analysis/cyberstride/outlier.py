"""Transients and steps of a few values, judged with the series' own tail. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import manner
from production.analysis.cyberstride.forecast import Window
from production.analysis.cyberstride.hypotheses import RHO, Hypotheses
from production.analysis.cyberstride.lanes import Lanes
from production.analysis.cyberstride.settings import Settings

F32 = NDArray[np.float32]

#: Step rows (lags 0, 1, 2) that are judged value by value: on so few a heavy tail counts most.
YOUNG: Final = 3
#: Yesterday's error foretells today's up to so many standard deviations: an outlier foretells nothing.
FORETELLS: Final = np.float32(2.5)
#: Log odds of what cannot be, because the value is missing.
NEVER: Final = np.float32(-60)
_TINY: Final = np.float32(1e-36)


@dataclass
class Outliers:
    """Of the newest values, rows by lag: ``log_odds`` of a transient there, ``sums`` over ``information`` its size.

    ``densities`` of today's error when quiet, under each tail; ``tail`` their chances. ``newest``: today's error, given
    yesterday's; ``gain``: how much information it has gained by that.
    """

    log_odds: F32
    sums: F32
    information: F32
    densities: list[F32]
    tail: F32
    log_quiet: F32
    newest: F32
    newest_information: F32
    absent: F32


def transients(
    lanes: Lanes, seen: Window, hypotheses: Hypotheses, settings: Settings, i00: F32, i01: F32, i11: F32, u: F32
) -> Outliers:
    """Each of the newest values against all the others."""
    lags = settings.transient_lags
    w, raw, position = seen.weight[:lags], seen.raw[:lags], hypotheses.position[:lags, None]
    extra = w * (raw - seen.calm[:lags])
    t0, t1 = w * (i00 + i01 * position), w * (i01 + i11 * position)
    sums = np.asarray(w * raw - t0 * (u[0] + extra) - t1 * (u[1] + extra * position), dtype=np.float32)
    information = np.maximum(w - t0 * w - t1 * w * position, np.float32(1e-6))
    z = np.empty((lags + 1, sums.shape[1]), np.float32)
    np.divide(sums, np.sqrt(information), out=z[:lags])
    z[lags] = z[0]  # today's own error, for learning
    rho = (np.exp(lanes.rho) * RHO[:, None]).sum(axis=0) * seen.known[1]
    left = 1 - rho * rho
    z[0] -= rho * np.minimum(np.maximum(lanes.last, -FORETELLS), FORETELLS)
    z[0] /= np.sqrt(left)
    gained = information.copy()
    gained[0] /= left
    tail, densities = np.exp(lanes.tail), manner.quiet_densities(z)
    quiet = np.zeros_like(z)
    for density, chance in zip(densities, tail, strict=True):
        quiet += density * chance
    absent = np.where(w > 0, np.float32(0), NEVER)
    log_quiet = np.log(np.maximum(quiet[:lags], _TINY))
    log_odds = np.log(manner.outlier_density(z[:lags], gained * np.float32(settings.spread[0] ** 2)))
    log_odds += np.float32(np.log(settings.hazard[0])) + absent - log_quiet
    own = [density[lags] for density in densities]
    return Outliers(log_odds, sums, information, own, tail, log_quiet[0].copy(), z[0], gained[0], absent[0])


def young_steps(
    seen: Window,
    outliers: Outliers,
    s: F32,
    n: F32,
    inflation: F32,
    forecast: F32,
    hypotheses: Hypotheses,
    settings: Settings,
) -> F32:
    """Log odds of steps of up to ``YOUNG`` values: today's as a transient's, older ones under a Student law with the
    mean of the series' tails, the values taken one by one at the size that fits best."""
    spread = np.float32(settings.spread[1] ** 2)
    found = np.empty((YOUNG, s.shape[1]), np.float32)
    found[0] = np.log(manner.outlier_density(outliers.newest, outliers.newest_information * spread))
    found[0] += hypotheses.prior[0] - outliers.log_quiet
    inverse = np.maximum((outliers.tail * manner.INVERSE_DEGREES[:, None]).sum(axis=0), np.float32(0.01))
    power = (1 + 1 / inverse) / 2
    inner = inverse / (outliers.tail * manner.SQUARED_SCALES[:, None]).sum(axis=0)
    root, known = np.sqrt(seen.weight[:YOUNG]), seen.known[:YOUNG]
    z = (seen.raw[:YOUNG] - forecast) * root
    quiet = np.log1p(z * z * inner) * known
    for k in range(1, YOUNG):
        size = s[k] / (n[k] + 1 / spread)
        stepped = np.log1p(np.square(z[: k + 1] - size * root[: k + 1]) * inner) * known[: k + 1]
        gain = power * (quiet[: k + 1].sum(axis=0) - stepped.sum(axis=0)) / inflation[k]
        occam = size * size / spread + np.log1p(n[k] * spread / inflation[k])
        found[k] = gain - np.float32(0.5) * occam + hypotheses.prior[k]
    found += outliers.absent
    return found
