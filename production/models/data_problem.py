"""Data problem: one fault across many series of a source, told once. Private to its source."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import Frequency, ProblemKind
from production.models.import_batch import ImportBatch
from production.models.indicator import Indicator


class DataProblemQuerySet(models.QuerySet["DataProblem"]):
    """Questions about faults."""

    def open(self) -> Self:
        """Those that stand: not corrected."""
        return self.filter(closed_at__isnull=True)


class DataProblem(models.Model):
    """From the period that begins on ``first_on`` to that of ``last_on``, ``series`` (their primary keys) show a fault.

    Its source: ``workplace``, or the file ``import_batch`` with its ``indicator``. ``factor``: of a switched unit, how
    many times too much. What shows it is not judged as it stands. ``closed_at``: none of them shows it any more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(Territory, models.CASCADE, null=True, related_name="data_problems")
    import_batch = models.ForeignKey(ImportBatch, models.CASCADE, null=True, related_name="data_problems")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=ProblemKind.choices)
    factor = models.FloatField(default=1.0)
    frequency = models.CharField(max_length=5, choices=Frequency.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    series: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = DataProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("data problem")
        verbose_name_plural = _("data problems")
        constraints = [
            models.CheckConstraint(
                condition=Q(workplace__isnull=False, import_batch__isnull=True, indicator__isnull=True)
                | Q(workplace__isnull=True, import_batch__isnull=False, indicator__isnull=False),
                name="data_problem_one_source",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="data_problem_forward"),
            models.UniqueConstraint(
                fields=["workplace", "kind", "factor", "frequency", "first_on"],
                condition=Q(closed_at__isnull=True, workplace__isnull=False),
                name="data_problem_once",
            ),
            models.UniqueConstraint(
                fields=["import_batch", "indicator", "kind", "factor", "frequency", "first_on"],
                condition=Q(closed_at__isnull=True, import_batch__isnull=False),
                name="data_problem_of_a_file_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on}"
