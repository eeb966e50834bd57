"""The window of a block seen from its frozen filter: what was expected, and what is left over. Pure: no Django.

The local linear trend (Harrison & Stevens 1976) is frozen ``K`` periods back; level and slope over the window are
nuisances with that filter's posterior as prior, marginalised by a 2 x 2 solve per series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.hypotheses import Hypotheses
from production.analysis.cyberstride.lanes import Lanes, relative_level
from production.analysis.cyberstride.manner import EXPONENT

F32 = NDArray[np.float32]

#: A value this far out, in units, is as far as any.
FAR = np.float32(1e5)


@dataclass
class Window:
    """A block's window in standard deviations of its noise; rows are periods back, newest first.

    ``known`` 1 or 0; ``weight`` precision of each deseasonalised value (1 at the reference season), 0 if missing;
    ``raw`` residual from the frozen line; ``calm`` the same with lone outliers drawn in; ``sd`` noise in units;
    ``today_weight`` what today's value weighs, known or not; today deseasonalised is (x - ``shift``) / ``factor``.
    """

    known: F32
    weight: F32
    raw: F32
    calm: F32
    sd: F32
    today_weight: F32
    factor: F32
    shift: F32
    relative: F32
    exponent: F32


class Scratch:
    """Arrays as large as a window, made once and used for every block of a run."""

    def __init__(self, window: int, width: int) -> None:
        self.a, self.b, self.c, self.d, self.e = (np.empty((window, width), np.float32) for _ in range(5))
        self.ok = np.empty((window, width), bool)


def see(lanes: Lanes, hypotheses: Hypotheses, phase: NDArray[np.int64], tail_clip: F32, scratch: Scratch) -> Window:
    """The residuals of a block. ``phase``: season of each row; ``tail_clip``: how far from its neighbours a value of
    each lane may be before it is drawn in."""
    position = hypotheses.position[:, None]
    size = np.float32(len(position))
    relative = relative_level(lanes, lanes.level + lanes.slope * size)
    before = relative_level(lanes, lanes.level)
    powers = np.exp(lanes.exponent)
    exponent = (powers * EXPONENT[:, None]).sum(axis=0)
    sd = lanes.sigma * np.exp(exponent * np.log(relative))
    factor = np.maximum(1 + lanes.ratio * lanes.season, np.float32(0.05))
    doubt = lanes.season_var * np.square(relative / (sd * factor))
    precision = 1 / (np.exp(-2 * (1 - exponent) * np.log(factor)) + doubt)
    raw, weight, work, calm, known = scratch.a, scratch.b, scratch.c, scratch.d, scratch.e
    np.take(lanes.season, phase, axis=0, out=work)
    np.subtract(lanes.window, work, out=raw)
    np.take(1 / factor, phase, axis=0, out=work)
    raw *= work
    np.multiply(position, lanes.slope, out=work)
    work += lanes.level
    raw -= work
    raw *= 1 / sd
    np.isfinite(raw, out=scratch.ok)
    np.copyto(known, scratch.ok)
    np.logical_not(scratch.ok, out=scratch.ok)
    np.copyto(raw, np.float32(0), where=scratch.ok)
    np.take(precision, phase, axis=0, out=weight)
    today = weight[0].copy()
    # where the level grows the noise does, so older values weigh more: geometrically, between the window's two ends
    growth = (2 * exponent / size) * np.log(relative / before)
    np.multiply(size - position, growth, out=work)
    np.exp(work, out=work)
    weight *= work
    weight *= known
    # a lone outlier is drawn to within tail_clip of the middle one of itself and its two neighbours
    np.minimum(raw[1:], raw[:-1], out=work[1:])  # pairwise smaller
    np.maximum(raw[1:], raw[:-1], out=calm[1:])  # pairwise larger
    inner = np.minimum(calm[1:-1], raw[2:])
    np.maximum(work[1:-1], inner, out=work[1:-1])
    work[0], work[-1] = raw[1], raw[-2]
    np.subtract(work, tail_clip, out=calm)
    np.maximum(raw, calm, out=calm)
    work += tail_clip
    np.minimum(calm, work, out=calm)
    calm *= known
    now = int(phase[0])
    return Window(known, weight, raw, calm, sd, today, factor[now].copy(), lanes.season[now].copy(), relative, exponent)
