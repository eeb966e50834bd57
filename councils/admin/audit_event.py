"""The log: read, never written here."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from councils.admin_site import ReadOnly
from councils.enums import BodyKind
from councils.models import AuditEvent, Proposal


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """Every act, the newest first."""

    list_display = ("at", "verb", "actor", "body", "subject_kind")
    list_filter = ("verb",)
    list_select_related = ("actor", "body__territory")
    search_fields = ("verb", "actor__name", "body__name", "body__territory__name")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[AuditEvent]:
        """Without those of proposals that nobody has submitted: who is writing one is known to nobody else.

        And without what came onto the agenda of an assembly, which is the business of its workplace.
        """
        drafts = Proposal.objects.filter(submitted_at__isnull=True).values("uuid")
        rows: models.QuerySet[AuditEvent] = super().get_queryset(request)
        rows = rows.exclude(subject_kind="agendaitem", body__kind=BodyKind.ASSEMBLY)
        return rows.exclude(subject_kind="proposal", subject__in=drafts)
