"""One period of one block of series: arrive, weigh, judge, learn, absorb. Pure: no Django."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.absorption import absorb
from production.analysis.cyberstride.arrival import arrive, leave, standstill
from production.analysis.cyberstride.evidence import weigh
from production.analysis.cyberstride.forecast import Scratch, see
from production.analysis.cyberstride.hypotheses import Hypotheses
from production.analysis.cyberstride.lanes import WATCHING, Lanes
from production.analysis.cyberstride.learning import begin, learn
from production.analysis.cyberstride.settings import Profile, Settings
from production.analysis.cyberstride.trust import doubt
from production.analysis.cyberstride.verdict import Verdict, announce, judge

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


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
    absorb(lanes, verdict, hypotheses, settings)
    doubt(lanes, settings, profile)
    verdict.silence(lanes.status != WATCHING)
    begin(lanes, phase, settings, profile)
    lanes.age += lanes.status == WATCHING
    lanes.churn *= np.float32(0.97)
    return verdict
