"""What of a result may be shown, by the number of ballots cast: few ballots point at people."""

from __future__ import annotations

from typing import Literal

Shown = Literal["outcome", "totals", "ballots"]
#: With fewer ballots nothing is opened: the outcome itself would tell who voted what.
LEAST_BALLOTS = 3
#: From so many ballots on, the totals are published; below, only what was decided.
TOTALS_FROM = 5
#: From so many ballots on, the single ballots are published for recount.
BALLOTS_FROM = 100
#: From so many electors on, turnout is public while the vote is open.
OPEN_TURNOUT_FROM = 100


def shown(ballots: int) -> Shown:
    """``outcome``, ``totals`` or ``ballots``."""
    if ballots < TOTALS_FROM:
        return "outcome"
    return "totals" if ballots < BALLOTS_FROM else "ballots"
