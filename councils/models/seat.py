"""Seat: an elected place in a body, with a term that ends by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import SeatEnd
from councils.models.body import Body
from councils.models.territory import Territory

if TYPE_CHECKING:
    from councils.models.member import Member


class SeatQuerySet(models.QuerySet["Seat"]):
    """A seat lapses by the clock at every read: always ask through ``held_at``."""

    def held_at(self, at: dt.datetime) -> Self:
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), term_begins_at__lte=at, term_ends_at__gt=at)

    def of(self, member: Member) -> Self:
        return self.filter(holder=member)

    def in_body(self, body: Body) -> Self:
        return self.filter(body=body)


class Seat(models.Model):
    """``holder`` sits in ``body``, elected by ``elected_by``; for councils, on behalf of ``represents``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("body"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", verbose_name=_("who sits there")
    )
    elected_by = models.ForeignKey(Body, models.PROTECT, related_name="seats_filled", verbose_name=_("elected by"))
    represents = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="delegates", verbose_name=_("on behalf of")
    )
    election = models.ForeignKey(
        "councils.Election",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats_won",
        verbose_name=_("election"),
    )
    term_begins_at = models.DateTimeField(_("term begins"))
    term_ends_at = models.DateTimeField(_("term ends"))
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=12, choices=SeatEnd.choices, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "holder"], condition=Q(election__isnull=False), name="seat_once_per_election"
            ),
            models.CheckConstraint(condition=Q(term_ends_at__gt=F("term_begins_at")), name="seat_term_forward"),
        ]
        indexes = [models.Index(fields=["holder", "term_ends_at"], name="seat_holder")]

    def __str__(self) -> str:
        return f"{self.holder} · {self.body}"
