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
from councils.models.electorate import workplaces_under
from councils.views.acting import acting_member
from production.domain.overview import (
    Run,
    Snapshot,
    chosen_period,
    council_of,
    default_indicator,
    tiles_of,
    withheld_of,
    workers_of,
)
from production.domain.visibility import Gaze
from production.enums import Grain
from production.forms.period import PeriodForm

#: How many sums stand beside the map; the table below has them all.
FIRST = 6
WIDE = [TerritoryKind.CORDON, TerritoryKind.PROVINCE]


@require_safe
def territory(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leads to the page of the territory, whatever its level."""
    place = get_object_or_404(Territory, uuid=uuid)
    if place.kind == TerritoryKind.NATION:
        return redirect("control")
    if place.kind == TerritoryKind.SECTION:
        above = Placement.objects.above(place, local_day(timezone.now()))
        place = above[0] if above else place
        if place.kind == TerritoryKind.SECTION:
            raise Http404
    return redirect("cordon" if place.kind in WIDE else "workplace", uuid=place.uuid)


@require_safe
def cordon(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its workplaces today, its sums, its council. For every member, of wherever."""
    member, now = acting_member(request), timezone.now()
    place = get_object_or_404(Territory, kind__in=WIDE, uuid=uuid)
    form = PeriodForm(request.GET)
    form.is_valid()
    gaze = Gaze(member, now)
    workplaces = list(Territory.objects.filter(pk__in=workplaces_under(place, local_day(now))))
    tiles = tiles_of(workplaces=workplaces, gaze=gaze, at=now)
    period = chosen_period(place=place, grain=form.grain, on=form.day, at=now)
    snapshot = Snapshot(gaze, period)
    sums, shared = snapshot.sums(place), snapshot.shared(workplaces)
    indicator = form.chosen([line.indicator for line in sums]) or default_indicator(sums)
    run = Run(gaze, indicator, period) if indicator else None
    council, seats = council_of(place=place, at=now)
    context = {
        "place": place,
        "here": request.path,
        "grains": Grain.choices,
        "period": period,
        "tiles": tiles,
        "reported": sum(tile.reported for tile in tiles),
        "workers": workers_of(workplaces),
        "sums": sums,
        "first": [line for line in sums if line.shown][:FIRST],
        "withheld": withheld_of(sums),
        "shared": shared,
        "run": run,
        "values": run.of(place) if run else [],
        "branches": run.branches(place) if run else [],
        "council": council,
        "seats": seats,
        "simulated": any(line.shown and line.shown.simulated for line in sums),
    }
    return render(request, "production/cordon/show.html", context)
