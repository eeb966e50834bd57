"""Marks and words of sums: the map of a cordón, its row of cells, the line of a sum. No queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.figures import figure, short_day, short_month, with_unit
from production import charts
from production.domain.overview import Period, Run, Tile
from production.domain.visibility import Shown
from production.enums import Grain
from production.models import Indicator

register = template.Library()


@register.simple_tag
def hexmap(tiles: Sequence[Tile], most: int = 6) -> SafeString:
    """``{% hexmap tiles 3 %}``: the workplaces, each leading to its page, in even rows of at most ``most``."""
    rows = -(-len(tiles) // most)
    columns = -(-len(tiles) // rows) if rows else 1
    drawn = [
        charts.Tile(
            tile.territory.name,
            "none" if not tile.reported else "share" if tile.shares else "in",
            f"{tile.territory.name}: {tile_words(tile)}",
            reverse("workplace", args=[tile.territory.uuid]),
        )
        for tile in tiles
    ]
    return mark_safe(charts.hexmap(drawn, _("Map of the workplaces"), columns=columns))


@register.filter
def tile_words(tile: Tile) -> str:
    """What the symbol of a tile says."""
    if not tile.reported:
        return _("no report today")
    return _("reported, shares its figures") if tile.shares else _("reported")


@register.simple_tag
def cells(name: str, tiles: Sequence[Tile], alarmed: Collection[int] = ()) -> SafeString:
    """``{% cells group.name group.tiles board.alarmed %}``: one cell a workplace; ``alarmed``: those of which an alert
    came up to the level that is looked at, by primary key."""
    silent = sum(not tile.reported for tile in tiles)
    label = ngettext("%(name)s: %(n)s workplace", "%(name)s: %(n)s workplaces", len(tiles)) % {
        "name": name,
        "n": figure(len(tiles)),
    }
    if silent:
        label += _(", %(n)s without report") % {"n": figure(silent)}
    up = sum(tile.territory.pk in alarmed for tile in tiles)
    if up:
        label += ngettext(", %(n)s with an alert that came up", ", %(n)s with alerts that came up", up) % {
            "n": figure(up)
        }
    return mark_safe(charts.cells([_cell(tile, alarmed) for tile in tiles], label))


def _cell(tile: Tile, alarmed: Collection[int]) -> str:
    if tile.territory.pk in alarmed:
        return "alarm"
    return "in" if tile.reported else "none"


@register.simple_tag
def sum_line(run: Run, values: Sequence[Shown | None], name: str, width: int = 304, height: int = 106) -> SafeString:
    """The sums of the last periods as a line. No band: what is expected of a sum is no one's business yet."""
    shown = [row.value if row else None for row in values]
    last = values[-1]
    unit = run.indicator.unit_words
    said = with_unit(last.value, unit, 2) if last and last.value is not None else _("no figure shown")
    label = _("%(name)s, %(indicator)s: %(value)s, %(period)s") % {
        "name": name,
        "indicator": run.indicator.name,
        "value": said,
        "period": period_words(run.period),
    }
    return mark_safe(
        charts.series(
            shown,
            label,
            first=_short(run.starts[0], run.period.grain),
            last=_short(run.starts[-1], run.period.grain),
            width=width,
            height=height,
        )
    )


@register.simple_tag
def sum_of(shown: Shown | None, indicator: Indicator) -> str:
    """``{% sum_of line.shown line.indicator %}``: the figure with its unit, at most two decimals."""
    return with_unit(shown.value if shown else None, indicator.unit_words, 2)


@register.filter
def coverage(shown: Shown) -> str:
    """How many of the answers due are there: a sum without it is a lie."""
    return _("%(reported)s of %(expected)s") % {
        "reported": figure(shown.reported),
        "expected": figure(shown.expected),
    }


@register.filter
def period_words(period: Period) -> str:
    """In words: "Monday 16 November 2026", "week of 16 November 2026", "November 2026"."""
    if period.grain == Grain.WEEK:
        return _("week of %(day)s") % {"day": date_format(period.start, "DATE_FORMAT")}
    if period.grain == Grain.MONTH:
        return date_format(period.start, "YEAR_MONTH_FORMAT")
    return date_format(period.start, "l") + " " + date_format(period.start, "DATE_FORMAT")


@register.filter
def start_words(start: dt.date, period: Period) -> str:
    """The same of another period of the same length."""
    return period_words(Period(period.grain, start))


@register.simple_tag(takes_context=True)
def look(context: template.Context, **changed: object) -> str:
    """The address of this page with something else looked at: ``{% look by="week" on="" %}``."""
    request: HttpRequest = context["request"]
    asked = {name: request.GET.get(name, "") for name in ("by", "on", "indicator", "of")}
    asked |= {name: str(value) for name, value in changed.items()}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{context['here']}?{query}" if query else str(context["here"])


def _short(start: dt.date, grain: str) -> str:
    return short_month(start) if grain == Grain.MONTH else short_day(start)
