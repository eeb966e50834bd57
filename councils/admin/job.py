"""Due work, read only; what was parked can be asked to try again."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from councils.admin_site import ReadOnly
from councils.domain.job import shown_to_keepers, try_again
from councils.models import Job


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Due work. A parked job can be asked to try again."""

    list_display = ("kind", "key", "due_at", "state", "attempts", "done_at")
    list_filter = ("state", "kind")
    search_fields = ("key",)
    actions = ("export_csv", "ask_again")
    ordering = ("-due_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Job]:
        """Without what would tell, by being there, that something is the matter in some workplace."""
        return shown_to_keepers(super().get_queryset(request))

    def ask_again(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> None:
        """Parked jobs become due now."""
        count = try_again(jobs=queryset, at=timezone.now())
        words = ngettext("%(count)s job will be tried again.", "%(count)s jobs will be tried again.", count)
        self.message_user(request, words % {"count": count})

    ask_again.short_description = _("Try the parked ones again")  # type: ignore[attr-defined]
