"""Body: an organ that decides, and the workplaces affiliated to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.enums import COUNCIL_OF, BodyKind
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.models.territory import Territory

if TYPE_CHECKING:
    from councils.models.member import Member


class BodyQuerySet(models.QuerySet["Body"]):
    """Questions about bodies."""

    def of_territory(self, territory: Territory) -> Self:
        return self.filter(territory=territory)

    def assembly_of(self, territory: Territory) -> Body:
        return self.get(territory=territory, kind=BodyKind.ASSEMBLY)

    def committee_of(self, territory: Territory) -> Body:
        return self.get(territory=territory, kind=BodyKind.COMMITTEE)

    def electing(self, member: Member, day: dt.date) -> Self:
        """Assemblies whose electorate includes ``member`` on ``day``."""
        held = Q(territory__memberships__until_on__isnull=True) | Q(territory__memberships__until_on__gt=day)
        return self.filter(
            held,
            kind=BodyKind.ASSEMBLY,
            territory__memberships__member=member,
            territory__memberships__from_on__lte=day,
        )

    def followed_by(self, member: Member, day: dt.date) -> Self:
        """What decides for ``member``: her assemblies, and the councils above her workplaces or joined by them."""
        above = Territory.objects.above_workplaces_of(member, day)
        hers = Territory.objects.workplaces().of_member(member, day)
        joined = Affiliation.objects.valid_on(day).filter(workplace__in=hers)
        return self.filter(
            Q(pk__in=Body.objects.electing(member, day).values("pk"))
            | Q(territory__in=above, kind__in=COUNCIL_OF.values())
            | Q(pk__in=joined.values("body"))
        )


class Body(models.Model):
    """An assembly, committee or council. A branch or federation has no territory."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=BodyKind.choices)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name=_("territory")
    )
    name = models.CharField(_("name"), max_length=160, blank=True, help_text=_("Empty: kind and territory."))
    protected = models.BooleanField(
        _("protected"), default=False, help_text=_("Authors appear as the committee; titles stay neutral.")
    )

    objects = BodyQuerySet.as_manager()
    history = HistoricalRecords(app="councils")

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "kind"], condition=Q(territory__isnull=False), name="body_once_per_territory"
            ),
            models.CheckConstraint(
                condition=Q(territory__isnull=False) | Q(kind__in=[BodyKind.BRANCH, BodyKind.FEDERATION]),
                name="body_has_territory_unless_branch",
            ),
        ]

    def __str__(self) -> str:
        if self.name:
            return self.name
        return f"{self.get_kind_display()} · {self.territory}" if self.territory_id else str(self.get_kind_display())


class Affiliation(Dated):
    """A workplace belongs to ``body`` (a branch, a federation, a council); no body owns it."""

    workplace = models.ForeignKey(Territory, models.CASCADE, related_name="affiliations", verbose_name=_("workplace"))
    body = models.ForeignKey(Body, models.CASCADE, related_name="affiliations", verbose_name=_("body"))

    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords(app="councils")

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            NoOverlap(fields=["workplace", "body"], name="affiliation_once_at_a_time"),
            period_is_forward("affiliation_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace} · {self.body}"
