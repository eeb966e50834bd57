"""What objections ask of a member today, and what she is told while she may object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils.domain.election import title_of
from councils.domain.objection import is_concerned
from councils.domain.waiting import Notice, WaitingTask
from councils.enums import BodyKind, ElectionState, ObjectionKind
from councils.models import Election, Member, Objection, Seat
from councils.models.electorate import bodies_voting_with

#: From so much time left on, it is shown first.
PRESSING = dt.timedelta(days=1)


def to_decide(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Objections that her committee, or she as a delegate, has still time to answer or to confirm."""
    seats = Seat.objects.held_at(at).of(member)
    places = seats.filter(body__kind=BodyKind.COMMITTEE).values("body__territory")
    assemblies = Q(election__electorate__kind=BodyKind.ASSEMBLY, election__electorate__territory__in=places)
    hers = Objection.objects.open_at(at).filter(assemblies | Q(election__electorate__in=seats.values("body")))
    found = hers.select_related("election__body", "election__poll").order_by("at", "pk")
    for objection in found:
        election = objection.election
        if objection.answered_by_id == member.pk or is_concerned(member, objection, election):
            continue
        to_roll = objection.kind != ObjectionKind.RESULT
        until = election.voting_opens_at if to_roll else election.objections_until
        assert until is not None  # it is declared
        yield WaitingTask(
            icon="people",
            title=(_("Objection to the roll: %(title)s") if to_roll else _("Objection to the result: %(title)s"))
            % {"title": title_of(election.body, election.seats, election.group)},
            url=reverse("objection", args=[objection.uuid]),
            button=_("Look and confirm") if objection.verdict else _("Answer"),
            sentence=_("It needs the answer of one person and the confirmation of another."),
            due_at=until,
            pressing=until - at < PRESSING,
        )


def may_object(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Elections whose roll, or whose result, she may object to now."""
    to_roll = Q(state=ElectionState.CAMPAIGN, voting_opens_at__gt=at, electorate__in=bodies_voting_with(member, at))
    to_result = Q(state=ElectionState.DECLARED, objections_until__gt=at, poll__roll__member=member)
    found = Election.objects.filter(to_roll | to_result).distinct().select_related("body")
    for election in found.order_by("voting_opens_at", "pk"):
        title = {"title": title_of(election.body, election.seats, election.group)}
        if election.state == ElectionState.CAMPAIGN:
            words = _("The roll is closed: %(title)s") % title
            said = _(
                "Look whether you are on it. It may be objected to until %(day)s at %(hour)s, when the vote opens."
            )
            until = timezone.localtime(election.voting_opens_at)
        else:
            assert election.objections_until is not None
            words = _("The result is declared: %(title)s") % title
            said = _("It may be objected to until %(day)s at %(hour)s; then the elected take their seats.")
            until = timezone.localtime(election.objections_until)
        told = {"day": date_format(until, "MONTH_DAY_FORMAT"), "hour": date_format(until, "TIME_FORMAT")}
        yield Notice(words, reverse("election", args=[election.uuid]), said % told)
