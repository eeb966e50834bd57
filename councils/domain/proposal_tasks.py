"""What proposals ask of a member today. (Votes that are open: ``domain.poll_tasks``.)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain.waiting import WaitingTask
from councils.enums import BodyKind, ProposalState
from councils.models import Member, Proposal, Seat
from councils.models.proposal import ProposalQuerySet

#: From so much time left on, a moderation is shown first.
PRESSING = dt.timedelta(days=1)


def awaiting(member: Member, at: dt.datetime) -> ProposalQuerySet:
    """Proposals that ``member`` may moderate now: of her assemblies, not her own, still unanswered by the clock."""
    seats = Seat.objects.held_at(at).of(member)
    sits = Q(body__territory__in=seats.filter(body__kind=BodyKind.COMMITTEE).values("body__territory"))
    speaks_for = Q(body__territory__in=seats.filter(represents__isnull=False).values("represents"))
    waiting = Proposal.objects.visible_to(member, local_day(at)).in_state_at(ProposalState.MODERATION, at)
    return waiting.filter(sits | speaks_for).exclude(author=member)


def to_moderate(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """One task for each, with the hour at which silence admits it."""
    for proposal in awaiting(member, at):
        due_at = proposal.moderation_due_at
        yield WaitingTask(
            icon="propuesta",
            title=proposal.title,
            url=reverse("proposal_moderate", args=[proposal.uuid]),
            button=_("Read and decide"),
            sentence=_("To moderate. Without an answer in time it is admitted."),
            due_at=due_at,
            pressing=due_at is not None and due_at - at < PRESSING,
        )


def returned_to_me(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Those that a moderator returned, to be changed or withdrawn."""
    mine = Proposal.objects.visible_to(member, local_day(at)).filter(author=member)
    for proposal in mine.in_state(ProposalState.RETURNED):
        yield WaitingTask(
            icon="propuesta",
            title=proposal.title,
            url=reverse("proposal", args=[proposal.uuid]),
            button=_("Read the reason"),
            sentence=_("It was returned to you. Change the text and submit it again, or withdraw it."),
        )
