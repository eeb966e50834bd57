"""The catalogue of indicators: name and unit together name one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin_site import SetUp
from councils.names import name_key
from production.domain.roll_up import recompute_for
from production.enums import Aggregation
from production.intake.units import find_unit
from production.models import Indicator, Series

_MEANING = ("unit", "aggregation", "numerator", "denominator")


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit of the catalogue; a ratio has two parts that are not ratios, and nothing else has."""

    class Meta:
        model = Indicator
        fields = ("name", "unit", "kind", "aggregation", "direction", "signed", "numerator", "denominator")
        help_texts = {
            "unit": gettext_lazy("For example t, kg, hours, persons, %."),
            "numerator": gettext_lazy("Only for a ratio of two."),
            "denominator": gettext_lazy("Only for a ratio of two."),
        }

    def clean_unit(self) -> str:
        unit = find_unit(self.cleaned_data["unit"])
        if unit is None:
            raise forms.ValidationError(
                _("This unit is not in the catalogue. Write another spelling, for example t or kg.")
            )
        return unit.symbol

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, unit = data.get("name", ""), data.get("unit", self.instance.unit)
        twins = Indicator.objects.filter(name_key=name_key(name), unit=unit).exclude(pk=self.instance.pk)
        if name and not any(c.isalnum() for c in name):
            self.add_error("name", _("An indicator needs a name."))
        elif name and twins.exists():
            self.add_error("name", _("There is already an indicator of this name and unit."))
        if "aggregation" in self.fields:
            self._check_parts(data)
        return data

    def _check_parts(self, data: dict[str, Any]) -> None:
        parts = [part for name in ("numerator", "denominator") if (part := data.get(name)) is not None]
        if data.get("aggregation") == Aggregation.RATIO:
            if len(parts) < 2:
                self.add_error("numerator", _("A ratio needs a numerator and a denominator."))
            elif any(part.aggregation == Aggregation.RATIO or part.pk == self.instance.pk for part in parts):
                self.add_error("numerator", _("A ratio is made of two indicators that are reported."))
        elif parts:
            self.add_error("numerator", _("Only a ratio of two has a numerator and a denominator."))


@admin.register(Indicator)
class IndicatorAdmin(SetUp):
    """The catalogue. Unit and aggregation are fixed once it is reported: they would change its meaning."""

    form = IndicatorForm
    list_display = ("name", "unit", "kind", "aggregation", "direction", "signed")
    list_filter = ("kind", "aggregation", "direction", "unit")
    search_fields = ("name", "name_key")
    autocomplete_fields = ("numerator", "denominator")
    ordering = ("name_key", "unit")

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> tuple[str, ...]:
        return _MEANING if obj is not None and _is_used(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        """One that nobody reports."""
        return obj is not None and not _is_used(obj) and not obj.summaries.exists()

    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.aggregation == Aggregation.RATIO and {"aggregation", "numerator", "denominator"} & set(
            form.changed_data
        ):
            recompute_for(workplace=None, first=None, last=None, at=timezone.now())


def _is_used(indicator: Indicator) -> bool:
    parts = Q(numerator=indicator) | Q(denominator=indicator)
    return Series.objects.filter(indicator=indicator).exists() or Indicator.objects.filter(parts).exists()
