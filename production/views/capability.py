"""What could be made of one figure: the committee's two answers, and every answer there was."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from councils.errors import Refused
from councils.models import Member
from councils.permissions import may, require
from councils.views.acting import acting_member
from production.analysis.calendar import MONTH, period_start
from production.analysis.indices import Amounts
from production.domain.calendar import factory_of, production_day
from production.domain.capability import best_so_far, is_asked, set_capability
from production.domain.indices import better
from production.forms.capability import CapabilityForm
from production.models import Capability, Series
from production.models.fixed_point import to_micro
from production.views.series import series_of


@require_http_methods(["GET", "HEAD", "POST"])
def series_capability(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Inside only: its members read the answers, its committee writes them."""
    member, now = acting_member(request), timezone.now()
    series = series_of(member, uuid, now)
    today = production_day(factory=factory_of(series.workplace), at=now)
    if request.method == "POST":
        require("set_capability", by=member, on=series, at=now)
    said = Capability.objects.filter(series=series).select_related("set_by").order_by("-from_on", "-version")
    in_force = Capability.objects.in_force_on(today).filter(series=series).first()
    # a first answer tells what was so already: the month that runs is compared too
    since = today if in_force else max(series.from_on, period_start(MONTH, today))
    best = best_so_far(series)
    form = CapabilityForm(request.POST or None, series=series, best=best, now=in_force, initial={"from_on": since})
    if form.is_valid() and _is_said(form, series, member, now):
        return _told(request, form, series)
    context = {
        "series": series,
        "form": form,
        "said": said,
        "in_force": in_force,
        "asked": is_asked(series),
        "may_answer": may("set_capability", by=member, on=series, at=now),
    }
    return render(request, "production/capability/show.html", context)


def _is_said(form: CapabilityForm, series: Series, member: Member, now: dt.datetime) -> bool:
    try:
        set_capability(series=series, by=member, at=now, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _told(request: HttpRequest, form: CapabilityForm, series: Series) -> HttpResponse:
    """What was written down; and plainly, where the two answers contradict each other."""
    can, could = (to_micro(form.cleaned_data[name]) for name in ("capability", "potentiality"))
    way = better(series.indicator)
    if way is not None and Amounts(can, can, could).exceeds_potentiality(way):
        messages.warning(
            request, _("Written down. But what we can is better than what we could: if that is a slip, answer again.")
        )
    else:
        messages.success(request, _("Written down: from that day on our figures are compared with it."))
    return redirect("series_capability", uuid=series.uuid)
