"""Alerts: the list, raising one, its page, and each act on it. Outside its time there is no page: 404."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils.clock import local_day
from councils.errors import Refused
from councils.models import Member
from councils.models.electorate import councils_above
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.domain import alert as alerts
from production.domain import alert_level as levels
from production.domain import alert_motion as motion_verbs
from production.domain.alert_list import lists_for
from production.domain.calendar import factory_of, production_day
from production.domain.escalation import take_due_steps
from production.domain.sheet import workplaces_of
from production.forms.alert import AnswerForm, DecideForm, ExtendForm, HelpForm, RaiseForm, ReplyForm, TextForm
from production.models import Alert, AlertEntry, AlertMotion, Series
from production.views.alert_page import AlertPage, alert_for, shown


@require_GET
def list_alerts(request: HttpRequest) -> HttpResponse:
    """Those of her workplaces, those that came up to a council over her, and notes that ask for help."""
    member, now = acting_member(request), timezone.now()
    take_due_steps(at=now)
    context = {
        "lists": lists_for(member=member, at=now),
        "workplaces": workplaces_of(member=member, at=now),
        "now": now,
    }
    return render(request, "production/alert/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def raise_alert(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """“Something is wrong here”, by whoever works there."""
    member, now = acting_member(request), timezone.now()
    workplace = get_object_or_404(workplaces_of(member=member, at=now), uuid=uuid)
    today = production_day(factory=factory_of(workplace), at=now)
    series = Series.objects.of_workplace(workplace).valid_on(today)
    asked = request.POST if request.method == "POST" else None
    form = RaiseForm(asked, workplace=workplace, series=series, initial={"series": request.GET.get("series", "")})
    if asked is not None and form.is_valid():
        data = {**form.cleaned_data, "place": form.cleaned_data["place"] or workplace}
        try:
            alert = alerts.raise_alert(by=member, at=now, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("alert", alert.uuid)
    context = {"workplace": workplace, "form": form}
    return render(request, "production/alert/raise.html", context, status=422 if form.errors else 200)


@require_GET
def show_alert(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One alert, as she may see it."""
    member, now = acting_member(request), timezone.now()
    return shown(request, alert_for(member, uuid, now), member=member, at=now)


def _act(
    request: HttpRequest, uuid: UUID, name: str, form: forms.Form, verb: Callable[[Alert, Member, dt.datetime], object]
) -> HttpResponse:
    """Do ``verb``; what cannot stand comes back on the form ``name``, with everything typed."""
    member, now = acting_member(request), timezone.now()
    alert = alert_for(member, uuid, now)
    if form.is_valid():
        try:
            verb(alert, member, now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is written down."))
            return redirect("alert", uuid)
    return shown(request, alert, member=member, at=now, failed={name: form})


@require_POST
def acknowledge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Seen."""
    member, now = acting_member(request), timezone.now()
    alerts.acknowledge_alert(alert=alert_for(member, uuid, now), by=member, at=now)
    return redirect("alert", uuid)


@require_POST
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the workplace did or lacks; of the committee it is a plan, and may go up at once."""
    form = AnswerForm(request.POST)

    def write(alert: Alert, member: Member, at: dt.datetime) -> None:
        committee = may("plan_alert", by=member, on=alert, at=at)
        verb = alerts.plan_alert if committee else alerts.explain_alert
        entry = verb(alert=alert, text=form.cleaned_data["text"], by=member, at=at)
        if committee and form.cleaned_data["go"] == "up":
            alerts.mark_for_sending(entry=entry, by=member, at=at)

    return _act(request, uuid, "answer", form, write)


@require_POST
def ask_help(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A note to a council above."""
    member, now = acting_member(request), timezone.now()
    bodies = councils_above(alert_for(member, uuid, now).workplace, local_day(now))
    form = HelpForm(request.POST, bodies=bodies, prefix="help")
    return _act(
        request,
        uuid,
        "help",
        form,
        lambda alert, by, at: levels.ask_help(alert=alert, by=by, at=at, **form.cleaned_data),
    )


@require_POST
def settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It is over: settled, a false alarm, or taken back by who raised it."""
    form = TextForm(request.POST, prefix="settle")
    verb = {"false_alarm": alerts.mark_false_alarm, "withdraw": alerts.withdraw_alert}.get(
        request.POST.get("do", ""), alerts.settle_alert
    )
    return _act(
        request, uuid, "settle", form, lambda alert, by, at: verb(alert=alert, by=by, at=at, **form.cleaned_data)
    )


@require_POST
def up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Not to wait: the committee sends it up, or whoever sees danger to people."""
    form = TextForm(request.POST, prefix="up")
    verb = alerts.warn_of_danger if request.POST.get("do") == "danger" else levels.send_up
    return _act(request, uuid, "up", form, lambda alert, by, at: verb(alert=alert, by=by, at=at, **form.cleaned_data))


@require_POST
def extend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the committee asks for more time."""
    form = ExtendForm(request.POST, prefix="extend")
    verb = motion_verbs.ask_extension
    return _act(
        request, uuid, "extend", form, lambda alert, by, at: verb(alert=alert, by=by, at=at, **form.cleaned_data)
    )


@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the committee enters that the assembly closed it."""
    form = DecideForm(request.POST, prefix="decide")
    verb = motion_verbs.ask_close
    return _act(
        request, uuid, "decide", form, lambda alert, by, at: verb(alert=alert, by=by, at=at, **form.cleaned_data)
    )


@require_POST
def reply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A council answers, or hands it back."""
    member, now = acting_member(request), timezone.now()
    bodies = AlertPage(alert_for(member, uuid, now), member, now, {}).sight.here
    form = ReplyForm(request.POST, bodies=bodies, prefix="reply")

    def write(alert: Alert, by: Member, at: dt.datetime) -> None:
        if request.POST.get("do") == "hand_back":
            levels.hand_back(alert=alert, text=form.cleaned_data["text"], by=by, at=at)
        else:
            levels.answer_alert(alert=alert, by=by, at=at, **form.cleaned_data)

    return _act(request, uuid, "reply", form, write)


@require_POST
def mark(request: HttpRequest, uuid: UUID, entry: UUID) -> HttpResponse:
    """A line goes up with the alert, or stays here after all."""
    member, now = acting_member(request), timezone.now()
    line = get_object_or_404(AlertEntry, uuid=entry, alert=alert_for(member, uuid, now))
    verb = alerts.keep_inside if request.POST.get("do") == "keep" else alerts.mark_for_sending
    verb(entry=line, by=member, at=now)
    return redirect("alert", uuid)


@require_POST
def confirm(request: HttpRequest, uuid: UUID, motion: UUID) -> HttpResponse:
    """Another person says the same."""
    member, now = acting_member(request), timezone.now()
    alert = alert_for(member, uuid, now)
    require("confirm_motion", by=member, on=alert, at=now)
    row = get_object_or_404(AlertMotion, uuid=motion, alert=alert)
    motion_verbs.confirm_motion(motion=row, by=member, at=now)
    messages.success(request, _("It is written down."))
    return redirect("alert", uuid)
