"""The tree. A new place comes with its bodies; its level is fixed; it moves from a day on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from councils.admin_site import InForce, SetUp, StaffMay, VerbForm
from councils.clock import local_day
from councils.domain.body import affiliate_workplace
from councils.domain.territory import found_territory, place_territory, rename_territory
from councils.enums import TerritoryKind
from councils.models import Affiliation, Placement, Territory
from councils.signals import territory_moved


def parent_field() -> forms.ModelChoiceField[Territory]:
    """What a place hangs from, found by typing."""
    return forms.ModelChoiceField(
        Territory.objects.exclude(kind=TerritoryKind.SECTION),
        required=False,
        label=_("Belongs to"),
        widget=AutocompleteSelect(Placement._meta.get_field("parent"), admin.site),
        help_text=_("A workplace belongs to a cordón, a section to its workplace. Empty: to nothing."),
    )


class NewTerritoryForm(VerbForm):
    """A place with the bodies of its level, from today."""

    parent = parent_field()

    class Meta:
        model = Territory
        fields = ("kind", "name", "level_name")

    def act(self) -> Territory:
        data = self.cleaned_data
        return found_territory(
            kind=data["kind"],
            name=data["name"],
            level_name=data["level_name"],
            parent=data["parent"],
            by=self.by,
            at=self.at,
        )


class TerritoryForm(VerbForm):
    """Its name, and where it hangs from a day on; what was before stays true for its own time."""

    parent = parent_field()
    moves_on = forms.DateField(
        required=False,
        label=_("From"),
        widget=AdminDateWidget,
        help_text=_("The day from which it belongs there. Empty: today."),
    )

    class Meta:
        model = Territory
        fields = ("name", "level_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._there = Placement.objects.valid_on(timezone.localdate()).filter(territory=self.instance).first()
        if self._there is not None:
            self.initial["parent"] = self._there.parent_id

    def act(self) -> Territory:
        data = self.cleaned_data
        place = rename_territory(
            territory=self.instance, name=data["name"], level_name=data["level_name"], by=self.by, at=self.at
        )
        day: dt.date = data["moves_on"] or local_day(self.at)
        parent: Territory | None = data["parent"]
        if parent is not None and (self._there is None or self._there.parent_id != parent.pk or data["moves_on"]):
            place_territory(territory=place, parent=parent, on_day=day, by=self.by, at=self.at)
        return place


class PlacementInline(StaffMay, admin.TabularInline):  # type: ignore[type-arg]
    """Where it hung and hangs. A move entered by mistake is deleted, and the one before it mended."""

    model = Placement
    fk_name = "territory"
    extra = 0
    fields = ("parent", "from_on", "until_on")
    readonly_fields = ("parent",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Territory)
class TerritoryAdmin(SetUp):
    """Nation, provinces, cordones, workplaces and their sections."""

    list_display = ("name", "kind", "level_name")
    list_filter = ("kind",)
    search_fields = ("name", "name_key")
    ordering = ("kind", "name_key", "pk")

    def get_fields(self, request: HttpRequest, obj: Territory | None = None) -> tuple[str, ...]:
        return ("kind", "name", "level_name", "parent", "moves_on") if obj else ("kind", "name", "level_name", "parent")

    def get_readonly_fields(self, request: HttpRequest, obj: Territory | None = None) -> tuple[str, ...]:
        return ("kind",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Territory | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = TerritoryForm if obj else NewTerritoryForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Territory | None) -> Any:
        return (PlacementInline,) if obj else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            mended = [*(row for row, _fields in formset.changed_objects), *formset.deleted_objects]
            if mended:  # a day may have moved to either side: everything of the place is computed anew
                self.note("set_up_change", request, mended[0])
                territory_moved.send(Territory, territory=form.instance, first=None, at=timezone.now())


class AffiliationForm(VerbForm):
    """A workplace belongs to a branch, a federation or a council from a day on."""

    class Meta:
        model = Affiliation
        fields = ("workplace", "body", "from_on")

    def act(self) -> Affiliation:
        data = self.cleaned_data
        return affiliate_workplace(
            workplace=data["workplace"], body=data["body"], on_day=data["from_on"], by=self.by, at=self.at
        )


@admin.register(Affiliation)
class AffiliationAdmin(SetUp):
    """To which bodies a workplace belongs besides its place in the tree; none owns it."""

    list_display = ("workplace", "body", "from_on", "until_on")
    list_filter = (InForce, "body__kind")
    list_select_related = ("workplace", "body__territory")
    search_fields = ("workplace__name", "workplace__name_key", "body__name")
    autocomplete_fields = ("workplace", "body")
    ordering = ("workplace__name_key", "pk")

    def get_fields(self, request: HttpRequest, obj: Affiliation | None = None) -> tuple[str, ...]:
        return ("workplace", "body", "from_on", "until_on") if obj else ("workplace", "body", "from_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Affiliation | None = None) -> tuple[str, ...]:
        return ("workplace", "body") if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Affiliation | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = AffiliationForm
        return super().get_form(request, obj, change=change, **kwargs)
