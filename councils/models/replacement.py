"""Replacement: for some days a substitute stands in for the holder of a seat, who is absent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.models.seat import Seat


class Replacement(Dated):
    """``member`` votes in the council instead of the holder of ``seat``, from a day until a day.

    What holds at a moment is asked through ``electorate.stand_ins``: the seat must be held, and she able to sit there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="replacements", verbose_name=_("seat"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stands_in", verbose_name=_("substitute")
    )
    handed_at = models.DateTimeField(_("handed over"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        constraints = [
            NoOverlap(fields=["seat"], name="replacement_one_at_a_time"),
            period_is_forward("replacement_forward"),
            models.CheckConstraint(condition=Q(until_on__isnull=False), name="replacement_has_an_end"),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.seat}"
