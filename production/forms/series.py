"""What the committee writes down about the figures of its workplace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Territory
from production.enums import Direction, Frequency, IndicatorKind, Sharing


class SeriesForm(forms.Form):
    """A figure to report from now on: from the catalogue when name and unit are there, else new."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As it is written in the notebook or on the board.")
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("t, kg, litres, hours, people, %"))
    kind = forms.ChoiceField(label=_("What it measures"), choices=IndicatorKind.choices)
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices)
    direction = forms.ChoiceField(label=_("Which way is better"), choices=Direction.choices, initial=Direction.NONE)
    territory = forms.ModelChoiceField(
        label=_("Who reports it"), queryset=Territory.objects.none(), to_field_name="uuid", required=False
    )
    from_on = forms.DateField(
        label=_("From"), input_formats=["%Y-%m-%d"], widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, workplace: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Territory.objects.filter(placements__parent=workplace).distinct().order_by("name_key")
        choice = self.fields["territory"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = sections
        choice.empty_label = _("Whole workplace")


class EndSeriesForm(forms.Form):
    """The first day on which a figure is no longer reported."""

    until_on = forms.DateField(
        label=_("Not reported from"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class SharingForm(forms.Form):
    """What the assembly agreed about a figure, and when."""

    sharing = forms.ChoiceField(label=_("Outside the workplace"), choices=Sharing.choices)
    agreed_on = forms.DateField(
        label=_("Day of the assembly"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class MoveForm(forms.Form):
    """One place up or down on the form."""

    up = forms.BooleanField(required=False)
