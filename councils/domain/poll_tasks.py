"""What votes and nominations ask of a member today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain.election import title_of
from councils.domain.waiting import WaitingTask
from councils.enums import NominationState
from councils.models import Election, Member, Nomination, Poll, RollEntry
from councils.models.electorate import is_elector

#: From so much time left on, a vote is shown first.
PRESSING = dt.timedelta(days=1)


def to_vote(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Votes open by the clock in which she may vote and has not yet."""
    open_now = Poll.objects.visible_to(member, local_day(at)).opening_or_open_at(at)
    rows = dict(RollEntry.objects.filter(member=member, poll__in=open_now).values_list("poll", "voted"))
    for poll in open_now.select_related("body__territory", "election__body").order_by("closes_at"):
        on_roll = poll.pk in rows if poll.roll_size is not None else is_elector(member, poll.body, at)
        if not on_roll or rows.get(poll.pk, False):
            continue
        election = getattr(poll, "election", None)
        yield WaitingTask(
            icon="urna",
            title=title_of(election.body, election.seats) if election else poll.question,
            url=reverse("vote", args=[poll.uuid]),
            button=_("Go to the ballot"),
            sentence=_("Your vote is missing."),
            due_at=poll.closes_at,
            pressing=poll.closes_at - at < PRESSING,
            group="vote",
        )


def to_answer(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Nominations that name her and wait for her answer."""
    open_now = Election.objects.visible_to(member, local_day(at)).nominating_at(at)
    asked = Nomination.objects.filter(nominee=member, state=NominationState.PROPOSED, election__in=open_now)
    for nomination in asked.select_related("election__body"):
        election = nomination.election
        yield WaitingTask(
            icon="people",
            title=_("Nominated: %(title)s") % {"title": title_of(election.body, election.seats)},
            url=reverse("election", args=[election.uuid]),
            button=_("Answer"),
            sentence=_("It counts only if you accept before nominations close."),
            due_at=election.nominations_close_at,
            pressing=election.nominations_close_at - at < PRESSING,
        )
