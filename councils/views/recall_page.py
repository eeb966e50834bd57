"""What the page of a recall shows: where it stands by the clock, what is said for and against, what happens next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.domain.recall import rules_of, supports
from councils.enums import RecallState
from councils.models import Member, Recall, Seat
from councils.views.poll_parts import PollParts, parts_of

#: How a state looks: tone and symbol of its badge.
LOOKS = {
    RecallState.COLLECTING: ("info", "people"),
    RecallState.VOTING: ("info", "urna"),
    RecallState.RECALLED: ("watch", "down"),
    RecallState.KEPT: ("ok", "check"),
    RecallState.VOID: ("", "x"),
    RecallState.EXPIRED: ("", "nodata"),
    RecallState.LAPSED: ("", "x"),
}


def title_of(recall: Recall) -> str:
    """“Recall of Elena Paillán”."""
    return _("Recall of %(name)s") % {"name": recall.seat.holder.name}


@dataclass(frozen=True)
class RecallPage:
    """Everything on the page. Make with ``page_of``, after bringing recall and poll up to date."""

    recall: Recall
    member: Member
    now: dt.datetime
    vote: PollParts | None

    @property
    def title(self) -> str:
        return title_of(self.recall)

    @property
    def state(self) -> RecallState:
        return RecallState(self.recall.state)

    @property
    def word(self) -> str:
        return str(self.state.label).capitalize()

    @property
    def tone(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]

    @property
    def is_collecting(self) -> bool:
        return self.state == RecallState.COLLECTING

    @property
    def is_live(self) -> bool:
        return self.state in (RecallState.COLLECTING, RecallState.VOTING)

    @property
    def count(self) -> str:
        """How many ask for it, of those that it needs."""
        recall = self.recall
        said = ngettext(
            "%(n)s person asks for it; %(needed)s of the %(roll)s electors are needed.",
            "%(n)s people ask for it; %(needed)s of the %(roll)s electors are needed.",
            recall.supporters,
        )
        return said % {"n": recall.supporters, "needed": recall.needed, "roll": recall.roll_size}

    @property
    def counted(self) -> str:
        """The same, once nobody is asked any more."""
        said = ngettext(
            "%(n)s person asked for it; %(needed)s were needed.",
            "%(n)s people asked for it; %(needed)s were needed.",
            self.recall.supporters,
        )
        return said % {"n": self.recall.supporters, "needed": self.recall.needed}

    @property
    def may_support(self) -> bool:
        return self.is_collecting and permissions.may("support_recall", by=self.member, on=self.recall, at=self.now)

    @cached_property
    def supported(self) -> bool | None:
        """Whether the reader supports it; None where that is not told."""
        return supports(recall=self.recall, member=self.member) if self.may_support else None

    @property
    def may_answer(self) -> bool:
        return self.is_live and permissions.may("answer_recall", by=self.member, on=self.recall, at=self.now)

    @cached_property
    def successor(self) -> Seat | None:
        """Who completes the term."""
        return Seat.objects.filter(fills=self.recall.seat).select_related("holder").first()

    @property
    def may_call_again(self) -> bool:
        """Whether the seat is still held and the reader may ask for another recall of it."""
        over = self.state in (RecallState.EXPIRED, RecallState.VOID, RecallState.KEPT) and self.now >= self.again_at
        held = over and Seat.objects.held_at(self.now).filter(pk=self.recall.seat_id).exists()
        return held and permissions.may("call_recall", by=self.member, on=self.recall.seat, at=self.now)

    @property
    def again_at(self) -> dt.datetime:
        """From when on another may be called."""
        ended = self.recall.ended_at or self.now
        kept = self.state == RecallState.KEPT
        return ended + dt.timedelta(days=rules_of(self.recall).recall.waiting_days if kept else 0)

    @property
    def outcome(self) -> str:
        """What came of it, and what happens next."""
        if self.state == RecallState.RECALLED:
            if self.successor:
                return _("The seat ended with the result. %(name)s completes the term.") % {
                    "name": self.successor.holder.name
                }
            return _("The seat ended with the result and is vacant until it is filled as the rules say.")
        if self.state == RecallState.KEPT:
            day = date_format(timezone.localtime(self.again_at), "DATE_FORMAT")
            return _("The seat stays as it is. A recall of it may be called again from %(day)s on.") % {"day": day}
        return {
            RecallState.EXPIRED: _("Too few people asked for it in time, and there was no vote. The seat stays."),
            RecallState.VOID: _("There was no result, so the seat stays. A recall may be called again."),
            RecallState.LAPSED: _("The seat ended otherwise, so there was nothing left to decide."),
        }.get(self.state, "")

    @property
    def rules_in_words(self) -> list[str]:
        return rules_of(self.recall).recall_in_words()


def page_of(recall: Recall, *, member: Member, at: dt.datetime) -> RecallPage:
    """Needs seat, holder, body, electorate, rules and poll loaded."""
    vote = parts_of(poll=recall.poll, member=member, at=at) if recall.poll else None
    return RecallPage(recall, member, at, vote)
