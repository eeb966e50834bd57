"""Forms of enrolling: the code, the name, the account, a new password."""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from councils import throttle
from councils.domain.enrolment import find_code
from councils.domain.member import USERNAME
from councils.errors import Refused
from councils.models import EnrolmentCode, Member
from councils.names import is_person_name
from councils.text import clean_line

PASSWORD_LENGTH = 256
Found = TypeVar("Found")
_ASIS = {"autocapitalize": "none", "spellcheck": "false"}


def person_name(value: str) -> str:
    """A name on one line, of letters. Raises ``ValidationError``."""
    name = clean_line(value)
    if not is_person_name(name):
        raise ValidationError(_("Write the name as the workplace knows it."))
    return name


def new_username(value: str) -> str:
    """A user name in small letters. Raises ``ValidationError``."""
    username = value.strip().lower()
    if not USERNAME.fullmatch(username):
        raise ValidationError(_("3 to 40 letters without accents, digits, points or hyphens, for example “ana.soto”."))
    return username


class LookUpForm(forms.Form, Generic[Found]):
    """A one-time code. Looks up what it opens, under the throttle: a right one always passes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    help_text: Any = ""
    found: Found

    def __init__(self, request: HttpRequest, at: dt.datetime, data: Any = None) -> None:
        super().__init__(data)
        self.request, self.at = request, at
        self.fields["code"].help_text = self.help_text

    def look_up(self, typed: str, at: dt.datetime) -> Found:
        """What the code opens. Raises ``Refused``."""
        raise NotImplementedError

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        try:
            self.found = self.look_up(typed, self.at)
        except Refused as e:
            throttle.count_wrong_guess(self.request, at=self.at)
            raise ValidationError(str(e)) from e
        return typed


class CodeForm(LookUpForm[EnrolmentCode]):
    """The printed code."""

    help_text = _("Ten letters and digits, as on the paper: K7TM4-Q2XRB.")

    def look_up(self, typed: str, at: dt.datetime) -> EnrolmentCode:
        return find_code(typed=typed, at=at)


class NameForm(forms.Form):
    """Who takes a code that bears no name."""

    name = forms.CharField(
        label=_("First name and surnames"),
        max_length=120,
        help_text=_("As it will stand on the roll, where everyone of the workplace sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])


class PasswordForm(forms.Form):
    """A new password, twice: nobody can send it by mail."""

    password = forms.CharField(
        label=_("Password"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        help_text=_("At least 10 characters. Three or four words in a row are easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def person(self) -> Member:
        """Whose password it will be, so that it is not too like her names."""
        return Member()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "password" in data and "again" in data:
            if data["password"] != data["again"]:
                self.add_error("again", _("The two passwords differ. Write the same one twice."))
            try:
                validate_password(data["password"], self.person())
            except ValidationError as e:
                self.add_error("password", e)
        return data


class AccountForm(PasswordForm):
    """User name and password of who enrols."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("To sign in. Write it down; it can be another."),
        widget=forms.TextInput(attrs={"autocomplete": "username", **_ASIS}),
    )
    field_order = ("username", "password", "again")

    def clean_username(self) -> str:
        return new_username(self.cleaned_data["username"])

    def person(self) -> Member:
        return Member(username=self.cleaned_data.get("username", ""))


class CodesForm(forms.Form):
    """For whom codes are asked."""

    ROLL, ANYONE = "roll", "anyone"
    whom = forms.ChoiceField(label=_("For whom"), choices=[(ROLL, _("the roll")), (ANYONE, _("anyone"))])
    count = forms.IntegerField(
        label=_("How many"),
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("whom") == self.ANYONE and data.get("count") is None and "count" not in self.errors:
            self.add_error("count", _("Write how many codes."))
        return data

    @property
    def number(self) -> int | None:
        """How many for anyone; None for the roll."""
        return None if self.cleaned_data["whom"] == self.ROLL else self.cleaned_data["count"]
