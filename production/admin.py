"""Set-up data of production: factories, sectors, indicators, series, calendars.

Reports and figures are not edited here: a correction is a new version with its author
and reason, made on the report's own page.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from councils.admin import HistoryExport
from councils.admin_site import ReadOnly
from councils.models import Territory
from production.domain.roll_up import recompute_for
from production.models import (
    ClosedDay,
    Factory,
    ImportBatch,
    Indicator,
    PropertyStatus,
    Sector,
    SectorPlacement,
    Series,
)


class SectorPlacementInline(admin.TabularInline):  # type: ignore[type-arg]
    """The branch of a workplace, dated."""

    model = SectorPlacement
    extra = 0


class PropertyStatusInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who owns and who runs it, dated, with the act."""

    model = PropertyStatus
    extra = 0


@admin.register(Factory)
class FactoryAdmin(HistoryExport):
    """Factories: product, calendar, hour of the report, sector and property status."""

    list_display = ("territory", "product", "workers", "working_week", "report_due_at", "simulated")
    list_filter = ("simulated", "working_week", "territory__sector_placements__sector")
    list_select_related = ("territory",)
    search_fields = ("territory__name", "territory__name_key", "product")
    autocomplete_fields = ("territory",)

    def get_readonly_fields(self, request: HttpRequest, obj: Factory | None = None) -> tuple[str, ...]:
        return ("territory", "simulated") if obj else ("simulated",)

    def save_model(self, request: HttpRequest, obj: Factory, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"working_week", "day_starts_at"} & set(form.changed_data):
            _recompute(obj.territory)


@admin.register(Sector)
class SectorAdmin(HistoryExport):
    """Branches. The row that stands for all of them is not shown."""

    list_display = ("name",)
    search_fields = ("name", "name_key")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Sector]:
        return super().get_queryset(request).filter(is_all=False)


@admin.register(SectorPlacement)
class SectorPlacementAdmin(HistoryExport):
    """Which branch a workplace belongs to, dated."""

    list_display = ("workplace", "sector", "from_on", "until_on")
    list_filter = ("sector",)
    list_select_related = ("workplace", "sector")
    search_fields = ("workplace__name", "workplace__name_key", "sector__name")
    autocomplete_fields = ("workplace", "sector")

    def save_model(self, request: HttpRequest, obj: SectorPlacement, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _recompute(obj.workplace)


@admin.register(PropertyStatus)
class PropertyStatusAdmin(HistoryExport):
    """Property status, dated, with its act."""

    list_display = ("workplace", "status", "act", "from_on", "until_on")
    list_filter = ("status",)
    list_select_related = ("workplace",)
    search_fields = ("workplace__name", "workplace__name_key", "act")
    autocomplete_fields = ("workplace",)


@admin.register(Indicator)
class IndicatorAdmin(HistoryExport):
    """The catalogue. Unit and aggregation are fixed once figures exist: they would change meaning."""

    list_display = ("name", "unit", "kind", "aggregation", "direction", "signed")
    list_filter = ("kind", "aggregation", "direction", "unit")
    search_fields = ("name", "name_key")
    autocomplete_fields = ("numerator", "denominator")

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> tuple[str, ...]:
        used = obj is not None and Series.objects.filter(indicator=obj, figures__isnull=False).exists()
        return ("unit", "aggregation", "numerator", "denominator") if used else ()


@admin.register(Series)
class SeriesAdmin(HistoryExport):
    """Who reports what. What is reported by whom is fixed; frequency too once figures exist."""

    list_display = ("workplace", "territory", "indicator", "frequency", "sharing", "from_on", "until_on")
    list_filter = ("frequency", "sharing", "indicator__kind")
    list_select_related = ("workplace", "territory", "indicator")
    search_fields = ("workplace__name", "workplace__name_key", "indicator__name", "indicator__name_key")
    autocomplete_fields = ("workplace", "territory", "indicator")

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> tuple[str, ...]:
        # what leaves the workplace is its assembly's agreement, not the admin's
        return ("workplace", "territory", "indicator", "frequency", "sharing") if obj else ("sharing",)

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _recompute(obj.workplace)


@admin.register(ClosedDay)
class ClosedDayAdmin(HistoryExport):
    """Days on which nothing is expected."""

    list_display = ("on", "territory", "reason")
    list_filter = ("on",)
    list_select_related = ("territory",)
    search_fields = ("reason", "territory__name", "territory__name_key")
    autocomplete_fields = ("territory",)
    date_hierarchy = "on"

    def save_model(self, request: HttpRequest, obj: ClosedDay, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _recompute(obj.territory, obj.on, obj.on)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnly):
    """Files that were imported, and what became of them."""

    list_display = ("file_name", "at", "uploaded_by", "workplace", "state", "rows_total")
    list_filter = ("state",)
    list_select_related = ("uploaded_by", "workplace")
    search_fields = ("file_name",)
    exclude = ("content",)

    def hidden_in_export(self) -> set[str]:
        return {"content"}


def _recompute(workplace: Territory | None, first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Summaries follow what set-up changed: due work, written with the fact."""
    with transaction.atomic():
        recompute_for(workplace=workplace, first=first, last=last, at=timezone.now())
