"""Forms of one's own seat: shape only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class HandOverForm(forms.Form):
    """To which of the substitutes, given as (id, name), and for which days."""

    substitute = forms.ChoiceField(label=_("Substitute"))
    from_on = _day(_("First day"))
    last_on = _day(_("Last day"), _("From the next day on you act again."))

    def __init__(self, *args: Any, substitutes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].choices = substitutes  # type: ignore[attr-defined]

    @property
    def until_on(self) -> dt.date:
        """The first day on which the holder acts again."""
        last: dt.date = self.cleaned_data["last_on"]
        return min(last, dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1)
