"""Election: an assembly, or a council from among its delegates, fills seats of a body; and the nominations for it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.constituency_rules import GROUP_LIMIT
from councils.enums import ElectionState, NominationState, PollKind
from councils.models.body import Body
from councils.models.poll import Poll
from councils.models.rule_set import RuleSet

if TYPE_CHECKING:
    from councils.models.member import Member


class ElectionQuerySet(models.QuerySet["Election"]):
    """Questions about elections. Windows hold by the clock."""

    def nominating_at(self, at: dt.datetime) -> Self:
        return self.filter(
            state__in=[ElectionState.CALLED, ElectionState.NOMINATING],
            nominations_open_at__lte=at,
            nominations_close_at__gt=at,
        )

    def visible_to(self, member: Member, day: dt.date) -> Self:
        """Those that her assemblies and the councils above them hold, and those on whose roll she stands."""
        on_roll = Poll.objects.filter(roll__member=member).values("pk")
        return self.filter(Q(electorate__in=Body.objects.followed_by(member, day)) | Q(poll__in=on_roll))

    def due_at(self, at: dt.datetime) -> Self:
        """The clock has decided something that is not written yet."""
        return self.filter(
            Q(state=ElectionState.NOMINATING, nominations_close_at__lte=at)
            | Q(state=ElectionState.CAMPAIGN, voting_opens_at__lte=at)
            | Q(state=ElectionState.DECLARED, objections_until__lte=at)
        )

    def live(self) -> Self:
        return self.exclude(state__in=[ElectionState.SEATED, ElectionState.VOID])


class Election(models.Model):
    """``electorate`` elects ``seats`` places in ``body``; keeps the rules it opened with."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="elections", verbose_name=_("body to be filled"))
    electorate = models.ForeignKey(Body, models.PROTECT, related_name="elections_held", verbose_name=_("electorate"))
    #: The constituency of the electorate that elects; empty: everybody.
    group = models.CharField(_("group"), max_length=GROUP_LIMIT, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("rules"))
    poll = models.OneToOneField(Poll, models.PROTECT, null=True, blank=True, related_name="election")
    title = models.CharField(_("title"), max_length=200)
    method = models.CharField(_("method"), max_length=12, choices=PollKind.choices, default=PollKind.APPROVAL)
    seats = models.PositiveSmallIntegerField(_("seats"))
    #: A by-election: it fills seats that ended early, for the rest of their term, and ends no other.
    vacancies_only = models.BooleanField(_("only vacant seats"), default=False)
    #: Its vote is held in the hall and counted by hand.
    on_paper = models.BooleanField(_("on paper"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=ElectionState.choices, default=ElectionState.CALLED)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    nominations_open_at = models.DateTimeField(_("nominations open"))
    nominations_close_at = models.DateTimeField(_("nominations close"))
    voting_opens_at = models.DateTimeField(_("voting opens"))
    voting_closes_at = models.DateTimeField(_("voting closes"))
    term_ends_at = models.DateTimeField(_("term ends"))
    #: Since the declaration: until then electors may object to the result, and then the seats begin.
    objections_until = models.DateTimeField(_("may be objected to until"), null=True, blank=True)
    #: Why it is void, in a code of ``councils.domain.election`` (``too_few``, ``no_quorum``, ``tie``, ``key_lost``).
    void_reason = models.CharField(max_length=20, blank=True)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        constraints = [
            models.CheckConstraint(
                condition=Q(nominations_close_at__gt=F("nominations_open_at"))
                & Q(voting_opens_at__gte=F("nominations_close_at"))
                & Q(voting_closes_at__gt=F("voting_opens_at"))
                & Q(term_ends_at__gt=F("voting_closes_at")),
                name="election_windows_in_order",
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="election_fills_a_seat"),
            models.CheckConstraint(
                condition=~Q(state=ElectionState.DECLARED) | Q(objections_until__isnull=False),
                name="election_declared_until_when",
            ),
            models.UniqueConstraint(
                fields=["body", "electorate", "group"],
                condition=~Q(state__in=[ElectionState.SEATED, ElectionState.VOID]),
                name="election_one_live_per_body",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Nomination(models.Model):
    """``nominee`` named by ``proposed_by``; on the ballot only once she accepts. By lists: on one of them, at a place.

    Several lists may ask her, and she stands on one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.CASCADE, related_name="nominations")
    nominee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nominations")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=NominationState.choices, default=NominationState.PROPOSED)
    statement = models.TextField(_("statement"), max_length=1000, blank=True)
    candidate_list = models.ForeignKey(
        "councils.CandidateList", models.CASCADE, null=True, blank=True, related_name="nominations"
    )
    #: On its list, the first first; equal ones in the order in which they were named.
    place = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "nominee"], condition=Q(candidate_list__isnull=True), name="nomination_once"
            ),
            models.UniqueConstraint(
                fields=["candidate_list", "nominee"],
                condition=Q(candidate_list__isnull=False),
                name="nomination_once_on_a_list",
            ),
            models.UniqueConstraint(
                fields=["election", "nominee"],
                condition=Q(state=NominationState.ACCEPTED),
                name="nomination_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.election}"
