"""Franchise: how a member takes part in votes that are open by the clock: in the booth, at the table, or not at all.

One answer for the home page, the list and the booth, so that nobody is invited to a vote that the cast would refuse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from councils.domain.member import was_reset_after
from councils.enums import Secrecy
from councils.models import Member, Poll, RollEntry
from councils.models.electorate import is_elector


class Way(StrEnum):
    """Where she votes."""

    BOOTH = "booth"
    #: Her account was reset after the opening, and she had not voted: she does it at the committee's table.
    TABLE = "table"
    #: The same, and she had voted, or the body votes by name and has no table: what is there stands.
    STANDS = "stands"
    #: On paper, in the hall: whether she did is not known here.
    HALL = "hall"
    #: Not on the frozen roll.
    NONE = "none"


@dataclass(frozen=True)
class Franchise:
    """Her way in one vote, and whether her mark is on its roll."""

    way: Way
    voted: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether her vote can still come and has not."""
        return self.way in (Way.BOOTH, Way.TABLE) and not self.voted


def franchise_in(poll: Poll, member: Member, row: RollEntry | None) -> Franchise:
    """Hers in ``poll``, by ``row`` of its roll (None: she is not on it)."""
    return _franchise(poll, member, None if row is None else row.voted)


def franchises(*, polls: Iterable[Poll], member: Member) -> dict[int, Franchise]:
    """By the key of each poll. One query, and one more for each whose roll nobody has frozen yet."""
    polls = list(polls)
    voted = dict(RollEntry.objects.filter(member=member, poll__in=polls).values_list("poll", "voted"))
    for poll in polls:
        if poll.roll_size is None and is_elector(member, poll.body, poll.opens_at, poll.group):
            voted[poll.pk] = False
    return {poll.pk: _franchise(poll, member, voted.get(poll.pk)) for poll in polls}


def _franchise(poll: Poll, member: Member, voted: bool | None) -> Franchise:
    if voted is None:
        return Franchise(Way.NONE)
    if poll.secrecy == Secrecy.PAPER:
        return Franchise(Way.HALL)
    if not was_reset_after(member, poll.opens_at):
        return Franchise(Way.BOOTH, voted)
    return Franchise(Way.STANDS if voted or poll.secrecy == Secrecy.NAMED else Way.TABLE, voted)
