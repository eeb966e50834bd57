"""Role × verb × state: who may do what to a recall, and when. The permission spec of recalls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from councils.domain.recall import answer_recall, call_recall, support_recall, withdraw_support
from councils.enums import RecallState as R
from councils.models import Member, Recall
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.test_vote_matrix import ASSEMBLY, ROLES, undone
from tests.recalls import AFTER, DAY, in_state

VERBS: dict[str, Callable[[Recall, Member, dt.datetime], Any]] = {
    "call another": lambda r, by, at: call_recall(seat=r.seat, reason="No rinde cuentas.", by=by, at=at),
    "support": lambda r, by, at: support_recall(recall=r, by=by, at=at),
    "withdraw": lambda r, by, at: withdraw_support(recall=r, by=by, at=at),
    "answer": lambda r, by, at: answer_recall(recall=r, answer="Rendí en julio.", by=by, at=at),
}
MAY = {"call another": ASSEMBLY, "support": ASSEMBLY, "withdraw": ASSEMBLY, "answer": {"elena"}}
#: In which states the verb is more than refused. After a vote that kept the seat, another waits its time.
WHEN = {
    "call another": {R.EXPIRED, R.VOID},
    "support": {R.COLLECTING},
    "withdraw": {R.COLLECTING},
    "answer": {R.COLLECTING, R.VOTING},
}
HOUR_OF = {
    R.COLLECTING: NOW,
    R.VOTING: NOW,
    R.RECALLED: AFTER,
    R.KEPT: AFTER,
    R.VOID: AFTER,
    R.EXPIRED: NOW + 30 * DAY,
    R.LAPSED: NOW,
}


@pytest.mark.parametrize("state", R)
@pytest.mark.parametrize("verb", VERBS)
def test_recall(cast: Cast, verb, state):
    recall, at = in_state(cast, state), HOUR_OF[state]
    assert recall.state == state
    act = VERBS[verb]
    found = {who: undone(lambda who=who: act(recall, getattr(cast, who), at)) for who in ROLES}
    said_yes = "ok" if state in WHEN[verb] else "refused"
    assert found == {who: said_yes if who in MAY[verb] else "denied" for who in ROLES}
