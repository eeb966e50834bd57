"""Summary: one number of one territory in one period, computed from the facts below it."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import Grain
from production.models.fixed_point import TotalField
from production.models.indicator import Indicator
from production.models.sector import Sector


class Summary(models.Model):
    """A row exists where at least one answer was given in the period.

    ``numerator``/``denominator``: a sum or a last value has denominator NULL; a mean has
    the count of figures; a ratio the sum of its denominator indicator.
    ``reported``/``expected``: answers given (a stoppage is one) of answers due.
    ``workplaces``: how many put a figure in; ``largest``: the largest single part, for
    the dominance rule. ``numerator`` NULL: only stoppages were reported.

    ``actuality``, ``capability``, ``potentiality``: what was made beside what could be made, summed over
    the ``compared`` figures of the ``answered`` workplaces that said it of all of theirs; NULL where none did.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="summaries")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="summaries")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="summaries")
    grain = models.CharField(max_length=5, choices=Grain.choices)
    start = models.DateField()
    numerator = TotalField(null=True)
    denominator = TotalField(null=True)
    reported = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()
    workplaces = models.PositiveIntegerField()
    largest = TotalField(null=True)
    simulated = models.BooleanField(default=False)
    actuality = TotalField(null=True)
    capability = TotalField(null=True)
    potentiality = TotalField(null=True)
    answered = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.UniqueConstraint(fields=["territory", "indicator", "sector", "grain", "start"], name="summary_once"),
            models.CheckConstraint(
                condition=Q(answered__gt=0, actuality__isnull=False, capability__isnull=False)
                & Q(potentiality__isnull=False, compared__gt=0)
                | Q(answered=0, compared=0, actuality__isnull=True, capability__isnull=True, potentiality__isnull=True),
                name="summary_compares_all_or_nothing",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "grain", "start"], name="summary_period")]

    def __str__(self) -> str:
        return f"{self.territory} {self.indicator} {self.grain} {self.start}"

    @property
    def value(self) -> Decimal | None:
        """The number people read: the sum, or numerator over denominator."""
        above: Decimal | None = self.numerator
        below: Decimal | None = self.denominator
        if above is None or below is None:
            return above
        return above / below if below else None


class Pulse(models.Model):
    """One row whose counter grows with every roll-up: what an open page watches."""

    name = models.CharField(max_length=20, primary_key=True, default="summaries")
    count = models.PositiveBigIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.name} {self.count}"
