"""The log: read, never written here."""

from django.contrib import admin

from councils.admin_site import ReadOnly
from councils.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """Every act, the newest first."""

    list_display = ("at", "verb", "actor", "body", "subject_kind")
    list_filter = ("verb",)
    list_select_related = ("actor", "body__territory")
    search_fields = ("verb", "actor__name", "body__name", "body__territory__name")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
