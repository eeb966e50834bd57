"""AuditEvent: every act but casting, supporting and signing a recall."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.body import Body
from councils.models.constraints import WrittenOnce


class AppendOnly(models.QuerySet[Any]):
    """Rows are written once. Corrections are new rows."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is append-only")


class AuditEvent(models.Model):
    """Who did what, when, under which rules. Written in the act's own transaction."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="audit_events", verbose_name=_("body")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("act"), max_length=60)
    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject = models.UUIDField(_("subject"), null=True)
    at = models.DateTimeField(_("at"))
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("particulars"), default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [models.Index(fields=["body", "at"], name="audit_body_at")]
        constraints = [WrittenOnce(name="audit_event_written_once")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("AuditEvent is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("AuditEvent is append-only")
