"""Membership: who belongs to a workplace, since when, with which rights."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.constituency_rules import GROUP_LIMIT
from councils.enums import Category
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.models.territory import Territory


class Membership(Dated):
    """A member in a workplace (and perhaps one of its sections) during a period.

    Rights are columns of their own: leave for birth, for instance, removes none.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("member")
    )
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="memberships", verbose_name=_("workplace"))
    section = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="section_memberships", verbose_name=_("section")
    )
    reference = models.CharField(
        _("roll number"), max_length=40, blank=True, help_text=_("Number in the workplace's own list.")
    )
    group = models.CharField(
        _("group"),
        max_length=GROUP_LIMIT,
        blank=True,
        help_text=_("Where the rules elect by constituencies: the one in which she votes and stands."),
    )
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, default=Category.DEFINITIVE)
    can_vote = models.BooleanField(_("may vote"), default=True)
    can_stand = models.BooleanField(_("may stand"), default=True)
    counts_for_quorum = models.BooleanField(_("counts for the quorum"), default=True)

    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords(app="councils")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            NoOverlap(fields=["member", "territory"], name="membership_once_at_a_time"),
            period_is_forward("membership_forward"),
            models.UniqueConstraint(
                fields=["territory", "reference"],
                condition=Q(until_on__isnull=True) & ~Q(reference=""),
                name="membership_reference_once",
            ),
        ]
        indexes = [models.Index(fields=["territory", "until_on"], name="membership_roll")]

    def __str__(self) -> str:
        return f"{self.member} · {self.territory}"
