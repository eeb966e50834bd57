"""Alert: something changed, or somebody says so; who has it and until when; and everything that was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.clock import local_day
from councils.enums import COUNCIL_OF
from councils.models import Body, RuleSet, Territory
from councils.models.constraints import WrittenOnce
from councils.models.electorate import bodies_voting_with
from production.enums import AlertKind, AlertOrigin, AlertState, EntryKind, MotionKind
from production.models.indicator import Series

if TYPE_CHECKING:
    from councils.models import Member

#: Letters of what somebody says is wrong, in one line; of an answer.
TITLE_LIMIT, TEXT_LIMIT = 160, 4000


def councils_of(member: Member, at: dt.datetime) -> models.QuerySet[Body]:
    """Councils under which she works, in which she sits, or in which she stands in for somebody.

    Two queries now, because both inside the query that is asked for are deeper than SQLite reads.
    """
    kinds = list(COUNCIL_OF.values())
    found = [Body.objects.followed_by(member, local_day(at)), bodies_voting_with(member, at)]
    ids = {pk for bodies in found for pk in bodies.filter(kind__in=kinds).values_list("pk", flat=True)}
    return Body.objects.filter(pk__in=ids)


class AlertQuerySet(models.QuerySet["Alert"]):
    """Access starts from the member's scope. No role sees more: neither who keeps the installation nor a superuser."""

    def open(self) -> Self:
        return self.filter(state=AlertState.OPEN)

    def inside(self, member: Member, at: dt.datetime) -> Self:
        """Those of the workplaces to which she belongs."""
        workplaces = Territory.objects.workplaces().of_member(member, local_day(at))
        return self.filter(workplace__in=list(workplaces.values_list("pk", flat=True)))

    def came_up_to(self, bodies: models.QuerySet[Body], at: dt.datetime) -> Self:
        """Those that one of the councils ``bodies`` has or had."""
        return self.filter(pk__in=AlertHold.objects.filter(body__in=bodies, from_at__lte=at).values("alert"))

    def visible_to(self, member: Member, at: dt.datetime) -> Self:
        """Those of her workplaces, and those that came up to a council over her, as the clock has it written down.

        Ask after ``production.domain.escalation.take_due_steps``, so that the clock holds with no worker running.
        """
        return self.inside(member, at) | self.came_up_to(councils_of(member, at), at)


class Alert(models.Model):
    """``number`` counts within the workplace alone, so that a gap tells nobody outside that there was another.

    What the engine found stands in ``kind`` to ``probability`` as it judges now, and ``evidence`` as it stood when it
    judged so (``production.analysis.finding``). Raised by hand: ``title`` says what is wrong, and there is no finding.
    Nothing here but the state, the finding and ``danger`` ever changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(Territory, models.PROTECT, related_name="alerts")
    number = models.PositiveIntegerField()
    #: The workplace, or the section of it that it is about.
    place = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="alerts")
    origin = models.CharField(max_length=6, choices=AlertOrigin.choices)
    title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    danger = models.BooleanField(default=False)
    kind = models.CharField(max_length=9, choices=AlertKind.choices, blank=True)
    finding: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    evidence: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=11, choices=AlertState.choices, default=AlertState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["workplace", "number"], name="alert_number_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state="open", series__isnull=False), name="alert_one_open_per_series"
            ),
            models.CheckConstraint(
                condition=Q(origin="engine", series__isnull=False, raised_by__isnull=True, kind__in=AlertKind.values)
                | (Q(origin="hand", raised_by__isnull=False, kind="") & ~Q(title="")),
                name="alert_has_an_origin",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state="open") & Q(closed_at__gte=F("opened_at"))),
                name="alert_closed_after_opened",
            ),
            # what was raised by hand is closed by its author or the assembly, never by engine or committee
            models.CheckConstraint(
                condition=~Q(origin="hand") | Q(state__in=["open", "withdrawn", "decided"]), name="alert_by_hand_stays"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(closed_by__isnull=False, closed_by=F("raised_by")),
                name="alert_withdrawn_by_its_author",
            ),
        ]
        indexes = [models.Index(fields=["workplace", "state"], name="alert_of_workplace")]

    def __str__(self) -> str:
        return f"{self.workplace} {self.number}"


class AlertHoldQuerySet(models.QuerySet["AlertHold"]):
    """Who has which alert."""

    def current(self) -> Self:
        return self.filter(until_at__isnull=True)

    def due(self, at: dt.datetime) -> Self:
        """Whose time is over at ``at`` and whose next step has not been taken."""
        return self.current().filter(due_at__lte=at, ran_out_at__isnull=True)


class AlertHold(models.Model):
    """``body`` has ``alert`` from ``from_at`` to ``until_at`` (NULL: still), and time to settle it until ``due_at``.

    The moments are true: those at which it was due, however late somebody wrote them down. ``ran_out_at``: its time
    is over and nobody is above, so it stays here. ``days`` working days, by the rules ``rule_set``; NULL: no clock.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="holds")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    ran_out_at = models.DateTimeField(null=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")

    objects = AlertHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold of an alert")
        verbose_name_plural = _("holds of alerts")
        constraints = [
            models.UniqueConstraint(fields=["alert"], condition=Q(until_at__isnull=True), name="alert_hold_one"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="alert_hold_forward"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, days__isnull=True) | Q(due_at__gt=F("from_at"), days__isnull=False),
                name="alert_hold_due_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ran_out_at__isnull=True) | Q(ran_out_at__gte=F("from_at")), name="alert_hold_ran_out_after"
            ),
        ]
        indexes = [
            models.Index(fields=["body", "from_at"], name="alert_hold_of_body"),
            models.Index(
                fields=["due_at"],
                condition=Q(until_at__isnull=True, ran_out_at__isnull=True, due_at__isnull=False),
                name="alert_hold_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} · {self.body}"


class AlertEntry(models.Model):
    """One line of the log. ``author`` NULL: the engine or the clock. Written once: a mark to send is a line of its own.

    ``body``: the level that spoke, to which it went, or that is asked for help. ``about``: the line that it marks or
    answers. ``detail``: what the engine found then, with its evidence, where the line is about that.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    at = models.DateTimeField()
    text = models.TextField(max_length=TEXT_LIMIT, blank=True)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("line of an alert's log")
        verbose_name_plural = _("lines of alerts' logs")
        constraints = [
            WrittenOnce(name="alert_entry_written_once"),
            models.UniqueConstraint(
                fields=["alert", "author"], condition=Q(kind="acknowledged"), name="alert_acknowledged_once"
            ),
        ]
        indexes = [models.Index(fields=["alert", "at"], name="alert_entry_of_alert")]

    def __str__(self) -> str:
        return f"{self.alert} {self.kind}"


class AlertMotion(models.Model):
    """What one asks for and another confirms: more time for ``hold``, or that the assembly closed the alert.

    ``days``: so much more time. ``decided_on``: the day of the assembly. ``dropped_at``: another was asked for instead.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=6, choices=MotionKind.choices)
    hold = models.ForeignKey(AlertHold, models.PROTECT, related_name="motions")
    days = models.PositiveSmallIntegerField(null=True)
    decided_on = models.DateField(null=True)
    text = models.TextField(max_length=TEXT_LIMIT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("motion about an alert")
        verbose_name_plural = _("motions about alerts")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")), name="alert_motion_by_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__gte=F("asked_at"), dropped_at__isnull=True),
                name="alert_motion_confirmed_after",
            ),
            models.CheckConstraint(
                condition=Q(kind="extend", days__isnull=False, decided_on__isnull=True)
                | Q(kind="close", days__isnull=True, decided_on__isnull=False),
                name="alert_motion_says_what",
            ),
            models.UniqueConstraint(
                fields=["alert"], condition=Q(kind="extend", confirmed_by__isnull=False), name="alert_extended_once"
            ),
            models.UniqueConstraint(
                fields=["alert", "kind"],
                condition=Q(confirmed_by__isnull=True, dropped_at__isnull=True),
                name="alert_motion_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} {self.kind}"
