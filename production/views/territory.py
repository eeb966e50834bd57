"""A territory above the workplaces: a cordón, a province. And the way from any territory to its page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.clock import local_day
from councils.enums import TerritoryKind
from councils.models import Placement, Territory
from councils.views.acting import acting_member
from production.domain.escalation import take_due_steps
from production.forms.period import look_of
from production.views.cordon_page import context_of

WIDE = [TerritoryKind.CORDON, TerritoryKind.PROVINCE]


@require_safe
def territory(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leads to the page of the territory, whatever its level."""
    place = get_object_or_404(Territory, uuid=uuid)
    if place.kind == TerritoryKind.NATION:
        return redirect("control")
    if place.kind == TerritoryKind.SECTION:
        above = Placement.objects.above(place, local_day(timezone.now()))
        if not above:
            raise Http404
        place = above[0]
    return redirect("cordon" if place.kind in WIDE else "workplace", uuid=place.uuid)


@require_safe
def cordon(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its workplaces today, its sums, its council. For every member, of wherever."""
    member, now = acting_member(request), timezone.now()
    place = get_object_or_404(Territory, kind__in=WIDE, uuid=uuid)
    take_due_steps(at=now)
    context = context_of(place=place, member=member, look=look_of(request.GET), at=now)
    return render(request, "production/cordon/show.html", {**context, "here": request.path})
