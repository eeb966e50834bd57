"""Fields of the admin's forms that show what is stored in people's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from councils.enums import TerritoryKind
from councils.models import Placement, Territory


class WeekField(forms.MultipleChoiceField):
    """The working week as seven boxes. Stored as ``Factory.working_week``: seven marks, Monday first, 1 is worked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            choices=[(str(day), WEEKDAYS[day]) for day in range(7)],
            initial="1111111",
            label=_("Working week"),
            help_text=_("The days that are worked. On the others no report is expected."),
            error_messages={"required": _("Mark at least one day.")},
        )

    def prepare_value(self, value: str | Sequence[str]) -> list[str]:
        if isinstance(value, str):
            return [str(day) for day, mark in enumerate(value) if mark == "1"]
        return list(value)

    def clean(self, value: Any) -> str:
        days = super().clean(value)
        return "".join("1" if str(day) in days else "0" for day in range(7))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or "") != sorted(data or [])


class AboveField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """What a workplace belongs to: each place with its level and what it hangs from, because names repeat."""

    def __init__(self) -> None:
        super().__init__(
            Territory.objects.exclude(kind__in=[TerritoryKind.WORKPLACE, TerritoryKind.SECTION]).order_by("name_key"),
            required=False,
            label=_("Cordón"),
            help_text=_("Or the province or nation, where there is no cordón."),
        )
        self._parents: Mapping[int, Territory] | None = None

    def __deepcopy__(self, memo: Any) -> Any:
        copy = super().__deepcopy__(memo)
        copy._parents = None  # each form asks anew
        return copy

    def label_from_instance(self, place: Territory) -> str:
        """“Arica · cordón · province Arica”."""
        if self._parents is None:
            self._parents = _parents_of(self.queryset)
        parent = self._parents.get(place.pk)
        return " · ".join([place.name, place.level, *([f"{parent.level} {parent.name}"] if parent else [])])


def _parents_of(places: QuerySet[Territory] | None) -> dict[int, Territory]:
    today = timezone.localdate()
    rows = Placement.objects.valid_on(today).filter(territory__in=places or []).select_related("parent")
    return {row.territory_id: row.parent for row in rows}
