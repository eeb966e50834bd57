"""A vote by name once it is declared: each delegate of its roll, and what she voted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.enums import Choice
from councils.models import Member, Poll, Replacement, Seat
from councils.names import sort_key


@dataclass(frozen=True)
class NamedLine:
    """``member``, the seat for which she voted (None: she sits there no more), and her vote in words.

    ``stood_in``: it is the seat of somebody else, for whom she stood in.
    """

    member: Member
    seat: Seat | None
    said: str

    @property
    def stood_in(self) -> bool:
        return self.seat is not None and self.seat.holder_id != self.member.pk


def in_words(poll: Poll, marks: list[str] | None) -> str:
    """What a paper of ``poll`` says: an answer, or names in the order marked; None: no vote."""
    if marks is None:
        return _("did not vote")
    labels = {option["id"]: option["label"] for option in poll.options} or {
        str(choice): str(choice.label) for choice in Choice
    }
    return ", ".join(labels[mark] for mark in marks) or _("blank")


def named_lines(poll: Poll) -> list[NamedLine]:
    """By name. Four queries."""
    said = dict(poll.named_votes.values_list("member", "marks"))
    held = Seat.objects.held_at(poll.opens_at).in_body(poll.body).select_related("represents").order_by("-pk")
    rows = Replacement.objects.valid_on(local_day(poll.opens_at)).filter(seat__in=held)
    seats = {row.member_id: row.seat for row in rows.select_related("seat__holder", "seat__represents")}
    seats |= {seat.holder_id: seat for seat in held}
    people = sorted(Member.objects.filter(pk__in=poll.roll.values("member")), key=lambda m: (sort_key(m.name), m.pk))
    return [NamedLine(who, seats.get(who.pk), in_words(poll, said.get(who.pk))) for who in people]
