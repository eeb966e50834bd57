"""Who owns and who runs a workplace, by which act, since when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from councils.admin_site import InForce, SetUp
from production.models import PropertyStatus


@admin.register(PropertyStatus)
class PropertyStatusAdmin(SetUp):
    """Property status, dated, with its act."""

    list_display = ("workplace", "status", "act", "from_on", "until_on")
    list_filter = (InForce, "status")
    list_select_related = ("workplace",)
    search_fields = ("workplace__name", "workplace__name_key", "act")
    autocomplete_fields = ("workplace",)
    ordering = ("workplace__name_key", "-from_on")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "workplace__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True
