"""Forms of proposals: shape only; what may be done is the domain's to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from councils.domain.deliberation import MOST_DAYS
from councils.domain.proposal import TITLE_LIMIT, VERSIONS_LIMIT
from councils.models import Body
from councils.text import LIMIT


class ProposalForm(forms.Form):
    """Title and text; ``version`` is the one that the author is looking at."""

    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LIMIT, help_text=_("What is to be decided, in one line.")
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LIMIT,
        strip=False,
        help_text=_("Number the points. **Bold** and lists that begin with - or 1. are shown as such."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    version = forms.IntegerField(min_value=1, max_value=VERSIONS_LIMIT, required=False, widget=forms.HiddenInput())


class DraftForm(ProposalForm):
    """A new one; ``body`` is asked only of who belongs to more than one assembly."""

    version = None  # type: ignore[assignment]

    def __init__(self, *args: Any, assemblies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"] = forms.ModelChoiceField(
            label=_("Assembly"), queryset=assemblies, to_field_name="uuid", empty_label=None
        )
        self.order_fields(["body", "title", "text"])
        if len(assemblies) == 1:
            self.fields["body"].widget = forms.HiddenInput()
            self.initial["body"] = assemblies[0].uuid


class ConveneForm(forms.Form):
    """For how long the committee opens the vote: ``least`` days or more."""

    days = forms.IntegerField(
        label=_("Days that the vote lasts"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"days": least}, **kwargs)
        self.fields["days"].validators += [MinValueValidator(least), MaxValueValidator(MOST_DAYS)]
        self.fields["days"].help_text = ngettext(
            "By the rules at least %(n)s day.", "By the rules at least %(n)s days.", least
        ) % {"n": least}
