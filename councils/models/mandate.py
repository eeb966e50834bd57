"""Mandate: what an electorate instructs its delegates before their council votes; and the vote that decides it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import Choice, MandateKind
from councils.models.body import Body
from councils.models.poll import Poll
from councils.models.question import Question


class Consultation(models.Model):
    """``poll`` asks an electorate how its delegates shall vote on ``question``; its result becomes a mandate."""

    poll = models.OneToOneField(Poll, models.PROTECT, related_name="consultation")
    question = models.ForeignKey(Question, models.PROTECT, related_name="consultations")
    kind = models.CharField(max_length=6, choices=MandateKind.choices)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind=MandateKind.FREE), name="consultation_asks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.poll_id}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Questions about mandates."""

    def in_force(self) -> Self:
        """Decided by a vote, or confirmed by a second person; of each electorate several, the last of which holds."""
        return self.filter(Q(source__isnull=False) | Q(confirmed_at__isnull=False))

    def to_confirm(self, at: dt.datetime) -> Self:
        """Entered by one person, not yet confirmed, on votes that have not closed."""
        return self.filter(source=None, confirmed_at=None, poll__closes_at__gt=at)


class Mandate(models.Model):
    """``electorate`` instructs its delegates for ``poll``. Insert-only but for the confirmation; a later one replaces.

    ``answer`` where they are bound; ``tally`` (answer → votes of the electorate) where their votes are split by it.
    Decided by the vote ``source``, or in an assembly on ``decided_on``, as two of its committee say.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="mandates")
    electorate = models.ForeignKey(Body, models.PROTECT, related_name="mandates")
    version = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=6, choices=MandateKind.choices)
    answer = models.CharField(_("answer"), max_length=8, choices=Choice.choices, blank=True)
    tally: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    source = models.OneToOneField(Poll, models.PROTECT, null=True, blank=True, related_name="mandate_given")
    decided_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.UniqueConstraint(fields=["poll", "electorate", "version"], name="mandate_version_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")), name="mandate_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="mandate_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False, decided_on__isnull=True, entered_by__isnull=True)
                | Q(source__isnull=True, decided_on__isnull=False, entered_by__isnull=False),
                name="mandate_voted_or_entered",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MandateKind.BOUND) & ~Q(answer="")) | (~Q(kind=MandateKind.BOUND) & Q(answer="")),
                name="mandate_bound_has_answer",
            ),
        ]

    @property
    def known_at(self) -> dt.datetime | None:
        """Since when delegates can read it; None before. Needs ``source`` loaded."""
        return self.source.declared_at if self.source else self.confirmed_at

    def __str__(self) -> str:
        return f"{self.electorate} · {self.poll_id} v{self.version}"
