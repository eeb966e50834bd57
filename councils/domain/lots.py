"""Lots: what a public draw gave, entered before the count, so that the count settles a tie and draws nothing itself.

One of the committee (in a council, a delegate) enters the order, another confirms it; neither stands in the election.
From the close of nominations until the close of the vote; once confirmed nothing changes it. Without it a tie that
needs one stays a tie.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.domain.election import title_of
from councils.domain.waiting import WaitingTask
from councils.domain.winners import nominees_of
from councils.enums import BodyKind, PollState
from councils.errors import Refused
from councils.models import Election, LotDraw, Member, Poll, Seat, locks

_BEFORE_COUNT = (PollState.SCHEDULED, PollState.OPEN)


def enter_lots(*, election: Election, order: Sequence[str], by: Member, at: dt.datetime) -> LotDraw:
    """Write down the order that was drawn: ids of all options of the ballot, whoever goes first in a tie first.

    Raises ``Denied``; ``Refused`` for who stands, an order that is not one of all names, when one is confirmed, and
    before nominations close or once the vote has closed.
    """
    permissions.require("enter_lots", by=by, on=election.electorate, at=at)
    if election.poll_id is None:
        raise Refused(_("Lots are drawn once nominations have closed."))
    with transaction.atomic():
        poll = locks.exclusive(election.poll_id)
        _refuse_unless_taken(poll, by, at)
        if sorted(order) != sorted(option["id"] for option in poll.options):
            raise Refused(_("Give every name of the ballot one place, and each place to one name."))
        draw = LotDraw.objects.create(poll=poll, order=list(order), entered_by=by, entered_at=at)
        names = _names(poll, draw)
        audit.record(verb="enter_lots", by=by, at=at, body=election.electorate, subject=election, drawn=names)
    return draw


def confirm_lots(*, draw: LotDraw, by: Member, at: dt.datetime) -> LotDraw:
    """Another person says that this was drawn; the count goes by it. Twice changes nothing.

    Raises ``Denied``; ``Refused`` for who entered it or stands, where a later order was entered, where who entered
    it may do it no longer, and once the vote has closed.
    """
    election = draw.poll.election
    permissions.require("confirm_lots", by=by, on=election.electorate, at=at)
    with transaction.atomic():
        poll = locks.exclusive(draw.poll_id)
        row = LotDraw.objects.select_related("entered_by").get(pk=draw.pk)
        if row.confirmed_at is not None:
            return row
        _refuse_unless_taken(poll, by, at)
        if row.entered_by == by:
            raise Refused(_("You entered it yourself. Another person confirms."))
        if poll.lot_draws.filter(pk__gt=row.pk).exists():
            raise Refused(_("Another order was entered after this one. Confirm that, or enter it anew."))
        if not permissions.may("enter_lots", by=row.entered_by, on=election.electorate, at=at):
            gone = {"name": row.entered_by}
            raise Refused(_("%(name)s, who entered it, may not do it any more. Enter it anew.") % gone)
        row.confirmed_by, row.confirmed_at = by, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        poll.lots = row.order
        poll.save(update_fields=["lots"])
        names = _names(poll, row)
        audit.record(verb="confirm_lots", by=by, at=at, body=election.electorate, subject=election, drawn=names)
    return row


def takes_lots(poll: Poll, at: dt.datetime) -> bool:
    """Whether an order may still be entered or confirmed, by the clock."""
    return poll.state in _BEFORE_COUNT and at < poll.closes_at and not poll.lots


def stands_in(member: Member, poll: Poll) -> bool:
    """Whether her name is on the ballot."""
    return any(str(member.uuid) in nominees_of(option) for option in poll.options)


def to_confirm(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Drawn orders that another of her committee, or another delegate, entered and she may confirm."""
    seats = Seat.objects.held_at(at).of(member)
    places = seats.filter(body__kind=BodyKind.COMMITTEE).values("body__territory")
    hers = Q(poll__body__kind=BodyKind.ASSEMBLY, poll__body__territory__in=places)
    later = LotDraw.objects.filter(poll=OuterRef("poll"), pk__gt=OuterRef("pk"))
    waiting = LotDraw.objects.filter(hers | Q(poll__body__in=seats.values("body")), confirmed_at__isnull=True)
    waiting = waiting.filter(~Exists(later), poll__state__in=_BEFORE_COUNT, poll__closes_at__gt=at)
    found = waiting.exclude(entered_by=member).select_related("poll__election__body")
    for draw in found.order_by("poll__closes_at", "pk"):
        election = draw.poll.election
        if takes_lots(draw.poll, at) and not stands_in(member, draw.poll):
            yield WaitingTask(
                icon="people",
                title=_("Confirm the order that was drawn: %(title)s")
                % {"title": title_of(election.body, election.seats, election.group)},
                url=reverse("election_lots", args=[election.uuid]),
                button=_("Look and confirm"),
                sentence=_("It settles a tie, and holds once a second person confirms it."),
                due_at=draw.poll.closes_at,
            )


def _names(poll: Poll, draw: LotDraw) -> list[str]:
    labels = {option["id"]: option["label"] for option in poll.options}
    return [labels[id] for id in draw.order]


def _refuse_unless_taken(poll: Poll, by: Member, at: dt.datetime) -> None:
    """The poll is locked: until the end of the transaction nobody counts."""
    if poll.state not in _BEFORE_COUNT or at >= poll.closes_at:
        raise Refused(_("The vote has closed: an order is drawn and entered before the count."))
    if poll.lots:
        raise Refused(_("An order is confirmed already, and nothing changes it."))
    if stands_in(by, poll):
        raise Refused(_("You stand in this election. Others enter and confirm what was drawn."))
