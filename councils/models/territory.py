"""Territory: the tree nation › province › cordón › workplace › section, and its dated edges."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from councils.enums import TerritoryKind
from councils.models.constraints import NoOverlap
from councils.models.dated import Dated, DatedQuerySet, period_is_forward
from councils.names import name_key

if TYPE_CHECKING:
    from councils.models.member import Member


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Questions about the tree."""

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def workplaces(self) -> Self:
        return self.filter(kind=TerritoryKind.WORKPLACE)

    def placed_in(self, parent: Territory, day: dt.date) -> Self:
        """Direct children of ``parent`` on ``day``."""
        return self.filter(pk__in=Placement.objects.valid_on(day).filter(parent=parent).values("territory"))

    def of_member(self, member: Member, day: dt.date) -> Self:
        """Workplaces and sections to which ``member`` belongs on ``day``."""
        held = models.Q(memberships__until_on__isnull=True) | models.Q(memberships__until_on__gt=day)
        within = models.Q(section_memberships__until_on__isnull=True) | models.Q(section_memberships__until_on__gt=day)
        return self.filter(
            models.Q(held, memberships__member=member, memberships__from_on__lte=day)
            | models.Q(within, section_memberships__member=member, section_memberships__from_on__lte=day)
        ).distinct()

    def above_workplaces_of(self, member: Member, day: dt.date) -> Self:
        """What the workplaces of ``member`` hang from on ``day``: cordón, province, nation, in one query."""
        reached: models.QuerySet[Any, Any] = Territory.objects.workplaces().of_member(member, day).values("pk")
        chain = models.Q()
        for _level in TerritoryKind.values[:-2]:
            reached = Placement.objects.valid_on(day).filter(territory__in=reached).values("parent")
            chain |= models.Q(pk__in=reached)
        return self.filter(chain)


class Territory(models.Model):
    """A place in the tree. Its parent is a dated Placement; levels may be absent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("level"), max_length=12, choices=TerritoryKind.choices)
    name = models.CharField(_("name"), max_length=160)
    #: ``name`` casefolded, accents and spaces folded: what look-ups and imports compare.
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    level_name = models.CharField(
        _("name of the level"), max_length=60, blank=True, help_text=_("Only if this body calls it otherwise.")
    )

    objects = TerritoryQuerySet.as_manager()
    history = HistoricalRecords(app="councils")

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            # sections of two workplaces may share a name; wider territories may not
            models.UniqueConstraint(
                fields=["kind", "name_key"], condition=~models.Q(kind="section"), name="territory_name_once_per_level"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=TerritoryKind.values), name="territory_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    @property
    def level(self) -> str:
        """What people here call this level."""
        return self.level_name or str(self.get_kind_display())


class PlacementQuerySet(DatedQuerySet):
    """Questions about the edges of the tree."""

    def above(self, territory: Territory, day: dt.date) -> list[Territory]:
        """What ``territory`` hangs from on ``day``, nearest first, in one query."""
        reached: models.QuerySet[Any, Any] | list[int] = [territory.pk]
        chain = models.Q(territory__in=reached)
        for _level in TerritoryKind.values[:-2]:
            reached = self.valid_on(day).filter(territory__in=reached).values("parent")
            chain |= models.Q(territory__in=reached)
        parents = {row.territory_id: row.parent for row in self.valid_on(day).filter(chain).select_related("parent")}
        found: list[Territory] = []
        here = territory.pk
        while here in parents and len(found) < len(parents):
            found.append(parents[here])
            here = parents[here].pk
        return found


class Placement(Dated):
    """``territory`` hangs from ``parent`` during a period."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="placements", verbose_name=_("territory"))
    parent = models.ForeignKey(Territory, models.PROTECT, related_name="child_placements", verbose_name=_("belongs to"))

    objects = PlacementQuerySet.as_manager()
    history = HistoricalRecords(app="councils")

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            NoOverlap(fields=["territory"], name="placement_one_parent_at_a_time"),
            period_is_forward("placement_forward"),
            models.CheckConstraint(condition=~models.Q(territory=models.F("parent")), name="placement_not_itself"),
        ]
        indexes = [models.Index(fields=["parent", "from_on"], name="placement_parent")]

    def __str__(self) -> str:
        return f"{self.territory} › {self.parent}"
