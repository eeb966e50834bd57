"""Forms of recalls: shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models.recall import REASON_LIMIT


class ReasonForm(forms.Form):
    """Why a seat should be taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        help_text=_("Everybody who may vote on it reads it, without your name. Write what was done or not done."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(forms.Form):
    """What the person concerned says to it."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=REASON_LIMIT,
        help_text=_("It stands beside the reason, with your name. You may change it until the recall is over."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
