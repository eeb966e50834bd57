"""Who reports what. A workplace with a committee writes this down itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin_site import InForce, SetUp, VerbForm
from production.domain.indicator import equip_workplace
from production.models import Series


class NewSeriesForm(VerbForm):
    """For a workplace in whose committee nobody sits yet."""

    class Meta:
        model = Series
        fields = ("workplace", "territory", "indicator", "frequency", "from_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].required = False

    def act(self) -> Series:
        data = self.cleaned_data
        first: dt.date = data["from_on"]
        return equip_workplace(
            workplace=data["workplace"],
            territory=data["territory"],
            indicator=data["indicator"],
            frequency=data["frequency"],
            from_on=first,
            by=self.by,
            at=self.at,
        )


@admin.register(Series)
class SeriesAdmin(SetUp):
    """Read only but for a first series; what leaves the workplace is its assembly's agreement."""

    list_display = ("workplace", "territory", "indicator", "frequency", "sharing", "from_on", "until_on")
    list_filter = (InForce, "frequency", "sharing", "indicator__kind")
    list_select_related = ("workplace", "territory", "indicator")
    search_fields = ("workplace__name", "workplace__name_key", "indicator__name", "indicator__name_key")
    autocomplete_fields = ("workplace", "territory", "indicator")
    ordering = ("workplace__name_key", "position", "pk")

    def get_fields(self, request: HttpRequest, obj: Series | None = None) -> tuple[str, ...]:
        fields = ("workplace", "territory", "indicator", "frequency", "from_on")
        return (*fields, "until_on", "sharing", "position") if obj else fields

    def get_form(self, request: HttpRequest, obj: Series | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewSeriesForm
        return super().get_form(request, obj, change=change, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "workplace__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
