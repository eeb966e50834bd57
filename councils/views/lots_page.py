"""What pages show of the order that was drawn for an election."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from councils import permissions
from councils.domain.lots import stands_in, takes_lots
from councils.models import Election, LotDraw, Member, Poll


@dataclass(frozen=True)
class LotsPage:
    """The last order entered, if any, and what ``member`` may do. Make with ``lots_of``."""

    election: Election
    poll: Poll
    member: Member
    now: dt.datetime

    @cached_property
    def draw(self) -> LotDraw | None:
        """The confirmed one, which is the last."""
        return self.poll.lot_draws.select_related("entered_by", "confirmed_by").order_by("-pk").first()

    @property
    def names(self) -> list[str]:
        labels = {option["id"]: option["label"] for option in self.poll.options}
        return [labels[id] for id in self.draw.order] if self.draw else []

    @property
    def is_open(self) -> bool:
        return takes_lots(self.poll, self.now)

    @cached_property
    def may_enter(self) -> bool:
        may = permissions.may("enter_lots", by=self.member, on=self.election.electorate, at=self.now)
        return self.is_open and may and not stands_in(self.member, self.poll)

    @property
    def may_confirm(self) -> bool:
        return self.may_enter and self.draw is not None and self.draw.entered_by_id != self.member.pk


def lots_of(election: Election, *, member: Member, at: dt.datetime) -> LotsPage | None:
    """None before nominations have closed."""
    return LotsPage(election, election.poll, member, at) if election.poll else None
