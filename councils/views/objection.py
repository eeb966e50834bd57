"""Pages of objections: the closed roll, objecting to it or to a result, one objection with its answer."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain.objection import (
    answer_objection,
    confirm_objection,
    is_contestable,
    object_to_result,
    object_to_roll,
)
from councils.enums import ObjectionKind
from councils.errors import Refused
from councils.forms.election import SearchForm
from councils.forms.objection import AnswerForm, ConfirmForm, ResultObjectionForm, RollObjectionForm
from councils.models import Election, Member, Objection, Seat
from councils.models.electorate import is_assembly, memberships_of
from councils.names import name_key, sort_key
from councils.views.acting import acting_member
from councils.views.election import election_for
from councils.views.election_page import page_of
from councils.views.objection_page import LOADED, ObjectionRow
from councils.views.roll_search import found_in

PER_PAGE = 50
FOUND = 20


@require_GET
def show_roll(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The closed roll by name, and what was objected to it; never who has voted."""
    member, now = acting_member(request), timezone.now()
    page = page_of(election_for(member, uuid, now), member=member, at=now)
    if page.vote is None or not page.roll_is_frozen:
        raise Http404
    words = request.GET.get("q", "")[:100].strip()
    roll = page.vote.poll.roll
    found = Paginator(found_in(roll.values_list("pk", "member__name"), words), PER_PAGE)
    names = found.get_page(request.GET.get("page"))
    rows = roll.defer("envelope").select_related("member").in_bulk(names.object_list)
    context = {
        "page": page,
        "vote": page.vote,
        "names": names,
        "people": [rows[key].member for key in names],
        "words": words,
        "words_query": f"{urlencode({'q': words})}&" if words else "",
        "now": now,
    }
    return render(request, "councils/election/roll.html", context)


@require_http_methods(["GET", "POST"])
def object_roll(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Find a person, then say why she is missing from the roll, or should not be on it."""
    member, now = acting_member(request), timezone.now()
    election = election_for(member, uuid, now)
    permissions.require("object_to_roll", by=member, on=election, at=now)
    if not is_contestable(election, ObjectionKind.MISSING, now):
        return redirect("election", election.uuid)
    form = RollObjectionForm(request.POST if request.method == "POST" else None)
    people = _people(election, now)
    chosen = _chosen(people, request.POST.get("person") or request.GET.get("person", ""))
    if request.method == "POST" and form.is_valid() and chosen:
        kind, text = form.cleaned_data["kind"], form.cleaned_data["text"]
        try:
            objection = object_to_roll(election=election, kind=kind, person=chosen[0], text=text, by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Objected. The committee answers in public."))
            return redirect("objection", objection.uuid)
    search = SearchForm({"q": request.GET.get("q", "")})
    wanted = name_key(search.cleaned_data["q"]) if search.is_valid() else ""
    numbers = _numbers(election, now) if wanted else {}
    found = [
        row
        for row in people.values()
        if wanted and (wanted in name_key(row[0].name) or numbers.get(row[0].pk) == wanted)
    ][:FOUND]
    context = {
        "page": page_of(election, member=member, at=now),
        "form": form,
        "chosen": chosen,
        "kind": ObjectionKind.NOT_ENTITLED if chosen and chosen[1] else ObjectionKind.MISSING,
        "search": search,
        "found": found,
        "wanted": wanted,
        "now": now,
    }
    return render(request, "councils/objection/roll.html", context, status=422 if form.errors else 200)


def _people(election: Election, now: dt.datetime) -> dict[str, tuple[Member, bool]]:
    """By public id, in the order of names: who works there, sits there or is on the roll; and whether she is on it."""
    assert election.poll is not None  # the campaign begins with it
    on_roll = {row.member for row in election.poll.roll.defer("envelope").select_related("member")}
    if is_assembly(election.electorate):
        rows = memberships_of(election.electorate, local_day(now)).select_related("member")
        here = {row.member for row in rows}
    else:
        here = {s.holder for s in Seat.objects.held_at(now).in_body(election.electorate).select_related("holder")}
    ordered = sorted(on_roll | here, key=lambda person: (sort_key(person.name), person.pk))
    return {str(person.uuid): (person, person in on_roll) for person in ordered}


def _numbers(election: Election, now: dt.datetime) -> dict[int, str]:
    """Roll numbers of the workplace, by member."""
    rows = memberships_of(election.electorate, local_day(now)).exclude(reference="")
    return {member: name_key(number) for member, number in rows.values_list("member", "reference")}


def _chosen(people: dict[str, tuple[Member, bool]], uuid: str) -> tuple[Member, bool] | None:
    """404 for a person whom the electorate does not know; None where nobody is chosen."""
    if uuid and uuid not in people:
        raise Http404
    return people[uuid] if uuid else None


@require_http_methods(["GET", "POST"])
def object_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say why the declared result does not hold."""
    member, now = acting_member(request), timezone.now()
    election = election_for(member, uuid, now)
    permissions.require("object_to_result", by=member, on=election, at=now)
    if not is_contestable(election, ObjectionKind.RESULT, now):
        return redirect("election", election.uuid)
    form = ResultObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            objection = object_to_result(election=election, text=form.cleaned_data["text"], by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Objected. The committee answers in public."))
            return redirect("objection", objection.uuid)
    context = {"page": page_of(election, member=member, at=now), "form": form, "now": now}
    return render(request, "councils/objection/result.html", context, status=422 if form.errors else 200)


def _row(member: Member, uuid: UUID, at: dt.datetime) -> ObjectionRow:
    """The objection, its election up to date, if ``member`` may see that; else 404."""
    objection = get_object_or_404(Objection.objects.select_related(*LOADED, "election"), uuid=uuid)
    election = election_for(member, objection.election.uuid, at)
    return ObjectionRow(objection, election, member, at)


@require_GET
def show_objection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One objection: what it says, the answer, who gave and who confirmed it."""
    row = _row(acting_member(request), uuid, timezone.now())
    return _page(request, row, AnswerForm())


def _page(request: HttpRequest, row: ObjectionRow, form: AnswerForm) -> HttpResponse:
    page = page_of(row.election, member=row.member, at=row.now)
    context = {"row": row, "page": page, "form": form, "now": row.now}
    return render(request, "councils/objection/show.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Uphold or dismiss, with a reason."""
    row = _row(acting_member(request), uuid, timezone.now())
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_objection(objection=row.objection, by=row.member, at=row.now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Answered. Another person has to confirm it."))
            return redirect("objection", uuid)
    return _page(request, row, form)


@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Agree with the answer that was read."""
    row = _row(acting_member(request), uuid, timezone.now())
    form = ConfirmForm(request.POST)
    read = form.cleaned_data["answer"] if form.is_valid() else 0
    confirm_objection(objection=row.objection, answer=read, by=row.member, at=row.now)
    messages.success(request, _("Confirmed: the objection is decided."))
    return redirect("objection", uuid)
