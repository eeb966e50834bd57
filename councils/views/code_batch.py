"""Asking for codes and resets, approving them, printing them once."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from councils.clock import local_day
from councils.domain.code_batch import (
    PrintedCode,
    approve_codes,
    is_alone,
    print_codes,
    request_codes,
    request_reset,
    void_codes,
)
from councils.forms.enrolment import CodesForm
from councils.models import CodeBatch, Member, Territory
from councils.views.acting import acting_member
from councils.views.membership import membership_for, workplace_for
from councils.views.people_page import may_be_printed

A_SHEET = 16


def batch_for(member: Member, uuid: UUID, at: dt.datetime) -> CodeBatch:
    """The batch, if it is of a workplace of ``member``; else 404."""
    mine = Territory.objects.workplaces().of_member(member, local_day(at))
    rows = CodeBatch.objects.filter(territory__in=mine.values("pk"))
    return get_object_or_404(rows.select_related("territory", "member", "requested_by"), uuid=uuid)


@require_POST
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for enrolment codes."""
    member, now = acting_member(request), timezone.now()
    workplace, form = workplace_for(member, uuid, now), CodesForm(request.POST)
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, " ".join(str(s) for s in sentences))
        return redirect(_codes_of(workplace))
    batch = request_codes(workplace=workplace, count=form.number, by=member, at=now)
    if batch.founding:
        messages.success(request, _("The committee has one person: the first codes need no second one. Print them."))
    elif is_alone(workplace, member, now):
        messages.warning(
            request,
            _(
                "Asked for. The committee has one person, and an election gives it the second one that these need. "
                "If nobody has used the first sheet, withdraw both and ask again."
            ),
        )
    else:
        messages.success(request, _("Asked for. Another person of the committee has to approve them."))
    return redirect(_codes_of(workplace))


@require_POST
def ask_reset(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Ask for a code with which a member chooses a new password."""
    member, now = acting_member(request), timezone.now()
    row = membership_for(member, uuid, person, now)
    request_reset(workplace=row.territory, member=row.member, by=member, at=now)
    messages.success(request, _("Asked for. Another person of the committee has to approve it."))
    return redirect(_codes_of(row.territory))


@require_POST
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The second person agrees."""
    member, now = acting_member(request), timezone.now()
    batch = approve_codes(batch=batch_for(member, uuid, now), by=member, at=now)
    messages.success(request, _("Approved. Now they can be printed, once."))
    return redirect(_codes_of(batch.territory))


@require_POST
def void(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Withdraw the request, or make void what was not used of a lost sheet."""
    member, now = acting_member(request), timezone.now()
    batch = void_codes(batch=batch_for(member, uuid, now), by=member, at=now)
    messages.success(request, _("Withdrawn. Codes of that sheet that were not used no longer serve."))
    return redirect(_codes_of(batch.territory))


@never_cache
@require_http_methods(["GET", "POST"])
def print_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Asked first, because it is shown once. The sheet is the answer to the POST itself: the codes are in no
    session, redirect or cache."""
    member, now = acting_member(request), timezone.now()
    batch = batch_for(member, uuid, now)
    if request.method == "GET":
        if may_be_printed(batch, member, now):
            return render(request, "councils/enrolment/print.html", {"batch": batch})
        return redirect(_codes_of(batch.territory))
    return sheet(request, batch.territory, print_codes(batch=batch, by=member, at=now))


def sheet(request: HttpRequest, workplace: Territory, codes: list[PrintedCode]) -> HttpResponse:
    """The page of tickets, sixteen to an A4, each with the address that opens its enrolment.

    The code stands after "#", which a browser keeps to itself: no access log holds it.
    """
    address = request.build_absolute_uri(reverse("enrol"))
    tickets = [{"code": c.code, "name": c.name, "qr": qr(f"{address}#{c.code}")} for c in codes]
    context = {
        "workplace": workplace,
        "sheets": [tickets[i : i + A_SHEET] for i in range(0, len(tickets), A_SHEET)],
        "count": len(tickets),
        "address": address.split("://", 1)[-1],
        "expires_at": codes[0].expires_at,
    }
    return render(request, "councils/enrolment/sheet.html", context)


def qr(text: str) -> SafeString:
    """``text`` as an SVG without style. One mask for all: trying the eight costs four times as long."""
    code = segno.make(text, micro=False, error="m", mask=3, boost_error=False)
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None))


def _codes_of(workplace: Territory) -> str:
    return reverse("people", args=[workplace.uuid]) + "#codes"
