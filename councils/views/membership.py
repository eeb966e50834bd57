"""Pages of the roll of a workplace: who belongs to it, and what its committee may do about that."""

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
from councils.domain.code_batch import without_account
from councils.domain.group import groups_of, without_group
from councils.domain.membership import admit_member, change_rights, end_membership, on_roll
from councils.domain.person import correct_name
from councils.domain.territory import sections_of
from councils.errors import Refused
from councils.forms.enrolment import CodesForm
from councils.forms.membership import AdmitForm, NameForm, RightsForm
from councils.models import Body, Member, Membership, Territory
from councils.views.acting import acting_member
from councils.views.people_page import batches_of, found_on_roll, may_keep, rows_of, same_names

PER_PAGE = 50


def workplace_for(member: Member, uuid: UUID, at: dt.datetime) -> Territory:
    """The workplace, if ``member`` belongs to it; else 404."""
    mine: Territory = get_object_or_404(Territory.objects.workplaces().of_member(member, local_day(at)), uuid=uuid)
    return mine


def membership_for(member: Member, uuid: UUID, person: UUID, at: dt.datetime) -> Membership:
    """The membership of ``person`` in the workplace ``uuid``: 404 outside, 403 for who does not keep the roll."""
    workplace = workplace_for(member, uuid, at)
    permissions.require("change_rights", by=member, on=workplace, at=at)
    rows = on_roll(workplace, at).filter(member__uuid=person).select_related("member", "section", "territory")
    row: Membership | None = rows.order_by("from_on").first()
    if row is None:
        raise Http404
    return row


@require_GET
def list_people(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The roll: names for every member of the workplace; codes, rights and resets for its committee."""
    member, now = acting_member(request), timezone.now()
    workplace = workplace_for(member, uuid, now)
    permissions.require("see_roll", by=member, on=workplace, at=now)
    keeps, words = may_keep(workplace, member, now), request.GET.get("q", "")[:100]
    only = None
    if request.GET.get("group") == "none":
        only = without_group(Body.objects.assembly_of(workplace), groups_of(workplace, now), now)
    page = Paginator(found_on_roll(workplace, words, now, only=only), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "workplace": workplace,
        "keeps": keeps,
        "words": words,
        "words_query": ("group=none&" if only is not None else "") + (f"{urlencode({'q': words})}&" if words else ""),
        "only_ungrouped": only is not None,
        "page": page,
        "rows": rows_of(page.object_list),
        "total": on_roll(workplace, now).count(),
        "committee": Body.objects.committee_of(workplace),
    }
    if keeps:
        context |= {
            "batches": batches_of(workplace, member, now),
            "without": without_account(workplace, now).count(),
            "same_names": same_names(workplace, now),
            "codes_form": CodesForm(),
        }
    return render(request, "councils/membership/list.html", context)


@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person more on the roll, by hand."""
    member, now = acting_member(request), timezone.now()
    workplace = workplace_for(member, uuid, now)
    permissions.require("admit_member", by=member, on=workplace, at=now)
    form = AdmitForm(sections_of(workplace, local_day(now)), request.POST or None, groups=groups_of(workplace, now))
    if request.method == "POST" and form.is_valid():
        try:
            row = admit_member(workplace=workplace, name=form.cleaned_data["name"], by=member, at=now, **form.chosen)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(name)s is on the roll. Her code is still to be printed.") % {"name": row.member}
            )
            return redirect("people", uuid=uuid)
    return render(request, "councils/membership/admit.html", {"workplace": workplace, "form": form})


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """One person of the roll: her rights; and the ways to her reset and to the end of her membership."""
    member, now = acting_member(request), timezone.now()
    row = membership_for(member, uuid, person, now)
    groups = groups_of(row.territory, now)
    form = RightsForm.of(row, sections_of(row.territory, local_day(now)), request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        try:
            change_rights(membership=row, by=member, at=now, **form.chosen)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved, and written in the log: %(name)s.") % {"name": row.member})
            return redirect("people", uuid=uuid)
    context = {"workplace": row.territory, "row": row, "form": form, "herself": row.member_id == member.pk}
    return render(request, "councils/membership/edit.html", context)


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Her name, corrected: the committee's act, never her own account's."""
    member, now = acting_member(request), timezone.now()
    row = membership_for(member, uuid, person, now)
    form = NameForm(request.POST or None, initial={"name": row.member.name})
    if request.method == "POST" and form.is_valid():
        try:
            row = correct_name(membership=row, name=form.cleaned_data["name"], by=member, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved, and written in the log: %(name)s.") % {"name": row.member})
            return redirect("person", uuid=uuid, person=person)
    return render(request, "councils/membership/rename.html", {"workplace": row.territory, "row": row, "form": form})


@require_POST
def end(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """She belongs no more. A box has to be marked: the button alone does nothing."""
    member, now = acting_member(request), timezone.now()
    row = membership_for(member, uuid, person, now)
    if request.POST.get("sure") != "yes":
        messages.warning(request, _("Mark the box first. Nothing was changed."))
        return redirect("person", uuid=uuid, person=person)
    row = end_membership(membership=row, by=member, at=now)
    messages.success(request, _("%(name)s is off the roll.") % {"name": row.member})
    return redirect("people", uuid=uuid)
