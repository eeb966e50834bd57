"""The control room of the nation, for every member; it works by reloading, and renews itself where it can."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.clock import local_day
from councils.enums import TerritoryKind
from councils.models import Placement, Territory
from councils.views.acting import acting_member
from production.enums import Grain
from production.forms.period import look_of
from production.views.board import Board
from production.views.fan_out import figures_changed


def _nation(request: HttpRequest) -> Territory:
    """The nation of the member's workplace, else the first; 404 where this installation has none."""
    member, day = acting_member(request), local_day(timezone.now())
    for workplace in Territory.objects.workplaces().of_member(member, day):
        for place in Placement.objects.above(workplace, day):
            if place.kind == TerritoryKind.NATION:
                return place
    nation = Territory.objects.of_kind(TerritoryKind.NATION).order_by("name_key").first()
    if nation is None:
        raise Http404
    return nation


def _show(request: HttpRequest, template: str) -> HttpResponse:
    now = timezone.now()
    board = Board(nation=_nation(request), member=acting_member(request), look=look_of(request.GET), at=now)
    context = {"board": board, "period": board.period, "grains": Grain.choices, "here": reverse("control"), "now": now}
    return render(request, template, context)


@require_safe
def control(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return _show(request, "production/control/show.html")


@require_safe
def control_board(request: HttpRequest) -> HttpResponse:
    """What live.js fetches anew when figures changed: the page without its frame."""
    return _show(request, "production/control/_board.html")


@require_safe
def control_stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events that say "figures changed" and nothing else; which and where, the board may tell or not."""
    response = StreamingHttpResponse(figures_changed(), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy must not keep the events back
    return response
