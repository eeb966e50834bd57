"""Seat: it ends by its term, at every read, or before it for a reason; what stands on it ends too."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from councils.domain import audit, job
from councils.enums import SeatEnd
from councils.models import Member, Recall, Seat

#: Kinds of the jobs that follow an early end: its recall lapses, its place is filled as the rules say.
RECALL_DUE = "recall_due"
FILL_VACANCY = "fill_vacancy"


def end_seats(*, seats: list[Seat], reason: SeatEnd, by: Member | None, at: dt.datetime) -> list[Seat]:
    """End each of ``seats`` that is still held at ``at``, and those above that were held by virtue of it.

    Part of the verb that authorised it, in its transaction. Returns all that ended; twice changes nothing.
    """
    ended: list[Seat] = []
    with transaction.atomic():
        held = Seat.objects.held_at(at).filter(pk__in=[seat.pk for seat in seats])
        locked = Seat.objects.select_for_update(of=("self",)).select_related("holder", "body").order_by("pk")
        rows = locked.filter(pk__in=held.values_list("pk", flat=True))
        now = [row for row in rows if row.ended_at is None or row.ended_at > at]  # as they are under the lock
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
            _enqueue_what_follows(now, reason, at)
            ended += now
            now, reason = above, SeatEnd.BELOW
    return ended


def _enqueue_what_follows(seats: list[Seat], reason: SeatEnd, at: dt.datetime) -> None:
    for recall in Recall.objects.live().filter(seat__in=seats):
        payload = {"recall": str(recall.uuid)}
        job.enqueue(kind=RECALL_DUE, key=f"{RECALL_DUE}:{recall.uuid}:seat", at=at, payload=payload)
    for seat in seats if reason != SeatEnd.REPLACED else []:
        job.enqueue(kind=FILL_VACANCY, key=f"{FILL_VACANCY}:{seat.uuid}", at=at, payload={"seat": str(seat.uuid)})
