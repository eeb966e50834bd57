"""Words and marks of what is made, can be made and could be made. No queries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.figures import figure, with_unit
from production import charts
from production.analysis.indices import Better
from production.domain import capability
from production.domain.indices import Index
from production.enums import Grain
from production.models import Capability, Series

register = template.Library()


class Sentence(NamedTuple):
    """One index: its sentence, its percentage as it is shown, its name, what it divides, its raw ratio, its vessel."""

    said: SafeString
    percent: str
    name: str
    meaning: str
    raw: str
    vessel: SafeString


@register.simple_tag
def sentences(index: Index) -> list[Sentence]:
    """``{% sentences index as said %}``: productivity, latency, performance; the sentence comes first."""
    named = (
        (_productivity(index), index.productivity, _("Productivity"), _("what we make of what we can"), "pot"),
        (_latency(index), index.latency, _("Latency"), _("what we can of what we could"), "act"),
        (_performance(index), index.performance, _("Performance"), _("what we make of what we could"), "cap"),
    )
    return [
        Sentence(_filled(text, index), percent(ratio), name, meaning, _raw(ratio), _vessel(index, dim))
        for text, ratio, name, meaning, dim in named
    ]


@register.filter
def is_asked(series: Series) -> bool:
    """``{% if item|is_asked %}``: whether one may ask of it what could be made."""
    return capability.is_asked(series)


@register.simple_tag
def answer_of(answers: Mapping[int, Capability], series: Series) -> Capability | None:
    """``{% answer_of answers item as answer %}``: what holds of a series today."""
    return answers.get(series.pk)


@register.filter
def productivity_words(index: Index) -> SafeString:
    """The first sentence alone: "We make 412 of the 480 that we can today"."""
    return _filled(_productivity(index), index)


@register.filter
def percent(ratio: Fraction | None) -> str:
    """A ratio as a whole percentage, halves up; beyond 100 in words, since a picture cannot show it."""
    if ratio is None:
        return figure(None)
    return _("over %(most)s") % {"most": with_unit(100, "%")} if ratio > 1 else _raw(ratio)


@register.simple_tag
def vessel_large(index: Index) -> SafeString:
    """``{% vessel_large index %}``: the vessel with its three amounts."""
    amounts = [
        (_amount(index.potentiality), _("we could")),
        (_amount(index.capability), _("we can")),
        (_amount(index.actuality), _("we make") if index.better == Better.MORE else _("we are at")),
    ]
    said = ", ".join(f"{word} {amount}" for amount, word in reversed(amounts))
    label = f"{index.indicator.name}: {said} {index.indicator.unit_words}"
    return mark_safe(charts.vessel_large(*_shares(index), amounts, label))


@register.simple_tag
def vessel_bar(index: Index) -> SafeString:
    """``{% vessel_bar index %}``: the vessel lying down, in a table; the words stand beside it."""
    return mark_safe(charts.vessel_bar(*_shares(index), width=66, height=12))


@register.filter
def answered_words(index: Index) -> str:
    """How many of the workplaces of the sum have said what they could make: without it the sentence is a lie."""
    return ngettext(
        "Of %(answered)s of the %(all)s workplace with figures: it has said what it could make.",
        "Of %(answered)s of the %(all)s workplaces with figures: those that have said what they could make.",
        index.compared.workplaces,
    ) % {"answered": figure(index.compared.answered), "all": figure(index.compared.workplaces)}


@register.filter
def answered_short(index: Index) -> str:
    """The same in a table: "3 of 5 workplaces"."""
    of = index.compared
    words = ngettext("%(answered)s of %(all)s workplace", "%(answered)s of %(all)s workplaces", of.workplaces)
    return words % {"answered": figure(of.answered), "all": figure(of.workplaces)}


def _productivity(index: Index) -> str:
    today = index.grain == Grain.DAY
    if index.better == Better.LESS:
        if index.exceeds_capability:
            return _("We are at %(made)s: better than the %(can)s that we said we can do with")
        return _("We are at %(made)s; today we can do with %(can)s") if today else (
            _("We are at %(made)s; we can do with %(can)s")
        )  # fmt: skip
    if index.exceeds_capability:
        return _("We make %(made)s: more than the %(can)s that we said we can")
    return _("We make %(made)s of the %(can)s that we can today") if today else (
        _("We make %(made)s of the %(can)s that we can")
    )  # fmt: skip


def _latency(index: Index) -> str:
    if index.better == Better.LESS:
        if index.exceeds_potentiality:
            return _("We said we can do with %(can)s: better than the %(could)s that we could do with")
        return _("We can do with %(can)s; we could do with %(could)s")
    if index.exceeds_potentiality:
        return _("We said we can make %(can)s: more than the %(could)s that we could")
    return _("We can make %(can)s of the %(could)s that we could")


def _performance(index: Index) -> str:
    if index.better == Better.LESS:
        if index.exceeds_both:
            return _("We are at %(made)s: better than the %(could)s that we said we could do with")
        return _("We are at %(made)s; we could do with %(could)s")
    if index.exceeds_both:
        return _("We make %(made)s: more than the %(could)s that we said we could")
    return _("We make %(made)s of the %(could)s that we could")


def _filled(text: str, index: Index) -> SafeString:
    """``text`` with its amounts; the first of them, which the sentence is about, is strong."""
    amounts = {"made": index.actuality, "can": index.capability, "could": index.potentiality}
    first = min((name for name in amounts if f"%({name})s" in text), key=lambda name: text.index(f"%({name})s"))
    said = {name: format_html("<b>{}</b>" if name == first else "{}", _amount(amounts[name])) for name in amounts}
    return mark_safe(str(format_html("{}", text)) % said)


def _amount(value: Decimal) -> str:
    return figure(value, 2)


def _raw(ratio: Fraction | None) -> str:
    if ratio is None:
        return figure(None)
    whole = (ratio * 200 + 1) // 2  # halves up
    return with_unit(whole, "%")


def _shares(index: Index) -> tuple[float, float]:
    """Latency and performance as shares of the frame; of what is not used at all the vessel is full."""
    performance = index.performance
    return float(index.latency), 1.0 if performance is None else float(performance)


def _vessel(index: Index, dim: str) -> SafeString:
    return mark_safe(charts.vessel(*_shares(index), dim))
