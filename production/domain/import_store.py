"""Storing an import: what the plan found missing is created, what differs becomes a new version, the rest stays.

Everything happens in the caller's transaction, by sets of rows (``models.bulk``).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from simple_history.utils import bulk_create_with_history

from councils.domain import territory
from councils.enums import TerritoryKind
from councils.models import Placement, Territory
from councils.names import name_key
from production.domain.import_names import Subject, Workplace
from production.domain.import_plan import Line, Plan, series_at
from production.enums import IndicatorKind
from production.models import (
    Factory,
    Figure,
    ImportBatch,
    Indicator,
    Report,
    Sector,
    SectorPlacement,
    Series,
    Submission,
)
from production.models.bulk import (
    CurrentFigure,
    LastSubmission,
    current_figures,
    insert_rows,
    lock_reports,
    reserve_ids,
    update_rows,
)

#: Two numbers in one key: an identifier, and an ordinal under 2**22.
_SHIFT = 22


@dataclass
class Change:
    """Rows of the plan, by what storing them does. ``new``: (row of the plan, series, version)."""

    new: list[tuple[int, int, int]] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    unchanged: int = 0

    @property
    def corrected(self) -> int:
        return len(self.superseded)

    @property
    def created(self) -> int:
        return len(self.new) - len(self.superseded)


# --- what the figures hang from --------------------------------------------------------------


class Founding:
    """Creates the places, sectors, indicators and series that the kept rows of a plan need."""

    def __init__(self, plan: Plan, at: dt.datetime) -> None:
        self.plan, self.at = plan, at
        self.made: dict[str, list[str]] = defaultdict(list)
        #: Workplaces by which something else that is reported already counts differently on days of which the
        #: file says nothing: a place in the tree, or one more series of an indicator that others report.
        self.touched: set[int] = set()
        #: Whether a series now holds on days before or after those of the file.
        self.stretched = False
        self._new_indicators: set[int] = set()

    def found(self) -> None:
        """Create what is missing; afterwards every used line has its workplace, indicator and series."""
        lines = self.plan.used_lines()
        for number in dict.fromkeys(line.workplace for line in lines):
            self._workplace(self.plan.workplaces[number])
        self._indicators([self.plan.subjects[number] for number in dict.fromkeys(line.subject for line in lines)])
        self._series(lines)

    def _workplace(self, workplace: Workplace) -> None:
        first = dt.date.fromordinal(workplace.first_day)
        is_new = workplace.known is None
        if workplace.known is None:
            place = territory.make_territory(kind=TerritoryKind.WORKPLACE, name=workplace.name, parent=None, at=self.at)
            workplace.known = place
            Factory.objects.create(territory=place)
            self.made["factory"].append(place.name)
        place = workplace.known
        if workplace.gains_cordon:
            parent = self._parent(workplace.cordon, first)
            if parent is not None:
                Placement.objects.create(territory=place, parent=parent, from_on=first)
                self.touched |= set() if is_new else {place.pk}
        if workplace.gains_sector:
            SectorPlacement.objects.create(workplace=place, sector=self._sector(workplace.sector), from_on=first)
            self.touched |= set() if is_new else {place.pk}

    def _parent(self, cordon: str, first: dt.date) -> Territory | None:
        """The cordón of that name, made if need be; without a name the nation, if there is one."""
        nation = Territory.objects.of_kind(TerritoryKind.NATION).order_by("pk").first()
        if not cordon:
            return nation
        known = Territory.objects.of_kind(TerritoryKind.CORDON).filter(name_key=name_key(cordon)).first()
        if known is None:
            if nation is None:
                nation = territory.make_territory(
                    kind=TerritoryKind.NATION, name=pgettext("name of the root", "Nation"), parent=None, at=self.at
                )
                self.made["nation"].append(nation.name)
            known = territory.make_territory(kind=TerritoryKind.CORDON, name=cordon, parent=None, at=self.at)
            Placement.objects.create(territory=known, parent=nation, from_on=first)
            self.made["cordon"].append(known.name)
        else:
            self._stretch(known, first)
        return known

    def _stretch(self, place: Territory, first: dt.date) -> None:
        """A place made by an earlier row or file stands at least as long as what is placed in it."""
        placement = Placement.objects.filter(territory=place).order_by("from_on").first()
        if placement is not None and placement.from_on > first:
            placement.from_on = first
            placement.save(update_fields=["from_on"])

    def _sector(self, name: str) -> Sector:
        sector, created = Sector.objects.get_or_create(name_key=name_key(name), is_all=False, defaults={"name": name})
        if created:
            self.made["sector"].append(sector.name)
        return sector

    def _indicators(self, subjects: Iterable[Subject]) -> None:
        new = [subject for subject in subjects if subject.known is None]
        for subject in new:
            subject.known = Indicator(
                name=subject.name,
                name_key=name_key(subject.name),
                unit=subject.unit,
                kind=subject.kind or IndicatorKind.OTHER,
                aggregation=subject.aggregation,
            )
            self.made["indicator"].append(subject.name)
        bulk_create_with_history([s.known for s in new if s.known is not None], Indicator, batch_size=500)
        self._new_indicators = {subject.known.pk for subject in new if subject.known is not None}

    def _series(self, lines: Iterable[Line]) -> None:
        """Series for lines that have none; the first one stretched back where earlier days arrive, one that ended
        with its file stretched forward where later ones do."""
        new: list[Series] = []
        positions: dict[int, int] = defaultdict(int)
        for line in lines:
            workplace = self.plan.workplaces[line.workplace].known
            indicator = self.plan.subjects[line.subject].known
            assert workplace is not None and indicator is not None
            first = dt.date.fromordinal(line.first)
            if not line.series:
                position = positions[workplace.pk]
                positions[workplace.pk] += 1
                series = Series(
                    workplace=workplace, territory=workplace, indicator=indicator, frequency=line.frequency,
                    from_on=first, until_on=line.until, ended_by_file=line.until is not None,
                    position=min(position, 32767),
                )  # fmt: skip
                line.series = [series]
                new.append(series)
                if indicator.pk not in self._new_indicators:
                    self.touched.add(workplace.pk)
                continue
            if first < line.series[0].from_on:
                line.series[0].from_on = first
                line.series[0].save(update_fields=["from_on"])
                self._stretched(workplace)
            for one, until in line.goes_on.items():
                one.until_on, one.ended_by_file = until, until is not None
                one.save(update_fields=["until_on", "ended_by_file"])
                self._stretched(workplace)
        bulk_create_with_history(new, Series, batch_size=500)

    def _stretched(self, workplace: Territory) -> None:
        self.stretched = True
        self.touched.add(workplace.pk)


# --- the figures -----------------------------------------------------------------------------


def compare(plan: Plan) -> Change:
    """What storing the kept rows would do, read only. A change in between is refused by the figures' versions."""
    change = Change()
    if not plan.index.size:
        return change
    lines = plan.used_lines()
    first, last = (dt.date.fromordinal(int(day)) for day in (plan.starts.min(), plan.starts.max()))
    ids = {one.pk for line in lines for one in line.series if one.pk is not None}
    there: dict[int, CurrentFigure] = {
        (figure.series << _SHIFT) | figure.day: figure for figure in current_figures(ids, first, last)
    }
    table = plan.table
    only = [line.series[0].pk if len(line.series) == 1 else None for line in plan.lines]
    columns = zip(plan.index.tolist(), plan.line_of.tolist(), plan.starts.tolist(), strict=True)
    for row, (index, number, start) in enumerate(columns):
        series = only[number]
        if series is None:
            series = _series_id(plan.lines[number], start)
        figure = there.get((series << _SHIFT) | start)
        if figure is None:
            change.new.append((row, series, 1))
        elif figure.micro == table.micros[index] and table.remarks.get(index, figure.remark) == figure.remark:
            change.unchanged += 1
        else:
            change.superseded.append(figure.id)
            change.new.append((row, series, figure.version + 1))
    return change


def _series_id(line: Line, start: int) -> int:
    """The series of the line in force then; 0 for one that is not stored yet."""
    one = series_at(line.series, start) or (line.series[0] if line.series else None)
    return one.pk or 0 if one is not None else 0


def store(plan: Plan, change: Change, batch: ImportBatch, *, channel: str, progress: Callable[[int], None]) -> None:
    """Write reports, one submission each, and the figures of ``change``."""
    workplaces = [plan.workplaces[line.workplace].known for line in plan.lines]
    place_of = [0 if workplace is None else workplace.pk for workplace in workplaces]
    line_of, starts = plan.line_of.tolist(), plan.starts.tolist()
    versions = {row: version for row, _series, version in change.new}
    corrects: dict[tuple[int, int], bool] = {}
    for row, version in versions.items():
        key = (place_of[line_of[row]], starts[row])
        corrects[key] = corrects.get(key, False) or version > 1
    submissions = _submit(corrects, batch, channel)
    update_rows(Figure, change.superseded, superseded=True)
    days = {start: dt.date.fromordinal(start) for start in set(starts)}
    table, index = plan.table, plan.index.tolist()

    def figures() -> Iterable[tuple[object, ...]]:
        for count, (row, series, version) in enumerate(change.new, 1):
            start = starts[row]
            at = index[row]
            submission = submissions[place_of[line_of[row]], start]
            yield series, days[start], version, table.micros[at], False, submission, table.remarks.get(at, "")
            if not count % 10_000:
                progress(count)

    names = ("series", "start", "version", "value", "superseded", "submission", "remark")
    insert_rows(Figure, names, figures())


def _submit(corrects: dict[tuple[int, int], bool], batch: ImportBatch, channel: str) -> dict[tuple[int, int], int]:
    """One submission for every (workplace, day); its identifier by these two. ``corrects``: whether it corrects."""
    if not corrects:
        return {}
    days = [day for _place, day in corrects]
    bounds = dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days))
    known: dict[tuple[int, int], LastSubmission] = {
        (last.territory, last.day): last for last in lock_reports({place for place, _day in corrects}, *bounds)
    }
    missing = [key for key in corrects if key not in known]
    report_ids = dict(zip(missing, reserve_ids(Report, len(missing)), strict=True))
    insert_rows(
        Report,
        ("id", "uuid", "workplace", "territory", "shift", "on"),
        ((report_ids[key], uuid.uuid4(), key[0], key[0], "", dt.date.fromordinal(key[1])) for key in missing),
    )
    last_ones = [known[key].submission for key in corrects if key in known and known[key].submission]
    update_rows(Submission, last_ones, current=False)
    ids = dict(zip(corrects, reserve_ids(Submission, len(corrects)), strict=True))
    reason = _("Import of the file %(file)s") % {"file": batch.file_name}
    names = (
        "id", "uuid", "report", "number", "author", "at", "channel", "sender_key", "reason", "note", "stoppage",
        "stoppage_note", "current", "simulated", "import_batch",
    )  # fmt: skip

    def rows() -> Iterable[tuple[object, ...]]:
        for key, corrected in corrects.items():
            last = known.get(key)
            report, number = (last.report, last.number + 1) if last else (report_ids[key], 1)
            yield (
                ids[key], uuid.uuid4(), report, number, batch.uploaded_by_id, batch.at, channel, None,
                reason if corrected else "", "", "", "", True, False, batch.pk,
            )  # fmt: skip

    insert_rows(Submission, names, rows())
    return ids
