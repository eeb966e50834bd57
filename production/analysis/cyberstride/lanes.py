"""The carried state of one block of series, as named rows of one array. Pure: no Django.

Series stand side by side ("lanes"); a field is one or more rows. All of it is float32, in units of the series' own
noise, beside two float64 rows that anchor those units: ``value = origin + unit * x``. A block is filled up to whole
strips with lanes that never learn, and every operation is lane by lane or strip by strip, so that a series is judged
alike, to the bit, whoever stands beside it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.settings import PROFILES, Frequency

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

#: Most lanes of a block: so many that a call of NumPy costs little per series, so few that a block stays in the cache.
WIDTH: Final = 2048
#: So many lanes are multiplied at once: few enough that the library never starts threads for it, which on a busy
#: machine cost twenty times the product; and one shape, so that a lane's sums never depend on the others.
STRIP: Final = 64
#: Grids of what is learned of a series' manner.
TAILS: Final = 4
RHOS: Final = 6
EXPONENTS: Final = 3

LEARNING, WATCHING, RECALIBRATING = 0, 1, 2


@lru_cache(maxsize=16)
def layout(window: int, frequency: Frequency) -> tuple[dict[str, slice], int]:
    """Which rows each field has, and how many there are in all."""
    season = PROFILES[frequency].season
    fields = {
        "window": window,
        "season": season,
        "season_var": season,
        "closed": season,
        "tail": TAILS,
        "rho": RHOS,
        "exponent": EXPONENTS,
        **dict.fromkeys(ROWS, 1),
    }
    slices, row = {}, 0
    for name, rows in fields.items():
        slices[name] = slice(row, row + rows)
        row += rows
    return slices, row


#: Fields of one row.
ROWS: Final = (
    "level",  # of the filter frozen before the window, in units from the origin
    "slope",
    "p00",  # its covariance, in noise variances
    "p01",
    "p11",
    "sigma",  # noise now, in units
    "count",  # how many quiet periods that rests on
    "ratio",  # unit / origin where figures are positive and the season is a factor; else 0
    "last",  # yesterday's standardised error
    "seen",  # values since the beginning
    "age",  # periods since it was understood
    "gap",  # periods since the last value
    "zero_rate",  # how often it falls to exactly zero
    "works_off",  # how often it worked on days off, lately
    "churn",  # changes absorbed lately
    "status",
    "alarm_kind",  # of the alarm last raised; 0 none
    "alarm_age",
    "alarm_log_odds",
)


class Lanes:
    """Named views of a block's rows: fields of several rows as (rows, lanes), the others as (lanes,)."""

    window: F32
    season: F32
    season_var: F32
    closed: F32
    tail: F32
    rho: F32
    exponent: F32
    level: F32
    slope: F32
    p00: F32
    p01: F32
    p11: F32
    sigma: F32
    count: F32
    ratio: F32
    last: F32
    seen: F32
    age: F32
    gap: F32
    zero_rate: F32
    works_off: F32
    churn: F32
    status: F32
    alarm_kind: F32
    alarm_age: F32
    alarm_log_odds: F32

    def __init__(self, rows: F32, anchor: F64, window: int, frequency: Frequency) -> None:
        self.rows, self.anchor = rows, anchor
        self.origin, self.unit = anchor[0], anchor[1]
        for name, where in layout(window, frequency)[0].items():
            setattr(self, name, rows[where.start] if name in ROWS else rows[where])


def padded(n: int) -> int:
    """``n`` lanes in whole strips."""
    return max(-(-n // STRIP), 1) * STRIP


Bound = F32 | np.float32 | float
#: Levels are looked at between a tenth and ten times the reference: beyond, a series is another one.
LEAST, MOST = np.float32(0.1), np.float32(10)


def bounded(x: F32 | F64, low: Bound, high: Bound) -> F32:
    """``np.clip`` without its overhead, which on rows this short is most of the cost."""
    return np.asarray(np.minimum(np.maximum(x, low), high), dtype=np.float32)


def relative_level(lanes: Lanes, level: F32) -> F32:
    """A level (units from the origin) over the reference; 1 where noise and season do not follow the level."""
    return bounded(1 + lanes.ratio * level, LEAST, MOST)


#: Variance of level and slope when nothing is known of them.
VAGUE: Final = (100.0, 2e-3)


def bound_covariance(lanes: Lanes) -> None:
    """Keep what is not known of level and slope within ``VAGUE``, and the covariance that of a distribution."""
    for own in (0, 1):
        row = lanes.p11 if own else lanes.p00
        over = np.sqrt(np.minimum(np.float32(VAGUE[own]) / np.maximum(row, np.float32(1e-12)), 1))
        row *= over * over
        lanes.p01 *= over
    limit = np.float32(0.999) * np.sqrt(lanes.p00 * lanes.p11)
    np.clip(lanes.p01, -limit, limit, out=lanes.p01)
