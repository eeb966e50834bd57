"""Job: work that must happen, written in the same transaction as the fact that calls for it.

See councils/domain/job.py for the verbs and the reasons.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.enums import JobState


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about due work."""

    def due(self, at: dt.datetime) -> Self:
        """Pending, due, and leased by nobody at ``at``."""
        return self.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at), state=JobState.PENDING, due_at__lte=at)

    def parked(self) -> Self:
        """Given up after the last try: they wait for a person."""
        return self.filter(state=JobState.PARKED)


class Job(models.Model):
    """One due step. ``key`` names the effect: the same effect is never queued twice."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=160, unique=True)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("particulars"), default=dict)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=JobState.choices, default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="job_pending_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """One row per pulse: ``beat`` (the timetable ticks) and ``worker`` (a job goes round)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
