"""Votes on paper of the assembly of Cristalerías, for tests: five on its roll, Elena and Hugo its committee."""

from __future__ import annotations

import datetime as dt
from typing import Any

from councils.counting.paper import HandCount
from councils.domain.outcome import bring_up_to_date
from councils.domain.paper_count import countersign_count, enter_count
from councils.enums import PollKind
from councils.models import Member, PaperCount, Poll
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import CLOSE, scheduled

CLOSED = CLOSE + dt.timedelta(hours=1)
LIMIT = CLOSE + dt.timedelta(days=7)
NAMES = ["Rosa Marín", "Luis Carrasco", "Marta Oyarzún"]
#: Four came, one left the paper blank.
FOUR = HandCount(4, 4, 1, 0, {"yes": 2, "no": 1, "abstain": 0})


def on_paper(cast: Cast, kind: str = PollKind.YES_NO, seats: int = 1, **extra: Any) -> Poll:
    """Open now, to be held in the hall for three days."""
    options = [] if kind == PollKind.YES_NO else [{"id": str(i), "label": name} for i, name in enumerate(NAMES, 1)]
    given = {"kind": kind, "options": options, "seats": seats if options else None, **extra}
    return bring_up_to_date(poll=scheduled(cast.assembly, on_paper=True, **given), at=NOW)


def entered(poll: Poll, by: Member, count: HandCount = FOUR, at: dt.datetime = CLOSED) -> PaperCount:
    """``by`` enters it after the close."""
    return enter_count(poll=poll, count=count, by=by, at=at)


def counted(cast: Cast, poll: Poll, count: HandCount = FOUR, at: dt.datetime = CLOSED) -> Poll:
    """Elena enters it, Hugo countersigns, and it is declared."""
    poll = countersign_count(count=entered(poll, cast.elena, count, at), by=cast.hugo, at=at)
    return bring_up_to_date(poll=poll, at=at)
