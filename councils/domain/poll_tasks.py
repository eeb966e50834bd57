"""What votes and nominations ask of a member today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain.election import title_of
from councils.domain.franchise import Franchise, Way, franchises
from councils.domain.poll_title import LOADED, title_of_poll
from councils.domain.waiting import Notice, WaitingTask
from councils.enums import NominationState, PollState, Secrecy
from councils.models import Election, Member, Nomination, Poll
from councils.models.electorate import is_elector

#: From so much time left on, a vote is shown first.
PRESSING = dt.timedelta(days=1)


def to_vote(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Votes open by the clock in which she may vote and has not yet, in the booth or at the table."""
    for poll, hers in _open_now(member, at):
        if not hers.is_missing:
            continue
        here = hers.way == Way.BOOTH
        yield WaitingTask(
            icon="urna",
            title=title_of_poll(poll),
            url=reverse("vote", args=[poll.uuid]),
            button=_("Go to the ballot") if here else _("See the vote"),
            sentence=_("Your vote is missing.") if here else _("You cast this vote at the committee's table."),
            due_at=poll.closes_at,
            pressing=poll.closes_at - at < PRESSING,
            group="vote",
        )


def not_on_roll(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Votes open now that go on without her: she came after their roll was closed."""
    for poll, hers in _open_now(member, at):
        if hers.way == Way.NONE and (not poll.group or is_elector(member, poll.body, at, poll.group)):
            said = _("You do not vote in this one: its roll was closed on %(day)s.")
            day = date_format(timezone.localtime(poll.roll_closed_at), "DATE_FORMAT")
            yield Notice(title_of_poll(poll), reverse("vote", args=[poll.uuid]), said % {"day": day})


def on_paper(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Votes in which she votes on paper, until they close: when and where."""
    for poll, hers in _open_now(member, at):
        if hers.way == Way.HALL:
            close = timezone.localtime(poll.closes_at)
            moment = {"day": date_format(close, "MONTH_DAY_FORMAT"), "hour": date_format(close, "TIME_FORMAT")}
            said = _("It is voted on paper until %(day)s at %(hour)s.") % moment
            yield Notice(title_of_poll(poll), reverse("vote", args=[poll.uuid]), f"{said} {poll.place}".strip())


def _open_now(member: Member, at: dt.datetime) -> list[tuple[Poll, Franchise]]:
    """Not those of a council in which she has no seat: its delegates vote there, and she reads it when she wants."""
    found = Poll.objects.visible_to(member, local_day(at)).opening_or_open_at(at)
    found = found.exclude(state=PollState.SCHEDULED, shares_needed__isnull=False, drilled_at=None)
    polls = list(found.select_related(*LOADED).order_by("closes_at"))
    hers = franchises(polls=polls, member=member)
    named = [poll for poll in polls if poll.secrecy == Secrecy.NAMED and hers[poll.pk].way == Way.NONE]
    return [(poll, hers[poll.pk]) for poll in polls if poll not in named]


def to_answer(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Nominations that name her and wait for her answer."""
    open_now = Election.objects.visible_to(member, local_day(at)).nominating_at(at)
    asked = Nomination.objects.filter(nominee=member, state=NominationState.PROPOSED, election__in=open_now)
    for nomination in asked.select_related("election__body"):
        election = nomination.election
        yield WaitingTask(
            icon="people",
            title=_("Nominated: %(title)s") % {"title": title_of(election.body, election.seats, election.group)},
            url=reverse("election", args=[election.uuid]),
            button=_("Answer"),
            sentence=_("It counts only if you accept before nominations close."),
            due_at=election.nominations_close_at,
            pressing=election.nominations_close_at - at < PRESSING,
        )


def nominations_open(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Elections of her assemblies in which people are being nominated, until she is herself (``to_answer``)."""
    named = Nomination.objects.filter(nominee=member).values("election")
    found = Election.objects.visible_to(member, local_day(at)).nominating_at(at).exclude(pk__in=named)
    for election in found.select_related("body", "electorate__territory").order_by("nominations_close_at", "pk"):
        if not is_elector(member, election.electorate, at, election.group):
            continue
        close = timezone.localtime(election.nominations_close_at)
        yield Notice(
            _("Nominations are open: %(title)s") % {"title": title_of(election.body, election.seats, election.group)},
            reverse("election", args=[election.uuid]),
            _("People can be nominated until %(day)s at %(hour)s.")
            % {"day": date_format(close, "MONTH_DAY_FORMAT"), "hour": date_format(close, "TIME_FORMAT")},
        )
