"""Pages of proposals: the list, one of them, its text, and what may be done to it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain import outcome
from councils.domain.deliberation import (
    bring_up_to_date,
    convene_vote,
    last_version,
    refuse_unless_convenable,
    rules_of,
)
from councils.domain.proposal import Overtaken, draft_proposal, revise_proposal, submit_proposal, withdraw_proposal
from councils.domain.proposal_tasks import awaiting
from councils.enums import BodyKind, ProposalKind, ProposalState
from councils.errors import Refused
from councils.forms.proposal import ConveneForm, DraftForm, ProposalForm
from councils.models import Body, Member, Proposal
from councils.text import LIMIT, differences, paragraphs
from councils.text import render as render_text
from councils.views.acting import acting_member
from councils.views.proposal_page import chosen, filters, page_of, row_of

PER_PAGE = 20


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form with everything missing, a GET is none."""
    return request.POST if request.method == "POST" else None


def proposal_for(member: Member, uuid: UUID, at: dt.datetime) -> Proposal:
    """The proposal, up to date, if ``member`` may see it; else 404."""
    within = Proposal.objects.visible_to(member, local_day(at))
    found = get_object_or_404(within.select_related("body__territory", "poll", "author", "rule_set"), uuid=uuid)
    found = bring_up_to_date(proposal=found, at=at)
    if found.state == ProposalState.VOTING and found.poll is not None:
        found.poll = outcome.bring_up_to_date(poll=found.poll, at=at)
        found.refresh_from_db(fields=["state", "decided_at"])
    return found


@require_GET
def list_proposals(request: HttpRequest) -> HttpResponse:
    """Those of my assemblies, the newest first; drafts only mine."""
    member, now = acting_member(request), timezone.now()
    visible = Proposal.objects.visible_to(member, local_day(now)).select_related("body__territory", "poll", "author")
    found = chosen(visible, request.GET.get("state", ""), member, now)
    rows = Paginator(found.order_by(F("submitted_at").desc(nulls_first=True), "-pk"), PER_PAGE)
    page = rows.get_page(request.GET.get("page"))
    context = {
        "filters": filters(request.GET.get("state", "")),
        "page": page,
        "rows": [row_of(proposal, now) for proposal in page],
        "to_moderate": awaiting(member, now).count(),
        "assemblies": Body.objects.electing(member, local_day(now)).exists(),
        "now": now,
    }
    return render(request, "councils/proposal/list.html", context)


@require_GET
def show_proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One proposal: where it is, its text, why it was let through, the vote, and what may be done now."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    page = page_of(proposal, member=member, at=now, since=request.GET.get("since", ""))
    return render(request, "councils/proposal/show.html", {"page": page, "proposal": proposal, "now": now})


@require_http_methods(["GET", "POST"])
def new_proposal(request: HttpRequest) -> HttpResponse:
    """Write a draft; the button "preview" shows how it will look and keeps nothing."""
    member, now = acting_member(request), timezone.now()
    assemblies = (
        Body.objects.electing(member, local_day(now)).filter(kind=BodyKind.ASSEMBLY).select_related("territory")
    )
    form = DraftForm(posted(request), assemblies=assemblies)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            proposal = draft_proposal(**form.cleaned_data, by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Draft saved. Only you see it until you submit it."))
            return redirect("proposal", proposal.uuid)
    context = {"form": form, "preview": _preview(request), "assemblies": assemblies}
    return render(request, "councils/proposal/form.html", context)


@require_http_methods(["GET", "POST"])
def edit_proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft or a returned text. If it was changed elsewhere meanwhile, both texts are shown."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    permissions.require("revise_proposal", by=member, on=proposal, at=now)
    if proposal.kind == ProposalKind.RULES:
        return redirect("proposal_rules", uuid)
    stands = last_version(proposal)
    first = {"title": stands.title, "text": stands.text, "version": stands.number}
    form, overtaken = ProposalForm(posted(request), initial=first), None
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            revise_proposal(proposal=proposal, by=member, at=now, **form.cleaned_data)
        except Overtaken as refusal:
            overtaken = paragraphs(differences(refusal.latest.text, form.cleaned_data["text"]))
            form = ProposalForm({**request.POST.dict(), "version": refusal.latest.number})
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("proposal", proposal.uuid)
    context = {
        "form": form,
        "preview": _preview(request),
        "proposal": proposal,
        "stands": stands,
        "overtaken": overtaken,
    }
    return render(request, "councils/proposal/form.html", context)


def _preview(request: HttpRequest) -> str:
    return render_text(request.POST.get("text", "")[:LIMIT]) if "preview" in request.POST else ""


@require_POST
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send it to moderation, or to the assembly."""
    member, now = acting_member(request), timezone.now()
    on_paper = request.POST.get("on_paper") == "yes"
    submit_proposal(proposal=proposal_for(member, uuid, now), by=member, at=now, on_paper=on_paper)
    messages.success(request, _("Submitted. Your workplace sees it from now on."))
    return redirect("proposal", uuid)


@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take it back."""
    member, now = acting_member(request), timezone.now()
    withdraw_proposal(proposal=proposal_for(member, uuid, now), by=member, at=now)
    messages.success(request, _("Withdrawn."))
    return redirect("proposal", uuid)


@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put it to the vote now."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    permissions.require("convene_vote", by=member, on=proposal, at=now)
    refuse_unless_convenable(proposal)
    form = ConveneForm(posted(request), least=rules_of(proposal).voting_days)
    if request.method == "POST" and form.is_valid():
        try:
            convened = convene_vote(proposal=proposal, days=form.cleaned_data["days"], by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = convened.poll is not None and convened.poll.opens_at > now
            messages.success(request, _("The vote opens at 6:00.") if waits else _("The vote is open."))
            return redirect("proposal", uuid)
    return render(request, "councils/proposal/convene.html", {"form": form, "proposal": proposal})
