"""The report of a delegate: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.domain.delegate import REPORT_LIMIT


class ReportForm(forms.Form):
    """``votes``: (uuid, title) of the votes about which she may give a reason."""

    poll = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("What you report"), max_length=REPORT_LIMIT, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, votes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["poll"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("in general")), *votes]
