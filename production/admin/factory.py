"""Factories: a new one with its workplace, sector and indicators on one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin_site import SetUp, VerbForm
from councils.clock import local_day
from production.admin.fields import AboveField, WeekField
from production.domain.factory import found_factory, keep_factory, place_sector
from production.enums import Aggregation
from production.models import Factory, Indicator, Sector, SectorPlacement

_WEEKDAYS = [WEEKDAYS_ABBR[day] for day in range(7)]
_CALENDAR = ("working_week", "day_starts_at", "report_due_at")
_HELP = {
    "product": gettext_lazy("In a few words, as on its page."),
    "workers": gettext_lazy("With fewer than five, figures of its people never leave it. Empty: its roll is counted."),
    "day_starts_at": gettext_lazy("A night shift that begins before this hour belongs to the day before."),
    "report_due_at": gettext_lazy("From this hour on a report that is missing is late."),
}


def sector_field() -> forms.ModelChoiceField[Sector]:
    """One branch; "all sectors" is none to choose."""
    return forms.ModelChoiceField(
        Sector.objects.filter(is_all=False).order_by("name_key"), required=False, label=gettext_lazy("Sector")
    )


class NewFactoryForm(VerbForm):
    """Everything that a factory needs to begin: its place, its sector, what it reports."""

    name = forms.CharField(label=gettext_lazy("Name of the workplace"), max_length=160)
    parent = AboveField()
    sector = sector_field()
    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.exclude(aggregation=Aggregation.RATIO).order_by("kind", "name_key"),
        required=False,
        label=gettext_lazy("Indicators"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What it reports every day, from today on. Once it has a committee, the committee writes this down."
        ),
    )

    working_week = WeekField()

    class Meta:
        model = Factory
        fields = ("product", "workers", *_CALENDAR)
        help_texts = _HELP

    def act(self) -> Factory:
        data = self.cleaned_data
        return found_factory(
            factory=Factory(**{name: data[name] for name in ("product", "workers", *_CALENDAR)}),
            name=data["name"],
            parent=data["parent"],
            sector=data["sector"],
            indicators=list(data["indicators"]),
            by=self.by,
            at=self.at,
        )


class FactoryForm(VerbForm):
    """Product and calendar, and the sector from a day on."""

    sector = sector_field()
    sector_from = forms.DateField(
        required=False,
        label=gettext_lazy("In this sector from"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("Only for a change of sector. Empty: today."),
    )

    working_week = WeekField()

    class Meta:
        model = Factory
        fields = ("product", "workers", *_CALENDAR)
        help_texts = _HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = SectorPlacement.objects.valid_on(timezone.localdate()).filter(workplace=self.instance.pk).first()
        self._sector: int | None = there.sector_id if there else None
        self.initial["sector"] = self._sector

    def act(self) -> Factory:
        data = self.cleaned_data
        factory = keep_factory(factory=self.instance, by=self.by, at=self.at)
        sector: Sector | None = data["sector"]
        if sector is not None and sector.pk != self._sector:
            day = data["sector_from"] or local_day(self.at)
            place_sector(workplace=factory.territory, sector=sector, on_day=day, by=self.by, at=self.at)
        return factory


class WeekFilter(admin.SimpleListFilter):
    """Factories by the days that they work."""

    title = gettext_lazy("working week")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        weeks = Factory.objects.order_by("-working_week").values_list("working_week", flat=True).distinct()
        return [(week, _week_words(week)) for week in weeks]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Factory]) -> models.QuerySet[Factory]:
        return queryset.filter(working_week=self.value()) if self.value() else queryset


def _week_words(week: str) -> str:
    """ "Mon, Tue, Wed": the days that are worked."""
    days = [name for name, mark in zip(_WEEKDAYS, week, strict=True) if mark == "1"]
    return _("every day") if len(days) == 7 else ", ".join(str(name) for name in days)


@admin.register(Factory)
class FactoryAdmin(SetUp):
    """What reporting needs to know of each workplace."""

    list_display = ("territory", "sector_now", "product", "workers", "week", "report_due_at", "simulated")
    list_filter = (
        "simulated",
        WeekFilter,
        ("territory__sector_placements__sector", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("territory",)
    search_fields = ("territory__name", "territory__name_key", "product")
    ordering = ("territory__name_key", "pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Factory]:
        now = SectorPlacement.objects.valid_on(timezone.localdate()).filter(workplace=OuterRef("pk"))
        rows: models.QuerySet[Factory] = super().get_queryset(request)
        return rows.annotate(sector_name=Subquery(now.values("sector__name")[:1]))

    def get_fieldsets(self, request: HttpRequest, obj: Factory | None = None) -> Any:
        calendar = (_("Calendar"), {"fields": _CALENDAR})
        what = ("product", "workers")
        if obj is None:
            return (
                (_("Workplace"), {"fields": ("name", "parent", "sector", *what)}),
                (_("What it reports"), {"fields": ("indicators",)}),
                calendar,
            )
        about = ("territory", *what, "simulated", "more")
        return ((_("Workplace"), {"fields": about}), (_("Sector"), {"fields": ("sector", "sector_from")}), calendar)

    def get_readonly_fields(self, request: HttpRequest, obj: Factory | None = None) -> tuple[str, ...]:
        return ("territory", "simulated", "more") if obj else ()

    def get_form(self, request: HttpRequest, obj: Factory | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = FactoryForm if obj else NewFactoryForm
        return super().get_form(request, obj, change=change, **kwargs)

    def sector_now(self, factory: Factory) -> str:
        """Its sector today."""
        return getattr(factory, "sector_name", None) or ""

    sector_now.short_description = gettext_lazy("sector")  # type: ignore[attr-defined]
    sector_now.admin_order_field = "sector_name"  # type: ignore[attr-defined]

    def week(self, factory: Factory) -> str:
        """The days that are worked."""
        return _week_words(factory.working_week)

    week.short_description = gettext_lazy("working week")  # type: ignore[attr-defined]
    week.admin_order_field = "working_week"  # type: ignore[attr-defined]

    def more(self, factory: Factory) -> SafeString:
        """Where the rest of it is kept."""
        place = factory.pk
        pages = (
            (reverse("admin:councils_territory_change", args=[place]), _("name and cordón")),
            (f"{reverse('admin:production_series_changelist')}?workplace__id__exact={place}", _("what it reports")),
            (
                f"{reverse('admin:production_propertystatus_changelist')}?workplace__id__exact={place}",
                _("property status"),
            ),
            (f"{reverse('admin:councils_membership_changelist')}?territory__id__exact={place}", _("roll")),
            (f"{reverse('admin:councils_body_changelist')}?territory__id__exact={place}", _("bodies")),
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', pages)

    more.short_description = gettext_lazy("more of it")  # type: ignore[attr-defined]
