"""Who sits where, read only: it comes from elections."""

from django.contrib import admin

from councils.admin_site import ReadOnly
from councils.models import Seat


@admin.register(Seat)
class SeatAdmin(ReadOnly):
    """Seats of all bodies, the newest term first."""

    list_display = ("holder", "body", "represents", "term_begins_at", "term_ends_at", "ended_at", "end_reason")
    list_filter = ("body__kind", "end_reason")
    list_select_related = ("holder", "body__territory", "represents")
    search_fields = ("holder__name", "body__name", "body__territory__name", "represents__name")
    fields = (
        "holder", "body", "represents", "elected_by", "group", "term_begins_at", "term_ends_at", "ended_at",
        "end_reason",
    )  # fmt: skip
    ordering = ("-term_begins_at", "-pk")
