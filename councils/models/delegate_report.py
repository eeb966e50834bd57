"""DelegateReport: what a delegate says to those who elected her, in general or about one vote."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.poll import Poll
from councils.models.seat import Seat


class DelegateReport(models.Model):
    """Insert-only. With ``poll``: her reason for what she voted there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="reports")
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, blank=True, related_name="delegate_reports")
    text = models.TextField(_("text"), max_length=4000)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of a delegate")
        verbose_name_plural = _("reports of delegates")

    def __str__(self) -> str:
        return f"{self.seat} {self.at:%Y-%m-%d}"
