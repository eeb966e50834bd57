"""What the page of an alert shows: the sight of one member, the forms of what she may do, who has it, who is next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from councils.clock import local_day
from councils.enums import BodyKind
from councils.models import Body, Member, Seat
from councils.models.electorate import councils_above, is_council
from councils.names import sort_key
from councils.permissions import may
from production.domain.alert_sight import Sight, sight_of
from production.domain.alert_words import change_words, expected_words, headline, kind_words, sign_of, sure_words
from production.domain.escalation import bring_up_to_date, council_over, route_of
from production.enums import AlertOrigin, AlertState, EntryKind, MotionKind
from production.forms.alert import AnswerForm, DecideForm, ExtendForm, HelpForm, ReplyForm, TextForm
from production.intake.units import unit_words
from production.models import Alert, AlertMotion

#: Acts of the page, as its forms name them.
ACTS = (
    "acknowledge_alert",
    "explain_alert",
    "plan_alert",
    "ask_help",
    "settle_alert",
    "mark_false_alarm",
    "withdraw_alert",
    "warn_of_danger",
    "mark_for_sending",
    "send_up",
    "move_motion",
    "confirm_motion",
)


def alert_for(member: Member, uuid: UUID, at: dt.datetime) -> Alert:
    """The alert, up to date, if ``member`` may see it then; to everybody else there is none: 404.

    The steps that are due come first: what came up a moment ago is seen now, with no worker running.
    """
    found = Alert.objects.filter(uuid=uuid).first()
    if found is not None:
        bring_up_to_date(alert=found, at=at)
    visible = Alert.objects.visible_to(member, at).distinct()
    return get_object_or_404(visible.select_related("workplace", "place", "series__indicator"), uuid=uuid)


@dataclass
class AlertPage:
    """One request for one alert. ``failed``: the form that was sent and cannot stand, by its name."""

    alert: Alert
    member: Member
    now: dt.datetime
    failed: dict[str, forms.Form]

    def __post_init__(self) -> None:
        self.sight: Sight = sight_of(alert=self.alert, member=self.member, at=self.now)
        self.may = {verb: self._may(verb) for verb in ACTS}

    def _may(self, verb: str) -> bool:
        return self.alert.state == AlertState.OPEN and may(verb, by=self.member, on=self.alert, at=self.now)

    def councils(self) -> list[Body]:
        """Councils that have or had it, and in which she acts."""
        if self.alert.state != AlertState.OPEN:
            return []
        return [b for b in self.sight.here if may("answer_alert", by=self.member, on=b, at=self.now)]

    def forms(self) -> dict[str, forms.Form]:
        """The form of each act that she may do now; one that failed as it was sent."""
        sight, by_hand = self.sight, self.alert.origin == AlertOrigin.HAND
        found = dict[str, forms.Form]()
        if self.may["explain_alert"]:
            found["answer"] = AnswerForm(initial={"go": "here"})
        if self.may["ask_help"] and (bodies := councils_above(self.alert.workplace, local_day(self.now))):
            found["help"] = HelpForm(bodies=bodies, prefix="help")
        if self.may["withdraw_alert"] if by_hand else self.may["settle_alert"]:
            found["settle"] = TextForm(prefix="settle")
        if self.may["warn_of_danger"] and (self.can_rise() or not self.alert.danger):
            found["up"] = TextForm(prefix="up")
        if self.may["move_motion"]:
            found["decide"] = DecideForm(prefix="decide", initial={"decided_on": local_day(self.now)})
            if self._is_extensible():
                assert sight.hold is not None
                found["extend"] = ExtendForm(prefix="extend", initial={"days": sight.hold.days})
        if councils := self.councils():
            found["reply"] = ReplyForm(bodies=councils, prefix="reply", initial={"body": councils[0].uuid})
        return {**found, **self.failed}

    def can_rise(self) -> bool:
        """Whether she may send it up now: the workplace has it, and somebody above decides."""
        above = council_over(workplace=self.alert.workplace, body=None, at=self.now)
        return self.may["send_up"] and not self.sight.is_up and above is not None

    def _is_extensible(self) -> bool:
        hold = self.sight.hold
        done = AlertMotion.objects.filter(alert=self.alert, kind=MotionKind.EXTEND, confirmed_by__isnull=False)
        return (
            hold is not None
            and not self.sight.is_up
            and hold.due_at is not None
            and hold.ran_out_at is None
            and not done.exists()
        )

    def motions(self) -> list[AlertMotion]:
        """What waits for another's word; inside only."""
        if not self.sight.inside or self.alert.state != AlertState.OPEN:
            return []
        waiting = AlertMotion.objects.filter(alert=self.alert, confirmed_by=None, dropped_at=None)
        return list(waiting.select_related("asked_by").order_by("pk"))

    def stoppers(self) -> list[str]:
        """Who may stop the clock: by name, those of the committee inside; of a council, its delegates."""
        hold = self.sight.hold
        if hold is None or (not self.sight.inside and not self.sight.is_up):
            return []
        body = hold.body
        if self.alert.origin == AlertOrigin.HAND and not is_council(body) and self.alert.raised_by is not None:
            return [self.alert.raised_by.name]
        if not is_council(body):
            committee = Body.objects.filter(territory=self.alert.workplace, kind=BodyKind.COMMITTEE).first()
            body = committee or body
        held = Seat.objects.held_at(self.now).in_body(body).select_related("holder")
        return sorted({seat.holder.name for seat in held}, key=sort_key)

    def context(self) -> dict[str, Any]:
        sight, alert = self.sight, self.alert
        unit = unit_words(sight.evidence.unit, get_language() or "")
        finding, hold = sight.finding, sight.hold
        clock = hold if hold is not None and hold.due_at is not None and hold.ran_out_at is None else None
        return {
            "alert": alert,
            "sight": sight,
            "now": self.now,
            "unit": unit,
            "headline": headline(alert, finding, sight.evidence),
            "kind_words": kind_words(finding),
            "kind_sign": sign_of(finding, danger=alert.danger),
            "change": change_words(finding, unit=unit, frequency=sight.evidence.frequency) if finding else "",
            "expected": expected_words(finding, unit=unit) if finding else "",
            "sure": sure_words(finding) if finding else "",
            "clock": clock if sight.inside or sight.is_up else None,
            "route": route_of(alert=alert, hold=hold, at=self.now)
            if hold is not None and (sight.inside or sight.is_up)
            else [],
            "stoppers": self.stoppers(),
            "may": self.may,
            "can_rise": self.can_rise(),
            "forms": self.forms(),
            "councils": self.councils(),
            "motions": self.motions(),
            "seen": sight.inside and alert.entries.filter(author=self.member, kind=EntryKind.ACKNOWLEDGED).exists(),
            "is_open": alert.state == AlertState.OPEN,
            "by_hand": alert.origin == AlertOrigin.HAND,
        }


def shown(
    request: HttpRequest, alert: Alert, *, member: Member, at: dt.datetime, failed: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The page; ``failed``: a form that was sent, with its errors and all that was typed."""
    page = AlertPage(alert, member, at, failed or {})
    answer = render(request, "production/alert/show.html", page.context(), status=422 if failed else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer
