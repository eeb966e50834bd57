"""Two plain questions about one figure: what could be made, and what with what is lacking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.figures import with_unit
from production.analysis.indices import Better
from production.domain.capability import REASON_LENGTH, Best
from production.domain.indices import better
from production.enums import Frequency
from production.forms.report import NumberField, typed
from production.models import Capability, Series

#: The first question, by which way the figure is better and how often it is reported.
_FIRST: dict[tuple[Better, str], Promise] = {
    (Better.MORE, Frequency.DAY): gettext_lazy("How much would we make today if nothing were missing?"),
    (Better.MORE, Frequency.WEEK): gettext_lazy("How much would we make this week if nothing were missing?"),
    (Better.MORE, Frequency.MONTH): gettext_lazy("How much would we make this month if nothing were missing?"),
    (Better.LESS, Frequency.DAY): gettext_lazy("How much would it be today if nothing were missing?"),
    (Better.LESS, Frequency.WEEK): gettext_lazy("How much would it be this week if nothing were missing?"),
    (Better.LESS, Frequency.MONTH): gettext_lazy("How much would it be this month if nothing were missing?"),
}


class CapabilityForm(forms.Form):
    """What could be made in one period, since when, and why we say so. ``now``: what holds today."""

    from_on = forms.DateField(
        label=gettext_lazy("Since when?"),
        help_text=gettext_lazy("From that day on our figures are compared with it."),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("What it was counted from, or what changed: a shift, a furnace, a lorry."),
        max_length=REASON_LENGTH,
    )

    def __init__(self, *args: Any, series: Series, best: Best | None, now: Capability | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = better(series.indicator) or Better.MORE
        capability = NumberField(indicator=series.indicator)
        capability.label, capability.help_text = str(_FIRST[way, series.frequency]), _record(series, way, best)
        capability.initial = typed(now.capability if now else best.value if best else None)
        potentiality = NumberField(indicator=series.indicator)
        potentiality.label = _("And with what we lack?")
        potentiality.help_text = _(
            "In %(unit)s. With the machines, the hands, the spare parts that we do not have. "
            "If nothing more would come of it, the same."
        ) % {"unit": series.indicator.unit_words}
        potentiality.initial = typed(now.potentiality) if now else ""
        capability.required = potentiality.required = True
        self.fields = {"capability": capability, "potentiality": potentiality, **self.fields}


def _record(series: Series, way: Better, best: Best | None) -> str:
    """The unit, and the record as a first answer."""
    unit = series.indicator.unit_words
    if best is None:
        return _("In %(unit)s, with the people and machines that we have.") % {"unit": unit}
    said = {"value": with_unit(best.value, unit), "day": date_format(best.start)}
    if way == Better.LESS:
        return _("With the people and machines that we have. The least so far: %(value)s, on %(day)s.") % said
    return _("With the people and machines that we have. The most so far: %(value)s, on %(day)s.") % said
