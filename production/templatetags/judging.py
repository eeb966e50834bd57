"""Words and marks of how figures are judged: status, kind, chances, the picture of years. No queries."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from councils.figures import figure, short_day, short_month, with_unit
from production.domain.alert_words import change_words
from production.domain.course import Course, Zoom
from production.domain.judged_course import Point, bands_of, finding_of
from production.domain.judgement_read import Judged, Told
from production.domain.panel import Panel
from production.enums import AlertKind, Frequency, SeriesStatus
from production.history_chart import Spot, history, round_marks
from production.models import Series

register = template.Library()

#: Working days that a week has, about, in the words of what is still to be learned.
_WEEK = 6


@register.filter
def kind_of(told: Told | None) -> str:
    """ "an odd day", "changed level", "rising", "falling"."""
    if told is None:
        return _("as expected")
    if told.kind == AlertKind.SLOPE:
        return _("falling") if told.size < 0 else _("rising")
    return str(AlertKind(told.kind).label)


@register.filter
def sign_of_kind(told: Told | None) -> str:
    """The symbol of that kind; a tick where all is as expected."""
    if told is None:
        return "ok"
    if told.kind == AlertKind.SLOPE:
        return "slope-down" if told.size < 0 else "slope-up"
    return told.kind


@register.filter
def learning_words(judged: Judged | None, frequency: str) -> str:
    """What is said of a series that is not understood yet, or no longer; empty of one that is watched."""
    if judged is None or judged.status == SeriesStatus.WATCHING:
        return ""
    wanting = max(1, judged.wanting)
    if frequency == Frequency.MONTH:
        left = ngettext("about %(n)s month to go", "about %(n)s months to go", wanting) % {"n": figure(wanting)}
    elif frequency == Frequency.DAY and wanting < _WEEK:
        left = ngettext("about %(n)s day to go", "about %(n)s days to go", wanting) % {"n": figure(wanting)}
    else:
        weeks = wanting if frequency == Frequency.WEEK else math.ceil(wanting / _WEEK)
        left = ngettext("about %(n)s week to go", "about %(n)s weeks to go", weeks) % {"n": figure(weeks)}
    if judged.status == SeriesStatus.RECALIBRATING:
        return _("learning anew: %(left)s") % {"left": left}
    return _("learning: %(left)s") % {"left": left}


@register.simple_tag
def standing_words(panel: Panel, on: dt.date) -> str:
    """Where a figure stands, in sentences: the latest value, what is expected, what changed."""
    series = panel.series
    if panel.latest is None:
        return _("No figures yet.")
    value = with_unit(panel.latest.value, series.indicator.unit_words)
    said = [f"{_day(panel.latest.start, series.frequency, on)}: {value}."]
    if panel.usual is not None:
        band = {"low": figure(panel.usual.low), "high": figure(panel.usual.high)}
        said.append(_("From %(low)s to %(high)s is expected.") % band)
    if panel.watched is not None and panel.standing is not None:
        said.append(change_said(panel.watched, panel.standing, series))
    return " ".join(filter(None, said))


def _day(start: dt.date, frequency: str, on: dt.date) -> str:
    if frequency == Frequency.DAY and start == on:
        return _("Today")
    if frequency == Frequency.DAY and start == on - dt.timedelta(days=1):
        return _("Yesterday")
    if frequency == Frequency.MONTH:
        return date_format(start, "YEAR_MONTH_FORMAT").capitalize()
    if frequency == Frequency.WEEK:
        return _("Week of %(day)s") % {"day": date_format(start, "MONTH_DAY_FORMAT")}
    return date_format(start, "MONTH_DAY_FORMAT")


@register.simple_tag
def change_said(judged: Judged, told: Told, series: Series) -> str:
    """What changed, how much and since when, as it was said after ``told.judged``."""
    finding = finding_of(judged, told)
    if finding is None:
        return ""
    return change_words(finding, unit=series.indicator.unit_words, frequency=series.frequency)


class Chance(NamedTuple):
    """One explanation: its words, its symbol, how probable it was."""

    word: str
    icon: str
    share: float


@register.simple_tag
def chances(told: Told) -> list[Chance]:
    """``{% chances told as found %}``: the explanations that were weighed, the likeliest first."""
    found = Chance(kind_of(told), sign_of_kind(told), told.probability)
    nothing = Chance(_("nothing happened"), "ok", 1 - told.probability)
    return sorted([found, nothing], key=lambda chance: -chance.share)


@register.filter
def hundredths(probability: float) -> str:
    """ "94 in 100"; never all and never nothing, because nothing of the kind is that sure."""
    return _("%(n)s in 100") % {"n": figure(min(99, max(1, round(probability * 100))))}


@register.filter
def about(value: float | None) -> str:
    """An estimate with three digits that count."""
    if value is None or not math.isfinite(value):
        return figure(None)
    digits = 0 if value == 0 or abs(value) >= 100 else max(0, 2 - math.floor(math.log10(abs(value))))
    return figure(f"{value:.{min(digits, 6)}f}")


@register.filter
def span_words(course: Course) -> str:
    """ "from 20 October to 16 November 2026"."""
    if not course.starts:
        return ""
    first, last = course.starts[0], course.starts[-1]
    long = first.year != last.year
    return _("from %(first)s to %(last)s") % {
        "first": date_format(first, "DATE_FORMAT" if long else "MONTH_DAY_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }


@register.filter
def zoom_words(zoom: Zoom) -> str:
    """The name of a span."""
    return {
        Zoom.WEEKS: _("4 weeks"),
        Zoom.QUARTER: _("quarter"),
        Zoom.YEAR: pgettext("span of a chart", "year"),
        Zoom.ALL: pgettext("span of a chart", "all"),
    }[zoom]


@register.simple_tag
def course_chart(course: Course, judged: Judged | None, points: Sequence[Point], wide: bool = True) -> SafeString:
    """The picture of a course: line, band where one was in force, and the points that stood out."""
    low, high = bands_of(judged, course.starts)
    places = {start: n for n, start in enumerate(course.starts)}
    spots = [
        Spot(places[point.on], point.sign, f"{kind_of(point.told).capitalize()}, {short_day(point.on)}")
        for point in points
        if point.on in places
    ]
    width, height = (720, 260) if wide else (320, 220)
    return mark_safe(
        history(
            course.values,
            course_words(course, points),
            low=low,
            high=high,
            rest={n for n, start in enumerate(course.starts) if start in course.rest},
            spots=spots,
            across=_days_marked(course),
            up=_heights(course, low, high),
            width=width,
            height=height,
        )
    )


@register.simple_tag
def course_words(course: Course, points: Sequence[Point]) -> str:
    """The finding in a sentence, for readers of the picture."""
    indicator = course.series.indicator
    said = _("%(name)s, %(span)s") % {"name": indicator.name, "span": span_words(course)}
    if course.lowest is None or course.highest is None:
        return _("%(said)s: no figures") % {"said": said}
    said = _("%(said)s: between %(low)s and %(high)s") % {
        "said": said,
        "low": figure(course.lowest),
        "high": with_unit(course.highest, indicator.unit_words),
    }
    shown = set(course.starts)
    found = [f"{kind_of(p.told)} ({short_day(p.on)})" for p in points if p.on in shown]
    return ". ".join([said, ", ".join(found)]) if found else said


def _heights(course: Course, low: Sequence[float | None], high: Sequence[float | None]) -> list[tuple[float, str]]:
    known = [float(v) for v in course.values if v is not None] + [v for v in (*low, *high) if v is not None]
    if not known:
        return []
    return [(mark, _shortened(mark)) for mark in round_marks(min(known), max(known))]


def _shortened(value: float) -> str:
    """A number that fits beside the axis."""
    return figure(f"{value:.6g}") if abs(value) < 1e6 else f"{value:.3g}"


def _days_marked(course: Course) -> list[tuple[int, str]]:
    """Mondays of some weeks, firsts of months, or firsts of years, by how long the span is."""
    starts = list(enumerate(course.starts))
    if not starts:
        return []
    days = (course.starts[-1] - course.starts[0]).days
    if days < 40:
        return [(n, short_day(start)) for n, start in starts if start.weekday() == 0] or [(0, short_day(starts[0][1]))]
    if days < 800:
        return [(n, short_month(start)) for n, start in starts if _is_first(course.starts, n, "month")]
    return [(n, str(start.year)) for n, start in starts if _is_first(course.starts, n, "year")]


def _is_first(starts: Sequence[dt.date], n: int, unit: str) -> bool:
    """Whether the month or year of that period is another than that of the one before."""
    return n > 0 and getattr(starts[n], unit) != getattr(starts[n - 1], unit)
