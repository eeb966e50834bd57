"""Forms of elections: shape only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from councils.models import Body
from councils.models.candidate_list import NAME_LIMIT
from councils.text import clean

STATEMENT_LIMIT = 300


class Moment(forms.DateTimeField):
    """A day and an hour, in the installation's time."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class CallForm(forms.Form):
    """What is to be elected, and when nominations and the vote close."""

    body = forms.ModelChoiceField(
        label=_("What is elected"), queryset=Body.objects.none(), to_field_name="uuid", empty_label=None
    )
    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        help_text=_("By the rules each group elects its own seats. All are called together, or one that is left over."),
    )
    nominations_close_at = Moment(label=_("Nominations close"))
    voting_closes_at = Moment(
        label=_("The vote closes"),
        help_text=_("Choose an hour that lets every shift vote."),
    )

    vacancies_only = forms.BooleanField(
        label=_("Only the vacant seats"),
        required=False,
        help_text=_(
            "A by-election, for the rest of their term. Whoever sits there goes on. Else all seats are elected."
        ),
    )

    on_paper = forms.BooleanField(
        label=_("On paper, in the hall"),
        required=False,
        help_text=_("Nothing is cast here. One person enters the count, another countersigns it."),
    )

    def __init__(
        self,
        *args: Any,
        bodies: QuerySet[Body],
        first: dict[str, dt.datetime],
        vacant_in: str = "",
        any_vacant: bool = False,
        may_be_paper: bool = False,
        groups: Sequence[str] = (),
        group: str = "",
        **kwargs: Any,
    ) -> None:
        chosen = {"body": vacant_in, "vacancies_only": True} if vacant_in else {}
        super().__init__(*args, initial={**first, **chosen, "group": group}, **kwargs)
        if groups:
            choice = self.fields["group"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", _("All groups")), *((name, name) for name in groups)]
        else:
            del self.fields["group"]
        if not may_be_paper:
            del self.fields["on_paper"]
        if not any_vacant:
            del self.fields["vacancies_only"]
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = bodies


class StatementForm(forms.Form):
    """A sentence of the candidate, shown beside her name."""

    statement = forms.CharField(
        label=_("Your sentence on the ballot"),
        max_length=STATEMENT_LIMIT,
        required=False,
        help_text=_("Optional. What you stand for, in one line."),
    )

    def clean_statement(self) -> str:
        return " ".join(clean(self.cleaned_data["statement"]).split())


class NominationForm(StatementForm):
    """Who is named."""

    nominee = forms.UUIDField(widget=forms.HiddenInput())


class ListForm(forms.Form):
    """The name of a list."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=NAME_LIMIT,
        help_text=_("As it will stand on the ballot. It does not change afterwards."),
    )


class SearchForm(forms.Form):
    """Find a person of the workplace by name or roll number."""

    q = forms.CharField(label=_("Name or roll number"), max_length=80, required=False)
