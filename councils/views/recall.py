"""Pages of recalls: asking for one, its page, support, the holder's answer.

No page says to whom it belongs what she did: support is answered by a redirect, without a message, which
would be kept with the session.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain import outcome
from councils.domain.recall import answer_recall, bring_up_to_date, call_recall, support_recall, withdraw_support
from councils.errors import Refused
from councils.forms.recall import AnswerForm, ReasonForm
from councils.models import Body, Member, Recall, RuleSet, Seat
from councils.rules import Rules
from councils.views.acting import acting_member
from councils.views.recall_page import RecallPage, page_of


def recall_for(member: Member, uuid: UUID, at: dt.datetime) -> Recall:
    """The recall, up to date with its vote, if ``member`` may see it; else 404."""
    found = get_object_or_404(Recall.objects.visible_to(member, at, local_day(at)).distinct(), uuid=uuid)
    recall = bring_up_to_date(recall=found, at=at)
    if recall.poll is not None:
        outcome.bring_up_to_date(poll=recall.poll, at=at)
    everything = Recall.objects.select_related(
        "seat__holder", "seat__body__territory", "seat__elected_by__territory", "rule_set", "poll__rule_set"
    )
    return everything.get(pk=recall.pk)


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for the recall of the seat ``uuid``."""
    member, now = acting_member(request), timezone.now()
    mine = Q(elected_by__in=Body.objects.electing(member, local_day(now)))
    councils = Q(elected_by__in=Seat.objects.held_at(now).of(member).values("body"))
    seats = Seat.objects.filter(mine | councils).select_related("holder", "body__territory", "elected_by__territory")
    seat = get_object_or_404(seats.distinct(), uuid=uuid)
    permissions.require("call_recall", by=member, on=seat, at=now)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recall = call_recall(seat=seat, reason=form.cleaned_data["reason"], by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("recall", recall.uuid)
    rules = Rules.read(getattr(RuleSet.objects.in_force(seat.elected_by, now), "rules", {}))
    context = {"form": form, "seat": seat, "rules": rules.recall_in_words()}
    return render(request, "councils/recall/call.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, page: RecallPage, form: AnswerForm | None = None) -> HttpResponse:
    if form is None and page.may_answer:
        form = AnswerForm(initial={"answer": page.recall.answer})
    context = {"page": page, "vote": page.vote, "form": form, "now": page.now}
    return render(request, "councils/recall/show.html", context, status=422 if form and form.errors else 200)


@require_GET
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One recall: where it stands, the reason and the answer, what may be done now."""
    member, now = acting_member(request), timezone.now()
    return _shown(request, page_of(recall_for(member, uuid, now), member=member, at=now))


@require_POST
def support(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for it too."""
    member, now = acting_member(request), timezone.now()
    support_recall(recall=recall_for(member, uuid, now), by=member, at=now)
    return redirect("recall", uuid)


@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for it no longer."""
    member, now = acting_member(request), timezone.now()
    withdraw_support(recall=recall_for(member, uuid, now), by=member, at=now)
    return redirect("recall", uuid)


@require_POST
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the holder says to it."""
    member, now = acting_member(request), timezone.now()
    recall = recall_for(member, uuid, now)
    permissions.require("answer_recall", by=member, on=recall, at=now)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_recall(recall=recall, answer=form.cleaned_data["answer"], by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("recall", uuid)
    return _shown(request, page_of(recall, member=member, at=now), form)
