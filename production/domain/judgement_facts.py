"""What an analysis of many workplaces starts from: their series, the saved states, the figures since, the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.db.models import BigIntegerField, Min
from django.db.models.functions import Cast
from numpy.typing import NDArray

from production.analysis.calendar import DAY, period_start
from production.analysis.cyberstride import State
from production.analysis.watch import HISTORY, Strand, begin_of, engine_version, kept, number_of, start_of
from production.domain.calendar import WorkingCalendar, calendars_of
from production.domain.facts import Measure, measures, slices
from production.domain.judgement_read import off_of
from production.models import EngineState, Figure, Submission
from production.models.fixed_point import SCALE

#: A workplace's series of one frequency.
Whose = tuple[int, str]
#: A series that ended so long ago is watched no more.
ENDED = dt.timedelta(days=60)
_NEVER = 10**9


@dataclass
class _Plan:
    """How the series of one workplace and frequency are carried on: from which state (None: from nothing)."""

    lanes: list[int]
    state: EngineState | None = None
    begins: dict[int, int] = field(default_factory=dict)
    first: int = 0
    last: int = 0


def strands_of(*, changed: Mapping[Whose, dt.date | None], day: dt.date, anew: bool = False) -> dict[str, list[Strand]]:
    """By frequency, what to carry so that everything up to ``day`` is judged.

    ``changed``: since when the facts of each workplace and frequency may differ from those judged before; None: since
    the oldest saved state. ``anew``: from the first figure on, whatever is saved. Up to the last period that has an
    answer, and never less far than before. A number of queries that does not grow with the workplaces, but for one
    with each different period from which some begin.
    """
    series = _series(changed, day)
    plans = {whose: _Plan([m.pk for m in lanes]) for whose, lanes in series.items()}
    indicators = {m.pk: m.indicator for lanes in series.values() for m in lanes}
    _choose_states(plans, changed, anew)
    ready = {whose: plan for whose, plan in plans.items() if plan.first < _NEVER}
    figures = _figures(ready, day)
    stops = _stops(ready, series, day)
    calendars = _calendars(ready, day)
    strands: dict[str, list[Strand]] = {}
    off = lru_cache(maxsize=None)(off_of)
    for whose, plan in sorted(ready.items()):
        workplace, frequency = whose
        own = figures.get(whose, {})
        answered = [start for _lane, start in own] + stops.get(whose, [])
        plan.last = max([plan.last, *(number_of(frequency, start) for start in answered)])
        if plan.last >= plan.first:
            closed = off(calendars[workplace], frequency, plan.first, plan.last)
            stopped = frozenset(number_of(frequency, on) for on in stops.get(whose, []))
            strands.setdefault(frequency, []).append(_strand(whose, plan, own, closed, stopped, indicators))
    return strands


def _series(changed: Mapping[Whose, object], day: dt.date) -> dict[Whose, list[Measure]]:
    """The series to watch, by primary key: those in force, and those that ended lately."""
    found: dict[Whose, list[Measure]] = {}
    for m in measures(workplaces={workplace for workplace, _frequency in changed}):
        whose = (m.workplace, m.frequency)
        if whose in changed and (m.until_on is None or m.until_on > day - ENDED):
            found.setdefault(whose, []).append(m)
    return found


# --- from which state ------------------------------------------------------------------------


def _choose_states(plans: Mapping[Whose, _Plan], changed: Mapping[Whose, dt.date | None], anew: bool) -> None:
    """For each plan the latest state of this engine that lies before what changed and before every series that it
    does not hold begins; else from nothing."""
    saved = _saved(plans)
    usable: dict[Whose, list[EngineState]] = {}
    for whose, rows in saved.items():
        plans[whose].last = number_of(whose[1], rows[-1].start)
        if anew:
            continue
        since = changed[whose]
        first = period_start(whose[1], since) if since is not None else None
        mine = [r for r in rows if r.engine == engine_version() and (first is None or r.start < first)]
        usable[whose] = mine[::-1] if first is not None else mine[:1]
    lacking = {
        lane
        for whose, plan in plans.items()
        for lane in plan.lanes
        if not usable.get(whose) or any(lane not in row.series for row in usable[whose])
    }
    begins = _begins(lacking)
    for whose, plan in plans.items():
        plan.begins = {lane: begin_of(whose[1], begins[lane]) for lane in plan.lanes if lane in begins}
        for row in usable.get(whose, []):
            first_after = number_of(whose[1], row.start) + 1
            if all(plan.begins.get(n, _NEVER) >= first_after for n in plan.lanes if n not in row.series):
                plan.state, plan.first = row, first_after
                break
        else:
            missing = [lane for lane in plan.lanes if lane not in lacking]
            plan.begins |= {lane: begin_of(whose[1], on) for lane, on in _begins(missing).items()}
            plan.first = min(plan.begins.values(), default=_NEVER)
    _fetch(plan.state for plan in plans.values() if plan.state is not None)


def _saved(plans: Mapping[Whose, _Plan]) -> dict[Whose, list[EngineState]]:
    """Saved states without their bytes, oldest first."""
    found: dict[Whose, list[EngineState]] = {}
    for part in slices({workplace for workplace, _frequency in plans}):
        for row in EngineState.objects.filter(workplace__in=part).order_by("start").defer("packed"):
            if (whose := (row.workplace_id, row.frequency)) in plans:
                found.setdefault(whose, []).append(row)
    return found


def _fetch(rows: Iterable[EngineState]) -> None:
    """Read the bytes of these states."""
    wanted = {row.pk: row for row in rows}
    for part in slices(wanted):
        for pk, packed in EngineState.objects.filter(pk__in=part).values_list("pk", "packed"):
            wanted[pk].packed = packed


def _begins(series: Collection[int]) -> dict[int, dt.date]:
    """The period of the first value of each series."""
    found: dict[int, dt.date] = {}
    for part in slices(set(series)):
        rows = Figure.objects.current().filter(series__in=part, value__isnull=False).values_list("series")
        found |= dict(rows.annotate(first=Min("start")).values_list("series", "first"))
    return found


# --- what was reported since --------------------------------------------------------------------


#: Value (NaN: withdrawn) of a series and period, and the file that brought it (0: none).
Given = dict[tuple[int, dt.date], tuple[float, int]]


def _figures(plans: Mapping[Whose, _Plan], day: dt.date) -> dict[Whose, Given]:
    """What was reported of each series from shortly before the first period of its plan on."""
    whose_of = {lane: whose for whose, plan in plans.items() for lane in plan.lanes}
    starting: dict[dt.date, list[int]] = {}
    for whose, plan in plans.items():
        starting.setdefault(start_of(whose[1], plan.first - HISTORY), []).extend(plan.lanes)
    found: dict[Whose, Given] = {}
    for first, lanes in starting.items():
        for part in slices(set(lanes)):
            rows = Figure.objects.current().filter(series__in=part, start__gte=first, start__lte=_until(plans, day))
            rows = rows.annotate(micro=Cast("value", BigIntegerField()))
            names = ("series_id", "start", "micro", "submission__import_batch")
            for lane, start, micro, batch in rows.values_list(*names).iterator(chunk_size=5000):
                value = float("nan") if micro is None else micro / SCALE
                found.setdefault(whose_of[lane], {})[lane, start] = (value, batch or 0)
    return found


def _until(plans: Mapping[Whose, _Plan], day: dt.date) -> dt.date:
    """What was judged once stays judged: an analysis of a day gone by looks as far ahead as the last one did."""
    judged = [start_of(frequency, plan.last) for (_workplace, frequency), plan in plans.items() if plan.last]
    return max([day, *judged])


def _stops(
    plans: Mapping[Whose, _Plan], series: Mapping[Whose, Iterable[Measure]], day: dt.date
) -> dict[Whose, list[dt.date]]:
    """Days on which a place that reports daily figures said that it did not work: an answer, and no value."""
    daily = {whose: {m.territory for m in series[whose]} for whose in plans if whose[1] == DAY}
    if not daily:
        return {}
    first = min(start_of(DAY, plans[whose].first) for whose in daily)
    place_of = {place: whose for whose, places in daily.items() for place in places}
    found: dict[Whose, list[dt.date]] = {}
    stopped = Submission.objects.filter(current=True, report__on__gte=first, report__on__lte=_until(plans, day))
    for part in slices(place_of):
        rows = stopped.exclude(stoppage="").filter(report__territory__in=part)
        for place, on in rows.values_list("report__territory_id", "report__on"):
            found.setdefault(place_of[place], []).append(on)
    return found


def _calendars(plans: Mapping[Whose, _Plan], day: dt.date) -> dict[int, WorkingCalendar]:
    if not plans:
        return {}
    first = min(start_of(frequency, plan.first) for (_workplace, frequency), plan in plans.items())
    workplaces = {workplace for workplace, _frequency in plans}
    found: dict[int, WorkingCalendar] = {}
    for part in slices(workplaces):
        found |= calendars_of(workplaces=part, first=first, last=_until(plans, day))
    return found


def _strand(
    whose: Whose,
    plan: _Plan,
    own: Given,
    off: NDArray[np.bool_],
    stopped: frozenset[int],
    indicators: Mapping[int, int],
) -> Strand:
    workplace, frequency = whose
    state: State | None = None
    carried: list[int] = []
    if plan.state is not None:
        carried = [lane for lane in plan.lanes if lane in plan.state.series]
        whole = State.unpack(bytes(plan.state.packed))
        state = whole.take([plan.state.series.index(lane) for lane in carried])
    lanes = [*carried, *(lane for lane in plan.lanes if lane not in carried)]
    values = np.full((len(lanes), plan.last - plan.first + 1), np.nan)
    batches = np.zeros(values.shape, np.int64)
    history = np.full((len(lanes), HISTORY), np.nan)
    row = {lane: n for n, lane in enumerate(lanes)}
    for (lane, start), (value, batch) in own.items():
        where = row[lane], number_of(frequency, start) - plan.first
        if where[1] < 0:
            history[where] = value
        else:
            values[where], batches[where] = value, batch
    return Strand(
        workplace=workplace,
        series=tuple(lanes),
        state=state,
        begins=np.array([plan.begins.get(lane, _NEVER) for lane in lanes[len(carried) :]], dtype=np.int64),
        first=plan.first,
        last=plan.last,
        values=values,
        off=off,
        keep=kept(frequency, plan.last),
        indicators=tuple(indicators[lane] for lane in lanes),
        batches=batches,
        stopped=stopped,
        history=history,
    )
