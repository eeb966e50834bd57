"""The report form: a text field a figure, read as people write numbers; everything typed is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils.figures import figure
from production.domain.report import Answer
from production.domain.sheet import Line, Sheet
from production.enums import Stoppage
from production.intake.numbers import parse_number
from production.intake.trouble import Unreadable
from production.models import Indicator, Series

#: Keys of clients that are not UUIDs become UUIDs of this namespace.
_SENDER = uuid.UUID("6f1c1f86-7a5e-4f0b-9d2e-1f5b5f5f0a01")

_SENTENCES: dict[str, Callable[[], str]] = {
    "hidden": lambda: _("There are marks in “%(value)s” that cannot be seen: write it again."),
    "percent": lambda: _("Write the number without the sign: 86, not 86 %%."),
    "currency": lambda: _("Write the number without the currency."),
    "exponent": lambda: _("Write the number in full: 1200, not 1.2e3."),
    "grouping": lambda: _("“%(value)s” is not grouped as a number: write 1234,5 or 1234.5."),
    "too_large": lambda: _("“%(value)s” is larger than what fits here. Check the unit."),
    "too_precise": lambda: _("Write at most %(places)s decimals."),
}


def number_sentence(error: Unreadable) -> str:
    """Why a figure cannot be read, and how to write it."""
    if error.code == "ambiguous":
        whole, mark, thousandths = str(error.params["value"]).partition(
            "," if "," in str(error.params["value"]) else "."
        )
        params = {"value": error.params["value"], "whole": whole + thousandths, "part": f"{whole}{mark}{thousandths}0"}
        return _("“%(value)s” can be read in two ways: write %(whole)s or %(part)s.") % params
    say = _SENTENCES.get(error.code, lambda: _("“%(value)s” is not a number. Write only digits: 305 or 305,5."))
    return say() % {"value": "", "places": "", **error.params}


def typed(value: Decimal | None) -> str:
    """``value`` as a person would type it, such that it reads back as the same number."""
    if value is None:
        return ""
    text = figure(value).replace("\u00a0", "").replace("\u202f", "")
    mark = "," if figure(Decimal("0.5")).startswith("0,") else "."
    text = text.replace("." if mark == "," else ",", "")
    whole, _mark, decimals = text.partition(mark)
    return f"{whole}{mark}{decimals}0" if len(decimals) == 3 else text


class SenderKeyField(forms.CharField):
    """Names one sending of a form: a UUID, or any short text of a client, which becomes one."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=100, widget=forms.HiddenInput)

    def clean(self, value: Any) -> uuid.UUID | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return uuid.UUID(text)
        except ValueError:
            return uuid.uuid5(_SENDER, text)


class NumberField(forms.CharField):
    """A figure or nothing. Comma or point; what can be read in two ways is asked again."""

    def __init__(self, *, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, label=indicator.name, **kwargs)
        self.indicator = indicator
        mode = "text" if indicator.signed else "numeric" if indicator.whole else "decimal"
        self.widget.attrs.update({"inputmode": mode, "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            number = parse_number(text) if text else None
        except Unreadable as e:
            raise forms.ValidationError(number_sentence(e), code=e.code) from e
        if number is not None and number < 0 and not self.indicator.signed:
            raise forms.ValidationError(_("It cannot be below zero."), code="negative")
        if number is not None and number % 1 and self.indicator.whole:
            sentence = _("It is counted in whole %(unit)s: write it without decimals.")
            raise forms.ValidationError(sentence % {"unit": self.indicator.unit_words}, code="fraction")
        return number


@dataclass(frozen=True)
class Row:
    """A line of the sheet with its fields: the figure, its correction on the check page, what happened."""

    line: Line
    field: forms.BoundField
    fix: forms.BoundField
    remark: forms.BoundField
    value: Decimal | None
    odd: bool

    @property
    def old(self) -> Decimal | None:
        """What was sent before, where it changes."""
        return self.line.value if self.line.value != self.value else None

    @property
    def explained(self) -> bool:
        """It is odd and what happened is written: now, or beside a figure that was odd on the same side."""
        said, stored = (self.remark.value() or "").strip(), self.line.stored
        if not self.odd or not said or self.value is None:
            return False
        if stored is None or stored.value is None or said != stored.remark:
            return True
        return self.line.side(stored.value) == self.line.side(self.value)

    @property
    def too_many(self) -> bool:
        """More people than are on the roll."""
        return self.value is not None and self.line.exceeds_roll(self.value)

    @property
    def low(self) -> bool:
        """Below the usual range, where it is odd."""
        return self.value is not None and self.line.usual is not None and self.value < self.line.usual.low


class ReportForm(forms.Form):
    """All figures of a sheet. ``asks`` says whether the check page has something to ask before sending."""

    note = forms.CharField(
        label=gettext_lazy("Something the committee should know"),
        help_text=gettext_lazy("Optional. The committee reads it; it does not leave the workplace."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        help_text=gettext_lazy("It stays beside the old figure, with your name."),
        required=False,
        max_length=500,
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=100_000_000, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, late: bool = False, **kwargs: Any) -> None:
        """``late``: the report was due already, so undoing "did not work" is a correction too."""
        self.late = late
        initial = {"sender_key": uuid.uuid4(), "seen": sheet.last.number if sheet.last else 0}
        for line in sheet.lines:
            initial[f"f-{line.key}"] = typed(line.value)
            initial[f"r-{line.key}"] = line.stored.remark if line.stored else ""
        super().__init__(*args, initial=initial, **kwargs)
        self.sheet = sheet
        self.fields["sender_key"] = SenderKeyField()
        for line in sheet.lines:
            for prefix in ("f", "x"):
                self.fields[f"{prefix}-{line.key}"] = NumberField(indicator=line.series.indicator)
            self.fields[f"r-{line.key}"] = forms.CharField(
                label=gettext_lazy("What happened? (optional)"), required=False, max_length=500
            )
            self.fields[f"b-{line.key}"] = forms.ChoiceField(
                required=False, choices=[("", ""), ("unmeasured", ""), ("not_due", "")]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.sheet.lines:  # what the check page corrected takes the figure's place
            if data.get(f"x-{line.key}") is not None:
                data[f"f-{line.key}"] = data[f"x-{line.key}"]
        if not self.errors and not data.get("reason") and self._replaces(data):
            self.add_error("reason", _("Write why: a figure that was already sent changes."))
        elif not self.errors and not data.get("reason") and self._undoes(data):
            self.add_error("reason", _("Write why: it was reported that there was no work."))
        return data

    def _undoes(self, data: dict[str, Any]) -> bool:
        stopped = self.sheet.last is not None and bool(self.sheet.last.stoppage)
        return self.late and stopped and any(data.get(f"f-{line.key}") is not None for line in self.sheet.lines)

    def _replaces(self, data: dict[str, Any]) -> bool:
        return any(
            line.value is not None and data.get(f"f-{line.key}") != line.value
            for line in self.sheet.lines
            if self._was_sent(line)
        )

    def _was_sent(self, line: Line) -> bool:
        """A field that a client did not send says nothing; one sent empty says that the figure is missing."""
        return f"f-{line.key}" in self.data or bool(self.data.get(f"x-{line.key}"))

    @property
    def rows(self) -> list[Row]:
        return [self._row(line) for line in self.sheet.lines]

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        return [(label, [self._row(line) for line in lines]) for label, lines in self.sheet.groups]

    def _row(self, line: Line) -> Row:
        field = self[f"f-{line.key}"]
        value = self.value_of(line)
        return Row(line, field, self[f"x-{line.key}"], self[f"r-{line.key}"], value, line.is_odd(value))

    def value_of(self, line: Line) -> Decimal | None:
        """The figure as far as it can be read: of what was sent, or of what is stored."""
        if not self.is_bound:
            return line.value
        found = getattr(self, "cleaned_data", {}).get(f"f-{line.key}")
        return found if isinstance(found, Decimal) else None

    @property
    def odd(self) -> list[Row]:
        """Odd, and nobody has said what happened."""
        return [row for row in self.rows if row.odd and not row.explained]

    @property
    def explained(self) -> list[Row]:
        return [row for row in self.rows if row.explained]

    @property
    def blank(self) -> list[Row]:
        """Owed and left empty, where nothing was stored either; of a report that was sent it was asked then."""
        if self.sheet.answered and self.sheet.last is not None and not self.sheet.last.stoppage:
            return []
        return [row for row in self.rows if row.value is None and row.line.owed and row.line.value is None]

    @property
    def withdrawn(self) -> list[Row]:
        return [row for row in self.rows if row.value is None and row.line.value is not None]

    @property
    def calm(self) -> list[Row]:
        return [row for row in self.rows if row.value is not None and not row.odd]

    @property
    def filled(self) -> int:
        return sum(row.value is not None for row in self.rows)

    @property
    def asks(self) -> bool:
        """Something is odd or blank and nobody has confirmed it."""
        if self.cleaned_data["confirmed"] or not self.filled:
            return False
        return bool(self.odd or self.blank)

    @property
    def figures(self) -> dict[Series, Answer]:
        """What the form says, for the verb."""
        data = self.cleaned_data
        lines = filter(self._was_sent, self.sheet.lines)
        return {line.series: (data[f"f-{line.key}"], data[f"r-{line.key}"]) for line in lines}

    @property
    def note_with_blanks(self) -> str:
        """The note, and why figures are missing, where the check page was told."""
        said = {"unmeasured": _("not measured that day"), "not_due": _("does not apply that day")}
        why = [
            f"{row.line.series.indicator.name}: {said[self.cleaned_data[f'b-{row.line.key}']]}."
            for row in self.blank
            if self.cleaned_data.get(f"b-{row.line.key}")
        ]
        return "\n".join(filter(None, [self.cleaned_data["note"], *why]))

    @property
    def check_sentence(self) -> str:
        """What the check page is about: "1 odd figure and 1 blank. The other 5 are as expected."."""
        odd, blank, calm = len(self.odd), len(self.blank), len(self.calm)
        parts = [ngettext("%(n)s odd figure", "%(n)s odd figures", odd) % {"n": odd}] if odd else []
        parts += [ngettext("%(n)s blank", "%(n)s blanks", blank) % {"n": blank}] if blank else []
        first = _(" and ").join(parts) + "."
        if not calm:
            return first
        rest = ngettext("The other one is as expected.", "The other %(n)s are as expected.", calm) % {"n": calm}
        return f"{first} {rest}"

    def error_links(self) -> list[tuple[str, str]]:
        """Of every error the field it belongs to and its sentence, for the summary."""
        links = []
        for name, errors in self.errors.items():
            field = self[name] if name in self.fields else None
            for error in errors:
                where = field.id_for_label if field else ""
                links.append((where, f"{field.label}: {error}" if field else str(error)))
        return links


class StoppageForm(forms.Form):
    """One tap: the day was not worked, and why. ``reason``: why figures that are there were wrong."""

    why = forms.ChoiceField(choices=Stoppage.choices)
    why_note = forms.CharField(required=False, max_length=200)
    reason = forms.CharField(required=False, max_length=500)
    seen = forms.IntegerField(required=False, min_value=0, max_value=100_000_000)
    sender_key = SenderKeyField()


class UndoForm(forms.Form):
    """There was work after all. ``reason``: asked once the report was due."""

    reason = forms.CharField(required=False, max_length=500)


class DayForm(forms.Form):
    """Which production day; none: today's."""

    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
