"""Forms of moderation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.domain.moderation import REASON_LIMIT
from councils.enums import Verdict


class ReasonForm(forms.Form):
    """A reason that is published with the name of who gives it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        help_text=_("It is published with your name."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ModerationForm(ReasonForm):
    """The verdict is the button that was pressed."""

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput())
