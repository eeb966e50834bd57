"""The report: fill in, check, send, correct, look back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.errors import Refused
from councils.models import Member, Territory
from councils.views.acting import acting_member
from production.domain.calendar import factory_of, production_day
from production.domain.panel import panels_of
from production.domain.report import declare_stoppage, submit_report
from production.domain.sheet import (
    Late,
    Sheet,
    own_section,
    reporting_places,
    sheet_of,
    workplace_of_place,
    workplaces_of,
)
from production.enums import Stoppage
from production.forms.report import DayForm, ReportForm, StoppageForm, UndoForm
from production.models import Report


@require_safe
def report_today(request: HttpRequest) -> HttpResponse:
    """The form of the only place she may report for, of her own section, or the choice."""
    member, now = acting_member(request), timezone.now()
    choices = []
    for workplace in workplaces_of(member=member, at=now):
        on = production_day(factory=factory_of(workplace), at=now)
        places = reporting_places(workplace=workplace, on=on)
        section = own_section(member=member, workplace=workplace, at=now)
        choices.append((workplace, [p for p in places if p == section] or places))
    every = [place for _workplace, places in choices for place in places]
    if len(every) == 1:
        return redirect("report_place", uuid=every[0].uuid)
    return render(request, "production/report/choose.html", {"choices": choices, "every": every})


@require_http_methods(["GET", "HEAD", "POST"])
def report_place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The report of one place for today's production day, or for ``?on=`` an earlier one."""
    member, now = acting_member(request), timezone.now()
    sheet = _sheet(request, member, uuid, now)
    if request.method == "POST":
        return _receive(request, member, sheet, now)
    if sheet.answered and sheet.report is not None:
        return redirect("report", uuid=sheet.report.uuid)
    return _form_page(request, ReportForm(sheet=sheet), now)


@require_http_methods(["GET", "HEAD", "POST"])
def report_correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same form, filled with what is stored: what is missing, or wrong, or not worked after all."""
    member, now = acting_member(request), timezone.now()
    sheet = _sheet_of(_report(member, uuid, now))
    if request.method == "POST":
        return _receive(request, member, sheet, now)
    return _form_page(request, ReportForm(sheet=sheet), now)


@require_POST
def report_stoppage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One tap: the day was not worked. Where figures are there already, the correction form asks why."""
    member, now = acting_member(request), timezone.now()
    sheet = _sheet(request, member, uuid, now)
    form = StoppageForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors))
    try:
        submission = declare_stoppage(
            workplace=sheet.workplace, territory=sheet.territory, on=sheet.on, by=member, at=now, **form.cleaned_data
        )
    except Refused as refusal:
        return _form_page(request, _refused_form(request, sheet, str(refusal), now), now)
    return redirect("report_sent", uuid=submission.report.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def report_undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The day was worked after all: back to the form. Once the report was due, it asks why."""
    member, now = acting_member(request), timezone.now()
    sheet = _sheet_of(_report(member, uuid, now))
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            submit_report(
                workplace=sheet.workplace,
                territory=sheet.territory,
                on=sheet.on,
                shift=sheet.shift,
                figures={},
                reason=form.cleaned_data["reason"],
                by=member,
                at=now,
            )
            return redirect("report_correct", uuid=uuid)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return render(request, "production/report/undo.html", _page(sheet, now) | {"form": form})


@require_safe
def report_sent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the report gives back: yesterday, the week, for how many days there is stock, and who sees it."""
    member, now = acting_member(request), timezone.now()
    sheet = _sheet_of(_report(member, uuid, now))
    panels = panels_of(workplace=sheet.workplace, on=sheet.on, territory=sheet.territory)
    return render(request, "production/report/sent.html", _page(sheet, now) | {"panels": panels})


@require_safe
def show_report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One stored report: its figures, and every sending of it."""
    member, now = acting_member(request), timezone.now()
    found = _report(member, uuid, now)
    sendings = found.submissions.select_related("author").prefetch_related("figures__series__indicator")
    context = _page(_sheet_of(found), now) | {"submissions": sendings.order_by("-number")}
    return render(request, "production/report/show.html", context)


@require_POST
def report_figure(request: HttpRequest, uuid: UUID, series: UUID) -> HttpResponse:
    """One field again, as it was just filled in (a fragment of the form, for htmx)."""
    member, now = acting_member(request), timezone.now()
    form = ReportForm(request.POST, sheet=_sheet(request, member, uuid, now))
    form.is_valid()
    row = next((row for row in form.rows if row.line.series.uuid == series), None)
    if row is None:
        raise Http404
    return render(request, "production/report/_figure_field.html", {"row": row, "form": form, "sheet": form.sheet})


# --- load ---------------------------------------------------------------------------------------


def _place(member: Member, key: UUID, now: dt.datetime) -> tuple[Territory, Territory]:
    """The place and its workplace, from the member's own scope: 404 outside it."""
    territory = get_object_or_404(Territory, uuid=key)
    workplace = workplace_of_place(member=member, place=territory, at=now)
    if workplace is None:
        raise Http404
    return workplace, territory


def _sheet(request: HttpRequest, member: Member, key: UUID, now: dt.datetime) -> Sheet:
    workplace, territory = _place(member, key, now)
    day = DayForm(request.GET)
    if not day.is_valid():
        raise Http404
    today = production_day(factory=factory_of(workplace), at=now)
    return sheet_of(workplace=workplace, territory=territory, on=min(day.cleaned_data["on"] or today, today))


def _report(member: Member, key: UUID, now: dt.datetime) -> Report:
    mine = Report.objects.filter(workplace__in=workplaces_of(member=member, at=now))
    return get_object_or_404(mine.select_related("workplace", "territory"), uuid=key)


def _sheet_of(found: Report) -> Sheet:
    return sheet_of(workplace=found.workplace, territory=found.territory, on=found.on, shift=found.shift)


# --- answer -------------------------------------------------------------------------------------


def _receive(request: HttpRequest, member: Member, sheet: Sheet, now: dt.datetime) -> HttpResponse:
    """A clean report goes straight through; an odd or blank figure is asked about once."""
    form = ReportForm(request.POST, sheet=sheet, late=now >= sheet.due_at)
    if not form.is_valid():
        return _form_page(request, form, now)
    if form.asks or "back" in request.POST:
        page = "form" if "back" in request.POST else "check"
        return _form_page(request, form, now, page)
    data = form.cleaned_data
    try:
        submission = submit_report(
            workplace=sheet.workplace,
            territory=sheet.territory,
            on=sheet.on,
            shift=sheet.shift,
            figures=form.figures,
            note=form.note_with_blanks,
            reason=data["reason"],
            sender_key=data["sender_key"],
            seen=data["seen"],
            by=member,
            at=now,
        )
    except Refused as refusal:
        return _form_page(request, _refused_form(request, sheet, str(refusal), now), now)
    return redirect("report_sent", uuid=submission.report.uuid)


def _refused_form(request: HttpRequest, sheet: Sheet, sentence: str, now: dt.datetime) -> ReportForm:
    """Everything typed, beside what is stored by now: what was not seen before is seen from here on."""
    fresh = sheet_of(workplace=sheet.workplace, territory=sheet.territory, on=sheet.on, shift=sheet.shift)
    data = request.POST.copy()
    for name, value in ReportForm(sheet=fresh).initial.items():
        data.setdefault(name, str(value))  # a button that sent no figures leaves them as they are stored
    data["seen"] = str(fresh.last.number if fresh.last else 0)
    data.setdefault("reason", "")
    data.pop("confirmed", None)
    form = ReportForm(data, sheet=fresh, late=now >= fresh.due_at)
    form.is_valid()
    form.errors.pop("reason", None)  # the refusal says it better
    form.add_error("reason" if fresh.answered and not data["reason"] else None, sentence)
    return form


def _form_page(request: HttpRequest, form: ReportForm, now: dt.datetime, page: str = "form") -> HttpResponse:
    sheet = form.sheet
    here = request.get_full_path()
    if request.resolver_match and request.resolver_match.url_name == "report_stoppage":  # its form sends figures
        here = f"{reverse('report_place', args=[sheet.territory.uuid])}?on={sheet.on}"
    context = _page(sheet, now) | {"form": form, "stoppages": Stoppage.choices, "here": here, "late": _late(sheet)}
    return render(request, f"production/report/{page}.html", context)


def _late(sheet: Sheet) -> list[tuple[Late, str]]:
    """What is missing of the week or month before, with the form that takes it."""
    days = {late.on for late in sheet.late}
    reports = dict(Report.objects.filter(territory=sheet.territory, on__in=days, shift="").values_list("on", "uuid"))
    place = reverse("report_place", args=[sheet.territory.uuid])
    return [
        (late, reverse("report_correct", args=[reports[late.on]]) if late.on in reports else f"{place}?on={late.on}")
        for late in sheet.late
    ]


def _page(sheet: Sheet, now: dt.datetime) -> dict[str, object]:
    """What every page of a report says above its content."""
    today = production_day(factory=sheet.factory, at=now)
    simulated = sheet.factory.simulated or bool(sheet.last and sheet.last.simulated)
    return {"sheet": sheet, "now": now, "is_today": sheet.on == today, "today": today, "simulated": simulated}
