"""One period of one block of series: arrive, weigh, judge, learn, absorb. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import manner
from production.analysis.cyberstride.evidence import Evidence, weigh
from production.analysis.cyberstride.forecast import FAR, Scratch, Window, see
from production.analysis.cyberstride.hypotheses import RHO, Hypotheses
from production.analysis.cyberstride.lanes import WATCHING, Lanes, bounded, relative_level
from production.analysis.cyberstride.settings import Profile, Settings
from production.analysis.cyberstride.start import fit
from production.analysis.cyberstride.trust import doubt

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

#: Variance of level and slope when nothing is known of them.
VAGUE = (100.0, 2e-3)


#: Noise never falls below this share of what it was at the start, or a constant series would come to divide by nothing.
QUIETEST = np.float32(0.01)
#: Zeros are counted over about so many values (one over this), and never thought rarer than the other.
ZEROS, LEAST_ZEROS = 0.02, 0.0005
#: Raw probability from which it is worth finding out which hypothesis leads.
LOOK = 0.08
#: Below this probability nothing is told, however low the threshold.
CANDIDATE = 0.05


@dataclass
class Verdict:
    """What a block's period came to; one entry per lane. Sizes in units of the lane."""

    probability: F32
    by_kind: F32
    kind: NDArray[np.int8]
    onset: NDArray[np.int16]
    size: F32
    size_error: F32
    expected: F32
    half_band: F32
    raised: NDArray[np.bool_]
    chance: F32

    def silence(self, lanes: NDArray[np.bool_]) -> None:
        """Say nothing of these."""
        for row in (self.probability, self.chance, self.size, self.size_error):
            row[lanes] = 0
        self.by_kind[:, lanes] = 0
        self.kind[lanes] = 0
        self.raised[lanes] = False


def arrive(lanes: Lanes, values: F64, off: NDArray[np.bool_], phase: int, settings: Settings, profile: Profile) -> None:
    """Put a period's values into the window, whose rows have moved on by one already."""
    first = (lanes.unit == 0) & np.isfinite(values) & (values != 0)
    if first.any():
        lanes.unit[first] = np.abs(values[first])
    unit = np.where(lanes.unit > 0, lanes.unit, 1.0)
    x = bounded((values - lanes.origin) / unit, -FAR, FAR)
    x[_idle(lanes, x, values, off)] = np.nan
    closed = lanes.closed[phase]
    shut = (closed > 0) & np.isfinite(x)
    if shut.any():
        works = shut & (values != 0)
        reopens = works & (closed < 1)
        closed[shut & ~works] = 1.0
        closed[works] = 0.5
        closed[reopens] = 0.0
        lanes.season_var[phase][reopens] = 1.0
        lanes.season[phase][reopens] = x[reopens] - lanes.level[reopens]
        x[shut & ~reopens] = np.nan
    lanes.window[0] = x
    known = np.isfinite(x)
    lanes.seen += known
    # a closed day is no silence
    silent = ~known & ~off & ~(closed > 0)
    np.copyto(lanes.gap, 0, where=known)
    lanes.gap += silent


def _idle(lanes: Lanes, x: F32, values: F64, off: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which lanes rest on a day off. One that has worked as usual on two of them is taken to work on days off."""
    given = off & np.isfinite(x) & (lanes.status == WATCHING)
    if not given.any():
        return off
    works: NDArray[np.bool_] = lanes.works_off >= 2
    usual = np.abs(x - lanes.level - lanes.slope * len(lanes.window)) < 5 * lanes.sigma
    lanes.works_off += np.where(given, np.where(usual, 1, np.where(values == 0, -3, 0)), 0).astype(np.float32)
    np.clip(lanes.works_off, 0, 4, out=lanes.works_off)
    at_work: NDArray[np.bool_] = given & works & (values != 0)
    return off & ~at_work


def standstill(lanes: Lanes, values: F64, settings: Settings) -> F32:
    """Log odds that an exact zero adds to a change today: much where zeros are rare, nothing where they are not. The
    zero is then counted."""
    begins = lanes.window[0] != lanes.window[1]  # a second zero in a row is no news
    known = np.isfinite(lanes.window[0]) & begins
    zero = known & (values == 0)
    rate = lanes.zero_rate
    added = np.where(zero, np.log(np.maximum(np.float32(settings.standstill) / rate, 1)), np.float32(0))
    rate += np.where(known, (zero - rate) * np.float32(ZEROS), np.float32(0))
    np.maximum(rate, np.float32(LEAST_ZEROS), out=rate)
    return np.asarray(added, dtype=np.float32)


def leave(lanes: Lanes, gone: F32, phase: int, settings: Settings) -> None:
    """The value that leaves the window enters the frozen filter."""
    relative = relative_level(lanes, lanes.level)
    exponent = (np.exp(lanes.exponent) * manner.EXPONENT[:, None]).sum(axis=0)
    sd = lanes.sigma * np.exp(exponent * np.log(relative))
    factor = np.maximum(1 + lanes.ratio * lanes.season[phase], np.float32(0.05))
    lanes.level += lanes.slope
    r00 = lanes.p00 + 2 * lanes.p01 + lanes.p11 + np.float32(settings.level_drift)
    r01 = lanes.p01 + lanes.p11
    r11 = lanes.p11 + np.float32(settings.slope_drift)
    known = np.isfinite(gone)
    x = (gone - lanes.season[phase]) / factor
    e = np.where(known, (x - lanes.level) / sd, np.float32(0))
    q = r00 + 1
    root = np.sqrt(q)
    e = bounded(e, -3 * root, 3 * root)
    g0 = np.where(known, r00 / q, np.float32(0))
    g1 = np.where(known, r01 / q, np.float32(0))
    lanes.level += g0 * e * sd
    lanes.slope += g1 * e * sd
    lanes.p00[:] = r00 - g0 * r00
    lanes.p01[:] = r01 - g0 * r01
    lanes.p11[:] = r11 - g1 * r01
    bound(lanes)


def bound(lanes: Lanes) -> None:
    """Keep what is not known of level and slope within ``VAGUE``, and the covariance that of a distribution."""
    for own in (0, 1):
        row = lanes.p11 if own else lanes.p00
        over = np.sqrt(np.minimum(np.float32(VAGUE[own]) / np.maximum(row, np.float32(1e-12)), 1))
        row *= over * over
        lanes.p01 *= over
    limit = np.float32(0.999) * np.sqrt(lanes.p00 * lanes.p11)
    np.clip(lanes.p01, -limit, limit, out=lanes.p01)


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


def judge(
    lanes: Lanes, seen: Window, found: Evidence, hypotheses: Hypotheses, settings: Settings
) -> tuple[Verdict, F32]:
    """Posterior over kinds; the best row of each lane that is worth a look; and the probability that it was quiet."""
    lags, steps = settings.transient_lags, hypotheses.steps
    watching = (lanes.status == WATCHING) & (seen.known[0] > 0)
    mass, none = found.odds, found.none
    by_kind = np.stack(
        [mass[:lags].sum(axis=0), mass[lags : lags + steps].sum(axis=0), mass[lags + steps :].sum(axis=0)]
    )
    total = by_kind.sum(axis=0) + none
    by_kind /= total
    quiet = none / total
    width = len(quiet)
    by_kind *= watching
    probability = by_kind.sum(axis=0)
    verdict = Verdict(
        probability=probability,
        by_kind=by_kind,
        kind=np.zeros(width, np.int8),
        onset=np.zeros(width, np.int16),
        size=np.zeros(width, np.float32),
        size_error=np.zeros(width, np.float32),
        expected=np.zeros(width, np.float32),
        half_band=np.zeros(width, np.float32),
        raised=np.zeros(width, bool),
        chance=np.zeros(width, np.float32),
    )
    look = np.flatnonzero(probability > LOOK)
    if len(look):
        _describe(verdict, look, mass[:, look], lanes, seen, found, hypotheses, settings)
    return verdict, np.where(watching, quiet, np.float32(0))


def _describe(
    verdict: Verdict,
    look: NDArray[np.intp],
    mass: F32,
    lanes: Lanes,
    seen: Window,
    found: Evidence,
    hypotheses: Hypotheses,
    settings: Settings,
) -> None:
    lags, rows, steps = settings.transient_lags, len(hypotheses.prior), hypotheses.steps
    kind = verdict.by_kind[:, look].argmax(axis=0)
    verdict.kind[look] = kind + 1
    slopes = mass[lags + steps : lags + rows] + mass[lags + rows :]
    for k, part in ((0, mass[:lags]), (1, mass[lags : lags + steps]), (2, slopes)):
        own = np.flatnonzero(kind == k)
        if not len(own):
            continue
        lane, best = look[own], part[:, own].argmax(axis=0)
        if k == 0:
            verdict.onset[lane] = best
            info = found.outliers.information[best, lane]
            size, error = found.outliers.sums[best, lane] / info, 1 / np.sqrt(info)
        else:
            row = best + (steps if k == 2 else 0)
            verdict.onset[lane] = hypotheses.lags[row]
            v = found.inflation[row, lane]
            precision = found.information[row, lane] / v + 1 / settings.spread[k] ** 2
            size, error = found.sums[row, lane] / v / precision, 1 / np.sqrt(precision)
        verdict.size[lane] = size * seen.sd[lane]
        verdict.size_error[lane] = error * seen.sd[lane]


def announce(lanes: Lanes, verdict: Verdict, settings: Settings) -> NDArray[np.bool_]:
    """Whether this period opens an alarm, or revises the open one: another kind, or much surer than was said."""
    p = bounded(verdict.probability, np.float32(1e-6), np.float32(1 - 1e-6))
    odds = np.float32(settings.calibration[0]) + np.float32(settings.calibration[1]) * np.log(p / (1 - p))
    verdict.chance = np.where(verdict.probability > 0, 1 / (1 + np.exp(-odds)), np.float32(0))
    over = verdict.chance >= max(settings.threshold, CANDIDATE)
    open_ = lanes.alarm_kind > 0
    other = verdict.kind != lanes.alarm_kind
    told: NDArray[np.bool_] = over & (~open_ | other | (odds >= lanes.alarm_log_odds + np.float32(settings.surer)))
    np.copyto(lanes.alarm_log_odds, np.where(open_ & ~other, np.maximum(odds, lanes.alarm_log_odds), odds), where=told)
    np.copyto(lanes.alarm_kind, verdict.kind, where=told)
    lanes.alarm_age += 1
    np.copyto(lanes.alarm_age, 0, where=over)
    np.copyto(lanes.alarm_kind, 0, where=lanes.alarm_age >= settings.calm_after)
    return told


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


def absorb(
    lanes: Lanes,
    seen: Window,
    found: Evidence,
    verdict: Verdict,
    hypotheses: Hypotheses,
    phase: NDArray[np.int64],
    settings: Settings,
) -> None:
    """A change that is certain and old enough becomes the past: what lay before it is moved onto the new line."""
    kind = verdict.kind.astype(np.intp)
    least = np.array([32767, *settings.absorbed_lags])[kind]
    longest = np.array([32767, settings.transient_lags - 1, max(settings.step_lags), max(settings.slope_lags)])[kind]
    own = verdict.by_kind.max(axis=0)
    oldest = np.array([32767, 3, 28, 40])[kind]
    sure = np.where(verdict.onset >= oldest, np.float32(0.7), np.float32(settings.absorbed_at))
    due = np.flatnonzero((own > sure) & (verdict.onset >= np.minimum(least, longest)))
    if not len(due):
        return
    position = hypotheses.position
    for lane in due:
        k, lag = int(kind[lane]), int(verdict.onset[lane])
        if k == 1:
            lanes.window[lag, lane] = np.nan
            continue
        size = verdict.size[lane]
        lanes.churn[lane] += 1
        lanes.alarm_kind[lane] = 0
        lanes.window[lag + 1 :, lane] = np.nan
        if k == 2:
            lanes.level[lane] += size
            lanes.p00[lane] = VAGUE[0]
            lanes.p01[lane] = 0
            lanes.p11[lane] = lanes.p11[lane] + settings.doubt[0]
        else:
            began = position[lag] - 1
            var = np.float32(settings.doubt[1])
            lanes.level[lane] -= size * began
            lanes.slope[lane] += size
            lanes.p00[lane] = settings.doubt[2] + var * began * began
            lanes.p01[lane] = -var * began
            lanes.p11[lane] = var


def step(
    lanes: Lanes,
    gone: F32,
    values: F64,
    off: NDArray[np.bool_],
    day: int,
    hypotheses: Hypotheses,
    settings: Settings,
    profile: Profile,
    scratch: Scratch,
) -> Verdict:
    """Everything of one period. ``gone``: the values that left the window, whose rows moved on by one."""
    m, size = profile.season, settings.window
    phase = (day - np.arange(size)) % m
    leave(lanes, gone, (day - size) % m, settings)
    arrive(lanes, values, off, int(phase[0]), settings, profile)
    clip = np.float32(4.0) - 2 * np.exp(lanes.tail[0]) - np.exp(lanes.tail[1])
    seen = see(lanes, hypotheses, phase, clip, scratch)
    found = weigh(lanes, seen, hypotheses, settings, standstill(lanes, values, settings))
    verdict, quiet = judge(lanes, seen, found, hypotheses, settings)
    verdict.raised = announce(lanes, verdict, settings)
    verdict.expected = seen.shift + seen.factor * (lanes.level + lanes.slope * size + found.forecast * seen.sd)
    verdict.half_band = seen.factor * seen.sd * np.sqrt(found.variance)
    learn(lanes, seen, found, verdict, quiet, int(phase[0]), settings)
    absorb(lanes, seen, found, verdict, hypotheses, phase, settings)
    doubt(lanes, settings, profile)
    verdict.silence(lanes.status != WATCHING)
    begin(lanes, phase, settings, profile)
    lanes.age += lanes.status == WATCHING
    lanes.churn *= np.float32(0.97)
    return verdict
