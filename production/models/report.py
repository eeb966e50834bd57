"""Report: one production day of a workplace or section; its submissions; their figures."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import Channel, Stoppage
from production.models.fixed_point import FigureField
from production.models.indicator import Series


class Report(models.Model):
    """The report of ``territory`` for production day ``on`` (and shift, where one a shift is asked)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(Territory, models.PROTECT, related_name="reports_inside")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="reports")
    shift = models.CharField(_("shift"), max_length=12, blank=True)
    on = models.DateField(_("production day"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["territory", "on", "shift"], name="report_once_a_day_and_shift"),
        ]
        indexes = [models.Index(fields=["workplace", "on"], name="report_workplace_on")]

    def __str__(self) -> str:
        return f"{self.territory} {self.on}"


class Submission(models.Model):
    """One sending of a report: the first, or a correction. Insert-only.

    ``sender_key`` comes with the form: sending the same form twice stores it once.
    ``stoppage`` set: "we did not work", which is an answer and not a zero.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.FORM)
    sender_key = models.UUIDField(null=True, unique=True)
    reason = models.CharField(_("reason of the correction"), max_length=500, blank=True)
    note = models.TextField(_("note to the committee"), max_length=4000, blank=True)
    stoppage = models.CharField(_("did not work"), max_length=12, choices=Stoppage.choices, blank=True)
    stoppage_note = models.CharField(max_length=200, blank=True)
    #: The last submission says whether the day was worked; an undone stoppage is a new submission.
    current = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)
    import_batch = models.ForeignKey("production.ImportBatch", models.PROTECT, null=True, related_name="submissions")

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="submission_number_once"),
            models.UniqueConstraint(fields=["report"], condition=Q(current=True), name="submission_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.report} #{self.number}"


class FigureQuerySet(models.QuerySet["Figure"]):
    """Questions about figures."""

    def current(self) -> Self:
        return self.filter(superseded=False)

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Periods that begin in ``first..last``, both included."""
        return self.filter(start__gte=first, start__lte=last)


class Figure(models.Model):
    """A reported number. Insert-only but for ``superseded``; a correction is a new version.

    ``start``: first day of the period (the day, the Monday, the first of the month).
    ``value`` NULL only in a correction that withdraws a figure: missing is missing, never zero.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="figures")
    start = models.DateField()
    version = models.PositiveIntegerField(default=1)
    value = FigureField(null=True)
    superseded = models.BooleanField(default=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="figures")
    remark = models.CharField(_("what happened"), max_length=500, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.UniqueConstraint(fields=["series", "start", "version"], name="figure_version_once"),
            models.UniqueConstraint(
                fields=["series", "start"], condition=Q(superseded=False), name="figure_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.start} v{self.version}"
