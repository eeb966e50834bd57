"""Judgement: what the engine carries from period to period, and what it said of each series last.

Private to the workplace: only pages of its members read it, and no list, sum, export or admin page does.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import Frequency, SeriesStatus
from production.models.indicator import Series


class EngineState(models.Model):
    """The state of the series of one frequency of ``workplace`` after the period that began on ``start``.

    ``packed``: of all of them together (``production.analysis.cyberstride.State.pack``), in the order of ``series``,
    their primary keys. One of another ``engine`` (``watch.engine_version``) is not carried on. Those of a few earlier
    periods are kept beside the last one, so that what comes late or is corrected is replayed from shortly before it.
    """

    workplace = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=5, choices=Frequency.choices)
    start = models.DateField()
    engine = models.CharField(max_length=40)
    series: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    packed = models.BinaryField()

    class Meta:
        verbose_name = _("state of the engine")
        verbose_name_plural = _("states of the engine")
        constraints = [
            models.UniqueConstraint(fields=["workplace", "frequency", "start"], name="engine_state_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace_id} {self.frequency} {self.start}"


class SeriesJudgement(models.Model):
    """What was said of ``series`` up to the period that began on ``start``; every analysis writes it anew.

    ``bands``: 32-bit numbers, three a period (expected, lower end, upper end; NaN where nothing was expected), oldest
    first, the last one of ``start``. ``told``: for every period in which a change was at all likely, what it was taken
    for, oldest first (``production.domain.judgement_read.Told``). ``wanting``: how many values a learning series needs
    until it is understood.
    """

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="judgement")
    start = models.DateField()
    status = models.CharField(max_length=13, choices=SeriesStatus.choices)
    wanting = models.PositiveSmallIntegerField(default=0)
    bands = models.BinaryField(default=bytes)
    told: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    class Meta:
        verbose_name = _("judgement of a series")
        verbose_name_plural = _("judgements of series")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SeriesStatus.values), name="series_judgement_has_status"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.start} {self.status}"
