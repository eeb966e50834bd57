"""What templates of production draw. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from councils.charts import Number
from councils.figures import figure, percent
from production import charts

register = template.Library()


@register.simple_tag
def series(
    values: Sequence[Number | None],
    label: str,
    low: Sequence[Number | None] | Number | None = None,
    high: Sequence[Number | None] | Number | None = None,
    flags: Mapping[int, charts.Flag] | None = None,
    first: str = "",
    last: str = "",
    marks: Sequence[Number] = (),
    ahead: Sequence[Number] = (),
    width: int = 304,
    height: int = 106,
) -> SafeString:
    """``{% series values label low=… high=… first="30 d" last="hoy" marks=ticks %}``; ``marks`` get their figure."""
    lines = [(value, figure(value)) for value in marks]
    return mark_safe(
        charts.series(
            values,
            label,
            low=low,
            high=high,
            flags=flags,
            first=first,
            last=last,
            lines=lines,
            ahead=ahead,
            width=width,
            height=height,
        )
    )


@register.simple_tag
def vessel(actual: Number | None, capable: Number | None, potential: Number | None, faded: str = "") -> SafeString:
    """``{% vessel 412 480 600 faded="pot" %}``"""
    return mark_safe(charts.vessel(actual, capable, potential, faded=faded))


@register.simple_tag
def vessel_big(actual: Number | None, capable: Number | None, potential: Number | None, unit: str) -> SafeString:
    """The vessel with its three figures in words."""
    rows = [
        (potential, figure(potential), _("we could")),
        (capable, figure(capable), _("we can today")),
        (actual, figure(actual), _("we do")),
    ]
    label = _("We do %(actual)s, we can today %(capable)s, we could %(potential)s %(unit)s") % {
        "actual": figure(actual),
        "capable": figure(capable),
        "potential": figure(potential),
        "unit": unit,
    }
    return mark_safe(charts.vessel_big(rows, label))


@register.simple_tag
def hbar(actual: Number | None, capable: Number | None, potential: Number | None, low: bool = False) -> SafeString:
    """``{% hbar 412 480 600 %}``"""
    return mark_safe(charts.hbar(actual, capable, potential, low=low))


@register.simple_tag
def hexmap(tiles: Sequence[charts.Tile], label: str, columns: int = 6) -> SafeString:
    """Two cuts: ``{% hexmap tiles label columns=6 %}`` in ``.only-wide``, ``columns=3`` in ``.only-narrow``."""
    return mark_safe(charts.hexmap(tiles, label, columns))


@register.simple_tag
def cells(states: Sequence[str], label: str, columns: int = 9) -> SafeString:
    """One cell per workplace: ``{% cells states label %}``"""
    return mark_safe(charts.cells(states, label, columns))


@register.filter
def coverage(reported: int, expected: int) -> str:
    """``{{ reported|coverage:expected }}``: "88 of 94"; a sum without it is a lie."""
    return _("%(reported)s of %(expected)s") % {"reported": figure(reported), "expected": figure(expected)}


@register.filter
def ratio(part: Number | None, whole: Number | None) -> str:
    """``{{ do|ratio:can }}``: the share as a percentage, or the dash where either is missing or nothing divides."""
    if part is None or not whole:
        return percent(None)
    return percent(part / whole)  # type: ignore[operator]
