"""The roll-up once more, as slowly and as literally as its docstring says it: for comparison."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from councils.models import Placement, Territory
from production.models import (
    Capability,
    ClosedDay,
    Factory,
    Figure,
    Indicator,
    SectorPlacement,
    Series,
    Submission,
    Summary,
)

ONE = dt.timedelta(days=1)


def first_day(grain: str, day: dt.date) -> dt.date:
    if grain == "week":
        return day - dt.timedelta(days=day.isoweekday() - 1)
    return day.replace(day=1) if grain == "month" else day


def days_of(grain: str, start: dt.date) -> list[dt.date]:
    day, out = start, []
    while first_day(grain, day) == start:
        out.append(day)
        day += ONE
    return out


def own_day(frequency: str, start: dt.date) -> dt.date:
    days = days_of(frequency, start)
    return days[3] if frequency == "week" else days[-1]


def valid(row: Any, day: dt.date) -> bool:
    return row.from_on <= day and (row.until_on is None or day < row.until_on)


class PlainRollUp:
    """All rows from the facts in the database, by (territory, indicator, sector or None, grain, start)."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last
        self.series = list(Series.objects.select_related("indicator"))
        self.placements = list(Placement.objects.all())
        self.sectors = list(SectorPlacement.objects.all())
        self.factories = {f.pk: f for f in Factory.objects.all()}
        self.closed = list(ClosedDay.objects.all())
        self.figures = list(Figure.objects.filter(superseded=False, value__isnull=False).select_related("submission"))
        self.stoppages = list(Submission.objects.filter(current=True).exclude(stoppage="").select_related("report"))
        self.said = list(Capability.objects.all())
        self.kinds = dict(Territory.objects.values_list("pk", "kind"))

    def above(self, place: int, day: dt.date) -> list[int]:
        found = [p for p in self.placements if p.territory_id == place and valid(p, day)]
        return [found[0].parent_id, *self.above(found[0].parent_id, day)] if found else []

    def sector(self, workplace: int, day: dt.date) -> int | None:
        found = [p for p in self.sectors if p.workplace_id == workplace and valid(p, day)]
        return found[0].sector_id if found else None

    def is_due(self, series: Series, start: dt.date) -> bool:
        factory = self.factories[series.workplace_id]
        closed = {c.on for c in self.closed if c.territory_id in (None, series.workplace_id)}
        works = [
            d for d in days_of(series.frequency, start) if factory.working_week[d.weekday()] == "1" and d not in closed
        ]
        return valid(series, start) and bool(works)

    def due(self, series: Series) -> list[dt.date]:
        starts = sorted(
            {first_day(series.frequency, self.first + n * ONE) for n in range((self.last - self.first).days)}
        )
        return [s for s in starts if self.is_due(series, s)]

    def places(self, series: Series, day: dt.date) -> list[tuple[int, int | None]]:
        """Each (place, sector or None for all) in which something of ``series`` on ``day`` counts."""
        out: list[tuple[int, int | None]] = [(p, None) for p in {series.territory_id, series.workplace_id}]
        branch = self.sector(series.workplace_id, day)
        for place in self.above(series.workplace_id, day):
            out += [(place, None)] + ([(place, branch)] if branch else [])
        return out

    def rows(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        by_pk = {s.pk: s for s in self.series}
        stopped = {
            (s.pk, stop.report.on): stop
            for stop in self.stoppages
            for s in self.series
            if s.territory_id == stop.report.territory_id and s.frequency == "day" and self.is_due(s, stop.report.on)
        }
        given = {(f.series_id, f.start): f for f in self.figures}
        out = {}
        for indicator in Indicator.objects.all():
            parts = (
                [indicator.numerator_id, indicator.denominator_id]
                if indicator.aggregation == "ratio"
                else [indicator.pk]
            )
            cells: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(
                lambda: {"due": 0, "reported": 0, "answers": 0, "simulated": False, "figures": []}
            )
            for s in self.series:
                if s.indicator_id not in parts:
                    continue
                starts = set(self.due(s)) | {start for pk, start in given if pk == s.pk}
                for start in starts:
                    day = own_day(s.frequency, start)
                    figure, stop = given.get((s.pk, start)), stopped.get((s.pk, start))
                    for grain in ("day", "week", "month")[("day", "week", "month").index(s.frequency) :]:
                        for place, sector in self.places(s, day):
                            cell = cells[place, indicator.pk, sector, grain, first_day(grain, day)]
                            cell["due"] += self.is_due(s, start)
                            cell["reported"] += self.is_due(s, start) and bool(figure or stop)
                            cell["answers"] += bool(figure or stop)
                            for answer in (figure.submission if figure else None, stop):
                                cell["simulated"] |= bool(answer and answer.simulated)
                            if figure:
                                cell["figures"].append((by_pk[figure.series_id], figure))
            for key, cell in cells.items():
                if cell["answers"]:
                    out[key] = self.join(indicator, key, cell)
        return out

    def join(self, indicator: Indicator, key: tuple[Any, ...], cell: dict[str, Any]) -> tuple[Any, ...]:
        figures = cell["figures"]
        numerator: dict[int, list[Decimal]] = defaultdict(list)
        denominator: dict[int, list[Decimal]] = defaultdict(list)
        if indicator.aggregation == "last":
            figures = [(s, f) for s, f in figures if self.is_last(s, f, key[3], key[4])]
        for s, f in figures:
            if indicator.aggregation != "ratio" or s.indicator_id == indicator.numerator_id:
                numerator[s.workplace_id].append(f.value)
            if indicator.aggregation == "mean":
                denominator[s.workplace_id].append(Decimal(1))
            if indicator.aggregation == "ratio" and s.indicator_id == indicator.denominator_id:
                denominator[s.workplace_id].append(f.value)
        total = [v for values in numerator.values() for v in values]
        base = [v for values in denominator.values() for v in values]
        both = numerator.keys() & denominator.keys() if indicator.aggregation == "ratio" else numerator.keys()
        sums = [abs(sum(values)) for values in numerator.values()]
        return (
            sum(total) if total else None,
            sum(base, Decimal(0)) if indicator.aggregation in ("mean", "ratio") else None,
            cell["reported"],
            cell["due"],
            len(both),
            max(sums, default=None),
            cell["simulated"],
            *self.compare(indicator, figures),
        )

    def compare(self, indicator: Indicator, figures: list[tuple[Series, Figure]]) -> tuple[Any, ...]:
        """Actuality, capability and potentiality of the workplaces that said it of all their figures here."""
        pairs: dict[int, list[tuple[Decimal, Capability | None]]] = defaultdict(list)
        for s, f in figures:
            pairs[s.workplace_id].append((f.value, self.in_force(s, own_day(s.frequency, f.start))))
        whole = {w: found for w, found in pairs.items() if all(said for _v, said in found)}
        flat = [(v, said.capability, said.potentiality) for found in whole.values() for v, said in found if said]
        if indicator.aggregation == "ratio" or not flat:
            return None, None, None, 0, 0
        return *(sum(column) for column in zip(*flat, strict=True)), len(whole), len(flat)

    def in_force(self, series: Series, day: dt.date) -> Capability | None:
        known = [said for said in self.said if said.series_id == series.pk and said.from_on <= day]
        return max(known, key=lambda said: (said.from_on, said.version), default=None)

    def is_last(self, series: Series, figure: Figure, grain: str, start: dt.date) -> bool:
        """Whether ``figure`` is its place's last of the period, and its place one that speaks for the workplace."""
        rivals = [
            (own_day(s.frequency, f.start), s.territory_id != s.workplace_id, s.pk, f.pk, s.territory_id)
            for f in self.figures
            for s in self.series
            if f.series_id == s.pk
            and s.workplace_id == series.workplace_id
            and s.indicator_id == series.indicator_id
            and s.frequency in ("day", "week", "month")[: ("day", "week", "month").index(grain) + 1]
            and first_day(grain, own_day(s.frequency, f.start)) == start
        ]
        mine = max(r for r in rivals if r[4] == series.territory_id)
        return mine[3] == figure.pk and (series.territory_id != series.workplace_id) == max(rivals)[1]


def stored_rows() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What the database says, in the same shape."""
    return {
        (s.territory_id, s.indicator_id, None if s.sector.is_all else s.sector_id, s.grain, s.start): (
            s.numerator,
            s.denominator,
            s.reported,
            s.expected,
            s.workplaces,
            s.largest,
            s.simulated,
            s.actuality,
            s.capability,
            s.potentiality,
            s.answered,
            s.compared,
        )
        for s in Summary.objects.select_related("sector")
    }
