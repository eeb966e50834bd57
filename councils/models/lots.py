"""Lots: the order that a public draw gave the names of a ballot, entered by one person and confirmed by another."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.poll import Poll


class LotDraw(models.Model):
    """``order``: ids of all options of ``poll``. Written once; a mistake is a new row, until one is confirmed.

    The confirmed one is copied to ``Poll.lots``, which the count reads.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="lot_draws")
    order: models.JSONField[list[str], list[str]] = models.JSONField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("drawn order")
        verbose_name_plural = _("drawn orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")), name="lot_draw_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="lot_draw_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["poll"], condition=Q(confirmed_at__isnull=False), name="lot_draw_confirmed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {' '.join(self.order)}"
