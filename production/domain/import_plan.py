"""The plan of an import: what the file's names stand for here, and which rows cannot be stored.

Nothing is written. A plan is the pure table (``intake.table``) joined to what the
installation knows; it tells what would have to be created first.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from councils.models import Territory
from councils.names import name_key
from production.analysis.calendar import next_start, period_end, period_start
from production.domain.import_names import FAR, Reason, Subject, Workplace, in_chunks, match_names, several
from production.domain.import_options import ImportOptions
from production.intake.dates import infer_frequency
from production.intake.readers import Stated
from production.intake.table import Table
from production.intake.units import canonical
from production.models import Series
from production.models.fixed_point import SCALE, from_micro
from production.models.indicator import counts_whole

Ints = npt.NDArray[np.int64]
#: What a file told last is history when it lies longer back: its series end with it.
HISTORY = dt.timedelta(days=31)


@dataclass
class Line:
    """One workplace reporting one indicator. ``series``: what is there, by first day; ``first``/``last``: periods.

    ``until``: where a series that begins with this file ends (None: it is asked for from now on). ``goes_on``: those
    that ended with an earlier file and go on with this one: first the last period of each, then where it ends now.
    """

    workplace: int
    subject: int
    frequency: str
    series: list[Series]
    first: int
    last: int
    until: dt.date | None = None
    goes_on: dict[Series, dt.date | None] = field(default_factory=dict)


@dataclass
class Plan:
    """Rows as columns of equal length (``line_of``: index into ``lines``; ``starts``: ordinals of periods)."""

    table: Table
    workplaces: list[Workplace]
    subjects: list[Subject]
    stated: list[Stated]
    lines: list[Line] = field(default_factory=list)
    index: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # rows of the table that are kept
    line_of: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    starts: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def used_lines(self) -> list[Line]:
        """Lines that still have a row."""
        return [self.lines[number] for number in np.unique(self.line_of)]


def make_plan(*, table: Table, options: ImportOptions, workplace: Territory | None, today: dt.date) -> Plan:
    """Match ``table``; every row that cannot be stored is rejected in it. ``workplace``: only its rows are taken.

    ``today`` tells history from what goes on: a file that ends more than ``HISTORY`` before it asks for no report.
    """
    names = match_names(table=table, options=options, workplace=workplace)
    places, measures = names.of_place, names.of_measure
    plan = Plan(table, names.workplaces, names.subjects, [*table.stated, *names.stated])
    place_of, measure_of = np.array(table.place_of, np.int64), np.array(table.measure_of, np.int64)
    kept = np.ones(len(table.rows), bool)
    _reject_by(table, kept, place_of, places)
    _reject_by(table, kept, measure_of, measures)
    _reject_negative(plan, kept, measure_of, measures)
    _reject_fractions(plan, kept, measure_of, measures)
    plan.index = np.flatnonzero(kept)
    if plan.index.size:
        of_place = np.array([p if isinstance(p, int) else -1 for p in places], np.int64)
        of_measure = np.array([m if isinstance(m, int) else -1 for m in measures], np.int64)
        _draw_lines(plan, of_place[place_of[plan.index]], of_measure[measure_of[plan.index]], measure_of[plan.index])
        _end_history(plan, today)
    table.errors.sort(key=lambda error: error.row)
    return plan


def _reject_by(table: Table, kept: npt.NDArray[np.bool_], of: Ints, verdicts: list[Any]) -> None:
    """Reject every row whose place (or measure) has a reason against it; the first of each before the others,
    because only so many are told."""
    others: list[tuple[int, Reason]] = []
    for number, verdict in enumerate(verdicts):
        if isinstance(verdict, int):
            continue
        rows = np.flatnonzero(of == number)
        for row in rows[:1]:
            kept[row] = False
            table.reject(table.rows[row], *verdict)
        others += [(row, verdict) for row in rows[1:]]
    for row, verdict in others:
        kept[row] = False
        table.reject(table.rows[row], *verdict)


def _reject_negative(plan: Plan, kept: npt.NDArray[np.bool_], measure_of: Ints, measures: list[Any]) -> None:
    table = plan.table
    for row in np.flatnonzero(np.array(table.micros, np.int64) < 0):
        verdict = measures[measure_of[row]]
        known = plan.subjects[verdict].known if isinstance(verdict, int) else None
        if known is None or not known.signed:
            kept[row] = False
            table.reject(table.rows[row], "value", "negative", {"value": _said(table.micros[row])})


def _said(micros: int) -> str:
    """A figure as one writes it, without zeros at its end."""
    return f"{from_micro(micros).normalize():f}"


def _reject_fractions(plan: Plan, kept: npt.NDArray[np.bool_], measure_of: Ints, measures: list[Any]) -> None:
    """Half a person, half a piece."""
    table = plan.table
    subjects = [plan.subjects[m] if isinstance(m, int) else None for m in measures]
    whole = np.array([s is not None and counts_whole(s.unit, s.aggregation) for s in subjects], bool)
    if not whole.any():
        return
    for row in np.flatnonzero(whole[measure_of] & (np.array(table.micros, np.int64) % SCALE != 0)):
        kept[row] = False
        subject = subjects[measure_of[row]]
        params = {"value": _said(table.micros[row]), "unit": subject.unit if subject else ""}
        table.reject(table.rows[row], "value", "fraction", params)


def _draw_lines(plan: Plan, workplaces: Ints, subjects: Ints, measures: Ints) -> None:
    """Join workplaces and subjects into lines, days into periods; reject what no series can take."""
    table = plan.table
    days = np.array(table.days, np.int64)[plan.index]
    pairs, line_of = np.unique(workplaces * len(plan.subjects) + subjects, return_inverse=True)
    series, inside = _known_series(plan)
    kept = np.ones(len(days), bool)
    starts = days.copy()
    order = np.argsort(line_of, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(line_of[order])) + 1)
    units: dict[tuple[int, str], str] = {}
    inferred: dict[str, dict[str, None]] = defaultdict(dict)
    for pair, rows in zip(pairs, groups, strict=True):
        w, s = divmod(int(pair), len(plan.subjects))
        workplace, subject = plan.workplaces[w], plan.subjects[s]
        line = Line(w, s, "", series.get((w, s), []), 0, 0)
        given = {table.measures[m].frequency for m in np.unique(measures[rows])} - {""}
        there = line.series[0].frequency if line.series else ""
        line.frequency = there or next(iter(given), "")
        reason = _against_line(line, workplace, subject, units, inside, given)
        if not line.frequency:
            line.frequency = infer_frequency(set(days[rows].tolist()))
            inferred[line.frequency][subject.name] = None
        if line.frequency != "day":
            starts[rows] = [_start(line.frequency, day) for day in days[rows].tolist()]
        line.first, line.last = int(starts[rows].min()), int(starts[rows].max())
        workplace.first_day = min(workplace.first_day, line.first)
        plan.lines.append(line)
        _reject_outside(plan, kept, rows, starts, line, reason)
    _reject_twice(plan, kept, line_of * FAR + starts)
    plan.stated += [
        ("frequency", {"frequency": frequency, "names": several(list(names))}) for frequency, names in inferred.items()
    ]
    plan.index, plan.line_of, plan.starts = plan.index[kept], line_of[kept], starts[kept]


def _start(frequency: str, day: int) -> int:
    return period_start(frequency, dt.date.fromordinal(day)).toordinal()


def _known_series(plan: Plan) -> tuple[dict[tuple[int, int], list[Series]], dict[int, list[Series]]]:
    """Series of the known workplaces: by (workplace, subject), and all of each workplace (sections' too)."""
    of = {w.known.pk: number for number, w in enumerate(plan.workplaces) if w.known is not None}
    subject_of = {s.known.pk: number for number, s in enumerate(plan.subjects) if s.known is not None}
    own: dict[tuple[int, int], list[Series]] = defaultdict(list)
    inside: dict[int, list[Series]] = defaultdict(list)
    rows = in_chunks(lambda c: Series.objects.filter(workplace__in=c).select_related("indicator"), of)
    for series in sorted(rows, key=lambda s: s.from_on):
        number = of[series.workplace_id]
        inside[number].append(series)
        if series.territory_id == series.workplace_id and series.indicator_id in subject_of:
            own[number, subject_of[series.indicator_id]].append(series)
    return own, inside


def _against_line(
    line: Line,
    workplace: Workplace,
    subject: Subject,
    units: dict[tuple[int, str], str],
    inside: dict[int, list[Series]],
    given: set[str],
) -> Reason | None:
    key = name_key(subject.name)
    before = units.setdefault((line.workplace, key), subject.unit)
    others = [s for s in inside[line.workplace] if s.indicator.name_key == key] if not line.series else []
    elsewhere = next((s.indicator.unit for s in others if s.territory_id == s.workplace_id), before)
    if canonical(elsewhere) != canonical(subject.unit):
        return "unit", "two_units", {"value": subject.unit, "known": elsewhere, "factory": workplace.name}
    sections = [s for s in inside[line.workplace] if subject.known and s.indicator_id == subject.known.pk]
    if any(s.territory_id != s.workplace_id for s in sections):
        return "indicator", "told_by_sections", {"value": subject.name, "factory": workplace.name}
    if given - {line.frequency}:
        return "frequency", "other_frequency", {"value": ", ".join(given), "known": line.frequency}
    return None


def _reject_outside(
    plan: Plan, kept: npt.NDArray[np.bool_], rows: Ints, starts: Ints, line: Line, reason: Reason | None
) -> None:
    """Reject all rows of the line for ``reason``; else those after its series ended.

    Earlier days stretch the first series back; later ones go on with a series that ended only because its file did.
    """
    table = plan.table
    for row in rows if reason else rows[~_covered(line.series, starts[rows])]:
        why = reason or _against_period(line, dt.date.fromordinal(int(starts[row])))
        if why is not None:
            kept[row] = False
            table.reject(table.rows[plan.index[row]], *why)


def _covered(series: Collection[Series], starts: Ints) -> npt.NDArray[np.bool_]:
    """Which periods lie in a series, or before the first one; all of them where there is no series yet."""
    if not series:
        return np.ones(len(starts), bool)
    inside = starts < min(s.from_on for s in series).toordinal()
    for one in series:
        until = FAR if one.until_on is None else one.until_on.toordinal()
        inside |= (starts >= one.from_on.toordinal()) & (starts < until)
    return inside


def _against_period(line: Line, start: dt.date) -> Reason | None:
    """What people ended takes no more. ``start`` is in no series of the line, and not before the first."""
    before = max((s for s in line.series if s.from_on <= start), key=lambda s: s.from_on)
    assert before.until_on is not None
    if not before.ended_by_file:
        return "date", "series_ended", {"until": before.until_on.isoformat()}
    line.goes_on[before] = max(start, line.goes_on.get(before) or start)
    return None


def _end_history(plan: Plan, today: dt.date) -> None:
    """Say which series begin or go on with this file, and where they end if all of it is history.

    All of them end with the file's last day, not each with its own: who missed the last days still owed them.
    """
    used = plan.used_lines()
    if not used:
        return
    last = max(period_end(line.frequency, dt.date.fromordinal(line.last)) for line in used)
    until = last + dt.timedelta(days=1) if last < today - HISTORY else None
    begun: dict[str, None] = {}
    gone_on: dict[str, None] = {}
    for line in used:
        name = plan.workplaces[line.workplace].name
        if not line.series:
            line.until = until
            begun |= {name: None} if until else {}
        for one, latest in line.goes_on.items():
            assert latest is not None
            followed = any(s.from_on > latest for s in line.series)
            line.goes_on[one] = next_start(line.frequency, latest) if followed else until
            gone_on[name] = None
    if begun:
        plan.stated.append(("history", {"until": last.isoformat(), "names": several(list(begun))}))
    if gone_on and until:
        plan.stated.append(("goes_on_until", {"until": last.isoformat(), "names": several(list(gone_on))}))
    elif gone_on:
        plan.stated.append(("goes_on", {"names": several(list(gone_on))}))


def series_at(series: Collection[Series], start: int) -> Series | None:
    """The series in force on that day."""
    for one in series:
        if one.from_on.toordinal() <= start and (one.until_on is None or start < one.until_on.toordinal()):
            return one
    return None


def _reject_twice(plan: Plan, kept: npt.NDArray[np.bool_], keys: Ints) -> None:
    """A (factory, period, indicator) that stands in the file before."""
    if len(np.unique(keys)) == len(keys):
        return
    table = plan.table
    first: dict[int, int] = {}
    for row, key in enumerate(keys.tolist()):
        number = table.rows[plan.index[row]]
        before = first.setdefault(key, number)
        if before != number:
            kept[row] = False
            table.reject(number, "", "twice", {"before": before})
