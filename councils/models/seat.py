"""Seat: an elected place in a body, with a term that ends by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from councils.constituency_rules import GROUP_LIMIT
from councils.enums import SeatEnd
from councils.models.body import Body
from councils.models.territory import Territory

if TYPE_CHECKING:
    from councils.models.member import Member


#: cordón, province, nation: so many seats can stand on one another.
MOST_LEVELS = 3


def _held(at: dt.datetime, prefix: str = "") -> Q:
    """The seat, or the one reached by ``prefix``, is within its term and did not end early."""
    return Q(**{f"{prefix}term_begins_at__lte": at, f"{prefix}term_ends_at__gt": at}) & (
        Q(**{f"{prefix}ended_at__isnull": True}) | Q(**{f"{prefix}ended_at__gt": at})
    )


class SeatQuerySet(models.QuerySet["Seat"]):
    """A seat lapses by the clock at every read, with the one it stands on: always ask through ``held_at``."""

    def held_at(self, at: dt.datetime) -> Self:
        held = self.filter(_held(at))
        for depth in range(1, MOST_LEVELS):
            below = "through__" * depth
            held = held.filter(Q(**{f"{below}isnull": True}) | _held(at, below))
        return held

    def vacant_at(self, at: dt.datetime) -> Self:
        """Ended early, their term still running, and filled since neither one by one nor by a whole election."""
        whole = Seat.objects.filter(
            body=OuterRef("body"),
            elected_by=OuterRef("elected_by"),
            election__vacancies_only=False,
            fills__isnull=True,
            term_begins_at__gte=OuterRef("ended_at"),
            term_begins_at__lte=at,
        )
        ended = self.filter(ended_at__lte=at, term_ends_at__gt=at, filled_by__isnull=True)
        # a constituency fills its own seats, everybody all of them; and a seat of everybody goes with the first of both
        ended = ended.exclude(Exists(whole.filter(Q(group=OuterRef("group")) | Q(group=""))))
        return ended.exclude(end_reason=SeatEnd.REPLACED).exclude(Q(Exists(whole)), group="")

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
    #: The constituency of ``elected_by`` that filled it; empty: everybody.
    group = models.CharField(_("group"), max_length=GROUP_LIMIT, blank=True)
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
    #: A council elects those above from its own delegates: whoever loses this seat loses that one.
    through = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="above", verbose_name=_("by virtue of")
    )
    #: The seat that ended early and whose term this one completes: it is filled once.
    fills = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="filled_by", verbose_name=_("completes the term of")
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
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="seat_end_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["holder", "term_ends_at"], name="seat_holder")]

    def __str__(self) -> str:
        return f"{self.holder} · {self.body}"
