"""When a series is no longer understood. Pure: no Django.

A series that was silent for long, that has moved to another order of magnitude, or that changes faster than its changes
can become normal, is not alarmed about: it says that it is being learned anew, and starts again from what comes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from production.analysis.cyberstride.forecast import FAR
from production.analysis.cyberstride.lanes import RECALIBRATING, WATCHING, Lanes
from production.analysis.cyberstride.settings import Profile, Settings

#: Values in succession that lie as far out as any before the unit of a series is given up.
BEYOND: Final = 3


def doubt(lanes: Lanes, settings: Settings, profile: Profile) -> None:
    """Forget those that are not understood any more, in place."""
    watching = lanes.status == WATCHING
    beyond = (np.abs(lanes.window[:BEYOND]) >= FAR).all(axis=0) & watching
    restless = watching & (lanes.churn >= settings.restless)
    lost = np.flatnonzero(beyond | restless | (watching & (lanes.gap >= profile.gap)))
    if not len(lost):
        return
    lanes.status[lost] = RECALIBRATING
    lanes.window[:, lost] = np.nan
    for row in (lanes.seen, lanes.churn, lanes.alarm_kind, lanes.age):
        row[lost] = 0
    far = np.flatnonzero(beyond)
    lanes.origin[far], lanes.unit[far] = 0.0, 0.0
