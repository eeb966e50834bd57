"""Pages of lists: putting one forward, naming people on it, its order."""

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
from councils.domain.candidate_list import move_on_list, put_forward_list
from councils.domain.nomination import nominate
from councils.errors import Refused
from councils.forms.election import ListForm, NominationForm
from councils.models import CandidateList, Election, Member, Nomination
from councils.views.acting import acting_member
from councils.views.election import election_for, found_people, people_of
from councils.views.election_page import ListOnPage, page_of


def list_for(member: Member, uuid: UUID, at: dt.datetime) -> CandidateList:
    """The list, its election up to date, if ``member`` may see it; else 404."""
    visible = Election.objects.visible_to(member, local_day(at))
    found = get_object_or_404(CandidateList.objects.filter(election__in=visible), uuid=uuid)
    found.election = election_for(member, found.election.uuid, at)
    return found


@require_http_methods(["GET", "POST"])
def put_forward(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new list in the election ``uuid``: its name; people follow on its page."""
    member, now = acting_member(request), timezone.now()
    election = election_for(member, uuid, now)
    permissions.require("put_forward_list", by=member, on=election, at=now)
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = put_forward_list(election=election, name=form.cleaned_data["name"], by=member, at=now)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The list is there. Now name people on it; each must accept."))
            return redirect("candidate_list", made.uuid)
    context = {"page": page_of(election, member=member, at=now), "form": form, "now": now}
    return render(request, "councils/candidate_list/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def show_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The list of whoever put it forward: its people in their order, and (POST) one more named."""
    member, now = acting_member(request), timezone.now()
    candidate_list = list_for(member, uuid, now)
    election = candidate_list.election
    permissions.require("name_on_list", by=member, on=candidate_list, at=now)
    form = NominationForm(request.POST if request.method == "POST" else None, initial={"nominee": member.uuid})
    if request.method == "POST" and form.is_valid():
        nominee = get_object_or_404(people_of(election, now), uuid=form.cleaned_data["nominee"])
        try:
            nominate(election=election, nominee=nominee, by=member, at=now, on_list=candidate_list)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("You stand.") if nominee == member else _("Named. It counts once that person accepts.")
            messages.success(request, said)
            return redirect("candidate_list", uuid)
    page = page_of(election, member=member, at=now)
    mine = next((row for row in page.lists if row.candidate_list == candidate_list), ListOnPage(candidate_list, []))
    context = {"page": page, "list": mine, "form": form, "now": now, **found_people(request, election, now)}
    return render(request, "councils/candidate_list/show.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: HttpRequest, uuid: UUID, way: str) -> HttpResponse:
    """One place up or down on its list."""
    member, now = acting_member(request), timezone.now()
    visible = Election.objects.visible_to(member, local_day(now))
    rows = Nomination.objects.filter(election__in=visible, candidate_list__isnull=False)
    nomination = get_object_or_404(rows.select_related("candidate_list__election__electorate", "election"), uuid=uuid)
    assert nomination.candidate_list is not None
    move_on_list(nomination=nomination, up=way == "up", by=member, at=now)
    return redirect("candidate_list", nomination.candidate_list.uuid)
