"""What of a territory is looked at: which period, which figure, by cordón or by branch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from production.enums import Grain
from production.models import Indicator


class PeriodForm(forms.Form):
    """Read from the address, so that a look can be kept and sent. What cannot be read is as if it were not there."""

    by = forms.ChoiceField(choices=Grain.choices, required=False)
    on = forms.DateField(required=False)
    indicator = forms.UUIDField(required=False)
    of = forms.ChoiceField(choices=[("cordon", ""), ("sector", "")], required=False)

    @property
    def grain(self) -> str | None:
        """None: not asked for."""
        return self.cleaned_data.get("by") or None

    @property
    def day(self) -> dt.date | None:
        on = self.cleaned_data.get("on")
        # beyond these years there are no weeks and months to step to
        return on if isinstance(on, dt.date) and 1900 <= on.year <= 9000 else None

    @property
    def is_by_sector(self) -> bool:
        return self.cleaned_data.get("of") == "sector"

    def chosen(self, indicators: Sequence[Indicator]) -> Indicator | None:
        """The one of ``indicators`` that was asked for."""
        return next((i for i in indicators if i.uuid == self.cleaned_data.get("indicator")), None)


def look_of(query: QueryDict) -> PeriodForm:
    """The form of an address, read."""
    form = PeriodForm(query)
    form.is_valid()
    return form
