"""Poll: one vote of one electorate; its roll, its ballots, its check codes.

The urn is described in README.md and in ``councils/urn``. What matters here: the
envelope lies on the elector's roll row, so one member has one vote by constraint;
a ballot has no actor, no time and no sequence.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.constituency_rules import GROUP_LIMIT
from councils.enums import PollKind, PollState, Secrecy
from councils.models.body import Body
from councils.models.rule_set import RuleSet

if TYPE_CHECKING:
    from councils.models.member import Member


class PollQuerySet(models.QuerySet["Poll"]):
    """Deadlines hold by the clock: ``open_at`` never asks whether a job has run."""

    def visible_to(self, member: Member, day: dt.date) -> Self:
        """Those of her assemblies and of the councils above them, and those on whose roll she stands."""
        on_roll = RollEntry.objects.filter(member=member).values("poll")
        return self.filter(Q(body__in=Body.objects.followed_by(member, day)) | Q(pk__in=on_roll))

    def opening_or_open_at(self, at: dt.datetime) -> Self:
        """By the clock: also those that nobody has opened yet though their hour has come."""
        return self.filter(state__in=[PollState.SCHEDULED, PollState.OPEN], opens_at__lte=at, closes_at__gt=at)

    def open_at(self, at: dt.datetime) -> Self:
        return self.filter(state=PollState.OPEN, opens_at__lte=at, closes_at__gt=at)

    def with_subject(self) -> Self:
        """With what each decides loaded, for its title and the address of its page."""
        return self.select_related(
            "body__territory", "election__body", "proposal", "council_question", "consultation__question",
            "recall__seat__holder", "recall__seat__body__territory",
        )  # fmt: skip

    def called_off(self) -> Self:
        """Withdrawn before they began: they asked nobody anything."""
        return self.filter(result__reason="called_off")

    def not_called_off(self) -> Self:
        # a result without reason is NULL there, and "not NULL" is no answer: hence two steps
        return self.exclude(pk__in=Poll.objects.called_off().values("pk"))

    def to_open(self, at: dt.datetime) -> Self:
        return self.filter(state=PollState.SCHEDULED, opens_at__lte=at)

    def to_count(self, at: dt.datetime) -> Self:
        return self.filter(state=PollState.OPEN, closes_at__lte=at)


class Poll(models.Model):
    """A question put to an electorate, open between two moments.

    ``options``: frozen list of ``{"id": str, "label": str}`` of an election, where a list has its ``people`` too, in
    their order: ``{"name": str, "nominee": uuid}``; empty for yes/no.
    ``result``: what the count gave (``councils.domain.poll``), empty until declared.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="polls", verbose_name=_("electorate"))
    #: The constituency of ``body`` that votes; empty: everybody.
    group = models.CharField(_("group"), max_length=GROUP_LIMIT, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("rules"))
    kind = models.CharField(max_length=12, choices=PollKind.choices)
    secrecy = models.CharField(max_length=8, choices=Secrecy.choices, default=Secrecy.URN)
    state = models.CharField(_("state"), max_length=12, choices=PollState.choices, default=PollState.SCHEDULED)
    question = models.CharField(max_length=240)
    options: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    #: A change of the body's rules (``councils.rule_items``) that its yes adopts; None where it decides otherwise.
    rule_changes: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True, editable=False
    )
    #: Option ids in the order that a public lot gave them, entered before the count; empty where none was drawn.
    lots: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    #: Of a vote on paper: where it is held, as the committee says.
    place = models.CharField(_("place"), max_length=200, blank=True)
    #: X25519 public key (32 bytes); the private half is in the key store only.
    public_key = models.BinaryField(max_length=32, null=True, editable=False)
    #: So many of so many scrutineers open the urn; both None where nobody holds shares.
    shares_needed = models.PositiveSmallIntegerField(null=True, editable=False)
    shares_made = models.PositiveSmallIntegerField(null=True, editable=False)
    #: The public half of the scrutineers' key; its private half exists in their shares only.
    scrutiny_key = models.BinaryField(max_length=32, null=True, editable=False)
    #: Who had the shares printed, and who proved that they can be read: two people.
    shares_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    drilled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    drilled_at = models.DateTimeField(null=True, editable=False)
    unlocked_at = models.DateTimeField(null=True, editable=False)
    #: Random; kept in the key store too, so that a restored database is told from the living one.
    epoch = models.CharField(max_length=32, blank=True, editable=False)
    roll_size = models.PositiveIntegerField(null=True, editable=False)
    #: Of which hour the roll is, where it was closed before the opening.
    roll_closed_early_at = models.DateTimeField(null=True, editable=False)
    quorum_base = models.PositiveIntegerField(null=True, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)
    declared_at = models.DateTimeField(null=True, editable=False)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="poll_window_forward"),
            models.CheckConstraint(
                condition=Q(state__in=[PollState.SCHEDULED, PollState.VOID])
                | Q(public_key__isnull=False)
                | ~Q(secrecy=Secrecy.URN),
                name="poll_open_has_key",
            ),
            models.CheckConstraint(
                condition=Q(rule_changes__isnull=True) | Q(kind=PollKind.YES_NO), name="poll_rules_by_yes_or_no"
            ),
            models.CheckConstraint(
                condition=Q(shares_needed__isnull=True, shares_made__isnull=True)
                | Q(shares_needed__gte=2, shares_made__gte=F("shares_needed")),
                name="poll_shares_needed_of_made",
            ),
            models.CheckConstraint(
                condition=Q(shares_needed__isnull=True)
                | Q(state__in=[PollState.SCHEDULED, PollState.VOID])
                | Q(drilled_at__isnull=False, scrutiny_key__isnull=False),
                name="poll_open_was_drilled",
            ),
            models.CheckConstraint(
                condition=Q(drilled_at__isnull=True)
                | (Q(drilled_by__isnull=False, shares_by__isnull=False) & ~Q(drilled_by=F("shares_by"))),
                name="poll_drilled_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def roll_closed_at(self) -> dt.datetime:
        """Of which hour the roll is, or will be."""
        return self.roll_closed_early_at or self.opens_at

    def is_open(self, at: dt.datetime) -> bool:
        """By the clock: a vote at ``closes_at`` or later is late."""
        return self.state == PollState.OPEN and self.opens_at <= at < self.closes_at


class RollEntryQuerySet(models.QuerySet["RollEntry"]):
    """Questions about the frozen roll."""

    def voted(self) -> Self:
        return self.filter(voted=True)


class RollEntry(models.Model):
    """One elector on the frozen roll, with the sealed envelope while the vote is open.

    ``envelope_version`` counts replacements: a cast names the version it replaces.
    ``membership`` is not referred to: a later transfer changes nothing here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="roll")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    counts_for_quorum = models.BooleanField(default=True)
    envelope = models.BinaryField(null=True, editable=False)
    envelope_version = models.PositiveIntegerField(default=0)
    voted = models.BooleanField(default=False)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll entry")
        verbose_name_plural = _("electoral roll")
        constraints = [
            # one member, one vote
            models.UniqueConstraint(fields=["poll", "member"], name="roll_entry_one_member_one_vote"),
            models.CheckConstraint(
                condition=Q(envelope__isnull=True) | Q(voted=True), name="roll_entry_sealed_is_voted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.member_id}"


class Scrutineer(models.Model):
    """Who was given which share of the scrutineers' key of ``poll``. The share itself is on her paper only."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="scrutineers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("scrutineer")
        verbose_name_plural = _("scrutineers")
        constraints = [
            models.UniqueConstraint(fields=["poll", "member"], name="scrutineer_one_share_each"),
            models.UniqueConstraint(fields=["poll", "number"], name="scrutineer_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.number}"


class Ballot(models.Model):
    """One opened ballot. Written once, at the count, in the order of its random id."""

    id = models.CharField(max_length=32, primary_key=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="ballots")
    #: ``["yes"]``, the approved option ids, or ``[]`` for blank.
    marks: models.JSONField[list[str], list[str]] = models.JSONField()
    spoilt = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.id


class CheckCode(models.Model):
    """The code a voter was shown; published as a list apart, never beside a ballot."""

    code = models.CharField(max_length=32, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="check_codes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "code"], name="check_code_once_in_a_poll")]

    def __str__(self) -> str:
        return self.code


class NamedVote(models.Model):
    """A delegate's vote by name, for polls whose secrecy is ``named``."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="named_votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="named_votes")
    marks: models.JSONField[list[str], list[str]] = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="named_vote_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.marks}"
