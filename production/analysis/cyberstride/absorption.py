"""How a change becomes the past. Pure: no Django."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.hypotheses import Hypotheses
from production.analysis.cyberstride.lanes import VAGUE, Lanes
from production.analysis.cyberstride.settings import Settings
from production.analysis.cyberstride.verdict import Verdict

F32 = NDArray[np.float32]

#: A change about to leave the window (its kind's last lag) need not be surer than this.
LEAVING: Final = 0.7
NEVER: Final = 32_767
TRANSIENT, STEP = 1, 2


def absorb(lanes: Lanes, verdict: Verdict, hypotheses: Hypotheses, settings: Settings) -> None:
    """Let go, in place, of what lay before a change that is certain and old enough.

    It is let go, not moved onto the new line: after a step only the slope of before still means something, after the
    beginning of a slope only the level at which it began. A transient alone becomes a missing value.
    """
    kind = verdict.kind.astype(np.intp)
    last = (NEVER, settings.transient_lags - 1, settings.step_lags[-1], settings.slope_lags[-1])
    least, last_of_kind = np.array([NEVER, *settings.absorbed_lags])[kind], np.array(last)[kind]
    sure = np.where(verdict.onset >= last_of_kind, LEAVING, settings.absorbed_at)
    certain = verdict.by_kind.max(axis=0) > sure
    for lane in np.flatnonzero(certain & (verdict.onset >= np.minimum(least, last_of_kind))):
        lag = int(verdict.onset[lane])
        if kind[lane] == TRANSIENT:
            lanes.window[lag, lane] = np.nan
            continue
        lanes.churn[lane] += 1
        lanes.alarm_kind[lane] = 0
        lanes.window[lag + 1 :, lane] = np.nan
        size = verdict.size[lane]
        slope_doubt, turn_doubt, level_doubt = settings.doubt
        if kind[lane] == STEP:
            lanes.level[lane] += size
            lanes.p00[lane], lanes.p01[lane] = VAGUE[0], 0
            lanes.p11[lane] += slope_doubt
        else:
            began = hypotheses.position[lag] - 1
            lanes.level[lane] -= size * began
            lanes.slope[lane] += size
            lanes.p00[lane] = level_doubt + turn_doubt * began * began
            lanes.p01[lane] = -turn_doubt * began
            lanes.p11[lane] = turn_doubt
