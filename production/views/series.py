"""The figures of a workplace: the history of one, and the committee's page to arrange them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.errors import Refused
from councils.models import Member, Territory
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.domain.calendar import factory_of, production_day
from production.domain.course import course_of, zooms_of
from production.domain.indicator import end_series, measure, order_series, share_series
from production.domain.indices import own_indices
from production.domain.judged_course import points_of, rows_of
from production.domain.judgement_read import expected_on, judged_of
from production.domain.panel import panel_of
from production.domain.recent import recent_points
from production.domain.sheet import workplaces_of
from production.forms.course import course_form
from production.forms.series import EndSeriesForm, MoveForm, SeriesForm, SharingForm
from production.models import Alert, Capability, Figure, Series
from production.models.indicator import SeriesQuerySet

PAGE = 60
#: Alerts on one figure that its page lists, the latest first.
ALERTS = 30
#: Changes that it lists, the latest of those that are drawn.
POINTS = 12
#: Periods in the table under the picture.
ROWS = 120


@require_safe
def series_history(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One figure over the years, the alerts on it, and every version with author, time and reason: inside only."""
    member, now = acting_member(request), timezone.now()
    series = series_of(member, uuid, now)
    today = production_day(factory=factory_of(series.workplace), at=now)
    versions = Figure.objects.filter(series=series).select_related("submission__author", "submission__report")
    page = Paginator(versions.order_by("-start", "-version"), PAGE).get_page(request.GET.get("page"))
    points = recent_points(series=[series], on=today)
    compared = own_indices(workplace=series.workplace, grain=series.frequency, today=today)
    judged = judged_of(series=[series]).get(series.pk)
    expected = expected_on(series=[series], on=today).get(series.pk)
    panel = panel_of(series=series, points=points, siblings=[], on=today, judged=judged, expected=expected)
    look = course_form(request.GET)
    course = course_of(series=series, zoom=look.chosen_zoom, until=look.chosen_until, today=today)
    context = {
        "series": series,
        "today": today,
        "now": now,
        "page": page,
        "panel": panel,
        "index": next((i for i in compared if i.indicator == series.indicator), None),
        "judged": judged,
        "course": course,
        "zooms": zooms_of(series),
        "points": [point for point in points_of(judged) if point.on in course.starts][-POINTS:],
        "rows": rows_of(course, judged, ROWS),
        "alerts": Alert.objects.filter(series=series).order_by("-opened_at", "-pk")[:ALERTS],
        "simulated": panel.simulated or any(figure.submission.simulated for figure in page),
    }
    return render(request, "production/series/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def workplace_series(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is measured here; the committee adds, ends, orders, and writes down what leaves the workplace."""
    member, now = acting_member(request), timezone.now()
    workplace = get_object_or_404(workplaces_of(member=member, at=now), uuid=uuid)
    today = production_day(factory=factory_of(workplace), at=now)
    form = SeriesForm(request.POST or None, workplace=workplace, initial={"from_on": today})
    if request.method == "POST":
        require("start_series", by=member, on=workplace, at=now)
        if form.is_valid() and _started(form, workplace, member, now):
            messages.success(request, _("“%(name)s” is on the form.") % {"name": form.cleaned_data["name"]})
            return redirect("workplace_series", uuid=uuid)
    context = {
        "workplace": workplace,
        "today": today,
        "form": form,
        "series": _arranged(workplace).valid_on(today),
        "answers": {c.series_id: c for c in Capability.objects.in_force_on(today).filter(series__workplace=workplace)},
        "ended": _arranged(workplace).filter(until_on__lte=today),
        "may_arrange": may("start_series", by=member, on=workplace, at=now),
    }
    return render(request, "production/series/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_share(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The agreement of the assembly about one figure."""
    member, now = acting_member(request), timezone.now()
    series = series_of(member, uuid, now)
    require("share_series", by=member, on=series, at=now)
    form = SharingForm(request.POST or None, initial={"sharing": series.sharing})
    if form.is_valid():
        try:
            share_series(series=series, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("workplace_series", uuid=series.workplace.uuid)
    return render(request, "production/series/share.html", {"series": series, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def series_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The end of one figure; what was reported stays."""
    member, now = acting_member(request), timezone.now()
    series = series_of(member, uuid, now)
    require("end_series", by=member, on=series, at=now)
    today = production_day(factory=factory_of(series.workplace), at=now)
    form = EndSeriesForm(request.POST or None, initial={"until_on": today + dt.timedelta(days=1)})
    if form.is_valid():
        try:
            end_series(series=series, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("workplace_series", uuid=series.workplace.uuid)
    return render(request, "production/series/end.html", {"series": series, "form": form})


@require_POST
def series_move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One place up or down on the form."""
    member, now = acting_member(request), timezone.now()
    series, form = series_of(member, uuid, now), MoveForm(request.POST)
    form.is_valid()
    today = production_day(factory=factory_of(series.workplace), at=now)
    order = list(_arranged(series.workplace).valid_on(today))
    if series in order:
        here = order.index(series)
        there = max(0, here - 1) if form.cleaned_data["up"] else min(len(order) - 1, here + 1)
        order.insert(there, order.pop(here))
        order_series(workplace=series.workplace, order=order, by=member, at=now)
    return redirect("workplace_series", uuid=series.workplace.uuid)


def series_of(member: Member, key: UUID, now: dt.datetime) -> Series:
    """A series of a workplace of hers: 404 outside it."""
    mine = Series.objects.filter(workplace__in=workplaces_of(member=member, at=now))
    found: Series | None = mine.select_related("indicator", "workplace", "territory").filter(uuid=key).first()
    if found is None:
        raise Http404
    return found


def _arranged(workplace: Territory) -> SeriesQuerySet:
    """The series of a workplace in the order of its form."""
    return Series.objects.of_workplace(workplace).select_related("indicator", "territory").order_by("position", "pk")


def _started(form: SeriesForm, workplace: Territory, member: Member, now: dt.datetime) -> bool:
    try:
        measure(workplace=workplace, by=member, at=now, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
