"""Sheet: what a report asks of a place on a production day, with what is known beside each field."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from councils.clock import local_day
from councils.models import Member, Membership, Placement, Territory
from councils.names import sort_key
from production.analysis import calendar
from production.analysis.usual_range import UsualRange
from production.domain.calendar import (
    WorkingCalendar,
    calendars_of,
    due_at,
    factory_of,
    period_is_open,
    period_of,
    production_day,
)
from production.domain.judgement_read import expected_on
from production.domain.recent import Point, recent_points, usual_before
from production.enums import Frequency, IndicatorKind
from production.intake.units import PEOPLE
from production.models import Factory, Figure, Report, Series, Submission

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One figure that the sheet asks for.

    ``usual``: what the engine expects of it, or while it learns the range of the last values. A judgement: inside the
    workplace only.
    """

    series: Series
    start: dt.date
    stored: Figure | None
    last: Point | None
    usual: UsualRange | None
    #: Left blank, it is asked about: a week or a month is asked for on its last worked day.
    owed: bool
    #: Of people present on a day: how many are on the roll, if that is known.
    roll: int | None = None

    @property
    def key(self) -> str:
        """Name of the field."""
        return self.series.uuid.hex

    @property
    def end(self) -> dt.date:
        """Last day of its period."""
        return calendar.period_end(self.series.frequency, self.start)

    @property
    def value(self) -> Decimal | None:
        """What is stored now."""
        return self.stored.value if self.stored else None

    def is_odd(self, value: Decimal | None) -> bool:
        """Outside the usual range, or more people than there are, and not what is stored already."""
        return value is not None and value != self.value and self.side(value) != 0

    def side(self, value: Decimal) -> int:
        """-1 below what is expected, 1 above it or above the roll, 0 as expected."""
        if self.exceeds_roll(value):
            return 1
        if self.usual is None or self.usual.holds(value):
            return 0
        return -1 if value < self.usual.low else 1

    def exceeds_roll(self, value: Decimal) -> bool:
        """More people than are on the roll."""
        return self.roll is not None and value > self.roll


@dataclass(frozen=True)
class Late:
    """The figure of ``series`` for the period that began on ``start`` was not given; a report of ``on`` asks for it."""

    series: Series
    start: dt.date
    on: dt.date


@dataclass(frozen=True)
class Sheet:
    """The report of ``territory`` for ``on``: stored or still to come."""

    workplace: Territory
    territory: Territory
    factory: Factory
    on: dt.date
    shift: str
    report: Report | None
    last: Submission | None
    lines: list[Line]
    #: Whether the day is worked: if not, nothing is due.
    works: bool
    #: Weeks and months before this one of which the figure is still missing.
    late: list[Late]

    @property
    def due_at(self) -> dt.datetime:
        return due_at(factory=self.factory, on=self.on)

    @property
    def section(self) -> Territory | None:
        """The section, where the report is not of the whole workplace."""
        return None if self.territory == self.workplace else self.territory

    @property
    def answered(self) -> bool:
        """Something was said of that day."""
        return self.last is not None and (
            bool(self.last.stoppage) or any(line.value is not None for line in self.lines)
        )

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """Lines by kind; kinds and lines in the order that the committee gave them."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(line.series.indicator.kind, []).append(line)
        return [(IndicatorKind(kind).label, lines) for kind, lines in groups.items()]


def sheet_of(*, workplace: Territory, territory: Territory, on: dt.date, shift: str = "") -> Sheet:
    """What the report of ``territory`` for ``on`` asks. As many queries however many figures."""
    factory = factory_of(workplace)
    found = (
        Series.objects.filter(territory=territory, workplace=workplace)
        .touching(calendar.period_start(calendar.MONTH, on), on)
        .select_related("indicator")
        .order_by("position", "pk")
    )
    asked = [s for s in found if period_is_open(s, on)]
    report = Report.objects.filter(territory=territory, on=on, shift=shift).first()
    last = report.submissions.select_related("author").filter(current=True).first() if report else None
    starts = {s.pk: period_of(s, on) for s in asked}
    before = {s.pk: period_of(s, starts[s.pk] - _DAY) for s in asked if s.frequency != Frequency.DAY}
    figures = (
        Figure.objects.current()
        .filter(series__in=asked, start__in={*starts.values(), *before.values()})
        .select_related("submission__author")
    )
    there = {(f.series_id, f.start): f for f in figures}
    stored = {pk: there[pk, start] for pk, start in starts.items() if (pk, start) in there}
    points = recent_points(series=asked, on=on)
    expected = expected_on(series=asked, on=on)
    first = min([on, *starts.values(), *before.values()])
    works = calendars_of(workplaces=[workplace], first=first, last=on)[workplace.pk]
    roll = _on_roll(workplace, territory, factory, on) if any(map(_counts_people, asked)) else None
    lines = [
        _line(
            s,
            starts[s.pk],
            stored.get(s.pk),
            points[s.pk],
            expected.get(s.pk),
            works,
            on,
            roll if _counts_people(s) else None,
        )
        for s in asked
        if _is_asked(s, stored.get(s.pk), report)
    ]
    given = {key for key, figure in there.items() if figure.value is not None}
    late = [
        Late(s, before[s.pk], _last_worked(works, s.frequency, before[s.pk]))
        for s in asked
        if s.pk in before and (s.pk, before[s.pk]) not in given and works.expected(s, before[s.pk], before[s.pk])
    ]
    return Sheet(workplace, territory, factory, on, shift, report, last, lines, works.works_on(on), late)


def _is_asked(series: Series, stored: Figure | None, report: Report | None) -> bool:
    """A week's or a month's figure is asked until it is reported; then only its own report shows it."""
    if series.frequency == Frequency.DAY or stored is None or stored.value is None:
        return True
    return report is not None and stored.submission.report_id == report.pk


def _line(
    series: Series,
    start: dt.date,
    stored: Figure | None,
    points: list[Point],
    expected: UsualRange | None,
    works: WorkingCalendar,
    on: dt.date,
    roll: int | None,
) -> Line:
    before = [p for p in points if p.start < start]
    return Line(
        series=series,
        start=start,
        stored=stored,
        last=before[-1] if before else None,
        usual=expected or usual_before(points, start, signed=series.indicator.signed),
        owed=_is_owed(series, start, works, on),
        roll=roll,
    )


def _last_worked(works: WorkingCalendar, frequency: str, start: dt.date) -> dt.date:
    """The last worked day of a period that has one: its report owes the figure."""
    day = calendar.period_end(frequency, start)
    while not works.works_on(day):
        day -= _DAY
    return day


def _counts_people(series: Series) -> bool:
    """People present on a day. Of a week or a month, one person may be counted once a day."""
    indicator = series.indicator
    labour = indicator.kind == IndicatorKind.LABOUR and indicator.unit == PEOPLE
    return labour and series.frequency == Frequency.DAY


def _on_roll(workplace: Territory, territory: Territory, factory: Factory, on: dt.date) -> int | None:
    """How many people ``territory`` has, by its roll or as the workplace says. A roll of one is one that has only
    begun: None."""
    held = Membership.objects.valid_on(on).filter(territory=workplace)
    if territory != workplace:
        held = held.filter(section=territory)
    people = held.count()
    said = factory.workers or 0 if territory == workplace else 0
    return max(people, said) if said or people > 1 else None


def _is_owed(series: Series, start: dt.date, works: WorkingCalendar, on: dt.date) -> bool:
    if series.frequency == Frequency.DAY:
        return True
    end = calendar.period_end(series.frequency, start)
    left = (end - on).days
    return not any(works.works_on(on + dt.timedelta(days=n)) for n in range(1, left + 1))


# --- for whom ----------------------------------------------------------------------------------


def workplaces_of(*, member: Member, at: dt.datetime) -> QuerySet[Territory]:
    """The workplaces to which she belongs today, alphabetically."""
    held = Membership.objects.valid_on(local_day(at)).filter(member=member).values("territory")
    return Territory.objects.workplaces().filter(pk__in=held).order_by("name_key")


def own_section(*, member: Member, workplace: Territory, at: dt.datetime) -> Territory | None:
    """The section of ``workplace`` that she works in, if the roll says."""
    held = (
        Membership.objects.valid_on(local_day(at)).filter(member=member, territory=workplace).select_related("section")
    )
    return next((m.section for m in held), None)


def reporting_places(*, workplace: Territory, on: dt.date) -> list[Territory]:
    """The places of ``workplace`` that report on ``on``: itself first, then its sections by name."""
    places = Territory.objects.filter(series__workplace=workplace, series__in=Series.objects.valid_on(on)).distinct()
    return sorted(places, key=lambda place: (place != workplace, sort_key(place.name)))


def workplace_of_place(*, member: Member, place: Territory, at: dt.datetime) -> Territory | None:
    """The workplace of hers that ``place`` is, or is a section of; None when it is not hers."""
    mine = {w.pk: w for w in workplaces_of(member=member, at=at)}
    if place.pk in mine:
        return mine[place.pk]
    parents = Placement.objects.filter(territory=place, parent__in=mine).order_by("-from_on")
    return next((mine[p.parent_id] for p in parents), None)


def open_sheets(*, member: Member, at: dt.datetime) -> list[Sheet]:
    """The sheets of today of every place she may report for, her own section alone where she has one."""
    sheets = []
    for workplace in workplaces_of(member=member, at=at):
        on = production_day(factory=factory_of(workplace), at=at)
        places = reporting_places(workplace=workplace, on=on)
        section = own_section(member=member, workplace=workplace, at=at)
        mine = [p for p in places if p == section] or places
        sheets += [sheet_of(workplace=workplace, territory=place, on=on) for place in mine]
    return sheets
