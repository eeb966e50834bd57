"""Forms of mandates: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.enums import Choice, MandateKind
from councils.forms.election import Moment


class ConsultForm(forms.Form):
    """A vote of those who elected the delegates."""

    kind = forms.ChoiceField(
        label=_("What the result does"),
        choices=[(kind.value, kind.label) for kind in (MandateKind.BOUND, MandateKind.SPLIT)],
    )
    closes_at = Moment(label=_("The vote closes"), help_text=_("It opens at once."))


class DecidedForm(forms.Form):
    """What an assembly decided by hands."""

    kind = forms.ChoiceField(
        label=_("What the assembly decided"),
        choices=[
            (MandateKind.BOUND, MandateKind.BOUND.label),
            (MandateKind.SPLIT, MandateKind.SPLIT.label),
            (MandateKind.FREE, MandateKind.FREE.label),
        ],
    )
    answer = forms.ChoiceField(
        label=_("Answer, if all vote as decided"), choices=[("", "–"), *Choice.choices], required=False
    )
    decided_on = forms.DateField(
        label=_("Day of the assembly"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in Choice:
            self.fields[f"n_{choice}"] = forms.IntegerField(
                label=_("Hands for “%(answer)s”, if the votes are split") % {"answer": choice.label},
                min_value=0,
                max_value=1_000_000,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def decided(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "answer": data["answer"],
            "decided_on": data["decided_on"],
            "tally": {str(choice): data[f"n_{choice}"] or 0 for choice in Choice},
        }
