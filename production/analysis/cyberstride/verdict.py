"""What a block's period comes to: which hypothesis leads, and whether that is told. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.evidence import Evidence
from production.analysis.cyberstride.forecast import Window
from production.analysis.cyberstride.hypotheses import Hypotheses
from production.analysis.cyberstride.lanes import WATCHING, Lanes, bounded
from production.analysis.cyberstride.settings import Settings

F32 = NDArray[np.float32]

#: Raw probability from which it is worth finding out which hypothesis leads.
LOOK: Final = 0.08
#: Below this probability nothing is told, however low the threshold.
CANDIDATE: Final = 0.05


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
