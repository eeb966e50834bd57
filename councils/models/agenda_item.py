"""AgendaItem: what the next assembly of a body is to talk about."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import AgendaState
from councils.models.body import Body


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Questions about an agenda."""

    def of_body(self, body: Body) -> Self:
        return self.filter(body=body)

    def waiting(self) -> Self:
        return self.filter(state=AgendaState.WAITING)


class AgendaItem(models.Model):
    """One point. ``evidence_kind`` and ``evidence_reference`` say where it came from, ``evidence`` how it stood then.

    ``key`` names the fact that put it there: the same fact puts it there once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="agenda", verbose_name=_("body"))
    title = models.CharField(_("title"), max_length=300)
    evidence_kind = models.CharField(max_length=40)
    evidence_reference = models.UUIDField()
    evidence: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    key = models.CharField(max_length=160, unique=True)
    placed_at = models.DateTimeField(_("placed"))
    state = models.CharField(max_length=10, choices=AgendaState.choices, default=AgendaState.WAITING)
    taken_off_at = models.DateTimeField(null=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AgendaState.WAITING, taken_off_at__isnull=True)
                | Q(state=AgendaState.TAKEN_OFF, taken_off_at__gte=F("placed_at")),
                name="agenda_item_taken_off_after",
            ),
        ]
        indexes = [models.Index(fields=["body", "state"], name="agenda_item_of_body")]

    def __str__(self) -> str:
        return self.title
