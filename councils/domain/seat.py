"""Seat: it ends by its term, at every read, or before it for a reason; what stands on it ends too."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from councils.domain import audit
from councils.enums import SeatEnd
from councils.models import Member, Seat


def end_seats(*, seats: list[Seat], reason: SeatEnd, by: Member | None, at: dt.datetime) -> list[Seat]:
    """End each of ``seats`` that is still held at ``at``, and those above that were held by virtue of it.

    Part of the verb that authorised it, in its transaction. Returns all that ended; twice changes nothing.
    """
    ended: list[Seat] = []
    with transaction.atomic():
        held = Seat.objects.held_at(at).filter(pk__in=[seat.pk for seat in seats])
        locked = Seat.objects.select_for_update(of=("self",)).select_related("holder", "body").order_by("pk")
        now = list(locked.filter(pk__in=held.values_list("pk", flat=True)))
        while now:
            above = list(locked.filter(through__in=now, ended_at=None))
            Seat.objects.filter(pk__in=[seat.pk for seat in now]).update(ended_at=at, end_reason=reason)
            for seat in now:
                audit.record(
                    verb="end_seat",
                    by=by,
                    at=at,
                    body=seat.body,
                    subject=seat,
                    name=seat.holder.name,
                    seat_end=str(reason),
                )
            ended += now
            now, reason = above, SeatEnd.BELOW
    return ended
