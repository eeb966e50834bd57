"""Pages of moderation: the queue with its clocks, the decision, and the complaint that asks for one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from councils import permissions
from councils.clock import local_day
from councils.domain.moderation import complain_about_proposal, moderate_proposal, require_moderator
from councils.domain.proposal_tasks import awaiting
from councils.enums import ProposalState
from councils.errors import Refused
from councils.forms.moderation import ModerationForm, ReasonForm
from councils.models import Proposal
from councils.views.acting import acting_member
from councils.views.proposal import PER_PAGE, posted, proposal_for
from councils.views.proposal_page import page_of, row_of


@require_GET
def list_moderation(request: HttpRequest) -> HttpResponse:
    """What waits to be moderated in my workplaces, the nearest deadline first; mine wait for another."""
    member, now = acting_member(request), timezone.now()
    related = ("body__territory", "poll", "author")
    mine = Proposal.objects.visible_to(member, local_day(now)).in_state_at(ProposalState.MODERATION, now)
    page = Paginator(
        awaiting(member, now).select_related(*related).order_by("moderation_due_at", "pk"), PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [row_of(proposal, now) for proposal in page],
        "own": mine.filter(author=member).order_by("moderation_due_at"),
        "now": now,
    }
    return render(request, "councils/proposal/moderation.html", context)


@require_http_methods(["GET", "POST"])
def moderate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read it and decide, with a reason that is published."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    require_moderator(proposal=proposal, by=member, at=now)
    form = ModerationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            moderate_proposal(proposal=proposal, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Decided. Your reason is published with your name."))
            return redirect("proposal", uuid)
    context = {"form": form, "proposal": proposal, "page": page_of(proposal, member=member, at=now), "now": now}
    return render(request, "councils/proposal/moderate.html", context)


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask that a text which went straight to the assembly be moderated."""
    member, now = acting_member(request), timezone.now()
    proposal = proposal_for(member, uuid, now)
    permissions.require("complain_about_proposal", by=member, on=proposal, at=now)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            complain_about_proposal(proposal=proposal, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The complaint is published and a delegate moderates the proposal."))
            return redirect("proposal", uuid)
    return render(request, "councils/proposal/complain.html", {"form": form, "proposal": proposal})
