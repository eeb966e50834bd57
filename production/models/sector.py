"""Sector: the branch of production a workplace belongs to, dated."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.models import Territory
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.names import name_key


class Sector(models.Model):
    """A branch. One row stands for all of them, so that a summary never has NULL."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=140, unique=True, editable=False)
    is_all = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        constraints = [
            models.UniqueConstraint(fields=["is_all"], condition=models.Q(is_all=True), name="sector_one_all"),
        ]

    def __str__(self) -> str:
        return str(_("all sectors")) if self.is_all else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class SectorPlacement(Dated):
    """``workplace`` belongs to ``sector`` during a period."""

    workplace = models.ForeignKey(
        Territory, models.CASCADE, related_name="sector_placements", verbose_name=_("workplace")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="placements", verbose_name=_("sector"))

    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("sector of a workplace")
        verbose_name_plural = _("sectors of workplaces")
        constraints = [
            NoOverlap(fields=["workplace"], name="sector_placement_one_at_a_time"),
            period_is_forward("sector_placement_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace} · {self.sector}"
