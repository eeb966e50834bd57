"""What ended seats tell: to those who had filled them, to those who sit there, and to who sat there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.domain.waiting import Notice
from councils.enums import COUNCIL_OF, SeatEnd
from councils.models import Member, Seat
from councils.models.electorate import bodies_voting_with

#: It is told for so long.
TOLD_FOR = dt.timedelta(days=14)


def ended(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Seats that ended early of late. A recall tells its electors itself (``recall_tasks.decided``)."""
    elected = Q(elected_by__in=bodies_voting_with(member, at).values("pk")) | Q(holder=member)
    beside = Q(body__in=Seat.objects.held_at(at).of(member).values("body"))
    late = Seat.objects.filter(ended_at__gt=at - TOLD_FOR, ended_at__lte=at).exclude(end_reason=SeatEnd.REPLACED)
    hers = late.filter((elected & ~Q(end_reason=SeatEnd.RECALLED)) | (beside & ~elected))
    for seat in hers.select_related("holder", "body__territory", "filled_by__holder").order_by("ended_at", "pk"):
        yield Notice(_title(seat), _url(seat), f"{_why(seat)} {_filled(seat)}")


def _title(seat: Seat) -> str:
    return _("%(name)s no longer sits there: %(body)s") % {"name": seat.holder.name, "body": seat.body}


def _url(seat: Seat) -> str:
    """A council's: her page; a committee's: the list that shows what is vacant."""
    return reverse("delegate", args=[seat.uuid]) if seat.body.kind in COUNCIL_OF.values() else reverse("elections")


def _why(seat: Seat) -> str:
    assert seat.ended_at is not None
    reason = str(SeatEnd(seat.end_reason).label)
    day = date_format(timezone.localtime(seat.ended_at), "DATE_FORMAT")
    return _("%(reason)s, on %(day)s.") % {"reason": reason[:1].upper() + reason[1:], "day": day}


def _filled(seat: Seat) -> str:
    successor = getattr(seat, "filled_by", None)
    if successor is None:
        return _("The seat is filled as the rules say.")
    return _("%(name)s completes the term.") % {"name": successor.holder.name}
