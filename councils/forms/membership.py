"""Forms of the roll: admit a person, change what she carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.constituency_rules import GROUP_LIMIT
from councils.domain.membership import Rights
from councils.enums import Category
from councils.forms.enrolment import person_name
from councils.models import Membership, Territory
from councils.text import clean_line


class RightsForm(forms.Form):
    """Section, roll number, category and rights of a membership."""

    reference = forms.CharField(label=_("Roll number"), max_length=40, required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    group = forms.CharField(
        label=_("Group"),
        max_length=GROUP_LIMIT,
        required=False,
        help_text=_("Where the rules elect by constituencies: the one in which she votes and stands."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, initial=Category.DEFINITIVE)
    can_vote = forms.BooleanField(label=_("May vote"), required=False, initial=True)
    can_stand = forms.BooleanField(label=_("May stand for election"), required=False, initial=True)
    counts_for_quorum = forms.BooleanField(label=_("Counts for the quorum"), required=False, initial=True)

    def __init__(
        self, sections: list[Territory], data: Any = None, *, groups: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        if groups:
            said = _("One of those that the rules name: %(names)s. In it she votes and stands.")
            self.fields["group"].help_text = said % {"names": ", ".join(groups)}
        self.sections = {str(s.uuid): s for s in sections}
        field = self.fields["section"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((key, s.name) for key, s in self.sections.items())]

    @classmethod
    def of(
        cls, membership: Membership, sections: list[Territory], data: Any = None, *, groups: Sequence[str] = ()
    ) -> RightsForm:
        """With what the membership carries now."""
        now = {
            "reference": membership.reference,
            "section": str(membership.section.uuid) if membership.section else "",
            "group": membership.group,
            "category": membership.category,
            "can_vote": membership.can_vote,
            "can_stand": membership.can_stand,
            "counts_for_quorum": membership.counts_for_quorum,
        }
        return cls(sections, data, groups=groups, initial=now)

    def clean_reference(self) -> str:
        return clean_line(self.cleaned_data["reference"])

    def clean_group(self) -> str:
        return clean_line(self.cleaned_data["group"])

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of ``change_rights`` and ``admit_member``."""
        data = self.cleaned_data
        rights = Rights(data["category"], data["can_vote"], data["can_stand"], data["counts_for_quorum"], data["group"])
        return {"rights": rights, "section": self.sections.get(data["section"]), "reference": data["reference"]}


class NameForm(forms.Form):
    """What the roll calls a person."""

    name = forms.CharField(label=_("First name and surnames"), max_length=120)

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])


class SectionForm(forms.Form):
    """A new section of a workplace."""

    name = forms.CharField(label=_("Name of the section"), max_length=160)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])


class AdmitForm(RightsForm):
    """As above, for a new person."""

    name = forms.CharField(label=_("First name and surnames"), max_length=120)
    field_order = ("name",)

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])
