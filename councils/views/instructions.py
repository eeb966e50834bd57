"""What the electorates of a council's delegates instructed for one vote, as its page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.domain.mandate import instructions, mandates_of
from councils.enums import Choice, MandateKind
from councils.models import Body, Mandate, Member, Poll, Seat
from councils.names import sort_key


@dataclass(frozen=True)
class Told:
    """One electorate: who sits there for it, what it told them and how that was decided."""

    electorate: Body
    seats: list[Seat]
    said: str
    how: str
    to_confirm: Mandate | None
    may_instruct: bool


def in_words(mandate: Mandate, seats: Iterable[Seat]) -> str:
    """“Yes”; “split: 2 Yes, 1 No”; “they vote as they see fit”."""
    if mandate.kind == MandateKind.BOUND:
        return str(Choice(mandate.answer).label)
    if mandate.kind == MandateKind.FREE:
        return str(MandateKind.FREE.label)
    told = [instruction.answer for instruction in instructions(mandate, seats).values()]
    parts = [f"{told.count(choice)} {choice.label}" for choice in Choice if choice in told]
    if "" in told:
        parts.append(ngettext("%(n)s free, for a tie", "%(n)s free, for a tie", told.count("")) % {"n": told.count("")})
    return _("split: %(parts)s") % {"parts": ", ".join(parts)}


def how_decided(mandate: Mandate) -> str:
    """By a vote, or in an assembly as two people say. Needs source, ``entered_by`` and ``confirmed_by`` loaded."""
    if mandate.decided_on is None:
        day = date_format(mandate.decided_at, "DATE_FORMAT")
        return _("by a vote that closed on %(day)s") % {"day": day}
    return _("in assembly on %(day)s; entered by %(first)s, confirmed by %(second)s") % {
        "day": date_format(mandate.decided_on, "DATE_FORMAT"),
        "first": mandate.entered_by,
        "second": mandate.confirmed_by or "–",
    }


def told_for(poll: Poll, *, member: Member, at: dt.datetime) -> list[Told]:
    """Each electorate of its council's delegates, by name; who sat there when the vote opened, or sits now."""
    held = Seat.objects.held_at(min(at, poll.opens_at)).in_body(poll.body)
    seats: dict[Body, list[Seat]] = {}
    for seat in held.select_related("holder", "elected_by__territory").order_by("pk"):
        seats.setdefault(seat.elected_by, []).append(seat)
    holding = mandates_of([poll])
    rows = Mandate.objects.to_confirm(at).filter(poll=poll).select_related("entered_by").order_by("version")
    waiting = {row.electorate_id: row for row in rows}
    closed = at >= poll.closes_at
    told = []
    for body, theirs in sorted(seats.items(), key=lambda row: sort_key(str(row[0].territory))):
        mandate, asked = holding.get((poll.pk, body.pk)), waiting.get(body.pk)
        if asked is not None and (
            (mandate is not None and mandate.version > asked.version)
            or not permissions.may("confirm_mandate", by=member, on=asked, at=at)
        ):
            asked = None
        told.append(
            Told(
                body,
                theirs,
                in_words(mandate, theirs) if mandate else "",
                how_decided(mandate) if mandate else "",
                asked,
                not closed and permissions.may("consult_electorate", by=member, on=body, at=at),
            )
        )
    return told
