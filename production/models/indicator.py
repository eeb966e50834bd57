"""Indicator: what is measured (a catalogue); Series: one workplace measuring it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.models import Territory
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.names import name_key
from production.enums import Aggregation, Direction, Frequency, IndicatorKind, Sharing
from production.intake.units import UNITS, unit_words


def counts_whole(unit: str, aggregation: str) -> bool:
    """Whether figures in ``unit`` (a symbol) that join over time by ``aggregation`` have no decimals."""
    return unit in UNITS and UNITS[unit].is_whole and aggregation != Aggregation.MEAN


class Indicator(models.Model):
    """An entry of the catalogue: name and unit together name it.

    ``unit`` is a symbol of ``production.intake.units``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=140, editable=False, db_index=True)
    unit = models.CharField(_("unit"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.OTHER)
    aggregation = models.CharField(_("over time"), max_length=6, choices=Aggregation.choices, default=Aggregation.SUM)
    direction = models.CharField(_("direction"), max_length=6, choices=Direction.choices, default=Direction.NONE)
    signed = models.BooleanField(_("may be negative"), default=False)
    numerator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("numerator")
    )
    denominator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("denominator")
    )

    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["name_key", "unit"], name="indicator_name_unit_once"),
            models.CheckConstraint(
                condition=Q(aggregation="ratio", numerator__isnull=False, denominator__isnull=False)
                | (~Q(aggregation="ratio") & Q(numerator__isnull=True, denominator__isnull=True)),
                name="indicator_ratio_has_two",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    @property
    def whole(self) -> bool:
        """Persons or pieces, counted one by one: no figure of it has decimals. A mean of them may."""
        return counts_whole(self.unit, self.aggregation)

    @property
    def unit_words(self) -> str:
        """The unit as it stands after a figure, in the reader's language; one outside the catalogue as it is."""
        return unit_words(self.unit, get_language() or "")


class SeriesQuerySet(DatedQuerySet):
    """Questions about who measures what."""

    def of_workplace(self, workplace: Territory) -> SeriesQuerySet:
        """Series of the workplace itself and of its sections."""
        return self.filter(workplace=workplace)


class Series(Dated):
    """``territory`` (the workplace, or one of its sections) reports ``indicator``.

    Never both a workplace and its section for one indicator at a time
    (``production.domain.indicator`` refuses it under the workplace's lock).
    A ratio has no series: it is computed from its two parts.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(Territory, models.PROTECT, related_name="series_inside", verbose_name=_("workplace"))
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="series", verbose_name=_("reported by"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator"))
    frequency = models.CharField(_("frequency"), max_length=5, choices=Frequency.choices, default=Frequency.DAY)
    position = models.PositiveSmallIntegerField(_("order on the form"), default=0)
    #: Ended because the file that began it ended long ago: a later file goes on with it. What people end stays ended.
    ended_by_file = models.BooleanField(default=False, editable=False)
    sharing = models.CharField(_("outside the workplace"), max_length=6, choices=Sharing.choices, default=Sharing.NO)

    objects = SeriesQuerySet.as_manager()
    history = HistoricalRecords(app="production")

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series of figures")
        constraints = [
            NoOverlap(fields=["territory", "indicator"], name="series_once_at_a_time"),
            period_is_forward("series_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.territory} · {self.indicator}"
