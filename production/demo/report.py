"""A year of simulated reports, and the days that have gone by since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from councils.clock import local_day
from councils.domain import job
from councils.enums import BodyKind
from councils.models import Member, Seat, Territory
from production.demo.establish import HOME
from production.demo.simulate import Day, Plant, day_of
from production.enums import Channel
from production.models import Factory, Figure, Report, SectorPlacement, Series, Submission

_STEP = 30_000


def plants() -> dict[Territory, Plant]:
    """The workplaces of the demonstration as the simulation knows them."""
    sectors = {p.workplace_id: p.sector.name.lower() for p in SectorPlacement.objects.select_related("sector")}
    return {
        f.territory: Plant(f.territory.name, sectors.get(f.pk, ""), f.workers or 100, f.working_week)
        for f in Factory.objects.filter(simulated=True).select_related("territory")
    }


def simulate_days(*, first: dt.date, last: dt.date, at: dt.datetime) -> list[Submission]:
    """Write the reports of ``first..last`` that are not there; today's report of HOME is left to people."""
    today = local_day(at)
    places = plants()
    authors = _authors(at)
    series = {(s.territory_id, s.indicator.name): s for s in Series.objects.select_related("indicator")}
    there = set(Report.objects.filter(on__range=(first, last)).values_list("territory_id", "on"))
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    made: list[tuple[Report, Submission, Day]] = []
    for place, plant in places.items():
        for on in days:
            if (place.pk, on) in there or (plant.name == HOME and on == today):
                continue
            day = day_of(plant, on)
            if day.missing or (on == today and not day.values and not day.stoppage):
                continue
            report = Report(workplace=place, territory=place, on=on)
            submission = Submission(
                report=report,
                number=1,
                author=authors.get(place.pk),
                at=min(_evening(on), at),
                channel=Channel.SIMULATION,
                stoppage=day.stoppage,
                simulated=True,
            )
            made.append((report, submission, day))
    with transaction.atomic():
        Report.objects.bulk_create([r for r, _s, _d in made], batch_size=_STEP)
        submissions = Submission.objects.bulk_create([s for _r, s, _d in made], batch_size=_STEP)
        figures = (
            Figure(
                series=series[report.territory_id, name],
                start=report.on,
                value=value,
                submission=submission,
                remark=day.remarks.get(name, ""),
            )
            for report, submission, day in made
            for name, value in day.values.items()
            if (report.territory_id, name) in series
        )
        _create(figures)
    return submissions


def top_up(*, at: dt.datetime, back: int = 60) -> int:
    """Bring a demonstration that was left alone up to today. Returns how many reports were written."""
    today = local_day(at)
    last = (
        Report.objects.filter(submissions__channel=Channel.SIMULATION)
        .order_by("-on")
        .values_list("on", flat=True)
        .first()
    )
    if last is None:
        return 0
    first = max(min(last, today - dt.timedelta(days=1)), today - dt.timedelta(days=back))
    with transaction.atomic():
        written = simulate_days(first=first, last=today, at=at)
        for submission in written:
            job.enqueue(
                kind="roll_up",
                key=f"roll_up:submission:{submission.uuid}",
                payload={"submission": str(submission.uuid)},
                at=at,
            )
    return len(written)


def _create(figures: Iterable[Figure]) -> None:
    chunk: list[Figure] = []
    for figure in figures:
        chunk.append(figure)
        if len(chunk) == _STEP:
            Figure.objects.bulk_create(chunk)
            chunk = []
    Figure.objects.bulk_create(chunk)


def _authors(at: dt.datetime) -> dict[int, Member]:
    """Somebody of each committee signs the report."""
    seats = (
        Seat.objects.held_at(at).filter(body__kind=BodyKind.COMMITTEE).select_related("holder", "body").order_by("-pk")
    )
    return {s.body.territory_id: s.holder for s in seats if s.body.territory_id is not None}


def _evening(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time(16, 45)))
