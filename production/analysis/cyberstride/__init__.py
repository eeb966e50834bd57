"""Cyberstride: every figure against its own past. Pure: no Django.

::

    state = start(n, frequency="day")
    judgement = advance(state, day=date.toordinal(), values=values, off=closed)
"""

from __future__ import annotations

from production.analysis.cyberstride.engine import advance
from production.analysis.cyberstride.judgement import Judgement, Kind, Status
from production.analysis.cyberstride.settings import DEFAULT, Frequency, Settings
from production.analysis.cyberstride.state import State, start

__all__ = ["DEFAULT", "Frequency", "Judgement", "Kind", "Settings", "State", "Status", "advance", "start"]
