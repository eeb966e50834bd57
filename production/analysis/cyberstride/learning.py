"""What a series teaches of itself: first all at once, then a little on each quiet period. Pure: no Django."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import manner
from production.analysis.cyberstride.evidence import Evidence
from production.analysis.cyberstride.forecast import FAR, Window
from production.analysis.cyberstride.hypotheses import RHO
from production.analysis.cyberstride.lanes import VAGUE, WATCHING, Lanes, bounded, relative_level
from production.analysis.cyberstride.settings import Profile, Settings
from production.analysis.cyberstride.start import fit
from production.analysis.cyberstride.verdict import Verdict

F32 = NDArray[np.float32]

#: Noise never falls below this share of what it was at the start: a constant series would come to divide by nothing.
QUIETEST: Final = np.float32(0.01)


def begin(lanes: Lanes, phase: NDArray[np.int64], settings: Settings, profile: Profile) -> None:
    """Series that have enough values are understood for the first time, or anew."""
    ready = np.flatnonzero(
        (lanes.status != WATCHING) & (lanes.seen >= profile.enough) & (lanes.unit > 0) & np.isfinite(lanes.window[0])
    )
    if not len(ready):
        return
    unit, origin = lanes.unit[ready], lanes.origin[ready]
    values = origin + unit * lanes.window[:, ready].astype(np.float64)
    found = fit(values, phase, profile.season)
    lanes.origin[ready], lanes.unit[ready] = found.level, found.noise
    lanes.window[:, ready] = bounded((values - found.level) / found.noise, -FAR, FAR)
    lanes.window[:, ready] = (
        np.where(found.closed[phase] & (values == 0), np.nan, lanes.window[:, ready])
        if profile.season > 1
        else lanes.window[:, ready]
    )
    lanes.season[:, ready] = found.season / found.noise
    lanes.season_var[:, ready] = found.season_var
    lanes.closed[:, ready] = found.closed
    least = np.where(np.isfinite(values), values, 0).min(axis=0)
    positive = (least >= 0) & (found.level > 3 * found.noise)
    lanes.ratio[ready] = np.where(positive, found.noise / np.where(positive, found.level, 1), 0)
    steady = found.slope == 0
    size = len(lanes.window)
    for row, value in (
        (lanes.level, -found.slope / found.noise * size),
        (lanes.slope, found.slope / found.noise),
        (lanes.p00, VAGUE[0]),
        (lanes.p01, 0),
        (lanes.p11, np.where(steady, settings.steady, VAGUE[1])),
    ):
        row[ready] = value
    lanes.sigma[ready] = 1
    lanes.count[ready] = np.minimum(lanes.seen[ready], 40) * 0.6
    lanes.tail[:, ready] = manner.TAIL_PRIOR[:, None]
    lanes.rho[:, ready] = manner.RHO_PRIOR[:, None]
    lanes.exponent[:, ready] = manner.EXPONENT_PRIOR[:, None]
    for row in (
        lanes.last,
        lanes.age,
        lanes.churn,
        lanes.works_off,
        lanes.alarm_kind,
        lanes.alarm_age,
        lanes.alarm_log_odds,
    ):
        row[ready] = 0
    lanes.status[ready] = WATCHING


def learn(
    lanes: Lanes, seen: Window, found: Evidence, verdict: Verdict, quiet: F32, phase: int, settings: Settings
) -> None:
    """What a quiet period teaches of noise, manner and season."""
    known = seen.known[0] > 0
    watching = lanes.status == WATCHING
    z = np.where(known, found.error / np.sqrt(found.variance), np.float32(0))
    z = bounded(z, -1000, 1000)
    q = quiet * known
    calm = np.where(watching & known, 1 - verdict.by_kind[1] - verdict.by_kind[2], np.float32(0))
    consecutive = (calm > 0) & (lanes.gap == 0) & np.isfinite(lanes.window[1])
    memory = settings.manner_memory
    exponent_mean = seen.exponent
    now = relative_level(lanes, lanes.level + lanes.slope * len(lanes.window) + found.forecast * seen.sd)
    manner.learn_exponent(lanes.exponent, z, exponent_mean, np.log(now * seen.factor), q, memory)
    manner.learn_tail(lanes.tail, found.outliers.densities, z, calm, memory)
    manner.learn_rho(lanes.rho, z, lanes.last, q * consecutive, RHO, memory)
    np.copyto(lanes.last, bounded(z, -4, 4), where=known)
    square = np.minimum(z * z, np.float32(9)) * np.float32(1 / manner.SQUARE)
    old = lanes.count * np.float32(settings.noise_memory)
    change = np.where(q > 0, (old + q * square) / np.maximum(old + q, np.float32(1e-3)), np.float32(1))
    change = bounded(change, np.float32(0.8), np.float32(1.25))
    lanes.count[:] = np.where(q > 0, old + q, lanes.count)
    lanes.sigma *= np.sqrt(change)
    np.maximum(lanes.sigma, QUIETEST, out=lanes.sigma)
    if len(lanes.season) > 1:
        var = lanes.season_var[phase]
        scale = seen.sd * seen.factor  # of an error, in units of the lane
        information = np.square(now / scale) / found.variance
        gain = np.where(known & watching, var * information / (1 + var * information), np.float32(0)) * q
        e = bounded(z, -3, 3) * np.sqrt(found.variance)
        lanes.season[phase] += gain * e * scale / now
        var -= gain * var
        np.copyto(var, np.minimum(var + np.float32(settings.season_drift), 1), where=known)
        open_ = 1 - np.minimum(lanes.closed * 2, 1)
        mean = (lanes.season * open_).sum(axis=0) / np.maximum(open_.sum(axis=0), 1)
        lanes.season -= mean * open_
        lanes.level += mean
