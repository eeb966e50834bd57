"""The committee's table: whoever cannot vote from an account of her own is admitted there by two people."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.poll import RollEntry


class TableAdmissionQuerySet(models.QuerySet["TableAdmission"]):
    """Questions about admissions."""

    def usable(self, at: dt.datetime) -> Self:
        """Confirmed, not used, not out of date, and no envelope on the row: an earlier one stands."""
        return self.filter(used=False, expires_at__gt=at, row__envelope_version=0)


class TableAdmission(models.Model):
    """One person of the committee calls the elector of ``row``, another confirms; then a code opens one ballot.

    Needed while the vote is open and deleted with the envelopes. It says nothing of when the code was used.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    row = models.OneToOneField(RollEntry, models.CASCADE, related_name="admission")
    #: The member of ``row``, here so that the database itself can refuse her as one of the two.
    elector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    #: HMAC of the code, as of the codes with which people enrol (``domain.code_batch.code_hash``).
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True)
    used = models.BooleanField(default=False)

    objects = TableAdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission at the table")
        verbose_name_plural = _("admissions at the table")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("called_by")),
                name="table_admission_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(called_by=F("elector")) & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("elector"))),
                name="table_admission_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, code_hash="", expires_at__isnull=True, used=False)
                | (Q(confirmed_by__isnull=False, expires_at__isnull=False) & ~Q(code_hash="")),
                name="table_admission_code_when_confirmed",
            ),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="table_admission_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row_id}"
