"""Forms of rules: every rule as a field, with what holds now in it. What differs is the change; shape only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.forms.proposal import ProposalForm
from councils.forms.question import QuestionForm
from councils.rule_items import GROUPS, Item, Standing, applied, items
from councils.rule_kinds import Part
from councils.rules import InvalidRules


@dataclass(frozen=True)
class Asked:
    """One rule in the form: ``alone`` where one field asks for it, else ``fields`` under its name."""

    label: str
    fields: list[forms.BoundField]

    @property
    def alone(self) -> bool:
        return len(self.fields) == 1


@dataclass(frozen=True)
class Group:
    """Rules that belong together; ``open``: something in it was changed, or is wrong."""

    label: str
    rules: list[Asked]
    open: bool


def name_of(item: Item, part: Part) -> str:
    """The name of a field: ``rule-recall.share``, ``rule-majority-strict``."""
    return "-".join(["rule", item.path, *([part.name] if part.name else [])])


class RuleFields(forms.Form):
    """``rules``: the JSON of version ``version``, against which the change is written; ``changes``: of an earlier text.

    The form carries that version, so that what others changed meanwhile is not taken for a change of hers.
    """

    against = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        rules: Mapping[str, Any],
        version: int,
        council: bool,
        changes: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={**(initial or {}), "against": version}, **kwargs)
        self.rules, self.items, self.changes = rules, items(council=council), dict(changes or {})
        self._standing = Standing(rules)
        for item in self.items:
            shown = item.kind.answers(self.changes.get(item.path, self._standing.raw(item)))
            for part in item.kind.parts:
                self.fields[name_of(item, part)] = _field(part, item, shown[part.name])

    def clean(self) -> dict[str, Any]:
        """``changes``: path → value of each rule that is not as it was. Faults stand at their field."""
        data, self.changes = super().clean() or {}, {}
        for item in self.items:
            given = {part.name: data.get(name_of(item, part)) for part in item.kind.parts}
            if any(value is None for value in given.values()):
                continue  # the field said what is wrong
            answers = {name: str(value) for name, value in given.items()}
            raw, holds = item.kind.raw(answers), self._standing.raw(item)
            if raw == holds or answers == item.kind.answers(holds):
                continue
            try:
                applied(self.rules, {item.path: raw})
            except InvalidRules as e:
                self.add_error(name_of(item, item.kind.parts[0]), " ".join(map(_without_name, e.sentences)))
            else:
                self.changes[item.path] = raw
        if not self.errors and not self.changes:
            self.add_error(None, _("Nothing is changed yet: change at least one rule."))
        return data

    def own_fields(self) -> Iterator[forms.BoundField]:
        """Title, text, hours: what is no rule."""
        return (field for field in self.visible_fields() if not field.name.startswith("rule-"))

    def groups(self) -> list[Group]:
        """The rules as the page shows them."""
        told = []
        for key, label in GROUPS.items():
            here = [item for item in self.items if item.group == key]
            asked = [Asked(item.label, [self[name_of(item, part)] for part in item.kind.parts]) for item in here]
            wrong = any(field.errors for rule in asked for field in rule.fields)
            told.append(Group(str(label), asked, wrong or any(item.path in self.changes for item in here)))
        return [group for group in told if group.rules]


def _field(part: Part, item: Item, shown: str) -> forms.Field:
    label = str(part.label or item.label)
    if part.options:
        return forms.ChoiceField(label=label, choices=part.options, initial=shown, required=False)
    attrs = {"autocomplete": "off"} | ({"inputmode": "numeric"} if part.number else {})
    return forms.CharField(
        label=label,
        initial=shown,
        required=False,
        max_length=10_000,
        help_text=str(part.hint),
        widget=forms.TextInput(attrs=attrs),
    )


def _without_name(sentence: str) -> str:
    """“It must be a whole number from 1 to 90.” The field has its name beside it."""
    said = sentence.partition(": ")[2] or sentence
    return said[:1].upper() + said[1:]


class RulesProposalForm(RuleFields, ProposalForm):
    """Other rules, proposed to an assembly; the text says why."""


class RulesQuestionForm(RuleFields, QuestionForm):
    """Other rules, put to a council as a question."""
