"""Replacement: who is absent hands her seat in a council to one of its substitutes, from a day until a day.

By days, and by the clock: no job begins or ends it. A vote of the council has on its frozen roll whoever acts for the
seat on the day on which it opens. Only what votes by name is handed over: in a committee the others act meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.domain import audit
from councils.domain.waiting import Notice
from councils.errors import Refused
from councils.models import Body, Member, Poll, Replacement, Seat, Substitute
from councils.models.electorate import is_council, may_stand

DAY = dt.timedelta(days=1)
#: Who stands in is told so many days ahead.
TOLD_BEFORE = 14 * DAY


def hand_over_seat(
    *, seat: Seat, substitute: Substitute, from_on: dt.date, until_on: dt.date, by: Member, at: dt.datetime
) -> Replacement:
    """``substitute`` stands in from ``from_on`` on; ``until_on`` is the first day on which the holder acts again.

    Any of the substitutes, in whichever order: the first may not have the time. Raises ``Denied`` for a seat of
    somebody else; ``Refused`` for days gone by or beyond the term, for somebody who may not sit there or acts there
    already, and where another stands in on one of those days.
    """
    permissions.require("hand_over_seat", by=by, on=seat, at=at)
    if not is_council(seat.body):
        raise Refused(_("Only a seat in a council is handed over: in a committee the others act meanwhile."))
    if substitute.seat_id != seat.pk:
        raise Refused(_("That person is no substitute of this seat."))
    _refuse_days(seat, from_on, until_on, at)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=seat.body_id)
        if not Seat.objects.held_at(at).filter(pk=seat.pk).exists():
            raise Refused(_("This seat is no longer held."))
        _refuse_unable(seat, substitute.member, from_on, until_on, at)
        last = until_on - DAY
        if seat.replacements.touching(from_on, last).exists():
            raise Refused(_("Somebody stands in on some of those days already. Take that back first."))
        row = Replacement.objects.create(
            seat=seat, member=substitute.member, from_on=from_on, until_on=until_on, handed_at=at
        )
        audit.record(
            verb="hand_over_seat",
            by=by,
            at=at,
            body=seat.body,
            subject=seat,
            name=by.name,
            substitute=substitute.member.name,
            from_on=from_on.isoformat(),
            last_on=last.isoformat(),
        )
    return row


def _refuse_days(seat: Seat, from_on: dt.date, until_on: dt.date, at: dt.datetime) -> None:
    if from_on < local_day(at) or until_on <= from_on:
        raise Refused(_("Choose days from today on, the last one not before the first."))
    if until_on > local_day(seat.term_ends_at) + DAY:
        raise Refused(
            _("The term ends on %(day)s: choose days before that.")
            % {"day": date_format(local_day(seat.term_ends_at), "DATE_FORMAT")}
        )


def _refuse_unable(seat: Seat, member: Member, from_on: dt.date, until_on: dt.date, at: dt.datetime) -> None:
    if not may_stand(member, seat.elected_by, at, seat.group):
        raise Refused(_("%(name)s may not sit there any more.") % {"name": member.name})
    sits = Seat.objects.held_at(at).in_body(seat.body).filter(holder=member).exists()
    others = Replacement.objects.filter(seat__body=seat.body, member=member).exclude(seat=seat)
    if sits or others.touching(from_on, until_on - DAY).exists():
        raise Refused(
            _("%(name)s acts there already on some of those days: nobody votes twice.") % {"name": member.name}
        )


def take_back_seat(*, replacement: Replacement, by: Member, at: dt.datetime) -> Replacement | None:
    """End it: from tomorrow on, or before it begins. The holder may, and who stands in. None: it never began.

    A vote that has opened keeps its roll. Raises ``Denied``; ``Refused`` where it is over.
    """
    permissions.require("take_back_seat", by=by, on=replacement, at=at)
    today = local_day(at)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=replacement.seat.body_id)
        rows = Replacement.objects.select_related("seat__holder", "seat__body", "member")
        row: Replacement | None = rows.filter(pk=replacement.pk).first()
        if row is None:
            return None
        if row.until_on is None or row.until_on <= today:
            raise Refused(_("That is over already."))
        audit.record(
            verb="take_back_seat",
            by=by,
            at=at,
            body=row.seat.body,
            subject=row.seat,
            name=row.seat.holder.name,
            substitute=row.member.name,
        )
        if row.from_on > today:
            row.delete()
            return None
        row.until_on = today + DAY
        row.save(update_fields=["until_on"])
    return row


def who_acted(
    seat: Seat, replacements: Collection[Replacement], poll: Poll, roll: Collection[int] | None
) -> int | None:
    """The member who acts for ``seat`` in ``poll``: of its frozen ``roll``, where it is (None: nobody was there)."""
    day = local_day(poll.opens_at)
    of_seat = (r for r in replacements if r.seat_id == seat.pk and r.from_on <= day < (r.until_on or day))
    in_turn = [seat.holder_id, *(r.member_id for r in of_seat)]
    if roll is None:
        return in_turn[-1]
    return next((member for member in in_turn if member in roll), None)


def standing_in(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Told to who stands in for somebody, or soon will, and to who is replaced."""
    today = local_day(at)
    rows = Replacement.objects.touching(today, local_day(at + TOLD_BEFORE)).filter(seat__in=Seat.objects.held_at(at))
    loaded = rows.select_related("seat__holder", "seat__body__territory", "member").order_by("from_on", "pk")
    for row in [*loaded.filter(member=member), *loaded.filter(seat__holder=member)]:
        if row.member_id == member.pk:
            title = _("You stand in for %(name)s: %(body)s") % {"name": row.seat.holder.name, "body": row.seat.body}
        else:
            title = _("%(name)s stands in for you: %(body)s") % {"name": row.member.name, "body": row.seat.body}
        yield Notice(title, reverse("delegate", args=[row.seat.uuid]), days_in_words(row))


def days_in_words(row: Replacement) -> str:
    """“From 3 to 9 November.”"""
    assert row.until_on is not None
    return _("From %(first)s to %(last)s; votes of the council that open on those days are the substitute's.") % {
        "first": date_format(row.from_on, "DATE_FORMAT"),
        "last": date_format(row.until_on - DAY, "DATE_FORMAT"),
    }


def now_standing_in(seats: Sequence[Seat], at: dt.datetime) -> dict[int, Replacement]:
    """By the key of each of ``seats``, which are held, for which a substitute acts today."""
    rows = Replacement.objects.valid_on(local_day(at)).filter(seat__in=[seat.pk for seat in seats])
    loaded = rows.select_related("member", "seat__elected_by__territory")
    return {row.seat_id: row for row in loaded if may_stand(row.member, row.seat.elected_by, at, row.seat.group)}
