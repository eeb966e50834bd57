"""Proposal: a worker's idea on its way to a vote of her assembly."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.enums import ProposalState, Verdict
from councils.models.body import Body
from councils.models.poll import Poll
from councils.models.rule_set import RuleSet

if TYPE_CHECKING:
    from councils.models.member import Member


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Access starts from the member's scope."""

    def visible_to(self, member: Member, day: dt.date) -> Self:
        """Those of her assemblies; drafts and returned ones to their author alone."""
        mine = self.filter(body__in=Body.objects.electing(member, day))
        private = [ProposalState.DRAFT, ProposalState.RETURNED]
        return mine.filter(~Q(state__in=private) | Q(author=member))

    def in_state(self, *states: str) -> Self:
        return self.filter(state__in=states)


class Proposal(models.Model):
    """What is proposed to ``body`` (an assembly). Text lives in numbered versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    title = models.CharField(_("title"), max_length=160)
    state = models.CharField(_("state"), max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")
    poll = models.OneToOneField(Poll, models.PROTECT, null=True, blank=True, related_name="proposal")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    #: Moderation unanswered by then means admitted.
    moderation_due_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="proposal_number_once"),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.MODERATION) | Q(moderation_due_at__isnull=False),
                name="proposal_moderation_has_clock",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProposalVersion(models.Model):
    """The text as it stood. Insert-only; votes are bound to the last one before voting."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=20000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Moderation(models.Model):
    """A moderator's decision, named, with its public reason. ``moderator`` NULL: the time ran out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="moderations")
    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="+")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "version", "verdict"], name="moderation_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.verdict}"
