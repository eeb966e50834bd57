"""Forms of objections: shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.enums import ObjectionKind, ObjectionVerdict
from councils.models.objection import TEXT_LIMIT


class ResultObjectionForm(forms.Form):
    """Why the result does not hold."""

    text = forms.CharField(
        label=_("Why"),
        max_length=TEXT_LIMIT,
        help_text=_("Everybody of the electorate reads it, with your name. Say what happened, when and where."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RollObjectionForm(ResultObjectionForm):
    """Whom it is about, and whether she is missing or should not be there."""

    person = forms.UUIDField(widget=forms.HiddenInput())
    kind = forms.ChoiceField(choices=ObjectionKind.choices, widget=forms.HiddenInput())


class AnswerForm(forms.Form):
    """The verdict is the button that was pressed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_LIMIT,
        help_text=_("It is published with your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    verdict = forms.ChoiceField(choices=ObjectionVerdict.choices, widget=forms.HiddenInput())


class ConfirmForm(forms.Form):
    """Which answer is confirmed: the one that was read."""

    answer = forms.IntegerField(min_value=1, max_value=10_000)
