"""What of a territory is looked at: which period, which figure, by cordón or by branch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from production.enums import Grain
from production.models import Indicator

BY = [("cordon", _("Cordón")), ("sector", _("Branch"))]


class PeriodForm(forms.Form):
    """Read from the address, so that a page can be kept and sent. What cannot be read is as if it were not there."""

    by = forms.ChoiceField(label=_("By"), choices=Grain.choices, required=False)
    on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    indicator = forms.UUIDField(label=_("Figure"), required=False)
    of = forms.ChoiceField(label=_("Table by"), choices=BY, required=False)

    @property
    def grain(self) -> str:
        return str(self.cleaned_data.get("by") or Grain.DAY)

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
