"""Role × verb × state: who may do what to a seat, and when. The permission spec of seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from councils.domain.replacement import hand_over_seat, take_back_seat
from councils.domain.resignation import resign_seat
from councils.domain.seat import end_seats
from councils.enums import SeatEnd
from councils.models import Member, Replacement, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.test_vote_matrix import ROLES, undone
from tests.recalls import DAY, seat_of

VERBS: dict[str, Callable[[Seat, Member, dt.datetime], Any]] = {
    "resign": lambda seat, by, at: resign_seat(seat=seat, by=by, at=at),
    "hand over": lambda seat, by, at: hand_over_seat(
        seat=seat,
        substitute=seat.substitutes.get(),
        from_on=(at + 5 * DAY).date(),
        until_on=(at + 7 * DAY).date(),
        by=by,
        at=at,
    ),
}
#: Elena sits there. Only while the seat is held is the verb more than refused.
STATES = {"held": "ok", "over": "refused", "recalled": "refused"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_seat(cast: Cast, verb, state):
    seat, at = seat_of(cast), NOW
    if state == "over":
        at = seat.term_ends_at
    elif state == "recalled":
        end_seats(seats=[seat], reason=SeatEnd.RECALLED, by=None, at=NOW)
    seat.substitutes.create(member=cast.carmen, rank=1)
    act = VERBS[verb]
    found = {who: undone(lambda who=who: act(seat, getattr(cast, who), at)) for who in ROLES}
    assert found == {who: STATES[state] if who == "elena" else "denied" for who in ROLES}


@pytest.mark.parametrize(("days", "said"), [(-1, "ok"), (0, "ok"), (2, "ok"), (3, "refused")])
def test_take_back(cast: Cast, days, said):
    """Of three days that begin today: the holder, and who stands in, until they are over."""
    row = Replacement.objects.create(
        seat=seat_of(cast),
        member=cast.carmen,
        from_on=NOW.date(),
        until_on=(NOW + 3 * DAY).date(),
        handed_at=NOW,
    )
    at = NOW + days * DAY
    found = {
        who: undone(lambda who=who: take_back_seat(replacement=row, by=getattr(cast, who), at=at)) for who in ROLES
    }
    assert found == {who: said if who in ("elena", "carmen") else "denied" for who in ROLES}
