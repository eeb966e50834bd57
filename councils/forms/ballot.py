"""The ballot paper as a form: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.enums import Choice, PollKind
from councils.models import Poll


class BallotForm(forms.Form):
    """``choice`` on a yes/no paper, ``marks`` on an approval one; ``replaces`` is the version last seen (absent: 0)."""

    replaces = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if poll.kind == PollKind.YES_NO:
            self.fields["choice"] = forms.ChoiceField(label=_("Vote"), choices=Choice.choices)
        else:
            names = [(option["id"], option["label"]) for option in poll.options]
            self.fields["marks"] = forms.MultipleChoiceField(label=_("Candidates"), choices=names, required=False)

    def clean_replaces(self) -> int:
        return self.cleaned_data["replaces"] or 0

    @property
    def marks(self) -> list[str]:
        """What the valid paper marks, in the order of the paper; ``[]`` is blank."""
        if "choice" in self.fields:
            return [self.cleaned_data["choice"]]
        said = set(self.cleaned_data["marks"])
        return [name for name, _label in self.fields["marks"].choices if name in said]  # type: ignore[attr-defined]
