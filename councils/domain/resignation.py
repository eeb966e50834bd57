"""Resignation: who sits somewhere gives her seat back. What follows is known, and told, before she confirms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain.seat import end_seats
from councils.domain.vacancy import rules_of_seat
from councils.enums import BodyKind, PollState, SeatEnd
from councils.errors import Refused
from councils.models import Member, Poll, Recall, Seat
from councils.models.seat import MOST_LEVELS
from councils.rules import Rules


@dataclass(frozen=True)
class Following:
    """What a resignation brings about. ``above``: seats that stand on this one and end with it.

    ``recall``: whether one is under way, which lapses. ``open_votes``: of how many open votes of the body she stands
    on the frozen roll. ``leaves_empty``: a committee in which nobody else sits. ``rules``: how the seat is filled.
    """

    above: list[Seat]
    recall: bool
    open_votes: int
    leaves_empty: bool
    rules: Rules


def following(*, seat: Seat, at: dt.datetime) -> Following:
    """What follows if ``seat`` is given back at ``at``."""
    held = Seat.objects.held_at(at)
    others = held.in_body(seat.body).exclude(pk=seat.pk).exclude(holder=seat.holder_id)
    return Following(
        above=_above(seat, at),
        recall=Recall.objects.live().filter(seat=seat).exists(),
        open_votes=Poll.objects.filter(
            body=seat.body, state=PollState.OPEN, closes_at__gt=at, roll__member=seat.holder_id
        ).count(),
        leaves_empty=seat.body.kind == BodyKind.COMMITTEE and not others.exists(),
        rules=rules_of_seat(seat),
    )


def _above(seat: Seat, at: dt.datetime) -> list[Seat]:
    found: list[Seat] = []
    level = [seat]
    for _level in range(1, MOST_LEVELS):
        level = list(Seat.objects.held_at(at).filter(through__in=level).select_related("body__territory"))
        found += level
    return found


def resign_seat(*, seat: Seat, by: Member, at: dt.datetime) -> list[Seat]:
    """End ``seat``, which is hers, and those above that stand on it; twice changes nothing. Returns all that ended.

    The vacancy is filled as the rules say, and a recall of it lapses. Raises ``Denied`` for a seat of somebody
    else, ``Refused`` for one that ended otherwise.
    """
    permissions.require("resign_seat", by=by, on=seat, at=at)
    with transaction.atomic():
        ended = end_seats(seats=[seat], reason=SeatEnd.RESIGNED, by=by, at=at)
        if not ended and not Seat.objects.filter(pk=seat.pk, end_reason=SeatEnd.RESIGNED).exists():
            raise Refused(_("This seat is no longer held."))
    return ended
