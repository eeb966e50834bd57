"""One row of an imported roll: its cells read into values, or a sentence on why not."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from councils.constituency_rules import GROUP_LIMIT
from councils.enums import Category
from councils.names import is_person_name, name_key
from councils.roll_file import RawRow, RollFile
from councils.text import clean_line, says_something


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row. ``column``: the header as the file writes it, empty for the whole row."""

    number: int
    column: str
    sentence: str

    def __str__(self) -> str:
        if self.column:
            return _("Row %(row)s, column %(column)s: %(sentence)s") % {
                "row": self.number,
                "column": self.column,
                "sentence": self.sentence,
            }
        return _("Row %(row)s: %(sentence)s") % {"row": self.number, "sentence": self.sentence}


@dataclass(frozen=True)
class RollRow:
    """A person as the file states her. None: not stated, so an existing value stays."""

    number: int
    name: str
    reference: str = ""
    section: str | None = None
    category: str | None = None
    can_vote: bool | None = None
    can_stand: bool | None = None
    group: str | None = None
    since: dt.date | None = None
    email: str = ""

    @property
    def category_label(self) -> str:
        """The category in words, empty where none was stated."""
        return str(Category(self.category).label) if self.category else ""

    def as_json(self) -> list[Any]:
        """Plain values in the order of the fields."""
        since = self.since.isoformat() if self.since else None
        return [
            self.number, self.name, self.reference, self.section, self.category, self.can_vote, self.can_stand,
            self.group, since, self.email,
        ]  # fmt: skip

    @classmethod
    def from_json(cls, values: list[Any]) -> RollRow:
        """The inverse of ``as_json``."""
        *plain, since, email = values
        return cls(*plain, since=dt.date.fromisoformat(since) if since else None, email=email)


CATEGORIES: dict[str, str] = {
    **{c: c for c in Category.values},
    "on probation": Category.PROBATION,
    "on leave": Category.ON_LEAVE,
    "management": Category.EXCLUDED,
    **dict.fromkeys(["definitivo", "definitiva", "planta", "indefinido", "permanent"], Category.DEFINITIVE),
    **dict.fromkeys(["temporal", "a plazo", "plazo fijo", "eventual"], Category.TEMPORARY),
    **dict.fromkeys(["a prueba", "prueba"], Category.PROBATION),
    **dict.fromkeys(["con licencia", "licencia", "con permiso"], Category.ON_LEAVE),
    **dict.fromkeys(["excluido", "excluida", "gerencia", "jefatura"], Category.EXCLUDED),
}
_TRUTH = {
    **dict.fromkeys(["yes", "y", "si", "s", "true", "verdadero", "1", "x"], True),
    **dict.fromkeys(["no", "n", "false", "falso", "0"], False),
}
#: Lines that are in lists and are nobody.
_NO_NAMES = {"total", "totales", "subtotal", "suma", "null", "none", "nan", "n.n."}
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
EARLIEST = dt.date(1930, 1, 1)


class _CellFault(Exception):
    """The sentence on one cell."""


def read_rows(file: RollFile, *, today: dt.date) -> tuple[list[RollRow], list[Fault]]:
    """Every row that can be read, and one fault a row for those that cannot."""
    rows: list[RollRow] = []
    faults: list[Fault] = []
    for raw in file.rows:
        row = _read_row(raw, file.headers, today)
        (rows if isinstance(row, RollRow) else faults).append(row)  # type: ignore[arg-type]
    return rows, faults


def _read_row(raw: RawRow, headers: dict[str, str], today: dt.date) -> RollRow | Fault:
    if raw.too_many:
        return Fault(raw.number, "", _("it has more cells than the header has columns."))
    if raw.too_few:
        return Fault(raw.number, "", _("it has fewer cells than the header has columns."))
    if all(name_key(raw.cells[c]) == name_key(headers[c]) for c in headers):
        return Fault(raw.number, "", _("the header is repeated here. Delete this row."))
    values: dict[str, Any] = {}
    for column, header in headers.items():
        try:
            values[column] = _READERS[column](raw.cells[column], today)
        except _CellFault as e:
            return Fault(raw.number, header, str(e))
    return RollRow(raw.number, **values)


def _line(cell: str, limit: int) -> str:
    line = clean_line(cell)
    if len(line) > limit:
        raise _CellFault(_("it is longer than %(limit)s characters.") % {"limit": limit})
    return line


def _name(cell: str, today: dt.date) -> str:
    name = _line(cell, 120)
    if not name:
        raise _CellFault(_("the name is missing."))
    if not is_person_name(name) or name_key(name) in _NO_NAMES:
        raise _CellFault(_("“%(value)s” is not a name.") % {"value": name[:60]})
    return name


def _reference(cell: str, today: dt.date) -> str:
    reference = _line(cell, 40)
    if reference and (not says_something(reference) or reference.startswith(("#", "="))):
        raise _CellFault(_("“%(value)s” is not a roll number.") % {"value": reference})
    return reference


def _section(cell: str, today: dt.date) -> str | None:
    section = _line(cell, 160)
    if section and (not says_something(section) or section.startswith(("#", "="))):
        raise _CellFault(_("“%(value)s” is not the name of a section.") % {"value": section})
    return section or None


def _group(cell: str, today: dt.date) -> str | None:
    group = _line(cell, GROUP_LIMIT)
    if group and (not says_something(group) or group.startswith(("#", "="))):
        raise _CellFault(_("“%(value)s” is not the name of a group.") % {"value": group})
    return group or None


def _category(cell: str, today: dt.date) -> str | None:
    key = name_key(cell)
    if not key:
        return None
    by_label = {name_key(str(c.label)): c.value for c in Category}
    category = CATEGORIES.get(key) or by_label.get(key)
    if category is None:
        raise _CellFault(
            _("“%(value)s” is not a category. Write one of: %(known)s.")
            % {"value": cell[:60], "known": ", ".join(str(c.label) for c in Category)}
        )
    return str(category)


def _truth(cell: str, today: dt.date) -> bool | None:
    key = name_key(cell)
    if not key:
        return None
    if key not in _TRUTH:
        raise _CellFault(_("“%(value)s” is neither yes nor no.") % {"value": cell[:60]})
    return _TRUTH[key]


def _since(cell: str, today: dt.date) -> dt.date | None:
    if not cell:
        return None
    year_first, day_first = _YEAR_FIRST.fullmatch(cell), _DAY_FIRST.fullmatch(cell)
    parts = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else ("0", "0", "0")
    try:
        day = dt.date(*(int(part) for part in parts))
    except ValueError as e:
        raise _CellFault(_("“%(value)s” is not a day. Write 2026-03-31 or 31/03/2026.") % {"value": cell[:60]}) from e
    if day > today:
        raise _CellFault(_("%(value)s is after today.") % {"value": cell[:60]})
    if day < EARLIEST:
        raise _CellFault(_("%(value)s is too long ago.") % {"value": cell[:60]})
    return day


def _email(cell: str, today: dt.date) -> str:
    email = cell.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError as e:
            raise _CellFault(_("“%(value)s” is not an e-mail address.") % {"value": cell[:60]}) from e
        if len(email) > 254:
            raise _CellFault(_("it is longer than %(limit)s characters.") % {"limit": 254})
    return email


_READERS = {
    "name": _name,
    "reference": _reference,
    "section": _section,
    "category": _category,
    "can_vote": _truth,
    "can_stand": _truth,
    "group": _group,
    "since": _since,
    "email": _email,
}
