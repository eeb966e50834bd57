"""Recall: those who filled a seat ask for it back; and the support that brings it to a vote.

Who calls and who supports is nowhere: a support is a keyed hash whose key lies outside the database,
without time or sequence, and is deleted once it has done its work. Only the count stays.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.enums import RecallState
from councils.models.body import Body
from councils.models.poll import Poll
from councils.models.rule_set import RuleSet
from councils.models.seat import Seat

if TYPE_CHECKING:
    from councils.models.member import Member

#: States in which it goes on.
LIVE = [RecallState.COLLECTING, RecallState.VOTING]
REASON_LIMIT = 1000


class RecallQuerySet(models.QuerySet["Recall"]):
    """Access starts from the member's scope."""

    def visible_to(self, member: Member, at: dt.datetime, day: dt.date) -> Self:
        """Those of seats that her assemblies and councils filled, of her own seats, and those on whose roll she is."""
        councils = Seat.objects.held_at(at).of(member).values("body")
        on_roll = Poll.objects.filter(roll__member=member).values("pk")
        return self.filter(
            Q(seat__elected_by__in=Body.objects.electing(member, day))
            | Q(seat__elected_by__in=councils)
            | Q(seat__holder=member)
            | Q(poll__in=on_roll)
        )

    def live(self) -> Self:
        """Not over, as far as anybody has written: ask ``domain.recall`` for what the clock says."""
        return self.filter(state__in=LIVE)


class Recall(models.Model):
    """Whether ``seat`` is taken back by those who filled it (``seat.elected_by``), under ``rule_set``.

    ``needed`` of the ``roll_size`` electors on the day of the call bring it to a vote. ``supporters``: how many
    have asked for it. ``answer``: what the holder says to ``reason``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="recalls", verbose_name=_("seat"))
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("rules"))
    reason = models.TextField(_("reason"), max_length=REASON_LIMIT)
    answer = models.TextField(_("answer"), max_length=REASON_LIMIT, blank=True)
    answered_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=RecallState.choices, default=RecallState.COLLECTING)
    called_at = models.DateTimeField(_("called"))
    collect_until = models.DateTimeField(_("support is collected until"))
    roll_size = models.PositiveIntegerField(_("electors on the day of the call"))
    needed = models.PositiveIntegerField(_("support needed"))
    supporters = models.PositiveIntegerField(_("supporters"), default=0)
    poll = models.OneToOneField(Poll, models.PROTECT, null=True, blank=True, related_name="recall")
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(state__in=LIVE), name="recall_one_live_per_seat"),
            models.CheckConstraint(condition=Q(collect_until__gt=F("called_at")), name="recall_window_forward"),
            models.CheckConstraint(condition=Q(needed__gt=0), name="recall_needs_support"),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at__isnull=True) | (~Q(state__in=LIVE) & Q(ended_at__isnull=False)),
                name="recall_end_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RecallState.VOTING, RecallState.RECALLED, RecallState.KEPT])
                | Q(poll__isnull=False),
                name="recall_vote_has_poll",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} · {self.state}"


class RecallSupport(models.Model):
    """One person asks for ``recall``. ``mac``: keyed hash of recall and member; nothing else is known of her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # random: it orders nobody
    recall = models.ForeignKey(Recall, models.CASCADE, related_name="support")
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [
            # one member, one support
            models.UniqueConstraint(fields=["recall", "mac"], name="recall_support_once"),
        ]

    def __str__(self) -> str:
        return str(self.recall_id)
