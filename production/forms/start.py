"""The form with which a workplace begins."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from councils.forms.enrolment import AccountForm, person_name
from councils.models import Member
from councils.names import name_key
from councils.text import clean_line, says_something
from production.domain.start import Draft
from production.enums import IndicatorKind
from production.intake.units import PEOPLE, UNITS, find_unit, unit_key
from production.intake.words import infer_kind

FIGURES = (1, 2, 3)
#: The kind is told by name and unit.
BY_ITSELF = ("", _("as its name and unit say"))
#: “of 64”, as a notebook writes who came.
_OF_SO_MANY = re.compile(r"(?:de|of)\s+\d+", re.IGNORECASE)
_TEXT = {"autocomplete": "off"}
#: Shown as examples below the units.
COMMON = ("kg", "t", "l", "units", "sacks", "kWh", "persons")


class StartForm(AccountForm):
    """Name, people, three figures with their units, and the founder's account."""

    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs=_TEXT))
    people = forms.CharField(
        label=_("How many people work here"),
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_TEXT}),
    )
    founder = forms.CharField(
        label=_("Your first name and surnames"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Units that are kept under another spelling: as written, as they will be read.
        self.understood: dict[str, str] = {}
        #: Kinds that nobody chose: name of the figure, word of the kind.
        self.guessed: dict[str, str] = {}
        for number in FIGURES:
            words = {"n": number}
            text = forms.TextInput(attrs=_TEXT)
            self.fields[f"figure{number}"] = forms.CharField(
                label=_("Figure %(n)s") % words, max_length=120, widget=text
            )
            self.fields[f"unit{number}"] = forms.CharField(
                label=_("Unit of figure %(n)s") % words, max_length=40, widget=forms.TextInput(attrs=_TEXT)
            )
            self.fields[f"kind{number}"] = forms.ChoiceField(
                label=_("Kind of figure %(n)s") % words, choices=[BY_ITSELF, *IndicatorKind.choices], required=False
            )
        self.order_fields(
            ["name", "people", *(f"{part}{n}" for n in FIGURES for part in ("figure", "unit", "kind")), "founder"]
        )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not says_something(name):
            raise ValidationError(_("Write the name by which people know it."))
        return name

    def clean_people(self) -> int:
        digits = re.sub(r"[\s.,]", "", self.cleaned_data["people"])
        if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 100_000):
            raise ValidationError(_("Write a whole number, for example 64."))
        return int(digits)

    def clean_founder(self) -> str:
        return person_name(self.cleaned_data["founder"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        seen: dict[tuple[str, str], int] = {}
        for number in FIGURES:
            self._clean_figure(number, data, seen)
        return data

    def _clean_figure(self, number: int, data: dict[str, Any], seen: dict[tuple[str, str], int]) -> None:
        name, written = data.get(f"figure{number}"), data.get(f"unit{number}")
        if name is not None and not says_something(clean_line(name)):
            self.add_error(f"figure{number}", _("Write what is counted, for example “flour in store”."))
        if written is None:
            return
        unit = UNITS[PEOPLE] if _OF_SO_MANY.fullmatch(written.strip()) else find_unit(written)
        if unit is None:
            self.add_error(
                f"unit{number}",
                _("“%(unit)s” is not a unit we know. Write for example kg, t, litres, sacks, kWh, people or units.")
                % {"unit": written},
            )
            return
        words = unit.words(get_language() or "")
        if unit_key(written) != words:
            self.understood[unit_key(written)] = words
        if name is None:
            return
        data[f"figure{number}"], data[f"unit{number}"] = clean_line(name), unit.symbol
        if not data.get(f"kind{number}"):
            kind = infer_kind(name=data[f"figure{number}"], dimension=unit.dimension)
            data[f"kind{number}"] = kind
            self.guessed[data[f"figure{number}"]] = str(IndicatorKind(kind).label)
        first = seen.setdefault((name_key(name), unit.symbol), number)
        if first != number:
            self.add_error(f"figure{number}", _("This is already figure %(n)s. Write another.") % {"n": first})

    def person(self) -> Member:
        data = self.cleaned_data
        return Member(username=data.get("username", ""), name=data.get("founder", ""))

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of ``start_workplace``."""
        data = self.cleaned_data
        figures = [Draft(data[f"figure{n}"], data[f"unit{n}"], data[f"kind{n}"]) for n in FIGURES]
        plain = {key: data[key] for key in ("name", "people", "founder", "username", "password")}
        return {**plain, "figures": figures}

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The three rows of the page."""
        return [{part: self[f"{part}{n}"] for part in ("figure", "unit", "kind")} for n in FIGURES]
