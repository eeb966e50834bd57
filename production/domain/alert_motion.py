"""Motion: what two people do together to an alert, because one alone could hide it.

More time, once: one of the committee asks, another confirms, before the time is over. The assembly closed it: one of
the committee enters the day of the assembly and what it said, another who was told the same confirms it, as with a
mandate that was decided by hands. Where fewer than two sit in the committee, anybody else who works there confirms.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.clock import local_day
from councils.errors import Refused
from councils.models import Member
from councils.models.electorate import is_council
from councils.permissions import require
from production.domain import escalation, recovery_time
from production.domain.alert import close, written
from production.domain.escalation import Held, at_work, refuse_closed, write
from production.enums import AlertState, EntryKind, MotionKind
from production.models import Alert, AlertHold, AlertMotion


def ask_extension(*, alert: Alert, days: int, text: str, by: Member, at: dt.datetime) -> AlertMotion:
    """So many working days more, at most as many as it had. Raises ``Denied`` or ``Refused``."""
    with at_work(alert, at) as held:
        require("move_motion", by=by, on=held.alert, at=held.at)
        hold = _extensible(held)
        most = hold.days or 1
        if not 1 <= days <= most:
            raise Refused(
                ngettext(
                    "At most as much again as it had: %(n)s working day.",
                    "At most as much again as it had: %(n)s working days.",
                    most,
                )
                % {"n": most}
            )
        return _move(held, hold, MotionKind.EXTEND, by=by, text=text, days=days)


def ask_close(*, alert: Alert, decided_on: dt.date, text: str, by: Member, at: dt.datetime) -> AlertMotion:
    """The assembly of ``decided_on`` closed it, with what it said. Raises ``Denied`` or ``Refused``."""
    with at_work(alert, at) as held:
        require("move_motion", by=by, on=held.alert, at=held.at)
        hold = refuse_closed(held)
        if not local_day(held.alert.opened_at) <= decided_on <= local_day(held.at):
            raise Refused(_("That assembly was before the alert, or has not been yet."))
        return _move(held, hold, MotionKind.CLOSE, by=by, text=text, decided_on=decided_on)


def confirm_motion(*, motion: AlertMotion, by: Member, at: dt.datetime) -> Alert:
    """Another person says the same, and it is so. Raises ``Denied``; ``Refused`` for the one who asked, for one that
    was confirmed or dropped, and when the time that it would lengthen is over.
    """
    with at_work(motion.alert, at) as held:
        require("confirm_motion", by=by, on=held.alert, at=held.at)
        row = AlertMotion.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=motion.pk)
        hold = refuse_closed(held)
        if row.confirmed_at is not None or row.dropped_at is not None:
            raise Refused(_("This is decided already."))
        if row.asked_by_id == by.pk:
            raise Refused(_("Another person must confirm it."))
        if row.kind == MotionKind.EXTEND and _extensible(held).pk != row.hold_id:
            raise Refused(_("The time that it would have lengthened is over."))
        row.confirmed_by, row.confirmed_at = by, max(held.at, row.asked_at)
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        if row.kind == MotionKind.EXTEND:
            _extend(held, hold, row, by)
        else:
            detail = {"asked_by": row.asked_by.name, "decided_on": row.decided_on.isoformat() if row.decided_on else ""}
            close(held, AlertState.DECIDED, EntryKind.DECIDED, by=by, text=row.text, detail=detail)
    return held.alert


def _move(
    held: Held,
    hold: AlertHold,
    kind: MotionKind,
    *,
    by: Member,
    text: str,
    days: int | None = None,
    decided_on: dt.date | None = None,
) -> AlertMotion:
    """Write it down; another of the same kind that waited is dropped."""
    text = written(text)
    waiting = AlertMotion.objects.filter(alert=held.alert, kind=kind, confirmed_by=None, dropped_at=None)
    waiting.update(dropped_at=held.at)
    motion = AlertMotion.objects.create(
        alert=held.alert,
        kind=kind,
        hold=hold,
        days=days,
        decided_on=decided_on,
        text=text,
        asked_by=by,
        asked_at=held.at,
    )
    write(held.alert, EntryKind.MOVED, held.at, by=by, text=text, detail={"motion": kind.value})
    return motion


def _extensible(held: Held) -> AlertHold:
    """The hold of the workplace whose clock runs. Raises ``Refused`` where there is none, or it was lengthened once."""
    hold = refuse_closed(held)
    if is_council(hold.body) or hold.due_at is None or hold.ran_out_at is not None:
        raise Refused(_("No clock of the workplace runs for it now."))
    if AlertMotion.objects.filter(alert=held.alert, kind=MotionKind.EXTEND, confirmed_by__isnull=False).exists():
        raise Refused(_("Its time was lengthened once already."))
    return hold


def _extend(held: Held, hold: AlertHold, motion: AlertMotion, by: Member) -> None:
    assert hold.due_at is not None and motion.days is not None
    hold.due_at = recovery_time.due_at(
        body=hold.body, workplace=held.alert.workplace, days=motion.days, from_at=hold.due_at
    )
    hold.days = (hold.days or 0) + motion.days
    hold.save(update_fields=["due_at", "days"])
    escalation.enqueue_step(hold, held.at)
    detail = {"asked_by": motion.asked_by.name, "days": motion.days}
    write(held.alert, EntryKind.EXTENDED, held.at, by=by, text=motion.text, detail=detail)
