"""From what the engine says to the alerts of a workplace: opened, judged anew, closed when the figure has returned.

Only what stands now opens an alert: a change found while older days are replayed has become history. A change that
people closed is known, and is not opened again, unless what was taken for an odd day has turned out to last.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import numpy as np

from councils.clock import local_day
from councils.errors import Refused
from production.analysis.calendar import DAY, MONTH, WEEK, next_start
from production.analysis.cyberstride import DEFAULT, Kind
from production.analysis.finding import MOST_POINTS, Evidence, EvidencePoint, Finding
from production.analysis.return_rule import has_returned
from production.analysis.watch import Course, Strand, number_of, start_of
from production.domain.alert import close_returned, open_alert, revise_alert
from production.domain.judgement_read import Judged, judged_from
from production.domain.judgement_store import FLOOR, Carried, kind_word
from production.domain.panel import days_left_of
from production.domain.threshold import moved, steps_of
from production.enums import AlertOrigin, AlertState, IndicatorKind
from production.models import Alert, Figure, Series, SeriesJudgement

#: A figure older than this tells of the past: it opens nothing.
FRESH = {DAY: dt.timedelta(days=7), WEEK: dt.timedelta(days=21), MONTH: dt.timedelta(days=62)}
#: How far ahead a slope is drawn on.
AHEAD = 7


@dataclass(frozen=True)
class Said:
    """What the engine said of a series after its last figure. ``finding`` None: nothing likely enough for anybody."""

    series: int
    frequency: str
    judged_on: dt.date
    value: float
    finding: Finding | None


@dataclass
class Acted:
    """How many alerts an analysis opened, judged anew and closed."""

    opened: list[Alert] = field(default_factory=list)
    revised: int = 0
    closed: int = 0


def act(*, frequency: str, carried: Carried, rows: Mapping[int, SeriesJudgement], at: dt.datetime) -> Acted:
    """Open, judge anew and close the alerts of all series of ``carried``; ``rows``: their judgements, just written."""
    said = {one.series: one for strand, course in carried for one in _said(frequency, strand, course)}
    standing = {a.series_id: a for a in _standing(said)}
    watched = [s for s in said.values() if s.finding is not None or s.series in standing]
    acted = Acted()
    if not watched:
        return acted
    found = Series.objects.filter(pk__in=[s.series for s in watched])
    series = {s.pk: s for s in found.select_related("indicator", "workplace", "territory")}
    steps = steps_of(series=series.values())
    figures = _figures(series, watched)
    known = _known(series)
    for one in sorted(watched, key=lambda s: s.series):
        case = _Case(series[one.series], one, judged_from(rows[one.series], frequency), figures.get(one.series, []))
        likely = one.finding if _is_likely(one.finding, steps[one.series]) else None
        alert = standing.get(one.series)
        if alert is not None:
            _follow(case, alert, likely, at, acted)
        elif likely is not None and one.judged_on >= local_day(at) - FRESH[frequency]:
            _open(case, likely, known.get(one.series, []), at, acted)
    return acted


def _said(frequency: str, strand: Strand, course: Course) -> Iterable[Said]:
    """Of each series with a figure among those just carried: what was said after the last one."""
    skipped = course.first - strand.first
    values = np.where(strand.off[skipped:] | course.shielded, np.nan, strand.values[:, skipped:])
    for n, lane in enumerate(strand.series):
        known = np.flatnonzero(np.isfinite(values[n]))
        if not len(known):
            continue
        at = int(known[-1])
        number = course.first + at
        value = float(values[n, at])
        yield Said(lane, frequency, start_of(frequency, number), value, _finding(frequency, course, n, at, value))


def _finding(frequency: str, course: Course, n: int, at: int, value: float) -> Finding | None:
    """What was found after period ``at`` of a course, with the numbers as they were then."""
    if course.probability[n, at] < FLOOR or course.kind[n, at] == Kind.EXPECTED:
        return None
    number = course.first + at
    size, low, high = (float(rows[n, at]) for rows in (course.size, course.size_low, course.size_high))
    expected, band_low, band_high = (float(rows[n, at]) for rows in (course.expected, course.low, course.high))
    if not all(math.isfinite(x) for x in (size, low, high, expected, band_low, band_high)):
        return None
    return Finding(
        kind=kind_word(int(course.kind[n, at])),
        began_on=start_of(frequency, number - int(course.onset[n, at])),
        size=size,
        size_low=min(low, size),
        size_high=max(high, size),
        probability=min(float(course.probability[n, at]), 1.0),
        expected=expected,
        band_low=band_low,
        band_high=band_high,
        value=value,
        judged_on=start_of(frequency, number),
    )


def _is_likely(finding: Finding | None, steps: int) -> bool:
    """Whether it is as sure as the people of the workplace ask for."""
    return finding is not None and finding.probability >= moved(DEFAULT.threshold, steps)


# --- one series ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """A series, what was said of it, the bands that were in force, and its figures, oldest first."""

    series: Series
    said: Said
    judged: Judged
    figures: list[tuple[dt.date, Decimal, str]]

    def evidence(self, finding: Finding) -> Evidence:
        """The last periods as they stand."""
        by_start = {start: (value, remark) for start, value, remark in self.figures}
        bands = {band.start: band for band in self.judged.bands}
        last = number_of(self.series.frequency, self.said.judged_on)
        points: list[EvidencePoint] = []
        for number in range(last - MOST_POINTS + 1, last + 1):
            start = start_of(self.series.frequency, number)
            value, remark = by_start.get(start, (None, ""))
            band = bands.get(start)
            if value is not None or band is not None or points:
                points.append(
                    EvidencePoint(start, value, band.low if band else None, band.high if band else None, remark)
                )
        return Evidence(
            points=points,
            unit=self.series.indicator.unit,
            frequency=self.series.frequency,
            days_left=self._days_left(),
            ahead=self._ahead(finding),
        )

    def _days_left(self) -> int | None:
        if self.series.indicator.kind not in (IndicatorKind.STOCK, IndicatorKind.OTHER):
            return None
        return days_left_of(series=self.series, on=self.said.judged_on)

    def _ahead(self, finding: Finding) -> list[float]:
        """The next values, if a slope goes on as it does."""
        if finding.kind != "slope":
            return []
        least = -math.inf if self.series.indicator.signed else 0.0
        return [max(self.said.value + finding.size * n, least) for n in range(1, AHEAD + 1)]

    def has_returned(self, finding: Finding, evidence: Evidence) -> bool:
        """Whether the change is gone, by what was expected before it as ``evidence`` has it."""
        bands = {p.start: (p.low, p.high) for p in evidence.points if p.low is not None and p.high is not None}
        return has_returned(
            kind=finding.kind,
            frequency=self.series.frequency,
            began_on=finding.began_on,
            values=[(start, float(value)) for start, value, _remark in self.figures if start <= self.said.judged_on],
            bands=bands,
        )


def _follow(case: _Case, alert: Alert, likely: Finding | None, at: dt.datetime, acted: Acted) -> None:
    """An alert that is open: the figure has returned, or it is judged anew, or it stays as it was."""
    if alert.origin != AlertOrigin.ENGINE:
        return
    before = Finding.from_json(alert.finding)
    if case.has_returned(before, Evidence.from_json(alert.evidence)):
        close_returned(alert=alert, at=at)
        acted.closed += 1
    elif likely is not None and likely != before:
        revise_alert(alert=alert, finding=likely, evidence=case.evidence(likely), at=at)
        acted.revised += 1


def _open(case: _Case, likely: Finding, known: Sequence[Alert], at: dt.datetime, acted: Acted) -> None:
    evidence = case.evidence(likely)
    if case.has_returned(likely, evidence) or any(_is_known(case, alert, likely) for alert in known):
        return
    try:
        acted.opened.append(open_alert(series=case.series, finding=likely, evidence=evidence, at=at))
    except Refused:
        # a place without assembly and committee has nobody to whom it could be told
        return


def _is_known(case: _Case, alert: Alert, finding: Finding) -> bool:
    """Whether ``alert``, which is closed, was about this change.

    What was taken for an odd day and lasts is another thing, but only if the figure has not come back from it.
    """
    assert alert.closed_at is not None
    if finding.began_on > local_day(alert.closed_at):
        return False
    if alert.kind != "transient" or finding.kind == "transient":
        return True
    return case.has_returned(Finding.from_json(alert.finding), Evidence.from_json(alert.evidence))


# --- read for all of them at once ----------------------------------------------------------------------


def _standing(said: Iterable[int]) -> Iterable[Alert]:
    return Alert.objects.open().filter(series__in=list(said))


def _known(series: Iterable[int]) -> dict[int, list[Alert]]:
    """Closed alerts on each series that may be about what is found now."""
    found: dict[int, list[Alert]] = {}
    for alert in Alert.objects.filter(series__in=list(series)).exclude(state=AlertState.OPEN).order_by("-pk")[:2000]:
        found.setdefault(alert.series_id or 0, []).append(alert)
    return found


def _figures(series: Mapping[int, Series], said: Sequence[Said]) -> dict[int, list[tuple[dt.date, Decimal, str]]]:
    """Figures in force of each series, as far back as evidence reaches, oldest first: one query."""
    reach = {s.series: start_of(s.frequency, number_of(s.frequency, s.judged_on) - MOST_POINTS) for s in said}
    last = max(next_start(s.frequency, s.judged_on) for s in said)
    rows = Figure.objects.current().filter(
        series__in=list(series), start__gte=min(reach.values()), start__lt=last, value__isnull=False
    )
    found: dict[int, list[tuple[dt.date, Decimal, str]]] = {}
    names = ("series_id", "start", "value", "remark")
    given = cast("Iterable[tuple[int, dt.date, Decimal, str]]", rows.order_by("start").values_list(*names))
    for pk, start, value, remark in given:
        if start >= reach[pk]:
            found.setdefault(pk, []).append((start, value, remark))
    return found
