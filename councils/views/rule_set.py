"""Pages of rules: those of a body, the form that proposes others, and the form that changes such a draft."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from councils import permissions
from councils.domain.deliberation import last_version
from councils.domain.proposal import Overtaken, draft_proposal, revise_proposal
from councils.domain.question import put_question
from councils.domain.rule_set import votes_on_its_rules
from councils.enums import ProposalKind
from councils.errors import Refused
from councils.forms.rule_set import RuleFields, RulesProposalForm, RulesQuestionForm
from councils.models import Body, Member, RuleSet
from councils.models.electorate import is_assembly
from councils.rules import Rules
from councils.views.acting import acting_member
from councils.views.proposal import posted, proposal_for
from councils.views.question import first_windows
from councils.views.rule_set_page import page_of


def body_for(member: Member, uuid: UUID, at: dt.datetime) -> Body:
    """The body, if ``member`` may read its rules; else 404."""
    body = get_object_or_404(Body.objects.select_related("territory"), uuid=uuid)
    if not permissions.may("read_rules", by=member, on=body, at=at):
        raise Http404
    return body


def may_change(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether she may put other rules to the vote of ``body``."""
    verb = "draft_proposal" if is_assembly(body) else "put_question"
    return votes_on_its_rules(body) and permissions.may(verb, by=member, on=body, at=at)


@require_GET
def show_rules(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What holds, in words, and every version with what it changed and how it came."""
    member, now = acting_member(request), timezone.now()
    body = body_for(member, uuid, now)
    page = page_of(body, version=request.GET.get("version", ""), at=now)
    context = {"page": page, "body": body, "may_change": may_change(member, body, now)}
    return render(request, "councils/rule_set/show.html", context)


def _against(request: HttpRequest, body: Body, at: dt.datetime) -> RuleSet:
    """The version that the form shows: the one it was made from, where it says so, else the one in force."""
    said = request.POST.get("against", "")
    found = RuleSet.objects.filter(body=body, version=int(said)).first() if said.isdecimal() and len(said) < 9 else None
    found = found or RuleSet.objects.in_force(body, at)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def propose_rules(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every rule with its present value; what is changed becomes a draft in an assembly, a question in a council."""
    member, now = acting_member(request), timezone.now()
    body = body_for(member, uuid, now)
    if not votes_on_its_rules(body):
        raise Http404
    assembly, against = is_assembly(body), _against(request, body, now)
    permissions.require("draft_proposal" if assembly else "put_question", by=member, on=body, at=now)
    first: dict[str, Any] = {"title": _("Change of the rules")}
    if not assembly:
        first |= first_windows(Rules.read(against.rules), now)
    given: dict[str, Any] = {
        "rules": against.rules,
        "version": against.version,
        "initial": first,
    }
    form = (RulesProposalForm if assembly else RulesQuestionForm)(posted(request), council=not assembly, **given)
    if request.method == "POST" and form.is_valid():
        try:
            return _written(form, body, member, now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "body": body, "assembly": assembly}
    return render(request, "councils/rule_set/form.html", context, status=422 if form.errors else 200)


def _written(form: RuleFields, body: Body, member: Member, at: dt.datetime) -> HttpResponse:
    """Draft the proposal, or put the question, and go to its page."""
    own = ("title", "text") if is_assembly(body) else ("title", "text", "opens_at", "closes_at")
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in own} | {"rule_changes": form.changes}
    if is_assembly(body):
        return redirect("proposal", draft_proposal(body=body, by=member, at=at, **given).uuid)
    return redirect("question", put_question(body=body, by=member, at=at, **given).uuid)


@require_http_methods(["GET", "POST"])
def edit_changes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft, or a returned proposal, of other rules."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    if proposal.kind != ProposalKind.RULES:
        raise Http404
    permissions.require("revise_proposal", by=member, on=proposal, at=now)
    stands, against = last_version(proposal), _against(request, proposal.body, now)
    given: dict[str, Any] = {
        "rules": against.rules,
        "version": against.version,
        "council": False,
        "changes": stands.rule_changes,
        "initial": {"title": stands.title, "text": stands.text, "version": stands.number},
    }
    form = RulesProposalForm(posted(request), **given)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("title", "text", "version")}
        try:
            revise_proposal(proposal=proposal, rule_changes=form.changes, by=member, at=now, **data)
        except Overtaken as refusal:
            form = RulesProposalForm({**request.POST.dict(), "version": refusal.latest.number}, **given)
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("proposal", uuid)
    context = {"form": form, "body": proposal.body, "assembly": True, "proposal": proposal}
    return render(request, "councils/rule_set/form.html", context, status=422 if form.errors else 200)
