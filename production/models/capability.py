"""Capability: what a workplace said it could make of one thing, from a day on."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from councils.models.constraints import WrittenOnce
from production.models.fixed_point import FigureField
from production.models.indicator import Series


class CapabilityQuerySet(models.QuerySet[Any]):
    """Questions about what was said."""

    def in_force_on(self, day: dt.date) -> Self:
        """What holds on ``day``: of each series the latest first day, and of that day the latest version."""
        rival = Capability.objects.filter(series=OuterRef("series"), from_on__lte=day)
        later = Q(from_on__gt=OuterRef("from_on")) | Q(from_on=OuterRef("from_on"), version__gt=OuterRef("version"))
        return self.filter(from_on__lte=day).exclude(Exists(rival.filter(later)))


class Capability(models.Model):
    """``series`` could make ``capability`` in one of its periods if nothing were missing, ``potentiality`` with what
    it lacks besides; in force from ``from_on`` until the next one. Both in the unit of the indicator.

    Written once: another answer is another row; of one day, another version. The latest ``from_on`` holds, and of
    that day the latest version.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(Series, models.PROTECT, related_name="capabilities", verbose_name=_("series of figures"))
    from_on = models.DateField(_("from"))
    version = models.PositiveIntegerField(default=1)
    capability = FigureField(_("what we can"))
    potentiality = FigureField(_("what we could"))
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    set_at = models.DateTimeField(_("at"))

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        constraints = [
            models.UniqueConstraint(fields=["series", "from_on", "version"], name="capability_version_once"),
            models.CheckConstraint(
                condition=Q(capability__gt=0, potentiality__gt=0, version__gt=0), name="capability_above_zero"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="capability_has_a_reason"),
            WrittenOnce(name="capability_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.from_on} v{self.version}"
