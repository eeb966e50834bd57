"""What templates draw and say: marks, figures, time left. No queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.widgets import Input
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from councils import charts, figures
from councils.clock import local_day

register = template.Library()

#: Widgets that the browser draws; the boxed field is for what one writes, sends or picks from a list.
PLAIN = (CheckboxInput, CheckboxSelectMultiple, RadioSelect)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """``{% icon "lock" %}``"""
    return mark_safe(charts.icon(name, css))


@register.simple_tag
def sign(name: str, hot: bool = False) -> SafeString:
    """The hexagon of a task: ``{% sign "urna" hot=True %}``"""
    return mark_safe(charts.sign(name, hot))


@register.simple_tag
def number_sign(number: int) -> SafeString:
    """``{% number_sign forloop.counter %}``"""
    return mark_safe(charts.number_sign(number))


@register.simple_tag
def face(initials: str) -> SafeString:
    """``{% face member.initials %}``"""
    return mark_safe(charts.face(initials))


@register.simple_tag
def step_mark(number: object, state: str) -> SafeString:
    """``{% step_mark forloop.counter "done" %}``"""
    said = {"done": _("done: "), "next": _("to come: ")}.get(state, "")
    return mark_safe(charts.step_mark(str(number), state == "done")) + format_html('<span class="vh">{}</span>', said)


@register.simple_tag
def log_mark(name: str, css: str = "") -> SafeString:
    """``{% log_mark "check" "up" %}``"""
    return mark_safe(charts.log_mark(name, css))


@register.simple_tag
def clock(begins_at: dt.datetime, due_at: dt.datetime, now: dt.datetime) -> SafeString:
    """The hexagonal clock alone; who holds it, what is left and where it goes next stand beside it in words."""
    big, small = figures.two_parts(due_at - now)
    left, total = (due_at - now).total_seconds(), (due_at - begins_at).total_seconds()
    return mark_safe(charts.clock(left, total, big, small))


@register.simple_tag
def turnout(voted: int, roll: int, quorum: int | None, label: str) -> SafeString:
    """How many voted; only while the ballot is open, and of 100 electors or more."""
    return mark_safe(charts.turnout(voted, roll, quorum, label))


@register.simple_tag
def tally(yes: int, no: int, abstain: int, roll: int, quorum: int | None, label: str) -> SafeString:
    """The result of yes, no, abstain."""
    return mark_safe(charts.tally(yes, no, abstain, roll, quorum, label))


@register.simple_tag
def meter(value: int, total: int, quorum: int | None = None) -> SafeString:
    """A small bar beside its figures."""
    return mark_safe(charts.meter(value, total, quorum))


@register.filter
def figure(value: object, places: int | None = None) -> str:
    """``{{ value|figure }}`` as it is, ``{{ value|figure:1 }}`` at most one decimal."""
    return figures.figure(value, places)


@register.filter
def at_key(found: dict[Any, Any] | str, key: object) -> Any:
    """``{{ links|at_key:seat.pk }}``; None where there is none, or no such table on this page."""
    return found.get(key) if isinstance(found, dict) else None


@register.filter
def with_unit(value: object, unit: str) -> str:
    """``{{ value|with_unit:"t" }}``"""
    return figures.with_unit(value, unit)


@register.filter
def percent(share: object, places: int = 0) -> str:
    """``{{ 0.86|percent }}``: 86 %"""
    return figures.percent(share, places)


@register.filter
def time_left(until: dt.datetime | dt.timedelta, now: dt.datetime | None = None) -> str:
    """``{{ due_at|time_left:now }}`` or ``{{ duration|time_left }}``: "2 h 40 min"."""
    if isinstance(until, dt.timedelta):
        return figures.time_left(until)
    return figures.time_left(until - (now or timezone.now()))


@register.filter
def is_soon(due_at: dt.datetime, now: dt.datetime) -> bool:
    """Less than a day left: the only time that may be red."""
    return due_at - now < dt.timedelta(days=1)


@register.simple_tag
def left(due_at: dt.datetime, now: dt.datetime) -> SafeString:
    """The time left as an element whose words a small script renews each minute."""
    words = figures.time_left(due_at - now)
    return format_html('<time datetime="{}" data-left>{}</time>', due_at.isoformat(), words)


@register.simple_tag
def due_words(due_at: dt.datetime, now: dt.datetime) -> SafeString:
    """Until when, and how long that is: "Due today at 18:00, in 2 h 40 min." or "1 d 6 h left."."""
    hour = date_format(timezone.localtime(due_at), "TIME_FORMAT")
    if due_at <= now:
        day = date_format(timezone.localtime(due_at), "MONTH_DAY_FORMAT")
        return format_html(_("Was due on {day} at {hour}."), day=day, hour=hour)
    if local_day(due_at) == local_day(now):
        return format_html(_("Due today at {hour}, in {left}."), hour=hour, left=left(due_at, now))
    return format_html(_("{left} left."), left=left(due_at, now))


@register.simple_tag
def input_of(field: BoundField) -> SafeString:
    """The widget with the design's class, tied to its hint and its errors for screen readers."""
    described = [f"{field.id_for_label}-h"] if field.help_text else []
    described += [f"{field.id_for_label}-e{n}" for n in range(1, len(field.errors) + 1)]
    attributes: dict[str, Any] = {"class": _css_of(field)}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)


def _css_of(field: BoundField) -> str:
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    if isinstance(widget, PLAIN) or not isinstance(widget, Input | Textarea | Select):
        return str(own)
    return f"in mt1 {own}".strip()
