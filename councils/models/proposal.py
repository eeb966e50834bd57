"""Proposal: a worker's idea on its way to a vote of her assembly."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.enums import PROPOSAL_TRANSITIONS, ProposalKind, ProposalState, Verdict
from councils.models.body import Body
from councils.models.poll import Poll
from councils.models.rule_set import RuleSet

if TYPE_CHECKING:
    from councils.models.member import Member


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Access starts from the member's scope."""

    def visible_to(self, member: Member, day: dt.date) -> Self:
        """Those of her assemblies; what was never submitted, to its author alone. And those on whose roll she
        stands, wherever she works now: she reads what she votes on."""
        mine = Q(body__in=Body.objects.electing(member, day))
        on_roll = Q(poll__in=Poll.objects.filter(roll__member=member).values("pk"))
        return self.filter(mine | on_roll).filter(Q(submitted_at__isnull=False) | Q(author=member))

    def in_state(self, *states: str) -> Self:
        return self.filter(state__in=states)

    def in_state_at(self, state: str, at: dt.datetime) -> Self:
        """As ``Proposal.state_at``: what the clock has decided counts, whether or not a job wrote it."""
        unanswered = Q(state=ProposalState.MODERATION, moderation_due_at__lte=at)
        called = Q(state=ProposalState.DELIBERATION, poll__opens_at__lte=at)
        if state == ProposalState.MODERATION:
            return self.filter(state=state).exclude(unanswered)
        if state == ProposalState.DELIBERATION:
            return self.filter(Q(state=state) | unanswered).exclude(called)
        if state == ProposalState.VOTING:
            return self.filter(Q(state=state) | called)
        return self.filter(state=state)

    def unfinished(self) -> Self:
        """Under way: drafts and whatever the assembly has not decided yet."""
        return self.filter(state__in=[s for s, following in PROPOSAL_TRANSITIONS.items() if following])


class Proposal(models.Model):
    """What is proposed to ``body`` (an assembly). Text lives in numbered versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="proposals")
    #: Given at the first submission, without gaps; a draft has none.
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    #: As last submitted; a draft's own while it is one.
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=8, choices=ProposalKind.choices, default=ProposalKind.TEXT)
    state = models.CharField(_("state"), max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")
    #: Chosen at the submission, where it may be; the rules alone may say it too.
    on_paper = models.BooleanField(default=False)
    poll = models.OneToOneField(Poll, models.PROTECT, null=True, blank=True, related_name="proposal")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    #: The last version that others than its author may read.
    submitted_version = models.PositiveIntegerField(null=True)
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
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(number__isnull=False, submitted_version__isnull=False),
                name="proposal_submitted_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def state_at(self, at: dt.datetime) -> str:
        """Its state by the clock: unanswered moderation has admitted it, the hour of the vote has begun it."""
        due, poll = self.moderation_due_at, self.poll
        if self.state == ProposalState.MODERATION and due is not None and due <= at:
            return ProposalState.DELIBERATION
        if self.state == ProposalState.DELIBERATION and poll is not None and poll.opens_at <= at:
            return ProposalState.VOTING
        return self.state


class ProposalVersion(models.Model):
    """The text as it stood. Insert-only; votes are bound to the last one before voting."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=20000)
    #: Of a proposal to change the rules: path → new value (``councils.rule_items``).
    rule_changes: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True
    )
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


class Complaint(models.Model):
    """A member asks that a text which went straight to the assembly be moderated. One per version."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="complaints")
    version = models.ForeignKey(ProposalVersion, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="complaint_once_per_version")]

    def __str__(self) -> str:
        return f"{self.proposal} {self.at:%Y-%m-%d}"
