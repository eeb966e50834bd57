"""Ballot: a vote goes into the urn, or is given by name. The one verb without audit, log or history.

The roll row says that she voted; what she voted is sealed in the envelope on it. Nothing
here writes a time, an address or a device.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from councils.domain.member import was_reset_after
from councils.domain.poll import key_store
from councils.domain.tally import marks_are_valid
from councils.enums import PollState, Secrecy
from councils.errors import Denied, Refused
from councils.models import Member, NamedVote, Poll, RollEntry, locks
from councils.permissions import require
from councils.urn.envelope import grouped, new_code, seal, wrap


class AlreadyCounted(Refused):
    """The vote that this one would replace is no longer the last: it is in the urn already."""


@dataclass(frozen=True)
class Receipt:
    """What the voter is shown once: the vote is stored. ``code`` is empty for a vote by name."""

    poll: Poll
    code: str
    version: int


def cast_ballot(
    *, poll: Poll, by: Member, marks: Sequence[str], replaces: int, at: dt.datetime, row: RollEntry | None = None
) -> Receipt:
    """Seal ``marks`` and lay the envelope on her roll row, in place of version ``replaces`` (0: none yet).

    ``row`` is hers on the roll of ``poll``, where the caller has loaded it already.
    ``at`` is when the vote arrived. In time means: arrived before the close and written before
    the count, which waits for the lock held here. Returns after COMMIT. Raises ``Denied`` (not
    on the roll), ``AlreadyCounted`` (a stale version), ``Refused`` (closed, reset, unreadable).
    """
    if poll.secrecy == Secrecy.PAPER:
        raise Refused(_("This vote is held on paper: nothing is cast here."))
    if poll.secrecy != Secrecy.URN:
        raise Refused(_("This body votes by name."))
    row = _roll_row(poll, by, at, row)
    _refuse_unless_hers(poll, by, at)
    return lay_envelope(
        row=row, poll=poll, marks=marks, replaces=replaces, before=lambda locked: _refuse_unless_hers(locked, by, at)
    )


def lay_envelope(
    *, row: RollEntry, poll: Poll, marks: Sequence[str], replaces: int, before: Callable[[Poll], None]
) -> Receipt:
    """Seal ``marks`` and lay the envelope on ``row``: the one way into the urn, from the booth and from the table.

    ``before`` is asked with the locked poll, in the same transaction, and refuses what may not be cast.
    """
    if not marks_are_valid(poll, marks):
        raise Refused(_("This ballot cannot be read. Mark it again; nothing was cast."))
    code = new_code()
    envelope = seal(public_key=bytes(poll.public_key or b""), poll=poll.uuid, row=row.uuid, marks=marks, code=code)
    if poll.scrutiny_key:
        envelope = wrap(public_key=bytes(poll.scrutiny_key), envelope=envelope)
    with transaction.atomic(durable=True):
        before(locks.shared(poll.pk))
        stored = RollEntry.objects.filter(pk=row.pk, envelope_version=replaces).update(
            envelope=envelope, envelope_version=F("envelope_version") + 1, voted=True
        )
        if not stored:
            raise AlreadyCounted(
                _(
                    "Your vote is already in the urn and counts: this second one was not needed. Its check code was"
                    " shown in the first answer; to get another, cast the vote again."
                )
            )
        # After COMMIT and before the answer: the key store counts what was acknowledged.
        transaction.on_commit(lambda: key_store().note_cast(poll.uuid), robust=True)
    return Receipt(poll=poll, code=grouped(code), version=replaces + 1)


def cast_named_vote(*, poll: Poll, by: Member, marks: Sequence[str], at: dt.datetime) -> Receipt:
    """Record a delegate's vote beside her name; the last one before the close counts."""
    if poll.secrecy != Secrecy.NAMED:
        raise Refused(_("This vote is secret: it goes through the urn."))
    row = _roll_row(poll, by, at)
    if not marks_are_valid(poll, marks):
        raise Refused(_("This ballot cannot be read. Mark it again; nothing was cast."))
    with transaction.atomic(durable=True):
        _refuse_unless_hers(locks.shared(poll.pk), by, at)
        NamedVote.objects.update_or_create(poll=poll, member=by, defaults={"marks": list(marks), "at": at})
        RollEntry.objects.filter(pk=row.pk).update(voted=True, envelope_version=F("envelope_version") + 1)
    return Receipt(poll=poll, code="", version=row.envelope_version + 1)


def _roll_row(poll: Poll, by: Member, at: dt.datetime, loaded: RollEntry | None = None) -> RollEntry:
    """Her row on the frozen roll, or, before there is one, proof that she would be on it."""
    row = loaded if loaded is not None and loaded.poll_id == poll.pk else locks.row_of(by, poll.uuid)
    require("cast_ballot", by=by, on=row or poll, at=at)
    if row is None:
        refuse_unless_open(poll, at)
        if poll.roll_closed_early_at:
            raise Denied(_("You are not on the roll of this vote: it was closed before the vote opened."))
        raise Denied(_("You are not on the roll of this vote: it was closed when the vote opened."))
    return row


def refuse_unless_open(poll: Poll, at: dt.datetime) -> None:
    """Raise ``Refused`` before the opening and from the close on, by the clock."""
    if poll.state == PollState.SCHEDULED or at < poll.opens_at:
        raise Refused(_("This vote has not opened yet."))
    if not poll.is_open(at) or poll.unlocked_at is not None:
        raise Refused(_("This vote has closed. Nothing was cast; what you cast before the close stands."))


def _refuse_unless_hers(poll: Poll, by: Member, at: dt.datetime) -> None:
    """Open, and cast from an account that nobody else was given the keys of meanwhile."""
    refuse_unless_open(poll, at)
    if was_reset_after(by, poll.opens_at):
        if poll.secrecy == Secrecy.NAMED:
            raise Refused(_("Your account was reset after the vote opened: what you had voted stands."))
        raise Refused(
            _(
                "The password of this account was reset after the vote opened. To protect your vote you cast this one"
                " at the committee's table; if you had voted before, that vote stands."
            )
        )
