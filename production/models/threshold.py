"""Threshold: how sure the engine must be before it opens an alert here, as people moved it. Insert-only versions."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.models.alert import Alert
from production.models.indicator import Series

#: Steps either way. A step doubles (or halves) the odds that are asked for; see ``production.domain.threshold``.
LEAST, MOST = -2, 4


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    """The latest version counts."""

    def current(self) -> Self:
        return self.filter(superseded=False)


class Threshold(models.Model):
    """From this version on ``steps`` stand for ``series``, or where it is NULL for every figure of ``workplace``.

    ``alert``: the false alarm that taught it; NULL where people moved it themselves.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(Territory, models.PROTECT, related_name="thresholds")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="thresholds")
    version = models.PositiveIntegerField()
    steps = models.SmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="lessons")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    superseded = models.BooleanField(default=False)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "version"], condition=Q(series__isnull=False), name="threshold_version_once"
            ),
            models.UniqueConstraint(
                fields=["workplace", "version"], condition=Q(series__isnull=True), name="threshold_version_once_for_all"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(series__isnull=False, superseded=False),
                name="threshold_one_current",
            ),
            models.UniqueConstraint(
                fields=["workplace"],
                condition=Q(series__isnull=True, superseded=False),
                name="threshold_one_current_for_all",
            ),
            models.CheckConstraint(condition=Q(steps__gte=LEAST, steps__lte=MOST), name="threshold_within_limits"),
            models.CheckConstraint(condition=Q(alert__isnull=False) | ~Q(reason=""), name="threshold_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.series or self.workplace} {self.steps:+d}"
