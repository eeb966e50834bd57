"""Scrutiny: where the rules ask for it, scrutineers hold a second key of the urn, in shares on paper.

Every envelope then lies in an outer one, sealed to the scrutineers' key. Its private half exists only in
the shares: in memory while they are printed, and again while enough of them are typed in at one sitting.
Before the opening a drill proves that the papers can be read; without it the vote does not open. After the
close any ``shares_needed`` of them take the outer envelopes off, and the count opens the inner ones with the
key of the poll. So neither who runs the server alone nor the scrutineers alone can open anything early.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.domain import audit
from councils.domain.poll import WAIT_FOR_LATE_COMMITS, enqueue_step
from councils.domain.waiting import WaitingTask
from councils.enums import BodyKind, PollState
from councils.errors import Refused
from councils.models import Member, Poll, Scrutineer, Seat, locks
from councils.models.electorate import electors
from councils.permissions import require
from councils.urn.envelope import new_keys, public_half, unwrap
from councils.urn.shares import UnreadableShare, combine, read_shares, split, written


@dataclass(frozen=True)
class PrintedShare:
    """Shown once, in the answer that makes it."""

    number: int
    holder: Member
    text: str


def make_shares(*, poll: Poll, scrutineers: Sequence[Member], by: Member, at: dt.datetime) -> list[PrintedShare]:
    """Make the scrutineers' key, a share for each. Until the drill it can be done anew: old papers are void.

    Raises ``Denied``, or ``Refused``: not that many different electors, the drill was passed, or it has opened.
    """
    require("make_shares", by=by, on=poll, at=at)
    with transaction.atomic():
        poll = _before_opening(poll, at)
        if poll.drilled_at is not None:
            raise Refused(_("The drill was passed with the shares that exist; they stay as they are."))
        _refuse_wrong_people(poll, scrutineers, at)
        private, public = new_keys()
        shares = split(private, needed=poll.shares_needed or 0, shares=len(scrutineers))
        poll.scrutiny_key, poll.shares_by = public, by
        poll.save(update_fields=["scrutiny_key", "shares_by"])
        poll.scrutineers.all().delete()
        Scrutineer.objects.bulk_create(
            Scrutineer(poll=poll, member=member, number=share.point)
            for member, share in zip(scrutineers, shares, strict=True)
        )
        audit.record(
            verb="make_shares", by=by, at=at, body=poll.body, subject=poll,
            names=[member.name for member in scrutineers], needed=poll.shares_needed, made=len(shares),
        )  # fmt: skip
    return [
        PrintedShare(share.point, member, written(share, poll.uuid))
        for member, share in zip(scrutineers, shares, strict=True)
    ]


def drill_key(*, poll: Poll, typed: Sequence[str], by: Member, at: dt.datetime) -> Poll:
    """Prove that enough shares can be read and give the key back; only then the vote opens. Not by who printed them.

    Raises ``Denied`` or ``Refused``.
    """
    require("use_shares", by=by, on=poll, at=at)
    with transaction.atomic():
        poll = _before_opening(poll, at)
        if poll.drilled_at is None:
            if poll.shares_by_id == by.pk:
                raise Refused(_("You had the shares printed. Another person does the drill, from her own account."))
            _private_key(poll, typed)
            poll.drilled_at, poll.drilled_by = at, by
            poll.save(update_fields=["drilled_at", "drilled_by"])
            audit.record(verb="drill_key", by=by, at=at, body=poll.body, subject=poll)
    return poll


def unlock_urn(*, poll: Poll, typed: Sequence[str], by: Member, at: dt.datetime) -> Poll:
    """Take the outer envelopes off, with the shares typed in. An envelope that is none becomes a spoilt ballot.

    Raises ``Denied`` or ``Refused``. The count is due at once.
    """
    require("use_shares", by=by, on=poll, at=at)
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.shares_needed is None or poll.state != PollState.OPEN or at < poll.closes_at:
            raise Refused(_("The urn is opened once the vote has closed, and not again."))
        if at < poll.closes_at + WAIT_FOR_LATE_COMMITS:
            raise Refused(
                _("The vote has just closed, and its last ballots are being put away. Try again in a moment.")
            )
        if poll.unlocked_at is not None:
            return poll
        private = _private_key(poll, typed)
        rows = list(poll.roll.filter(envelope__isnull=False).only("pk", "envelope"))
        for row in rows:
            row.envelope = unwrap(private_key=private, wrapped=bytes(row.envelope or b"")) or b"\0"
        poll.roll.bulk_update(rows, ["envelope"], batch_size=500)
        poll.unlocked_at = at
        poll.save(update_fields=["unlocked_at"])
        enqueue_step("count_poll", poll, at=at, key=f"count_poll:{poll.uuid}:unlocked")
        audit.record(verb="unlock_urn", by=by, at=at, body=poll.body, subject=poll)
    return poll


def to_do(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """What the committee is to do: shares and drill before the opening, opening the urn after the close."""
    seats = Seat.objects.held_at(at).of(member).filter(body__kind=BodyKind.COMMITTEE)
    polls = Poll.objects.filter(shares_needed__isnull=False, body__territory__in=seats.values("body__territory"))
    waiting = Q(state=PollState.SCHEDULED, drilled_at=None, closes_at__gt=at)
    for poll in polls.filter(waiting | Q(state=PollState.OPEN, unlocked_at=None, closes_at__lte=at)).order_by("pk"):
        closed = poll.state == PollState.OPEN
        yield WaitingTask(
            icon="urna",
            title=poll.question,
            url=reverse("vote_key", args=[poll.uuid]),
            button=_("Open the urn") if closed else _("Shares and drill"),
            sentence=_("The vote has closed and waits for its scrutineers.")
            if closed
            else _("The vote does not open before the drill of the scrutineers' key."),
            due_at=None if closed else poll.opens_at,
            pressing=True,
        )


def _before_opening(poll: Poll, at: dt.datetime) -> Poll:
    poll = locks.exclusive(poll.pk)
    if poll.shares_needed is None:
        raise Refused(_("By the rules of this vote no scrutineers hold a key."))
    if poll.state != PollState.SCHEDULED or at >= poll.closes_at:
        raise Refused(_("This vote has begun. Its shares stay as they are until the close."))
    return poll


def _refuse_wrong_people(poll: Poll, scrutineers: Sequence[Member], at: dt.datetime) -> None:
    made = poll.shares_made or 0
    if len(scrutineers) != made or len({member.pk for member in scrutineers}) != made:
        raise Refused(_("Choose %(n)s different people, one for each share.") % {"n": made})
    if not {member.pk for member in scrutineers} <= set(electors(poll.body, at)):
        raise Refused(_("Each scrutineer is somebody who may vote in this assembly."))


def _private_key(poll: Poll, typed: Sequence[str]) -> bytes:
    """The scrutineers' key from what was typed; it leaves this process in no direction."""
    given = [text for text in typed if text.strip()]
    needed = poll.shares_needed or 0
    if len(given) < needed:
        raise Refused(
            ngettext(
                "%(needed)s shares are needed; %(given)s was typed.",
                "%(needed)s shares are needed; %(given)s were typed.",
                len(given),
            )
            % {"needed": needed, "given": len(given)}
        )
    try:
        private = combine(read_shares(given, poll.uuid))
    except UnreadableShare as e:
        raise Refused(
            _("Share %(n)s cannot be read, or is one of another vote. Type it again.") % {"n": e.which}
        ) from e
    except ValueError as e:
        raise Refused(_("The same share was typed twice.")) from e
    if public_half(private) != bytes(poll.scrutiny_key or b""):
        raise Refused(_("These shares do not fit together: papers of an earlier key are void."))
    return private
