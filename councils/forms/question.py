"""Forms of a council's questions: shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.domain.question import TITLE_LIMIT
from councils.forms.election import Moment
from councils.text import LIMIT


class QuestionForm(forms.Form):
    """What is asked, and when the vote opens and closes."""

    title = forms.CharField(
        label=_("Question"), max_length=TITLE_LIMIT, help_text=_("In one line that can be answered with yes or no.")
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LIMIT,
        strip=False,
        help_text=_("Number the points. **Bold** and lists that begin with - or 1. are shown as such."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    opens_at = Moment(
        label=_("The vote opens"),
        help_text=_("Until then it is discussed, and the workplaces may instruct their delegates."),
    )
    closes_at = Moment(label=_("The vote closes"))
