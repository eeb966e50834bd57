"""Roll-up: after a report, recompute the rows that it touches, and no other.

section → workplace      from the figures of that workplace in the touched periods
→ cordón → … → nation    each from the rows of its children (``rollup.join_over_space``)

A territory below which a placement or a sector changed inside the period is computed from the
figures themselves: a workplace that moved counts in both places, for its days. What is due at
each level comes from series and calendars. A large import takes the way of ``summary``:
everything of its indicators, set-based.

Roll-ups take turns (``summary.take_turn``), so each sees what the one before wrote; rows that
are right already are not touched, so running one twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db.models import Exists, Max, Min, OuterRef, Q

from councils.domain import job
from councils.models import Job, Territory
from production.analysis import rollup
from production.analysis.calendar import DAY, MONTH, period_end, period_start
from production.analysis.lineage import ALL
from production.analysis.rollup import Key, Row, own_day, periods_of
from production.domain import facts, summary
from production.domain.facts import Catalogue, Measure, Window
from production.domain.summary import Stored
from production.models import Capability, Figure, Report, Series, Submission

RECOMPUTE = "recompute_summaries"
#: Jobs taken together; and figures beyond which everything of their indicators is computed at once.
BATCH = 200
MANY = 3000


def roll_up(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``roll_up``: payload ``{"submission": uuid}``, ``{"import": uuid}`` or ``{"capability": uuid}``."""
    pulse = summary.take_turn()
    answers = _answers(
        [one.payload["submission"] for one in jobs if "submission" in one.payload],
        [one.payload["import"] for one in jobs if "import" in one.payload],
        [one.payload["capability"] for one in jobs if "capability" in one.payload],
    )
    if len(answers) > MANY:
        _roll_up_at_once(answers)
        return
    months: dict[dt.date, list[Answer]] = {}
    for answer in answers:
        months.setdefault(period_start(MONTH, own_day(answer.series.frequency, answer.start)), []).append(answer)
    if sum(_RollUp(months[month]).write() for month in sorted(months)):
        summary.beat(pulse)


def recompute_for(*, workplace: Territory | None, first: dt.date | None, last: dt.date | None, at: dt.datetime) -> Job:
    """Ask for the rows of ``workplace`` (None: all) on ``first..last`` (None: open) to be computed anew.

    For whoever changed what the figures hang from: a placement, a sector, a series, a closed day,
    a working week. Call it in the transaction of the change.
    """
    payload = {
        "workplace": str(workplace.uuid) if workplace else None,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }
    return job.enqueue(kind=RECOMPUTE, key=f"{RECOMPUTE}:{uuid.uuid4()}", payload=payload, at=at)


def recompute(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``recompute_summaries``: every row of the workplace's indicators, wherever it hangs or hung."""
    catalogue = Catalogue.read()
    for one in jobs:
        series = Series.objects.all()
        if one.payload["workplace"]:
            series = series.filter(workplace__uuid=one.payload["workplace"])
        own = series.values_list("indicator", flat=True).distinct()
        bounds = (one.payload["first"], one.payload["last"])
        first, last = (dt.date.fromisoformat(day) if day else None for day in bounds)
        summary.rebuild_summaries(
            indicators={i for part in own for i in catalogue.touched_by(part)}, window=_reported_window(first, last)
        )


def _reported_window(first: dt.date | None, last: dt.date | None) -> Window | None:
    """Whole weeks and months around ``first..last``, as far as anything was ever reported."""
    days = Report.objects.aggregate(lowest=Min("on"), highest=Max("on"))
    if (first is None and last is None) or days["lowest"] is None:
        return None
    lowest, highest = days["lowest"], days["highest"]
    return Window.around(min(max(first or lowest, lowest), highest), max(min(last or highest, highest), lowest))


# --- what is touched ---------------------------------------------------------------------------


class Answer(NamedTuple):
    """A series got another answer for the period that begins on ``start``."""

    series: Measure
    start: dt.date


def _answers(submissions: list[str], imports: list[str], capabilities: list[str]) -> list[Answer]:
    """Figures given, corrected or withdrawn by these, or now beside what could be made; and what a stoppage (made or
    undone) answers."""
    sent = Q(submission__uuid__in=submissions) | Q(submission__import_batch__uuid__in=imports)
    for series, first in Capability.objects.filter(uuid__in=capabilities).values_list("series_id", "from_on"):
        # a period that begins before it may have its own day after it
        sent |= Q(series=series, start__gt=first - dt.timedelta(days=31))
    pairs = set(Figure.objects.filter(sent).values_list("series_id", "series__workplace_id", "start"))
    sent = Q(submissions__uuid__in=submissions) | Q(submissions__import_batch__uuid__in=imports)
    reports = Report.objects.filter(sent)
    stopped = Exists(Submission.objects.filter(report=OuterRef("pk")).exclude(stoppage=""))
    days = set(reports.filter(stopped).values_list("workplace_id", "territory_id", "on"))
    known = {m.pk: m for m in facts.measures(workplaces={w for _s, w, _d in pairs} | {w for w, _t, _d in days})}
    daily: dict[int, list[Measure]] = {}
    for measure in known.values():
        if measure.frequency == DAY:
            daily.setdefault(measure.territory, []).append(measure)
    answers = {Answer(known[series], start) for series, _workplace, start in pairs}
    answers |= {Answer(measure, on) for _w, territory, on in days for measure in daily.get(territory, [])}
    return sorted(answers, key=lambda a: (a.start, a.series.pk))


def _roll_up_at_once(answers: Collection[Answer]) -> None:
    """The way of a large import: all rows of its indicators in its weeks and months."""
    catalogue = Catalogue.read()
    days = [own_day(a.series.frequency, a.start) for a in answers]
    summary.rebuild_summaries(
        indicators={i for part in {a.series.indicator for a in answers} for i in catalogue.touched_by(part)},
        window=Window.around(min(days), max(days)),
    )


# --- level by level ----------------------------------------------------------------------------

Period = tuple[str, dt.date]  # grain, first day
Cell = tuple[int, str, dt.date]  # indicator, grain, first day


class _RollUp:
    """One pass over answers of one month."""

    def __init__(self, answers: Collection[Answer]) -> None:
        self.catalogue = Catalogue.read()
        self.lineage = facts.read_lineage()
        self.cells: dict[int, set[Cell]] = {}  # of each touched workplace
        for series, start in answers:
            self.cells.setdefault(series.workplace, set()).update(
                (indicator, *period)
                for indicator in self.catalogue.touched_by(series.indicator)
                for period in periods_of(series.frequency, start)
            )
        self.indicators = {cell[0] for cells in self.cells.values() for cell in cells}
        self.periods = {cell[1:] for cells in self.cells.values() for cell in cells}
        self.ratios = self.indicators & set(self.catalogue.ratios)
        first = min(start for _grain, start in self.periods)
        self.window = Window(first, max(period_end(*period) for period in self.periods))
        self.series = facts.measures(indicators=self.catalogue.parts(self.indicators))
        self.workplaces = {m.workplace for m in self.series}
        self.wanted: dict[Key, Row | None] = {}

    def write(self) -> int:
        """Compute and store; the number of rows that changed."""
        above = self._above()
        places = {p for w in self.cells for p in self._places(w)}
        children = {child for kids in self._children().values() for a in above for child in kids.get(a, [])}
        existing = summary.stored(
            indicators=self.indicators, territories=places | set(above) | children, periods=self.periods
        )
        self._below(places)
        self._over(above, existing)
        return summary.write(existing, self.wanted)

    def _facts(self, workplaces: Collection[int] | None, *, answers: bool = True) -> rollup.Facts:
        return facts.read(
            series=[m for m in self.series if workplaces is None or m.workplace in workplaces],
            catalogue=self.catalogue,
            lineage=self.lineage,
            window=self.window,
            ratios=self.ratios,
            answers=answers,
        )

    # the workplace and its sections

    def _places(self, workplace: int) -> set[int]:
        """The workplace and those of its sections that report."""
        return {workplace} | {m.territory for m in self.series if m.workplace == workplace}

    def _below(self, places: Collection[int]) -> None:
        rows = rollup.summarise(self._facts(self.cells), above=False)
        for workplace, cells in self.cells.items():
            for place in self._places(workplace) & set(places):
                for indicator, grain, start in cells:
                    key = Key(place, indicator, ALL, grain, start)
                    self.wanted[key] = rows.get(key)

    # and what is above

    def _above(self) -> dict[int, set[Cell]]:
        """Cells to compute anew in each territory above the touched workplaces."""
        above: dict[int, set[Cell]] = {}
        for workplace, cells in self.cells.items():
            for cell in cells:
                for place in self.lineage.above(workplace, *_days(*cell[1:])):
                    above.setdefault(place, set()).add(cell)
        return above

    def _children(self) -> dict[Period, dict[int, list[int]]]:
        return {period: self.lineage.children(period[1].toordinal()) for period in self.periods}

    def _over(self, above: dict[int, set[Cell]], existing: dict[Key, Stored]) -> None:
        due = rollup.summarise(self._facts(None, answers=False), below=False, unanswered=True)
        unsettled = {period: self.lineage.unsettled(*_days(*period)) for period in self.periods}
        children = self._children()
        now: dict[tuple[int, Cell], dict[int, Row]] = {}
        for key, stored in existing.items():
            now.setdefault((key.territory, (key.indicator, key.grain, key.start)), {})[key.sector] = stored.row
        for key, row in self.wanted.items():
            sectors = now.setdefault((key.territory, (key.indicator, key.grain, key.start)), {})
            sectors.pop(key.sector, None)
            if row is not None:
                sectors[key.sector] = row
        from_figures = self._from_figures(above, unsettled)
        for place in sorted(above, key=self.lineage.depth, reverse=True):
            for cell in above[place]:
                indicator, grain, start = cell
                if place in unsettled[cell[1:]]:
                    rows = from_figures.get((place, cell), {})
                else:
                    kids = children[cell[1:]].get(place, [])
                    rows = self._from_children(place, kids, cell, now, due)
                before = now.get((place, cell), {})
                for sector in before.keys() | rows.keys():
                    self.wanted[Key(place, indicator, sector, grain, start)] = rows.get(sector)
                now[place, cell] = rows

    def _from_children(
        self,
        place: int,
        kids: Iterable[int],
        cell: Cell,
        now: dict[tuple[int, Cell], dict[int, Row]],
        due: dict[Key, Row],
    ) -> dict[int, Row]:
        """Rows of ``place``, one a sector. A workplace counts in its sector; other children have rows a sector."""
        indicator, grain, start = cell
        parts: dict[int, list[Row]] = {}
        for kid in kids:
            for sector, row in now.get((kid, cell), {}).items():
                parts.setdefault(sector, []).append(row)
                if kid in self.workplaces and (own := self.lineage.sector(kid, start.toordinal())) != ALL:
                    parts.setdefault(own, []).append(row)
        rows = {}
        for sector, found in parts.items():
            owed = due.get(Key(place, indicator, sector, grain, start))
            rows[sector] = rollup.join_over_space(found, owed.expected if owed else 0)
        return rows

    def _from_figures(
        self, above: dict[int, set[Cell]], unsettled: dict[Period, set[int]]
    ) -> dict[tuple[int, Cell], dict[int, Row]]:
        """Rows of territories below which something moved inside the period."""
        moved = {(place, cell) for place, cells in above.items() for cell in cells if place in unsettled[cell[1:]]}
        places = {place for place, _cell in moved}
        first, last = self.window.first.toordinal(), self.window.last.toordinal()
        workplaces = {w for w in self.workplaces if places & self.lineage.above(w, first, last)}
        out: dict[tuple[int, Cell], dict[int, Row]] = {}
        if workplaces:
            for key, row in rollup.summarise(self._facts(workplaces), below=False).items():
                cell = (key.territory, (key.indicator, key.grain, key.start))
                if cell in moved:
                    out.setdefault(cell, {})[key.sector] = row
        return out


def _days(grain: str, start: dt.date) -> tuple[int, int]:
    """First and last day of the period, as ordinals."""
    return start.toordinal(), period_end(grain, start).toordinal()
