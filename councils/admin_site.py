"""The admin site: the product's own sign-in, a second factor, set-up data only."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from councils.csv_export import csv_rows
from councils.errors import Denied
from councils.permissions import has_second_factor


class CordonAdminSite(AdminSite):
    """Staff only, with a second factor; demo accounts are exempt, and the page says so."""

    site_header = "Cordón"
    site_title = "Cordón"
    index_title = _("Set-up")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second sign-in form: the throttle and the second factor live in the first."""
        if not request.user.is_authenticated:
            return redirect(f"{resolve_url('account_login')}?{urlencode({'next': request.GET.get('next', '/admin/')})}")
        if request.user.is_staff and not has_second_factor(request.user):
            return redirect("second_factor_needed")
        raise Denied(str(_("The admin is for those who keep the installation.")))


class CsvExport(ModelAdmin):  # type: ignore[type-arg]
    """Adds an action: the chosen rows, with the columns of the list, as CSV."""

    actions = ("export_csv",)

    def export_csv(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> StreamingHttpResponse:
        """One line a row; cells that a spreadsheet would execute are neutralised."""
        fields = [f for f in self.model._meta.concrete_fields if f.name not in self.hidden_in_export()]
        rows = ([f.value_from_object(row) for f in fields] for row in queryset.order_by("pk").iterator(chunk_size=2000))
        response = StreamingHttpResponse(
            csv_rows([f.name for f in fields], rows), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{self.model._meta.model_name}.csv"'
        return response

    export_csv.short_description = _("Export the chosen rows as CSV")  # type: ignore[attr-defined]

    def hidden_in_export(self) -> set[str]:
        """Columns that never leave."""
        return {"password"}


class ReadOnly(CsvExport):
    """What the admin may look at and nobody may change here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
