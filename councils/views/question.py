"""Pages of a council's questions: one of them, the form, the withdrawal."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain import outcome
from councils.domain.question import put_question, withdraw_question
from councils.domain.replacement import now_standing_in
from councils.enums import PollState
from councils.errors import Refused
from councils.forms.question import QuestionForm
from councils.models import Member, Poll, Question, RuleSet
from councils.rules import Rules
from councils.text import render as as_html
from councils.views.acting import acting_member
from councils.views.council import council_for
from councils.views.election_page import evening_from
from councils.views.instructions import told_for
from councils.views.poll_parts import parts_of
from councils.views.rule_changes import changes_of_poll


def question_for(member: Member, uuid: UUID, at: dt.datetime) -> Question:
    """The question, its vote up to date, if ``member`` may see it; else 404."""
    visible = Question.objects.visible_to(member, local_day(at))
    question = get_object_or_404(visible.select_related("body__territory", "author", "poll__rule_set"), uuid=uuid)
    question.poll = outcome.bring_up_to_date(poll=question.poll, at=at)
    for poll in Poll.objects.filter(consultation__question=question).exclude(state=PollState.DECLARED):
        outcome.bring_up_to_date(poll=poll, at=at)
    return question


@require_GET
def show_question(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its text, its vote, the rules that govern it."""
    member, now = acting_member(request), timezone.now()
    question = question_for(member, uuid, now)
    vote = parts_of(poll=question.poll, member=member, at=now)
    told = told_for(question.poll, member=member, at=now)
    context = {
        "question": question,
        "vote": vote,
        "html": as_html(question.text),
        "told": told,
        "stand_ins": now_standing_in([seat for row in told for seat in row.seats], question.poll.opens_at),
        "rules": Rules.read(question.poll.rule_set.rules).question_in_words(
            rules=question.poll.rule_changes is not None
        ),
        "rule_changes": changes_of_poll(question.poll, at=now),
        "may_withdraw": vote.stage == "scheduled"
        and permissions.may("withdraw_question", by=member, on=question, at=now),
        "now": now,
    }
    return render(request, "councils/question/show.html", context)


def first_windows(rules: Rules, at: dt.datetime) -> dict[str, dt.datetime]:
    """The shortest windows that the rules allow, in the evening."""
    opens_at = evening_from(at + dt.timedelta(days=rules.deliberation_days))
    return {"opens_at": opens_at, "closes_at": evening_from(opens_at + dt.timedelta(days=rules.voting_days))}


@require_http_methods(["GET", "POST"])
def new_question(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a question to the council ``uuid``."""
    member, now = acting_member(request), timezone.now()
    council = council_for(member, uuid, now)
    permissions.require("put_question", by=member, on=council, at=now)
    rules = Rules.read(getattr(RuleSet.objects.in_force(council, now), "rules", {}))
    form = QuestionForm(request.POST or None, initial=first_windows(rules, now))
    if request.method == "POST" and form.is_valid():
        try:
            question = put_question(body=council, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The question is put. Its vote opens by itself."))
            return redirect("question", question.uuid)
    context = {"form": form, "council": council, "rules": rules.question_in_words()}
    return render(request, "councils/question/new.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take it back before the vote begins."""
    member, now = acting_member(request), timezone.now()
    question = question_for(member, uuid, now)
    withdraw_question(question=question, by=member, at=now)
    messages.success(request, _("Withdrawn. It stays to be read."))
    return redirect("question", uuid)
