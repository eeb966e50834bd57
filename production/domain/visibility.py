"""Visibility: which figures a member may see. Every page that shows summaries asks here.

Inside a workplace its members see all of it. Outside, for members of anywhere else, delegates of
its council and keepers of the installation alike:

- a figure of its own only as its assembly agreed for that series: daily, or once a week (then the
  week that is over, never a day or a month); of people (``labour``) never where the unit has fewer than five;
- otherwise sums, under the rules of ``analysis.disclosure``. A sum of one or two workplaces is
  shown to their own members, unless with it a larger sum would tell them the figure of a third;
- what a workplace said it could make (``Compared``), and what it makes beside it, goes by the same
  agreement; the sum of those who said it, under their sum, only of at least three, and where the
  others are none or three.

No judgement (usual range, "unusual", remark) is ever part of what this module returns, and nothing
here sorts by value. Not covered, and said so in the README: comparing a sum before and after one
report, or one period with another.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count

from councils.clock import local_day
from councils.models import Member, Membership
from production.analysis.calendar import period_end, period_start
from production.analysis.disclosure import THRESHOLD, Cell, Line, unmasked, withheld, withheld_parts
from production.analysis.lineage import ALL, Lineage
from production.domain import facts
from production.domain.facts import Catalogue
from production.domain.indices import Compared
from production.domain.summary import all_sectors
from production.enums import Grain, IndicatorKind, Sharing
from production.models import Factory, Indicator, Series, Summary

#: A unit of fewer people has no labour figures outside: they would speak of persons.
SMALL_UNIT = 5

Name = tuple[int, int]  # territory, sector (ALL: every sector)


@dataclass(frozen=True)
class Shown:
    """A row of the summary that the viewer may see."""

    territory: int
    sector: int
    indicator: int
    start: dt.date
    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    expected: int
    workplaces: int
    simulated: bool

    @property
    def value(self) -> Decimal | None:
        """The number people read."""
        if self.numerator is None or self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class View:
    """One indicator in one period: the rows shown, and the names of those that exist and are withheld.

    ``public``: single workplaces and sections that share it, which everybody sees. ``said``: what those in each row
    who said what they could make do make, for ``compared`` alone, and ``decide`` tells where that may not be seen:
    asked only of the periods of which a page shows it.
    """

    rows: Mapping[Name, Shown]
    withheld: frozenset[Name]
    public: frozenset[Name]
    said: Mapping[Name, Compared]
    decide: Callable[[], frozenset[Name]]

    def row(self, territory: int, sector: int = ALL) -> Shown | None:
        return self.rows.get((territory, sector))

    @cached_property
    def withheld_compared(self) -> frozenset[Name]:
        """Names of which it was said, and is withheld."""
        return self.decide()

    def compared(self, territory: int, sector: int = ALL) -> Compared | None:
        """What is made there beside what could be made; None where nobody said it, or it is withheld."""
        name = (territory, sector)
        return None if name not in self.said or name in self.withheld_compared else self.said[name]


EMPTY = View({}, frozenset(), frozenset(), {}, frozenset)


class Gaze:
    """What one member may see, with what it takes to decide it read once: ten queries, however much is asked."""

    def __init__(self, member: Member, at: dt.datetime) -> None:
        self.today = local_day(at)
        held = Membership.objects.valid_on(self.today).filter(member=member)
        self.own = frozenset(held.values_list("territory", flat=True))
        self.lineage: Lineage = facts.read_lineage()
        self.catalogue = Catalogue.read()
        self.labour = frozenset(Indicator.objects.filter(kind=IndicatorKind.LABOUR).values_list("pk", flat=True))
        self._all = all_sectors().pk
        self._people = _people_of(self.today)
        every = list(Series.objects.all())
        self._series: dict[tuple[int, int], list[Series]] = defaultdict(list)  # by indicator and place
        for series in every:
            for place in {series.workplace_id, series.territory_id}:
                self._series[series.indicator_id, place].append(series)
        self._workplaces = frozenset(s.workplace_id for s in every)
        self._owner = {s.territory_id: s.workplace_id for s in every} | {w: w for w in self._workplaces}

    def view(self, *, indicator: int, grain: str, start: dt.date) -> View:
        """What may be seen of one indicator in one period."""
        return self.views(indicators=[indicator], grain=grain, starts=[start]).get((indicator, start), EMPTY)

    def views(
        self, *, indicators: Collection[int], grain: str, starts: Collection[dt.date]
    ) -> dict[tuple[int, dt.date], View]:
        """The same for many, by (indicator, first day): one query."""
        rows: Iterable[tuple[Any, ...]] = Summary.objects.filter(
            indicator__in=indicators, grain=grain, start__in=starts
        ).values_list(
            "territory_id", "sector_id", "indicator_id", "start",
            "actuality", "capability", "potentiality", "answered", "compared",
            "numerator", "denominator", "reported", "expected", "workplaces", "simulated",
        )  # fmt: skip
        found: dict[tuple[int, dt.date], dict[Name, Shown]] = defaultdict(dict)
        said: dict[tuple[int, dt.date], dict[Name, Compared]] = defaultdict(dict)
        for territory, sector, indicator, start, made, can, could, answered, compared, *content in rows:
            name = (territory, ALL if sector == self._all else sector)
            shown = found[indicator, start][name] = Shown(*name, indicator, start, *content)
            if answered:
                said[indicator, start][name] = Compared(
                    start, made, can, could, answered, compared, shown.workplaces, shown.simulated
                )
        return {key: self._decide(cells, said[key], *key, grain) for key, cells in found.items()}

    def is_public(self, *, place: int, indicator: int, grain: str, start: dt.date) -> bool:
        """Whether a workplace's, or a section's, own figure leaves its walls in periods of this grain."""
        last = period_end(grain, start)
        # a week that still runs would tell each of its days
        is_whole_week = grain == Grain.WEEK and last < self.today
        allowed = {Sharing.DAILY, Sharing.WEEKLY} if is_whole_week else {Sharing.DAILY}
        for part in self.catalogue.parts([indicator]):
            mine = [
                s for s in self._series.get((part, place), []) if s.from_on <= last and (s.until_on or last) >= start
            ]
            if not mine or any(s.sharing not in allowed for s in mine):
                return False
            if part in self.labour and any(self._people[s.territory_id] < SMALL_UNIT for s in mine):
                return False
        return True

    def shares(self, workplace: int) -> bool:
        """Whether it lets any figure out at all (the quiet mark on its tile)."""
        week = period_start(Grain.WEEK, self.today - dt.timedelta(days=7))
        return any(
            self.is_public(place=workplace, indicator=indicator, grain=Grain.WEEK, start=week)
            for indicator in self.catalogue.aggregation
        )

    def _decide(
        self, rows: dict[Name, Shown], said: dict[Name, Compared], indicator: int, start: dt.date, grain: str
    ) -> View:
        """Apply the rules to all rows of one indicator in one period."""
        period = start.toordinal(), period_end(grain, start).toordinal()
        singles = {name for name in rows if name[0] in self._owner}
        public = {n for n in singles if self.is_public(place=n[0], indicator=indicator, grain=grain, start=start)}
        protected: Counter[Name] = Counter()
        near: Counter[Name] = Counter()  # in how many of each sum's workplaces she works
        answered: Counter[Name] = Counter()
        open_answers: Counter[Name] = Counter()  # those that are public
        for name in singles:
            if name[0] in self._workplaces and rows[name].workplaces:
                sums = self._sums_over(name[0], *period)
                near.update(sums if name[0] in self.own else ())
                protected.update(sums if name not in public else ())
                answered.update(sums if name in said else ())
                open_answers.update(sums if name in said and name in public else ())
        cells = {
            name: Cell(row.workplaces, int(name not in public), single=True)
            if name in singles
            else Cell(row.workplaces, protected[name])
            for name, row in rows.items()
        }
        lines = self._lines(rows, singles, period)
        hidden = withheld(cells, lines)
        parts = {
            name: Cell(one.answered, int(name not in public), single=True)
            if name in singles
            else Cell(one.answered, one.answered - open_answers[name])
            for name, one in said.items()
        }
        # a workplace that moved inside the period may count otherwise in a sum than in its own row: then not shown
        odd = {name for name in parts.keys() - singles if answered[name] != parts[name].workplaces}
        own = {name for name in singles if self._owner[name[0]] in self.own}
        unseen = frozenset(hidden | odd)  # for everybody: what is shown to her besides tells nothing more of it
        small: set[Name] = {name for name in hidden if near[name] and rows[name].workplaces < THRESHOLD}
        alone: set[Name] = {name for name in small if rows[name].workplaces == near[name]}  # her own figure
        harmless: set[Name] = unmasked(small - alone, cells, lines, hidden)
        hidden -= alone | harmless
        hidden -= own
        shown = {name: row for name, row in rows.items() if name not in hidden}
        return View(
            shown,
            frozenset(hidden),
            frozenset(public),
            said,
            lambda: frozenset(withheld_parts(cells, parts, lines, unseen) - own),
        )

    def _sums_over(self, workplace: int, first: int, last: int) -> set[Name]:
        """Every sum in which the workplace counts in the period."""
        found = set()
        for stretch in self.lineage.stretches(workplace):
            if stretch.first <= last and stretch.until > first:
                found |= {(place, sector) for place in stretch.above for sector in (ALL, stretch.sector)}
        return found

    def _lines(self, rows: Iterable[Name], singles: Collection[Name], period: tuple[int, int]) -> list[Line[Name]]:
        """What is the sum of what: a territory of its children, in each sector; all sectors of each."""
        parts: dict[Name, set[Name]] = defaultdict(set)
        sectors: dict[Name, set[Name]] = defaultdict(set)
        for name in rows:
            place, sector = name
            if name in singles and place not in self._workplaces:
                continue  # sections are seen with their workplace
            if sector != ALL:
                sectors[place, ALL].add(name)
            branches = {ALL, self.lineage.sector(place, period[1])} if name in singles else {sector}
            for parent in self.lineage.parents(place, *period):
                for branch in branches:
                    parts[parent, branch].add(name)
        return [Line(total, tuple(found)) for table in (parts, sectors) for total, found in sorted(table.items())]


def _people_of(day: dt.date) -> Counter[int]:
    """How many people work in each workplace (as it says itself, else by its roll) and in each section."""
    held = Membership.objects.valid_on(day)
    people = dict(held.values_list("territory").annotate(n=Count("pk")))
    people |= dict(Factory.objects.filter(workers__isnull=False).values_list("pk", "workers"))
    people |= dict(held.filter(section__isnull=False).values_list("section").annotate(n=Count("pk")))
    return Counter(people)
