"""A workplace: its figures, who represents it, what it said today. Inside everything, outside what it shares."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.clock import local_day
from councils.enums import BodyKind
from councils.models import Body, Territory
from councils.permissions import may
from councils.views.acting import acting_member
from production.domain.alert_list import open_in
from production.domain.calendar import factory_of, production_day
from production.domain.capability import unanswered_of
from production.domain.data_problem import in_words, problems_of
from production.domain.day import days_of
from production.domain.escalation import take_due_steps
from production.domain.indices import own_indices
from production.domain.panel import panels_of
from production.domain.shared import shared_figures
from production.enums import Grain, Status
from production.forms.period import PeriodForm, look_of
from production.models import PropertyStatus, SectorPlacement, Submission
from production.views.seats import seats_of

#: How many sendings the page lists.
RECENT = 8


@require_safe
def workplace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its page. What is judged, remarked or corrected is shown to its members alone."""
    member, now = acting_member(request), timezone.now()
    place = get_object_or_404(Territory.objects.workplaces(), uuid=uuid)
    factory = factory_of(place)
    today = production_day(factory=factory, at=now)
    inside = may("see_inside", by=member, on=place, at=now)
    days = days_of(workplace=place, on=today)
    known_status = PropertyStatus.objects.valid_on(local_day(now)).exclude(status=Status.UNKNOWN)
    context = {
        "workplace": place,
        "factory": factory,
        "today": today,
        "now": now,
        "inside": inside,
        "days": days,
        "status": known_status.filter(workplace=place).first(),
        "sector": SectorPlacement.objects.valid_on(today).filter(workplace=place).select_related("sector").first(),
        **seats_of(place, member=member, at=now),
    }
    if inside:
        take_due_steps(at=now)
        panels = panels_of(workplace=place, on=today)
        recent = Submission.objects.filter(report__workplace=place).select_related("author", "report__territory")
        context |= {
            "panels": panels,
            **_indices(place, look_of(request.GET), today),
            "alerts": open_in(workplace=place),
            "problems": in_words(problems=problems_of(workplace=place)),
            "submissions": recent.prefetch_related("figures__series__indicator").order_by("-at", "-pk")[:RECENT],
            "assembly": Body.objects.of_territory(place).filter(kind=BodyKind.ASSEMBLY).first(),
            "may_arrange": may("start_series", by=member, on=place, at=now),
            "simulated": factory.simulated or any(panel.simulated for panel in panels),
        }
        return render(request, "production/workplace/inside.html", context)
    shared = shared_figures(workplace=place, member=member, today=today, at=now)
    context |= {
        "reported": any(day.answered for day in days),
        "shared": shared,
        "simulated": factory.simulated or any(figure.simulated for figure in shared),
    }
    return render(request, "production/workplace/outside.html", context)


def _indices(place: Territory, look: PeriodForm, today: dt.date) -> dict[str, object]:
    """What it makes beside what it can and could, by the day unless another length is asked for."""
    grain = look.grain or Grain.DAY
    return {
        "grain": grain,
        "grains": Grain.choices,
        "indices": own_indices(workplace=place, grain=grain, today=today),
        "unanswered": unanswered_of(workplace=place, on=today),
    }
