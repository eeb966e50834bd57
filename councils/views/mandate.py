"""Pages of mandates: instruct by a vote, write down what an assembly decided, confirm it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain.mandate import confirm_mandate, consult_electorate, enter_mandate
from councils.errors import Refused
from councils.forms.mandate import ConsultForm, DecidedForm
from councils.models import Mandate, Question, RuleSet
from councils.models.electorate import bodies_voting_with
from councils.rules import Rules
from councils.views.acting import acting_member
from councils.views.election_page import evening_from
from councils.views.question import question_for


@require_http_methods(["GET", "POST"])
def instruct(request: HttpRequest, uuid: UUID, electorate: UUID) -> HttpResponse:
    """Two ways: a vote of ``electorate`` now (``do`` = ``vote``), or what its assembly decided by hands."""
    member, now = acting_member(request), timezone.now()
    question = question_for(member, uuid, now)
    body = get_object_or_404(bodies_voting_with(member, now).select_related("territory"), uuid=electorate)
    permissions.require("consult_electorate", by=member, on=body, at=now)
    rules = Rules.read(getattr(RuleSet.objects.in_force(body, now), "rules", {}))
    closes_at = evening_from(now + dt.timedelta(days=rules.voting_days))
    do = request.POST.get("do")
    vote = ConsultForm(request.POST if do == "vote" else None, initial={"closes_at": closes_at})
    decided = DecidedForm(request.POST if do == "decided" else None, initial={"decided_on": local_day(now)})
    form = vote if do == "vote" else decided
    if request.method == "POST" and form.is_valid():
        try:
            if do == "vote":
                consult_electorate(question=question, electorate=body, by=member, at=now, **vote.cleaned_data)
                said = _("The vote is open. Its result instructs your delegates.")
            else:
                enter_mandate(question=question, assembly=body, by=member, at=now, **decided.decided)
                said = _("Entered. It holds once another person of the committee confirms it.")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("question", uuid)
    context = {
        "question": question,
        "body": body,
        "vote_form": vote,
        "form": form,
        "decided_form": decided,
        "may_enter": permissions.may("enter_mandate", by=member, on=body, at=now),
        "now": now,
    }
    return render(request, "councils/mandate/instruct.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The second person of the committee."""
    member, now = acting_member(request), timezone.now()
    visible = Question.objects.visible_to(member, local_day(now))
    mandate = get_object_or_404(Mandate.objects.filter(poll__council_question__in=visible), uuid=uuid)
    confirm_mandate(mandate=mandate, by=member, at=now)
    messages.success(request, _("Confirmed. The delegates are instructed."))
    return redirect("question", mandate.poll.council_question.uuid)
