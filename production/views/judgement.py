"""How a figure was judged, in plain words with the numbers behind it: inside only."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.views.acting import acting_member
from production.analysis import calendar
from production.analysis.cyberstride import DEFAULT
from production.analysis.usual_range import UsualRange
from production.domain.calendar import factory_of, production_day
from production.domain.judgement_read import Band, Judged, expected_on, judged_of
from production.domain.threshold import moved, steps_of
from production.forms.course import course_form
from production.models import Figure, Series
from production.views.series import series_of


@require_safe
def series_judgement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Of the period judged last, or of the one that holds ``?until=``."""
    member, now = acting_member(request), timezone.now()
    series = series_of(member, uuid, now)
    today = production_day(factory=factory_of(series.workplace), at=now)
    judged = judged_of(series=[series]).get(series.pk)
    last = judged.start if judged else calendar.period_start(series.frequency, today)
    asked = course_form(request.GET).chosen_until
    on = min(calendar.period_start(series.frequency, asked), last) if asked else last
    figures = Figure.objects.current().filter(series=series, start=on).select_related("submission")
    figure = figures.first()
    context = {
        "series": series,
        "on": on,
        "judged": judged,
        "figure": figure,
        **_said(series, judged, on),
        "ahead": _ahead(series, judged, on),
        **_beside(judged, on),
        "simulated": figure is not None and figure.submission.simulated,
    }
    return render(request, "production/series/judgement.html", context)


def _said(series: Series, judged: Judged | None, on: dt.date) -> dict[str, object]:
    """What was expected of the period, and what it was taken for."""
    sure = moved(DEFAULT.threshold, steps_of(series=[series])[series.pk])
    told = next((t for t in judged.told if t.judged == on), None) if judged else None
    return {
        "threshold": sure,
        "band": judged.band_on(on) if judged else None,
        "told": told,
        "stands": told is not None and told.probability >= sure,
    }


def _ahead(series: Series, judged: Judged | None, on: dt.date) -> Band | UsualRange | None:
    """What is expected of the period after ``on``: as it was, or of one to come as it is now."""
    following = calendar.next_start(series.frequency, on)
    known = judged.band_on(following) if judged else None
    return known or (expected_on(series=[series], on=following).get(series.pk) if judged else None)


def _beside(judged: Judged | None, on: dt.date) -> dict[str, dt.date | None]:
    """The periods before and after ``on`` of which it is remembered what was expected."""
    starts = [band.start for band in judged.bands] if judged else []
    return {
        "before": max((start for start in starts if start < on), default=None),
        "after": min((start for start in starts if start > on), default=None),
    }
