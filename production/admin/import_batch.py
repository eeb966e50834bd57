"""Files that were imported, and what became of them. Read only, and without what stood in them."""

from django.contrib import admin

from councils.admin_site import ReadOnly
from production.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnly):
    """Neither the content nor the rejected rows, which quote figures of a workplace."""

    list_display = ("file_name", "at", "uploaded_by", "workplace", "state", "rows_total")
    list_filter = ("state",)
    list_select_related = ("uploaded_by", "workplace")
    search_fields = ("file_name",)
    fields = (
        "file_name",
        "at",
        "uploaded_by",
        "workplace",
        "state",
        "rows_total",
        "rows_done",
        "finished_at",
        "sha256",
    )
    ordering = ("-at", "-pk")
