"""Codes with which a worker enrols, or chooses a new password, without e-mail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import CodePurpose
from councils.models.membership import Membership
from councils.models.territory import Territory


class CodeBatch(models.Model):
    """Codes asked for by one person of the committee and approved by another.

    A workplace that begins has a committee of one: its first batch needs no second
    person, and its log says so (``founding``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="code_batches")
    purpose = models.CharField(max_length=6, choices=CodePurpose.choices)
    count = models.PositiveIntegerField()
    founding = models.BooleanField(default=False)
    #: For a reset: whose account. Enrolment codes for people already on the roll are bound one by one.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: Codes exist in readable form once, in the answer that prints them.
    printed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("batch of codes")
        verbose_name_plural = _("batches of codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(founding=True) | ~Q(approved_by=F("requested_by")),
                name="code_batch_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory} · {self.count}"


class EnrolmentCodeQuerySet(models.QuerySet["EnrolmentCode"]):
    """Questions about codes."""

    def usable(self, at: dt.datetime) -> Self:
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class EnrolmentCode(models.Model):
    """One code, stored as an HMAC whose key is outside the database."""

    batch = models.ForeignKey(CodeBatch, models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    #: The person on the roll for whom it was printed; NULL for a code that anyone of the workplace may take.
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="codes")
    expires_at = models.DateTimeField()
    #: That it was used is kept; by whom is not (an unbound code tells nothing about its taker).
    used_at = models.DateTimeField(null=True)

    objects = EnrolmentCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.batch} {self.pk}"
