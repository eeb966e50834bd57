"""What of a result may be shown, by the number of ballots cast: few ballots point at people."""

from __future__ import annotations

from typing import Literal

Shown = Literal["outcome", "totals", "ballots"]
#: With fewer ballots nothing is opened: the outcome itself would tell who voted what.
LEAST_BALLOTS = 3
#: From so many ballots on, the totals of yes and no are published; below, only what was decided.
TOTALS_FROM = 5
#: The same for an election, where each ballot says more; below, only who is elected.
ELECTION_TOTALS_FROM = 15
#: With fewer electors nobody is elected by ranking: a full ranking is nearly a signature, and transfers tell it.
LEAST_RANKED_ELECTORS = 15
#: From so many ballots on, the single ballots are published for recount.
BALLOTS_FROM = 100
#: From so many electors on, turnout is public while the vote is open.
OPEN_TURNOUT_FROM = 100


def totals_from(*, election: bool) -> int:
    """From how many ballots on the totals are published."""
    return ELECTION_TOTALS_FROM if election else TOTALS_FROM


def shown(ballots: int, *, election: bool) -> Shown:
    """``outcome``, ``totals`` (of a ranked vote with its transfers) or ``ballots``."""
    if ballots < totals_from(election=election):
        return "outcome"
    return "totals" if ballots < BALLOTS_FROM else "ballots"
