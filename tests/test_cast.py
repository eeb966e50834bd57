"""The cast itself: seats lapse, memberships hold, the permission table reads both."""

from councils.permissions import holds_membership, holds_seat
from tests.conftest import Cast


def test_cast_seats_and_memberships_hold_by_the_clock(cast: Cast, now):
    assert holds_seat(cast.elena, cast.council, now)
    assert not holds_seat(cast.rosa, cast.council, now)
    assert holds_membership(cast.carmen, cast.cristalerias, now)
    assert not holds_membership(cast.nora, cast.cristalerias, now)
