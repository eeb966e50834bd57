"""What a period brings into the window of a block, and what it takes out. Pure: no Django."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import manner
from production.analysis.cyberstride.forecast import FAR
from production.analysis.cyberstride.lanes import WATCHING, Lanes, bound_covariance, bounded, relative_level
from production.analysis.cyberstride.settings import Profile, Settings

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

#: Zeros are counted over about so many values (one over this), and never thought rarer than the other.
ZEROS: Final = 0.02
LEAST_ZEROS: Final = 0.0005
#: Days off on which a series worked as usual before it is taken to work on them.
WORKED: Final = 2


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
    works: NDArray[np.bool_] = lanes.works_off >= WORKED
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
    bound_covariance(lanes)
