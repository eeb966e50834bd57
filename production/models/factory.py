"""Factory: the production side of a workplace; its calendar and its property status."""

from __future__ import annotations

import datetime as dt

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.models import Territory
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from production.enums import Status


class Factory(models.Model):
    """What reporting needs to know of a workplace."""

    territory = models.OneToOneField(
        Territory,
        models.CASCADE,
        primary_key=True,
        related_name="factory",
        limit_choices_to={"kind": "workplace"},
        verbose_name=_("workplace"),
    )
    product = models.CharField(_("what it makes"), max_length=200, blank=True)
    workers = models.PositiveIntegerField(_("people who work here"), null=True, blank=True)
    #: The production day begins at this hour: a night shift belongs to the day it began on.
    day_starts_at = models.TimeField(_("production day begins"), default=dt.time(0, 0))
    report_due_at = models.TimeField(_("report due"), default=dt.time(18, 0))
    #: Seven marks, Monday first: 1 works, 0 closed.
    working_week = models.CharField(
        _("working week"),
        max_length=7,
        default="1111111",
        validators=[RegexValidator(r"^[01]{7}$", _("Seven marks of 0 or 1, Monday first."))],
    )
    simulated = models.BooleanField(_("simulated data"), default=False)

    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("factory")
        verbose_name_plural = _("factories")

    def __str__(self) -> str:
        return self.territory.name

    def production_day(self, local: dt.datetime) -> dt.date:
        """The production day to which the local moment belongs."""
        return local.date() if local.time() >= self.day_starts_at else local.date() - dt.timedelta(days=1)


class ClosedDay(models.Model):
    """A day on which nothing is expected. ``territory`` NULL: for every workplace."""

    territory = models.ForeignKey(
        Territory,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="closed_days",
        verbose_name=_("workplace"),
        help_text=_("Empty: every workplace."),
    )
    on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=120)

    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.UniqueConstraint(fields=["territory", "on"], name="closed_day_once"),
            models.UniqueConstraint(
                fields=["on"], condition=models.Q(territory__isnull=True), name="closed_day_for_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class PropertyStatus(Dated):
    """Who owns and who runs it, by which act, since when."""

    workplace = models.ForeignKey(
        Territory, models.CASCADE, related_name="property_statuses", verbose_name=_("workplace")
    )
    status = models.CharField(_("status"), max_length=14, choices=Status.choices)
    act = models.CharField(_("act or decree"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("property status")
        verbose_name_plural = _("property statuses")
        constraints = [
            NoOverlap(fields=["workplace"], name="property_status_one_at_a_time"),
            period_is_forward("property_status_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace} · {self.get_status_display()}"
