"""Form of a drawn order: a place for each name of the ballot; shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from councils.models import Poll

#: ``place_3``: the place that was drawn for the name of id 3.
PLACE = "place_"


class LotsForm(forms.Form):
    """Each name of ``poll`` has a place, no two the same one."""

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = len(poll.options)
        for option in poll.options:
            self.fields[PLACE + option["id"]] = forms.IntegerField(
                label=option["label"],
                min_value=1,
                max_value=last,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": last}),
            )

    def clean(self) -> dict[str, Any]:
        """No place twice."""
        data = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for name, place in list(data.items()):
            if place in taken:
                first = self.fields[taken[place]].label
                self.add_error(
                    name, _("Place %(place)s is given to %(name)s already.") % {"place": place, "name": first}
                )
            else:
                taken[place] = name
        return data

    @property
    def order(self) -> list[str]:
        """Ids by place, of a valid form."""
        return [name.removeprefix(PLACE) for name in sorted(self.fields, key=lambda name: self.cleaned_data[name])]
