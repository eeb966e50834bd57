"""The scrutineers' key: who is given a share, and shares typed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Member, Poll
from councils.models.electorate import electors
from councils.urn.shares import LENGTH

#: Room for hyphens, spaces and what a scanner adds.
LONGEST = LENGTH * 3


class ScrutineersForm(forms.Form):
    """One choice for each share, among those who may vote."""

    def __init__(self, *args: Any, poll: Poll, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Member.objects.filter(pk__in=electors(poll.body, at)).order_by("name")
        for n in range(1, (poll.shares_made or 0) + 1):
            self.fields[f"person_{n}"] = forms.ModelChoiceField(
                people, to_field_name="uuid", label=_("Scrutineer %(n)s") % {"n": n}
            )

    @property
    def people(self) -> list[Member]:
        return list(self.cleaned_data.values())


class SharesForm(forms.Form):
    """As many lines as shares are needed; nothing that is typed here is kept."""

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, (poll.shares_needed or 0) + 1):
            self.fields[f"share_{n}"] = forms.CharField(
                label=_("Share %(n)s") % {"n": n},
                max_length=LONGEST,
                widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
            )

    @property
    def typed(self) -> list[str]:
        return list(self.cleaned_data.values())
