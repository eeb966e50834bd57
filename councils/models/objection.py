"""Objection: to the closed roll of an election, or to its declared result; public, answered by two people."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import ElectionState, ObjectionKind, ObjectionVerdict
from councils.models.election import Election

TEXT_LIMIT = 1000


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Questions about objections."""

    def to_result(self) -> Self:
        return self.filter(kind=ObjectionKind.RESULT)

    def to_roll(self) -> Self:
        return self.exclude(kind=ObjectionKind.RESULT)

    def undecided(self) -> Self:
        """Not answered, or answered by one person alone."""
        return self.filter(confirmed_at__isnull=True)

    def open_at(self, at: dt.datetime) -> Self:
        """Undecided, and there is still time to decide them."""
        roll = Q(election__state=ElectionState.CAMPAIGN, election__voting_opens_at__gt=at)
        result = Q(election__state=ElectionState.DECLARED, election__objections_until__gt=at)
        return self.undecided().filter((roll & ~Q(kind=ObjectionKind.RESULT)) | (result & Q(kind=ObjectionKind.RESULT)))


class Objection(models.Model):
    """``objector`` says what is wrong. Nothing changes until one person answers and another confirms the answer.

    ``person``: who is missing from the roll, or should not be on it. ``answers`` counts the answers given, of which
    only the last stands: who confirms names the one that she has read.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="objections")
    kind = models.CharField(_("kind"), max_length=12, choices=ObjectionKind.choices)
    objector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("text"), max_length=TEXT_LIMIT)
    at = models.DateTimeField()
    verdict = models.CharField(_("answer"), max_length=10, choices=ObjectionVerdict.choices, blank=True)
    reason = models.TextField(_("reason"), max_length=TEXT_LIMIT, blank=True)
    answers = models.PositiveSmallIntegerField(default=0)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ObjectionKind.RESULT, person__isnull=True)
                | (~Q(kind=ObjectionKind.RESULT) & Q(person__isnull=False)),
                name="objection_names_whom_of_the_roll",
            ),
            models.CheckConstraint(
                condition=Q(
                    verdict="", reason="", answered_by__isnull=True, answered_at__isnull=True, confirmed_by__isnull=True
                )
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(verdict="") & ~Q(reason="")),
                name="objection_answered_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="objection_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("answered_by")),
                name="objection_two_people",
            ),
            models.CheckConstraint(
                condition=(Q(answered_by__isnull=True) | ~Q(answered_by=F("objector")))
                & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("objector"))),
                name="objection_not_decided_by_the_objector",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True)
                | (
                    (Q(answered_by__isnull=True) | ~Q(answered_by=F("person")))
                    & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("person")))
                ),
                name="objection_not_decided_by_the_person",
            ),
            models.UniqueConstraint(
                fields=["election", "kind", "person"],
                condition=Q(confirmed_at__isnull=True, person__isnull=False),
                name="objection_about_a_person_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["election", "objector"],
                condition=Q(confirmed_at__isnull=True, person__isnull=True),
                name="objection_to_the_result_one_each_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election_id} {self.kind}"
