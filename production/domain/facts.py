"""Facts: what was reported and what was due, read for the roll-up in a handful of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import BigIntegerField
from django.db.models.functions import Cast

from councils.models import Placement
from production.analysis import rollup
from production.analysis.calendar import DAY, MONTH, WEEK, expected_periods, period_end, period_start
from production.analysis.columns import own_days
from production.analysis.lineage import DUSK, Edge, Lineage
from production.domain.calendar import WorkingCalendar, calendars_of
from production.enums import Aggregation
from production.models import Capability, Figure, Indicator, SectorPlacement, Series, Submission

_DAY = dt.timedelta(days=1)
#: Below the number of parameters that a statement takes on either engine.
SLICE = 500


@dataclass(frozen=True)
class Window:
    """Whole weeks and whole months around some days."""

    first: dt.date
    last: dt.date

    @classmethod
    def around(cls, first: dt.date, last: dt.date) -> Window:
        """The smallest window that holds every period in which a day of ``first..last`` counts."""
        return cls(
            min(period_start(WEEK, first), period_start(MONTH, first)),
            max(period_end(WEEK, period_start(WEEK, last)), period_end(MONTH, period_start(MONTH, last))),
        )

    def holds(self, grain: str, start: dt.date) -> bool:
        """Whether the period lies in the window as a whole: only then can its row be computed from it."""
        return self.first <= start and period_end(grain, start) <= self.last


@dataclass(frozen=True)
class Catalogue:
    """How each indicator adds up, and of what each ratio is made."""

    aggregation: dict[int, str]
    ratios: dict[int, tuple[int, int]]

    @classmethod
    def read(cls) -> Catalogue:
        aggregation: dict[int, str] = {}
        ratios: dict[int, tuple[int, int]] = {}
        rows = Indicator.objects.values_list("pk", "aggregation", "numerator_id", "denominator_id")
        for pk, how, over, under in rows:
            aggregation[pk] = how
            if how == Aggregation.RATIO and over is not None and under is not None:
                ratios[pk] = (over, under)
        return cls(aggregation, ratios)

    def parts(self, indicators: Iterable[int]) -> set[int]:
        """Indicators that have series of their own and from which ``indicators`` are computed."""
        return set(chain.from_iterable(self.ratios.get(i, (i,)) for i in indicators))

    def touched_by(self, indicator: int) -> list[int]:
        """``indicator`` and the ratios of which it is a part."""
        return [indicator, *(ratio for ratio, parts in self.ratios.items() if indicator in parts)]


@dataclass(frozen=True)
class Measure:
    """One series, as plain values."""

    pk: int
    territory: int
    workplace: int
    indicator: int
    frequency: str
    from_on: dt.date
    until_on: dt.date | None


def read_lineage() -> Lineage:
    """The dated tree and the dated sectors of the whole installation."""
    return Lineage.of(
        _edges(Placement.objects.values_list("territory_id", "parent_id", "from_on", "until_on")),
        _edges(SectorPlacement.objects.values_list("workplace_id", "sector_id", "from_on", "until_on")),
    )


def measures(*, indicators: Collection[int] | None = None, workplaces: Collection[int] | None = None) -> list[Measure]:
    """Series of these indicators and these workplaces (None: all), by primary key."""
    rows = Series.objects.order_by("pk")
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    names = ("pk", "territory_id", "workplace_id", "indicator_id", "frequency", "from_on", "until_on")
    if workplaces is None:
        return [Measure(*row) for row in rows.values_list(*names)]
    found = [
        Measure(*row) for part in slices(workplaces) for row in rows.filter(workplace__in=part).values_list(*names)
    ]
    return sorted(found, key=lambda m: m.pk)


def read(
    *,
    series: list[Measure],
    catalogue: Catalogue,
    lineage: Lineage,
    window: Window | None,
    ratios: Collection[int] = (),
    answers: bool = True,
) -> rollup.Facts:
    """The facts about ``series`` on the days of ``window`` (None: from the first answer to the last).

    ``ratios``: those to compute besides the indicators of the series themselves.
    ``answers`` False: only what is due.
    """
    position = {m.pk: n for n, m in enumerate(series)}
    figures, stops = (_figures(series, position, window), _stops(series, window)) if answers else (_NOTHING, _NOTHING)
    if window is None:
        window = _span(figures, stops)
    due = _due(series, window) if window is not None else _NOTHING[:2]
    frequency = rollup.ints(rollup.FREQUENCY[m.frequency] for m in series)
    capability, potentiality = _said(position, figures[0], own_days(figures[1], frequency[figures[0]]))
    return rollup.Facts(
        territory=rollup.ints(m.territory for m in series),
        workplace=rollup.ints(m.workplace for m in series),
        indicator=rollup.ints(m.indicator for m in series),
        frequency=frequency,
        aggregation=catalogue.aggregation,
        ratios={r: catalogue.ratios[r] for r in ratios},
        stretches={w: lineage.stretches(w) for w in {m.workplace for m in series}},
        figure_series=figures[0],
        figure_start=figures[1],
        figure_value=figures[2],
        figure_simulated=figures[3],
        figure_capability=capability,
        figure_potentiality=potentiality,
        due_series=due[0],
        due_start=due[1],
        stop_series=stops[0],
        stop_start=stops[1],
        stop_simulated=stops[3],
    )


def slices(values: Collection[Any]) -> Iterator[list[Any]]:
    """``values`` in parts that fit into one statement."""
    ordered = sorted(values)
    for at in range(0, len(ordered), SLICE):
        yield ordered[at : at + SLICE]


Columns = tuple[rollup.Ints, rollup.Ints, rollup.Ints, rollup.Ints]
_NOTHING: Columns = (rollup.ints(), rollup.ints(), rollup.ints(), rollup.ints())


def _figures(series: list[Measure], position: dict[int, int], window: Window | None) -> Columns:
    """Position of the series, first day, millionths, simulated: of every figure in force."""

    def rows() -> Iterator[tuple[int, dt.date, int, bool]]:
        found = Figure.objects.current().filter(value__isnull=False)
        if window is not None:
            found = found.between(*_begins_in(window))
        found = found.annotate(micro=Cast("value", BigIntegerField()))
        for part in slices(position):
            names = ("series_id", "start", "micro", "submission__simulated")
            yield from found.filter(series__in=part).values_list(*names).iterator(chunk_size=5000)

    return _columns((position[s], start, micro, simulated) for s, start, micro, simulated in rows())


def _said(
    position: dict[int, int], figure_series: rollup.Ints, figure_day: rollup.Ints
) -> tuple[rollup.Ints, rollup.Ints]:
    """What was said could be made on the own day of each figure, in millionths; 0 where nothing was said yet."""
    rows: dict[int, tuple[int, int]] = {}  # by series and first day in one number; the last version stays
    if len(figure_series):
        said = Capability.objects.order_by("version").annotate(
            can=Cast("capability", BigIntegerField()), could=Cast("potentiality", BigIntegerField())
        )
        for part in slices(position):
            for pk, first, can, could in said.filter(series__in=part).values_list(
                "series_id", "from_on", "can", "could"
            ):
                rows[position[pk] * DUSK + first.toordinal()] = (can, could)
    if not rows:
        return rollup.ints(), rollup.ints()
    begins = rollup.ints(sorted(rows))
    at = np.searchsorted(begins, figure_series * DUSK + figure_day, side="right") - 1
    known = (at >= 0) & (begins[at] // DUSK == figure_series)
    can, could = (rollup.ints(rows[begin][n] for begin in begins.tolist()) for n in (0, 1))
    return np.where(known, can[at], 0), np.where(known, could[at], 0)


def _stops(series: list[Measure], window: Window | None) -> Columns:
    """The same of every daily series of a place that said it did not work that day. (Values are zero.)"""
    daily: dict[int, list[int]] = {}
    for n, m in enumerate(series):
        if m.frequency == DAY:
            daily.setdefault(m.territory, []).append(n)
    stopped = Submission.objects.filter(current=True).exclude(stoppage="")
    if window is not None:
        stopped = stopped.filter(report__on__gte=window.first, report__on__lte=window.last)

    def rows() -> Iterator[tuple[int, dt.date, int, bool]]:
        for part in slices(daily):
            names = ("report__territory_id", "report__on", "simulated")
            for territory, on, simulated in stopped.filter(report__territory__in=part).values_list(*names):
                yield from ((n, on, 0, simulated) for n in daily[territory])

    return _columns(rows())


def _due(series: list[Measure], window: Window) -> tuple[rollup.Ints, rollup.Ints]:
    """Position of the series and first day of every period due. Series of one calendar are counted together."""
    first, last = _begins_in(window)
    calendars = calendars_of(workplaces={m.workplace for m in series}, first=first, last=last)
    worked: dict[tuple[WorkingCalendar, str], rollup.Ints] = {}
    positions, starts = [rollup.ints()], [rollup.ints()]
    for n, m in enumerate(series):
        kind = (calendars[m.workplace], m.frequency)
        if kind not in worked:
            worked[kind] = _worked(*kind, first, last)
        until = DUSK if m.until_on is None else m.until_on.toordinal()
        begin, end = np.searchsorted(worked[kind], [m.from_on.toordinal(), until])
        starts.append(worked[kind][begin:end])
        positions.append(np.full(end - begin, n, dtype=np.int64))
    return np.concatenate(positions), np.concatenate(starts)


def _worked(calendar: WorkingCalendar, frequency: str, first: dt.date, last: dt.date) -> rollup.Ints:
    periods = expected_periods(
        frequency=frequency,
        from_on=first,
        until_on=None,
        working_week=calendar.working_week,
        closed=calendar.closed,
        first=first,
        last=last,
    )
    return rollup.ints(day.toordinal() for day in periods)


def _begins_in(window: Window) -> tuple[dt.date, dt.date]:
    """A period whose own day lies in ``window`` begins at most a month before it."""
    return window.first - 31 * _DAY, window.last


def _span(*columns: Columns) -> Window | None:
    """From the first answer to the last."""
    days = [int(day) for column in columns if len(column[1]) for day in (column[1].min(), column[1].max())]
    if not days:
        return None
    # a period that begins on the last day may have its own day up to a month later
    return Window.around(dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days)) + 31 * _DAY)


def _columns(rows: Iterable[tuple[int, dt.date, int, bool]]) -> Columns:
    """Four columns, without a list of tuples in between (there may be millions)."""
    flat = rollup.ints(chain.from_iterable((n, day.toordinal(), value, simulated) for n, day, value, simulated in rows))
    table = flat.reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def _edges(rows: Iterable[tuple[int, int, dt.date, dt.date | None]]) -> list[Edge]:
    return [
        Edge(child, first.toordinal(), DUSK if until is None else until.toordinal(), parent)
        for child, parent, first, until in rows
    ]
