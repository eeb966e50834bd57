"""Days on which nothing is expected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.admin_site import SetUp
from councils.enums import TerritoryKind
from councils.models import Territory
from production.domain.analysis_job import analyse_since
from production.domain.roll_up import recompute_for
from production.models import ClosedDay


class ClosedDayForm(forms.ModelForm):  # type: ignore[type-arg]
    """For one workplace, or for all."""

    class Meta:
        model = ClosedDay
        fields = ("on", "territory", "reason")

    def clean_territory(self) -> Territory | None:
        place: Territory | None = self.cleaned_data["territory"]
        if place is not None and place.kind != TerritoryKind.WORKPLACE:
            raise forms.ValidationError(_("A closed day is one workplace's, or everybody's."))
        return place


@admin.register(ClosedDay)
class ClosedDayAdmin(SetUp):
    """Holidays, and the closed days of one workplace."""

    form = ClosedDayForm
    list_display = ("on", "territory", "reason")
    list_filter = ("on",)
    list_select_related = ("territory",)
    search_fields = ("reason", "territory__name", "territory__name_key")
    autocomplete_fields = ("territory",)
    date_hierarchy = "on"
    ordering = ("-on", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: ClosedDay, form: Any, change: bool) -> None:
        before = ClosedDay.objects.filter(pk=obj.pk).select_related("territory").first() if change else None
        super().save_model(request, obj, form, change)
        _recompute(obj)
        if before is not None and (before.on, before.territory) != (obj.on, obj.territory):
            _recompute(before)

    def delete_model(self, request: HttpRequest, obj: ClosedDay) -> None:
        super().delete_model(request, obj)
        _recompute(obj)


def _recompute(day: ClosedDay) -> None:
    """Due work, written with the fact."""
    now = timezone.now()
    recompute_for(workplace=day.territory, first=day.on, last=day.on, at=now)
    analyse_since(workplace=day.territory, first=day.on, at=now)
