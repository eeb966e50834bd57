"""Electoral roll: who votes in one poll, a row each, closed at one hour and changed by nobody from then on.

Closed when the vote opens; earlier where there is a campaign, and then only an objection that two people of the
committee upheld adds or takes off exactly one person (``domain.objection``), never after the opening.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from councils.domain import audit
from councils.enums import PollState, Secrecy
from councils.errors import Refused
from councils.models import Member, Poll, RollEntry, locks
from councils.models.electorate import electors

_OVER = (PollState.DECLARED, PollState.VOID, PollState.INTERRUPTED)


def close_roll(*, poll: Poll, hour: dt.datetime) -> None:
    """One row for each who could vote at ``hour``. Part of a step of the locked ``poll``, and once."""
    roll = electors(poll.body, hour, poll.group)
    poll.roll_size, poll.quorum_base = len(roll), sum(roll.values())
    poll.roll_closed_early_at = hour if hour < poll.opens_at else None
    poll.save(update_fields=["roll_size", "quorum_base", "roll_closed_early_at"])
    RollEntry.objects.bulk_create(
        RollEntry(poll=poll, member_id=member, counts_for_quorum=counts) for member, counts in roll.items()
    )


def add_to_roll(*, poll: Poll, member: Member, at: dt.datetime) -> None:
    """Put ``member`` on the closed roll of the locked ``poll``. Raises ``Refused`` unless she may vote there now."""
    _refuse_once_open(poll, at)
    able = electors(poll.body, at, poll.group)
    if member.pk not in able:
        raise Refused(
            _("%(name)s may not vote here by the list of people. Put her right there first, then confirm.")
            % {"name": member}
        )
    if poll.roll.filter(member=member).exists():
        raise Refused(_("%(name)s is on the roll already.") % {"name": member})
    RollEntry.objects.create(poll=poll, member=member, counts_for_quorum=able[member.pk])
    _resize(poll)


def take_off_roll(*, poll: Poll, member: Member, at: dt.datetime) -> None:
    """Take ``member`` off the closed roll of the locked ``poll``, before anybody could vote.

    Raises ``Refused`` while she may vote there by the list of people: two people alone strike nobody off.
    """
    _refuse_once_open(poll, at)
    if member.pk in electors(poll.body, at, poll.group):
        raise Refused(
            _("%(name)s may vote here by the list of people. Put that right there first, then confirm.")
            % {"name": member}
        )
    if not poll.roll.filter(member=member).delete()[0]:
        raise Refused(_("%(name)s is not on the roll.") % {"name": member})
    _resize(poll)


def _refuse_once_open(poll: Poll, at: dt.datetime) -> None:
    if poll.state != PollState.SCHEDULED or at >= poll.opens_at or poll.roll_size is None:
        raise Refused(_("The roll stands: it changes only between its closing and the opening of the vote."))


def _resize(poll: Poll) -> None:
    poll.roll_size, poll.quorum_base = poll.roll.count(), poll.roll.filter(counts_for_quorum=True).count()
    poll.save(update_fields=["roll_size", "quorum_base"])


def erase_marks(*, poll: Poll, at: dt.datetime) -> Poll:
    """Forget who voted in a secret vote that is over; how many did stays in its result. Safe to repeat.

    Who is on the roll stays. Votes by name keep their marks: each is published beside its name.
    """
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.secrecy != Secrecy.URN or poll.state not in _OVER:
            return poll
        if poll.roll.filter(Q(voted=True) | Q(envelope_version__gt=0)).update(voted=False, envelope_version=0):
            audit.record(verb="erase_marks", by=None, at=at, body=poll.body, subject=poll)
    return poll
