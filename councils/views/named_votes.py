"""A vote by name once it is declared: each delegate of its roll, and what she voted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from councils.enums import Choice
from councils.models import Member, Poll, Seat
from councils.names import sort_key


@dataclass(frozen=True)
class NamedLine:
    """``member``, for whom she sat when the vote opened (None: she sits there no more), and her vote in words."""

    member: Member
    seat: Seat | None
    said: str


def in_words(poll: Poll, marks: list[str] | None) -> str:
    """What a paper of ``poll`` says: an answer, or names in the order marked; None: no vote."""
    if marks is None:
        return _("did not vote")
    labels = {option["id"]: option["label"] for option in poll.options} or {
        str(choice): str(choice.label) for choice in Choice
    }
    return ", ".join(labels[mark] for mark in marks) or _("blank")


def named_lines(poll: Poll) -> list[NamedLine]:
    """By name. Three queries."""
    said = dict(poll.named_votes.values_list("member", "marks"))
    held = Seat.objects.held_at(poll.opens_at).in_body(poll.body).select_related("represents").order_by("-pk")
    seats = {seat.holder_id: seat for seat in held}
    people = sorted(Member.objects.filter(pk__in=poll.roll.values("member")), key=lambda m: (sort_key(m.name), m.pk))
    return [NamedLine(who, seats.get(who.pk), in_words(poll, said.get(who.pk))) for who in people]
