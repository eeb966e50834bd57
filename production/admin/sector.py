"""Sectors, and which workplace belongs to which, dated."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin_site import InForce, SetUp, VerbForm
from councils.models import Territory
from councils.names import name_key
from production.domain.factory import place_sector
from production.domain.roll_up import recompute_for
from production.models import Sector, SectorPlacement, Summary


class SectorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name that no other sector has, however it is spelt."""

    class Meta:
        model = Sector
        fields = ("name",)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(c.isalnum() for c in name):
            raise forms.ValidationError(_("A sector needs a name."))
        if Sector.objects.filter(name_key=name_key(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already a sector of this name."))
        return name


class InUse(admin.SimpleListFilter):
    """Sectors by whether a workplace belongs to them today."""

    title = gettext_lazy("workplaces today")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("some")), ("no", gettext_lazy("none"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Sector]) -> models.QuerySet[Sector]:
        used = SectorPlacement.objects.valid_on(timezone.localdate()).values("sector")
        if self.value() == "yes":
            return queryset.filter(pk__in=used)
        return queryset.exclude(pk__in=used) if self.value() == "no" else queryset


@admin.register(Sector)
class SectorAdmin(SetUp):
    """Branches. The row that stands for all of them is not shown."""

    form = SectorForm
    list_display = ("name",)
    list_filter = (InUse,)
    search_fields = ("name", "name_key")
    ordering = ("name_key",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Sector]:
        return super().get_queryset(request).filter(is_all=False)

    def has_delete_permission(self, request: HttpRequest, obj: Sector | None = None) -> bool:
        """One that nothing belongs to."""
        if obj is None:
            return False
        return not (obj.placements.exists() or Summary.objects.filter(sector=obj).exists())


class NewSectorPlacementForm(VerbForm):
    """From a day on; the sector before it ends that day."""

    class Meta:
        model = SectorPlacement
        fields = ("workplace", "sector", "from_on")

    def act(self) -> SectorPlacement:
        data = self.cleaned_data
        return place_sector(
            workplace=data["workplace"], sector=data["sector"], on_day=data["from_on"], by=self.by, at=self.at
        )

    def _get_validation_exclusions(self) -> set[str]:
        """That periods do not overlap is the verb's care: it ends the one before."""
        return {*super()._get_validation_exclusions(), "workplace"}


@admin.register(SectorPlacement)
class SectorPlacementAdmin(SetUp):
    """Which branch a workplace belongs to, dated. What was entered by mistake is mended or deleted."""

    list_display = ("workplace", "sector", "from_on", "until_on")
    list_filter = (
        InForce,
        ("sector", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("workplace", "sector")
    search_fields = ("workplace__name", "workplace__name_key", "sector__name")
    autocomplete_fields = ("workplace", "sector")
    ordering = ("workplace__name_key", "-from_on")

    def get_fields(self, request: HttpRequest, obj: SectorPlacement | None = None) -> tuple[str, ...]:
        return ("workplace", "sector", "from_on", "until_on") if obj else ("workplace", "sector", "from_on")

    def get_readonly_fields(self, request: HttpRequest, obj: SectorPlacement | None = None) -> tuple[str, ...]:
        return ("workplace",) if obj else ()

    def get_form(
        self, request: HttpRequest, obj: SectorPlacement | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewSectorPlacementForm
        return super().get_form(request, obj, change=change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: SectorPlacement, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            _recompute(obj.workplace)

    def delete_model(self, request: HttpRequest, obj: SectorPlacement) -> None:
        super().delete_model(request, obj)
        _recompute(obj.workplace)


def _recompute(workplace: Territory) -> None:
    recompute_for(workplace=workplace, first=None, last=None, at=timezone.now())
