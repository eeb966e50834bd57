"""A year of simulated reports, and the days that have gone by since."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from councils.clock import local_day
from councils.domain import job
from councils.enums import BodyKind
from councils.models import Seat
from production.demo import disturb
from production.demo.accounts import HOME
from production.demo.simulate import Day, Plant, day_of
from production.domain.analysis_job import analyse_since, analyse_submission
from production.domain.roll_up import recompute_for
from production.domain.summary import ROLL_UP
from production.enums import Channel
from production.models import Factory, Figure, Report, SectorPlacement, Series, Submission
from production.models.bulk import insert_rows, reserve_ids
from production.models.fixed_point import to_micro

#: More submissions than this are not rolled up one by one.
MANY = 200


@dataclass(frozen=True)
class Sent:
    """One simulated report: whose, of which day, what it says."""

    place: int
    on: dt.date
    day: Day
    submission: uuid.UUID


def plants() -> dict[int, Plant]:
    """The workplaces of the demonstration, by primary key, as the simulation knows them."""
    sectors = {p.workplace_id: p.sector.name.lower() for p in SectorPlacement.objects.select_related("sector")}
    return {
        f.pk: Plant(f.territory.name, sectors.get(f.pk, ""), f.workers or 100, f.working_week, f.territory.name == HOME)
        for f in Factory.objects.filter(simulated=True).select_related("territory").order_by("pk")
    }


def simulate_days(*, first: dt.date, last: dt.date, at: dt.datetime, disturbed: bool = False) -> list[Sent]:
    """Write the reports of ``first..last`` that are not there; today's report of HOME is left to people.

    ``disturbed``: with what went wrong before ``at`` (``production.demo.disturb``).
    """
    today = local_day(at)
    with transaction.atomic():
        sent = list(_unwritten(first, last, today))
        if disturbed:
            known = plants()
            lately = today - 2 * disturb.REACH * dt.timedelta(days=1)
            sent = [
                replace(s, day=disturb.disturbed(s.day, known[s.place], s.on, today)) if s.on > lately else s
                for s in sent
            ]
        _write(sent, at)
    return sent


def top_up(*, at: dt.datetime, back: int = 60) -> int:
    """Bring a demonstration that was left alone up to today. Returns how many reports were written."""
    today = local_day(at)
    simulated = Report.objects.filter(submissions__channel=Channel.SIMULATION)
    last = simulated.order_by("-on").values_list("on", flat=True).first()
    if last is None:
        return 0
    first = max(min(last, today - dt.timedelta(days=1)), today - dt.timedelta(days=back))
    with transaction.atomic():
        sent = simulate_days(first=first, last=today, at=at)
        if len(sent) > MANY:
            recompute_for(workplace=None, first=first, last=today, at=at)
            analyse_since(workplace=None, first=first, at=at)
        else:
            for uid in (str(one.submission) for one in sent):
                job.enqueue(kind=ROLL_UP, key=f"{ROLL_UP}:submission:{uid}", payload={"submission": uid}, at=at)
                analyse_submission(submission=uuid.UUID(uid), at=at)
    return len(sent)


def _unwritten(first: dt.date, last: dt.date, today: dt.date) -> Iterator[Sent]:
    there = set(Report.objects.filter(on__range=(first, last)).values_list("territory_id", "on"))
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    for place, plant in plants().items():
        for on in days:
            if (place, on) not in there and not (plant.name == HOME and on == today):
                day = day_of(plant, on)
                if not day.missing:
                    yield Sent(place, on, day, uuid.uuid4())


def _write(sent: list[Sent], at: dt.datetime) -> None:
    """A report, its submission and its figures: tens of thousands of rows, so past the ORM."""
    reports = reserve_ids(Report, len(sent))
    submissions = reserve_ids(Submission, len(sent))
    authors = _authors(at)
    measured = Series.objects.filter(until_on__isnull=True).values_list("territory_id", "indicator__name", "pk")
    series = {(place, name): pk for place, name, pk in measured}
    insert_rows(
        Report,
        ("id", "uuid", "workplace", "territory", "shift", "on"),
        ((pk, uuid.uuid4(), s.place, s.place, "", s.on) for pk, s in zip(reports, sent, strict=True)),
    )
    names = (
        "id", "uuid", "report", "number", "author", "at", "channel", "reason", "note", "stoppage", "stoppage_note",
        "current", "simulated",
    )  # fmt: skip
    rows = (
        (
            pk, s.submission, report, 1, authors.get(s.place), min(_evening(s.on), at), Channel.SIMULATION.value, "",
            "", s.day.stoppage, "", True, True,
        )
        for pk, report, s in zip(submissions, reports, sent, strict=True)
    )  # fmt: skip
    insert_rows(Submission, names, rows)
    figures = (
        (series[s.place, name], s.on, 1, to_micro(value), False, submission, s.day.remarks.get(name, ""))
        for submission, s in zip(submissions, sent, strict=True)
        for name, value in s.day.values.items()
        if (s.place, name) in series
    )
    insert_rows(Figure, ("series", "start", "version", "value", "superseded", "submission", "remark"), figures)


def _authors(at: dt.datetime) -> dict[int, int]:
    """Somebody of each committee signs the report: workplace and member, by primary key."""
    seats = Seat.objects.held_at(at).filter(body__kind=BodyKind.COMMITTEE).order_by("-pk")
    return dict(seats.values_list("body__territory", "holder"))


def _evening(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time(16, 45)))
