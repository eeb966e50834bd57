"""Dated rows: half-open periods of days, ``from_on <= day < until_on``."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    """Questions about periods. ``on`` is a day of the body's calendar."""

    def valid_on(self, day: dt.date) -> Self:
        """Rows in force on ``day``."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)

    def touching(self, first: dt.date, last: dt.date) -> Self:
        """Rows in force on at least one day of ``first..last`` (both included)."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=first), from_on__lte=last)


class Dated(models.Model):
    """Abstract: a fact with a first day and, perhaps, a day on which it no longer holds."""

    from_on = models.DateField(_("from"))
    until_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it no longer holds.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def period_is_forward(name: str) -> models.CheckConstraint:
    """A period ends after it begins."""
    return models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")), name=name)
