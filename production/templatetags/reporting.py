"""Words and marks of reports and panels. No queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from councils.charts import icon
from councils.figures import figure, short_day, with_unit
from production import charts
from production.analysis import calendar
from production.analysis.usual_range import UsualRange
from production.domain.judged_course import bands_of, points_of
from production.domain.panel import Panel
from production.domain.recent import Point
from production.domain.sheet import Line
from production.enums import Frequency, Stoppage
from production.intake import units
from production.templatetags.judging import kind_of, learning_words

register = template.Library()

#: The symbol of each reason on its button.
STOPPAGE_ICONS = {
    Stoppage.POWER_CUT: "bolt",
    Stoppage.HOLIDAY: "cal",
    Stoppage.STRIKE: "gate",
    Stoppage.MAINTENANCE: "tool",
    Stoppage.NO_INPUTS: "need",
    Stoppage.OTHER: "x",
}


@register.simple_tag
def stoppage_icon(why: str) -> SafeString:
    """``{% stoppage_icon "power_cut" %}``: the symbol of a reason."""
    return mark_safe(icon(STOPPAGE_ICONS[Stoppage(why)]))


@register.filter
def unit_words(symbol: str) -> str:
    """``{{ row.unit|unit_words }}``: the unit as people read it."""
    return units.unit_words(symbol, get_language() or "")


@register.filter
def day_words(start: dt.date, on: dt.date) -> str:
    """``{{ start|day_words:today }}``: Today, Yesterday, or the day."""
    if start == on:
        return _("Today")
    if start == on - dt.timedelta(days=1):
        return _("Yesterday")
    return date_format(start, "MONTH_DAY_FORMAT")


@register.filter
def period_words(start: dt.date, frequency: str) -> str:
    """``{{ line.start|period_words:series.frequency }}``: the day, "16 to 22 November", the month."""
    if frequency == Frequency.WEEK:
        end = calendar.period_end(frequency, start)
        return _("week from %(first)s to %(last)s") % {
            "first": date_format(start, "MONTH_DAY_FORMAT"),
            "last": date_format(end, "MONTH_DAY_FORMAT"),
        }
    if frequency == Frequency.MONTH:
        return date_format(start, "YEAR_MONTH_FORMAT")
    return date_format(start, "MONTH_DAY_FORMAT")


@register.filter
def range_words(usual: UsualRange | None) -> str:
    """ "expected from 90 to 150"; empty where there are too few figures to say."""
    if usual is None:
        return ""
    if usual.low == usual.high:
        return _("expected %(value)s") % {"value": figure(usual.low)}
    return _("expected from %(low)s to %(high)s") % {"low": figure(usual.low), "high": figure(usual.high)}


@register.filter
def last_words(line: Line, on: dt.date) -> str:
    """ "Yesterday 52", or the period before: "2 to 8 November 310"."""
    if line.last is None:
        return _("First figure")
    return f"{_period(line.last, line.series.frequency, on)} {figure(line.last.value)}"


def _period(point: Point, frequency: str, on: dt.date) -> str:
    if frequency == Frequency.DAY:
        return day_words(point.start, on)
    words = period_words(point.start, frequency)
    return words[:1].upper() + words[1:]


@register.simple_tag
def hint(line: Line, on: dt.date) -> str:
    """What stands under the name of a field: the last value, and what is expected."""
    return " · ".join(filter(None, [last_words(line, on), range_words(line.usual)]))


@register.simple_tag
def scale(line: Line, on: dt.date, value: Decimal | None = None) -> SafeString:
    """The strip beside a field: the usual range, the last value, and the one being given. Nothing without history."""
    if line.last is None:
        return mark_safe("")
    low, high = (line.usual.low, line.usual.high) if line.usual else (None, None)
    label = _("Scale: %(words)s") % {"words": hint(line, on)}
    known = [v for v in (line.last.value, low, high, value) if v is not None]
    margin = (max(known) - min(known)) * 2 / 5
    return mark_safe(charts.strip(line.last.value, low, high, min(known) - margin, max(known) + margin, label, value))


@register.simple_tag
def small_multiple(panel: Panel, on: dt.date) -> SafeString:
    """The last 28 periods of a panel as a line over what is expected; without the current one while it has no
    figure, so that what is written under the end belongs to the end."""
    ends = len(panel.values) if panel.now is not None or panel.latest is None else -1
    values, starts = panel.values[:ends], panel.starts[:ends]
    first, last = starts[0], starts[-1]
    return mark_safe(
        charts.series(
            values,
            panel_words(panel, on),
            **_expected(panel, starts),
            rest=[n for n, start in enumerate(starts) if start in panel.rest],
            flags=_flags(panel, starts),
            first=short_day(first),
            last=_("today") if last == on else short_day(last),
        )
    )


def _expected(panel: Panel, starts: Sequence[dt.date]) -> dict[str, Any]:
    """The band that was in force for each period; of a series that is not watched, its usual range for all."""
    if panel.is_watched:
        low, high = bands_of(panel.watched, starts)
        return {"low": low, "high": high}
    return {"low": panel.usual.low, "high": panel.usual.high} if panel.usual else {}


def _flags(panel: Panel, starts: Sequence[dt.date]) -> dict[int, charts.Flag]:
    """What the engine found; of a series that is not watched, the latest figure where it is odd."""
    if panel.is_watched:
        places = {start: n for n, start in enumerate(starts)}
        points = [point for point in points_of(panel.watched) if point.on in places]
        return {places[point.on]: charts.Flag(point.sign, kind_of(point.told)) for point in points}
    at = max((n for n, value in enumerate(panel.values) if value is not None), default=None)
    if at is None or not panel.is_odd:
        return {}
    return {at: charts.Flag("transient", _("an odd day"))}


@register.filter
def panel_words(panel: Panel, on: dt.date) -> str:
    """The finding in a sentence, for readers of the chart."""
    name, unit = panel.series.indicator.name, panel.series.indicator.unit_words
    if panel.latest is None:
        return _("%(name)s: no figures yet") % {"name": name}
    said = _("%(name)s: %(value)s, %(day)s") % {
        "name": name,
        "value": with_unit(panel.latest.value, unit),
        "day": _period(panel.latest, panel.series.frequency, on).lower(),
    }
    found = kind_of(panel.standing) if panel.standing else learning_words(panel.watched, panel.series.frequency)
    return ", ".join(filter(None, [said, range_words(panel.usual), found]))
