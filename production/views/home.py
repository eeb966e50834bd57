"""Home: what waits for me today, my workplace's figures, my delegates."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from councils.domain.waiting import told_to
from councils.models import Member
from production.domain.calendar import factory_of, production_day
from production.domain.indices import own_indices
from production.domain.panel import panels_of
from production.enums import Grain
from production.views.frame import frame_of
from production.views.seats import seats_of

#: How many figures the page of the day draws; the workplace page has them all.
SHOWN = 6


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The page of the day; to whoever has not signed in, what this is and the ways in."""
    frame = frame_of(request)
    if not isinstance(request.user, Member):
        return render(request, "production/home/front.html", {"open_start": settings.OPEN_START})
    context: dict[str, object] = {
        "tasks": frame.tasks,
        "now": frame.now,
        "notices": told_to(member=request.user, at=frame.now),
    }
    if frame.membership is not None:
        workplace = frame.membership.territory
        factory = factory_of(workplace)
        today = production_day(factory=factory, at=frame.now)
        panels = panels_of(workplace=workplace, on=today)
        context |= {
            "workplace": workplace,
            "others": [row.territory for row in frame.memberships if row != frame.membership],
            "today": today,
            "panels": panels[:SHOWN],
            "index": next(iter(own_indices(workplace=workplace, grain=Grain.DAY, today=today)), None),
            **seats_of(workplace, member=request.user, at=frame.now),
            "simulated": factory.simulated or any(panel.simulated for panel in panels),
        }
    return render(request, "production/home/home.html", context)
