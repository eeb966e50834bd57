"""ImportBatch: a file that was given, what was asked of it, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import ImportState


class ImportBatch(models.Model):
    """A long import is executed by a job; its content waits here (so any worker can reach it)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    #: Limits the import to this workplace; NULL for admins and commands.
    workplace = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("workplace")
    )
    at = models.DateTimeField(_("at"))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    content = models.BinaryField(null=True, editable=False)
    options: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("options"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    #: created, corrected, unchanged, rejected, and the first rejections in words.
    outcome: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("outcome"), default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%Y-%m-%d}"
