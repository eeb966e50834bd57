"""Substitute: who comes after the holder of a seat, as the ballots of its election said."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models.seat import Seat


class Substitute(models.Model):
    """``member`` comes ``rank``-th after the holder of ``seat``: she fills its vacancy or stands in for a time."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="substitutes", verbose_name=_("seat"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitute_of", verbose_name=_("substitute")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("substitute")
        verbose_name_plural = _("substitutes")
        constraints = [
            models.UniqueConstraint(fields=["seat", "rank"], name="substitute_rank_once"),
            models.UniqueConstraint(fields=["seat", "member"], name="substitute_once_a_seat"),
            models.CheckConstraint(condition=Q(rank__gt=0), name="substitute_rank_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.seat}"
