"""A file of reports as typed columns: what every row says, or why it is rejected.

What a row means for this installation (which factory is known, which series there is) is
asked later; here only the file itself is looked at. A year of fifty factories is some
hundred thousand rows, so texts that repeat (names, days, units) are understood once and
looked up afterwards, and rows are kept as columns of whole numbers.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from councils.names import name_key
from production.intake.cells import ExactNumber, NotText
from production.intake.columns import OPTIONAL, REQUIRED, is_column, place_columns
from production.intake.dates import read_day
from production.intake.limits import Limits
from production.intake.names import clean_name
from production.intake.numbers import Mark, decimal_mark_in, read_micro
from production.intake.readers import Stated, open_grid
from production.intake.trouble import BadFile, RowError, Unreadable
from production.intake.units import canonical, find_unit
from production.intake.words import read_aggregation, read_frequency, read_kind

FACTORY_LENGTH, SECTOR_LENGTH, INDICATOR_LENGTH, UNIT_LENGTH, REMARK_LENGTH = 160, 120, 120, 40, 500
#: Errors kept to be told; beyond, rows are only counted.
MOST_ERRORS = 1_000
#: Rows between two calls of ``progress``.
STEP = 5_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Which factory, and where it stands, as a row tells it."""

    factory: str
    sector: str
    cordon: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured. ``unit`` as written; the empty text where a column is absent or blank."""

    indicator: str
    unit: str
    kind: str
    aggregation: str
    frequency: str

    @property
    def subject(self) -> tuple[str, str]:
        """What makes two measures one indicator: name and unit."""
        return name_key(self.indicator), canonical(self.unit)


@dataclass
class Table:
    """Accepted rows as columns of equal length; the rejected ones as errors.

    ``rows``: number in the file. ``days``: proleptic ordinals. ``micros``: millionths.
    ``place_of``/``measure_of``: index into ``places``/``measures``. ``remarks``: by index of the row.
    """

    columns: dict[str, str]
    places: list[Place] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))
    place_of: array[int] = field(default_factory=lambda: array("q"))
    measure_of: array[int] = field(default_factory=lambda: array("q"))
    days: array[int] = field(default_factory=lambda: array("q"))
    micros: array[int] = field(default_factory=lambda: array("q"))
    remarks: dict[int, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    stated: list[Stated] = field(default_factory=list)

    def reject(self, row: int, column: str, code: str, params: dict[str, str | int] | None = None) -> None:
        """Note one reason against ``row``. ``column``: its own name, told as the file calls it."""
        self.rejected.add(row)
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RowError(row, self.columns.get(column, column), code, params or {}))

    @property
    def given(self) -> int:
        """How many rows the file holds."""
        return len(self.rows) + len(self.rejected.difference(self.rows))


def read_table(
    name: str,
    content: bytes,
    *,
    latest: dt.date,
    decimal: Mark = "auto",
    known_units: frozenset[str] = frozenset(),
    limits: Limits | None = None,
    progress: Progress = lambda done: None,
) -> Table:
    """Read the file called ``name``. ``latest``: the last day that a report may be of. ``known_units``: units beside
    the catalogue's (``canonical``), because an indicator is measured in them. Raises ``BadFile``."""
    grid = open_grid(name, content, is_header=is_column, limits=limits)
    places = place_columns(grid.header)
    columns = {column: grid.header[position].strip() for column, position in places.items()}
    reader = _Reader(Table(columns, stated=grid.stated), places, len(grid.header), latest, decimal, known_units)
    for count, (number, cells) in enumerate(grid.rows, 1):
        reader.read(number, cells)
        if not count % STEP:
            progress(count)
    table = reader.finish()
    if not table.rows and not table.rejected:
        raise BadFile("no_rows")
    return table


class _Reader:
    """Understands one row after the other."""

    def __init__(
        self, table: Table, places: dict[str, int], width: int, latest: dt.date, decimal: Mark, units: frozenset[str]
    ) -> None:
        self.table, self.width, self.latest, self.decimal, self.known_units = table, width, latest, decimal, units
        # an absent column stands just past the row, where an empty cell is put
        at = {column: places.get(column, width) for column in REQUIRED + OPTIONAL}
        self.place_key = itemgetter(at["factory"], at["sector"], at["cordon"])
        self.measure_key = itemgetter(*(at[c] for c in ("indicator", "unit", "kind", "aggregation", "frequency")))
        self.date_at, self.value_at, self.remark_at = at["date"], at["value"], at["remark"]
        self.places: dict[Any, int | list[tuple[str, Unreadable]]] = {}
        self.measures: dict[Any, int | list[tuple[str, Unreadable]]] = {}
        self.days: dict[str, int | Unreadable] = {}
        self.place_ids: dict[Place, int] = {}
        self.measure_ids: dict[Measure, int] = {}
        #: Values with two readings, until the rest of the column tells which: index of the row → text.
        self.undecided: dict[int, str] = {}
        self.marks: set[Mark] = set()

    def read(self, number: int, cells: list[str]) -> None:
        """Add the row to the table, or every reason against it."""
        if len(cells) != self.width and not self._fits(number, cells):
            return
        cells.append("")
        place_key, measure_key, date, value = (
            self.place_key(cells),
            self.measure_key(cells),
            cells[self.date_at],
            cells[self.value_at],
        )
        place = self.places.get(place_key)
        if place is None:
            if not any(map(str.strip, cells)):
                return
            place = self.places[place_key] = self._place(place_key)
        measure = self.measures.get(measure_key)
        if measure is None:
            measure = self.measures[measure_key] = self._measure(measure_key)
        day = self.days.get(date)
        if day is None:
            day = self.days[date] = self._day(date)
        table = self.table
        index = len(table.rows)
        wrong: list[tuple[str, Unreadable]] = []
        try:
            micro = self._micro(index, value)
        except Unreadable as e:
            micro = 0
            wrong.append(("value", e))
        remark = cells[self.remark_at]
        if remark:
            try:
                table.remarks[index] = _remark(remark)
            except Unreadable as e:
                wrong.append(("remark", e))
        if wrong or type(place) is not int or type(measure) is not int or type(day) is not int:
            self._reject(number, index, place, day, measure, wrong)
            return
        table.rows.append(number)
        table.place_of.append(place)
        table.measure_of.append(measure)
        table.days.append(day)
        table.micros.append(micro)

    def finish(self) -> Table:
        """Decide what could be read two ways by what the rest of the column showed."""
        table = self.table
        if self.undecided:
            mark: Mark = next(iter(self.marks)) if len(self.marks) == 1 else "auto"
            if mark != "auto":
                table.stated.append(("decimal_mark", {"mark": mark}))
            wrong = set()
            for index, text in self.undecided.items():
                try:
                    table.micros[index] = read_micro(text, decimal=mark)
                except Unreadable as e:
                    wrong.add(index)
                    table.reject(table.rows[index], "value", e.code, e.params)
            if wrong:
                drop_rows(table, wrong)
        table.errors.sort(key=lambda error: error.row)
        return table

    def _fits(self, number: int, cells: list[str]) -> bool:
        """Bring a row to the width of the header where only blanks are too many; reject it otherwise."""
        if not any(map(str.strip, cells)):
            return False
        if len(cells) > self.width and not any(map(str.strip, cells[self.width :])):
            del cells[self.width :]
            return True
        column = list(self.table.columns)[len(cells)] if len(cells) < self.width else ""
        self.table.reject(number, column, "row_width", {"cells": len(cells), "columns": self.width})
        return False

    def _reject(self, number: int, index: int, place: Any, day: Any, measure: Any, wrong: Any) -> None:
        self.undecided.pop(index, None)
        self.table.remarks.pop(index, None)
        reasons = [*(place if isinstance(place, list) else []), *([("date", day)] if type(day) is not int else [])]
        reasons += [*(measure if isinstance(measure, list) else []), *wrong]
        for column, why in reasons:
            self.table.reject(number, column, why.code, why.params)

    def _micro(self, index: int, text: str) -> int:
        kind = type(text)
        if kind is not str:
            if kind is NotText:
                raise Unreadable("not_text", value=text)
            return read_micro(text, decimal="point" if kind is ExactNumber else self.decimal)
        try:
            micro = read_micro(text, decimal=self.decimal)
        except Unreadable as e:
            if e.code != "ambiguous":
                raise
            self.undecided[index] = text
            return 0
        if ("," in text and "comma" not in self.marks) or ("." in text and "point" not in self.marks):
            mark = decimal_mark_in(text)
            if mark != "auto":
                self.marks.add(mark)
        return micro

    def _day(self, text: str) -> int | Unreadable:
        try:
            return read_day(text, latest=self.latest).toordinal()
        except Unreadable as e:
            return e

    def _place(self, key: tuple[str, ...]) -> int | list[tuple[str, Unreadable]]:
        wrong: list[tuple[str, Unreadable]] = []
        place = Place(
            _name(wrong, "factory", key[0], FACTORY_LENGTH, required=True),
            _name(wrong, "sector", key[1], SECTOR_LENGTH),
            _name(wrong, "cordon", key[2], FACTORY_LENGTH),
        )
        return wrong or _number(self.place_ids, self.table.places, place)

    def _measure(self, key: tuple[str, ...]) -> int | list[tuple[str, Unreadable]]:
        wrong: list[tuple[str, Unreadable]] = []
        name = _name(wrong, "indicator", key[0], INDICATOR_LENGTH, required=True)
        unit = _name(wrong, "unit", key[1], UNIT_LENGTH, required=True)
        if unit and find_unit(unit) is None and canonical(unit) not in self.known_units:
            wrong.append(("unit", Unreadable("unknown_unit", value=unit)))
        words = []
        for column, text, read in (
            ("kind", key[2], read_kind),
            ("aggregation", key[3], read_aggregation),
            ("frequency", key[4], read_frequency),
        ):
            try:
                words.append(read(text))
            except Unreadable as e:
                wrong.append((column, e))
        return wrong or _number(self.measure_ids, self.table.measures, Measure(name, unit, *words))


def _name(wrong: list[tuple[str, Unreadable]], column: str, text: str, longest: int, *, required: bool = False) -> str:
    """``text`` as a name, or "" with the reason added to ``wrong``."""
    if not required and not text.strip():
        return ""
    try:
        if type(text) is NotText:
            raise Unreadable("not_text", value=text)
        return clean_name(text, longest=longest)
    except Unreadable as e:
        wrong.append((column, e))
        return ""


def _remark(text: str) -> str:
    """A remark on one line. Raises ``Unreadable``."""
    joined = " ".join(text.split())
    if not joined:
        return ""
    if len(joined) > REMARK_LENGTH:
        raise Unreadable("too_long", longest=REMARK_LENGTH, value=joined[:40])
    try:
        return clean_name(joined, longest=REMARK_LENGTH)
    except Unreadable as e:
        if e.code in ("formula", "alphabets", "empty"):  # these are faults of a name; a remark is free text
            return joined
        raise


def _number(ids: dict[Any, int], things: list[Any], thing: Any) -> int:
    """The index of ``thing`` in ``things``, where it is put if it is new."""
    number = ids.get(thing)
    if number is None:
        number = ids[thing] = len(things)
        things.append(thing)
    return number


def drop_rows(table: Table, wrong: set[int]) -> None:
    """Take the rows of these indexes out of the columns; remarks keep their rows."""
    kept = [index for index in range(len(table.rows)) if index not in wrong]
    table.remarks = {new: table.remarks[old] for new, old in enumerate(kept) if old in table.remarks}
    for name in ("rows", "place_of", "measure_of", "days", "micros"):
        column = getattr(table, name)
        setattr(table, name, array("q", [column[index] for index in kept]))
