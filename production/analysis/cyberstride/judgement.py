"""What the engine says of a period of many series. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Status(IntEnum):
    """How well a series is understood; only of a watched one is anything said."""

    LEARNING = 0
    WATCHING = 1
    RECALIBRATING = 2


class Kind(IntEnum):
    """What happened: as expected, a period out of line, a new level, a new direction."""

    EXPECTED = 0
    TRANSIENT = 1
    STEP = 2
    SLOPE = 3


@dataclass(frozen=True)
class Judgement:
    """Arrays with one entry per series, after a period.

    ``status`` (``Status``), ``kind`` (``Kind``), int8. ``probability`` that something changed and is not yet part of
    the normal; ``by_kind`` (n, 3) shares it out over transient, step and slope. ``onset``: how many periods back the
    change began (0 = this one). ``size`` and its 90 % interval ``size_low`` to ``size_high`` in the unit of the figure;
    of a slope, per period; 0 where ``kind`` is EXPECTED. ``expected``, ``band_low``, ``band_high``: the value as it was
    foreseen before it came, with its 95 % band; NaN while the series is not watched. ``raised``: this period opens an
    alarm or revises one.
    """

    status: NDArray[np.int8]
    kind: NDArray[np.int8]
    onset: NDArray[np.int16]
    size: NDArray[np.float64]
    size_low: NDArray[np.float64]
    size_high: NDArray[np.float64]
    probability: NDArray[np.float64]
    by_kind: NDArray[np.float64]
    expected: NDArray[np.float64]
    band_low: NDArray[np.float64]
    band_high: NDArray[np.float64]
    raised: NDArray[np.bool_]
