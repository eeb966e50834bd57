"""How many alarms a workplace had, how many were useful, and how sure the engine must be: read and moved inside."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from councils.errors import Refused
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.domain.alert_budget import alarms_per_hundred, months_of
from production.domain.calendar import factory_of, production_day
from production.domain.sheet import workplaces_of
from production.domain.threshold import history_of, move_threshold
from production.forms.alert import ThresholdForm
from production.models import Series
from production.models.threshold import LEAST, MOST


def step_words(steps: int) -> str:
    """“as for everybody”, “twice as sure”, “half as sure”."""
    if not steps:
        return _("as for everybody")
    if steps < 0:
        return _("%(n)s times less sure is enough") % {"n": 2**-steps}
    return ngettext("%(n)s time surer", "%(n)s times surer", 2**steps) % {"n": 2**steps}


@require_http_methods(["GET", "HEAD", "POST"])
def show_budget(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For whoever works there; the committee moves the thresholds."""
    member, now = acting_member(request), timezone.now()
    workplace = get_object_or_404(workplaces_of(member=member, at=now), uuid=uuid)
    today = production_day(factory=factory_of(workplace), at=now)
    series = Series.objects.of_workplace(workplace).valid_on(today)
    choices = [(steps, step_words(steps)) for steps in range(LEAST, MOST + 1)]
    asked = request.POST if request.method == "POST" else None
    form = ThresholdForm(asked, series=series, steps=choices, initial={"steps": 0})
    if asked is not None:
        require("move_threshold", by=member, on=workplace, at=now)
        if form.is_valid():
            try:
                move_threshold(workplace=workplace, by=member, at=now, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("alert_budget", uuid)
    context = {
        "workplace": workplace,
        "months": [month for month in months_of(workplace=workplace, at=now) if month.opened],
        "per_hundred": alarms_per_hundred(workplace=workplace, at=now),
        "thresholds": [(row, step_words(row.steps)) for row in history_of(workplace=workplace)],
        "form": form if may("move_threshold", by=member, on=workplace, at=now) else None,
    }
    return render(request, "production/alert/budget.html", context, status=422 if form.errors else 200)
