"""The admin site asks for a second factor; demo accounts are exempt."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils.permissions import has_second_factor


class CordonAdminSite(AdminSite):
    """Staff only, through the product's own sign-in, with a second factor."""

    site_header = "Cordón"
    site_title = "Cordón"
    index_title = _("Set-up")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request.user)
