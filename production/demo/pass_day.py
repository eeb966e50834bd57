"""A day of the demonstration passes while somebody watches: reports come, now and then with something odd in them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal

from councils.clock import local_day
from councils.domain import job
from councils.models import Territory
from production.demo.accounts import HOME
from production.demo.report import plants, top_up
from production.demo.simulate import Day, Plant, day_of, gauges
from production.domain.report import Answer, declare_stoppage, submit_report
from production.enums import AlertState, Channel
from production.models import Alert, Figure, Report, Series

#: What happens, and what it makes of the product of the day.
ODD = (
    ("Se fundió un motor", Decimal("0.5")),
    ("Faltó vapor toda la mañana", Decimal("0.6")),
    ("Doble turno por un pedido", Decimal("1.5")),
)
#: One report in three has something odd in it.
CHANCE = 1 / 3
#: So many workplaces send a correction once all have reported.
CORRECTED = 3


@dataclass
class Passed:
    """What came of the day. ``corrected``: names of workplaces. The alerts are named for the shell of a demonstration
    alone: no page tells anybody of the alerts of others."""

    written: int = 0
    reported: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    opened: list[Alert] = field(default_factory=list)
    closed: list[Alert] = field(default_factory=list)


def pass_day(*, at: dt.datetime, rng: random.Random) -> Passed:
    """What is missing of the reports up to today comes in; that of HOME too, which else is left to people. When all of
    today is there, a few workplaces correct theirs. Then everything that waits is done: sums, analysis, clocks."""
    today = local_day(at)
    before = set(Alert.objects.open().values_list("pk", flat=True))
    passed = Passed(written=top_up(at=at))
    known = plants()
    home = next((pk for pk, plant in known.items() if plant.name == HOME), None)
    if home is not None and not Report.objects.filter(territory=home, on=today).exists():
        day = day_of(known[home], today)
        if not day.missing:
            _report(Territory.objects.get(pk=home), known[home], day, today, at, rng)
            passed.reported.append(HOME)
    else:
        passed.corrected = [_correct(place, known[place.pk], today, at, rng) for place in _some(known, today, rng)]
    job.run_due(at=at)
    now = Alert.objects.select_related("workplace", "series__indicator").order_by("workplace__name_key", "number")
    passed.opened = list(now.filter(state=AlertState.OPEN).exclude(pk__in=before))
    passed.closed = list(now.exclude(state=AlertState.OPEN).filter(pk__in=before))
    return passed


def _report(place: Territory, plant: Plant, day: Day, on: dt.date, at: dt.datetime, rng: random.Random) -> None:
    if day.stoppage:
        declare_stoppage(
            workplace=place, territory=place, on=on, why=day.stoppage, by=None, at=at, channel=Channel.SIMULATION,
            simulated=True,
        )  # fmt: skip
        return
    values = {name: (value, day.remarks.get(name, "")) for name, value in day.values.items()}
    product = gauges(plant.sector)[1]
    if rng.random() < CHANCE:
        remark, factor = rng.choice(ODD)
        values[product.name] = (_times(values[product.name][0], factor, product.places), remark)
    series = {s.indicator.name: s for s in _series(place)}
    figures: dict[Series, Answer] = {series[name]: told for name, told in values.items() if name in series}
    submit_report(
        workplace=place, territory=place, on=on, figures=figures, by=None, at=at, channel=Channel.SIMULATION,
        simulated=True,
    )  # fmt: skip


def _some(known: dict[int, Plant], today: dt.date, rng: random.Random) -> list[Territory]:
    """Some of the workplaces, besides HOME, that gave figures today."""
    gave = Figure.objects.current().filter(start=today, value__isnull=False, series__territory__in=known)
    places = Territory.objects.filter(pk__in=gave.values("series__territory")).exclude(name=HOME).order_by("pk")
    every = list(places)
    return rng.sample(every, min(CORRECTED, len(every)))


def _correct(place: Territory, plant: Plant, on: dt.date, at: dt.datetime, rng: random.Random) -> str:
    """The product of the day again, a little more than was said first; now and then it was something else."""
    product = gauges(plant.sector)[1]
    series = next(s for s in _series(place) if s.indicator.name == product.name)
    said = Figure.objects.current().get(series=series, start=on).value or Decimal(1)
    remark, factor = rng.choice(ODD) if rng.random() < CHANCE else ("", Decimal("1.03"))
    value = _times(said, factor, product.places)
    if value == said:
        value += Decimal(1).scaleb(-product.places)
    submit_report(
        workplace=place, territory=place, on=on, figures={series: (value, remark)}, by=None, at=at,
        channel=Channel.SIMULATION, simulated=True, reason="Faltaba el turno de noche",
    )  # fmt: skip
    return place.name


def _series(place: Territory) -> list[Series]:
    return list(Series.objects.filter(territory=place, until_on__isnull=True).select_related("indicator"))


def _times(value: Decimal, factor: Decimal, places: int) -> Decimal:
    return (value * factor).quantize(Decimal(1).scaleb(-places))
