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


class CodeBatchQuerySet(models.QuerySet["CodeBatch"]):
    """Questions about batches."""

    def of_workplace(self, workplace: Territory) -> Self:
        return self.filter(territory=workplace)

    def waiting(self) -> Self:
        """Asked for, and neither approved nor withdrawn."""
        return self.filter(approved_at__isnull=True, voided_at__isnull=True)

    def with_left(self, at: dt.datetime) -> Self:
        """Each with ``left``: how many of its codes can still be used."""
        usable = Q(codes__used_at__isnull=True, codes__expires_at__gt=at)
        return self.annotate(left=models.Count("codes", filter=usable))


class CodeBatch(models.Model):
    """Codes asked for by one person of the committee and approved by another.

    A workplace that begins has a committee of one: its first batch needs no second
    person, and its log says so (``founding``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="code_batches")
    purpose = models.CharField(max_length=6, choices=CodePurpose.choices)
    count = models.PositiveIntegerField()
    #: One code for each person on the roll without an account, with her name; else codes that anyone may take.
    for_roll = models.BooleanField(default=False)
    founding = models.BooleanField(default=False)
    #: For a reset: whose account. Enrolment codes for people already on the roll are bound one by one.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: Codes exist in readable form once, in the answer that prints them.
    printed_at = models.DateTimeField(null=True)
    #: Withdrawn before its approval, or its unused codes made void.
    voided_at = models.DateTimeField(null=True)

    objects = CodeBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of codes")
        verbose_name_plural = _("batches of codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(founding=True) | ~Q(approved_by=F("requested_by")),
                name="code_batch_two_people",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True)
                | (~Q(requested_by=F("member")) & (Q(approved_by__isnull=True) | ~Q(approved_by=F("member")))),
                name="code_batch_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=Q(purpose=CodePurpose.RESET, member__isnull=False, founding=False)
                | Q(purpose=CodePurpose.ENROL, member__isnull=True),
                name="code_batch_reset_names_one",
            ),
            models.CheckConstraint(
                condition=Q(printed_at__isnull=True) | Q(approved_at__isnull=False), name="code_batch_approved_first"
            ),
            models.UniqueConstraint(
                fields=["territory"],
                condition=Q(founding=True, voided_at__isnull=True),
                name="code_batch_one_founding",
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
    #: Only of a code with a name. One without a name is deleted when it is used: nothing tells who took it.
    used_at = models.DateTimeField(null=True)

    objects = EnrolmentCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.batch} {self.pk}"
