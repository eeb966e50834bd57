"""What went wrong at two workplaces in the days before the demonstration was built, so that alerts tell of something.

The rest of the invented year goes on as ever (``simulate``); these days differ from it by a factor, and the report
says why, as a worker would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from production.demo.accounts import HOME
from production.demo.simulate import COMMON, Day, Gauge, Plant, day_of, gauges

#: In the cordón of HOME: what happened there has come up to the council.
ABOVE = "Lucchetti"
RECEIVED, STOCK, ENERGY, _PRESENT, WASTE = COMMON


@dataclass(frozen=True)
class Disturbance:
    """From the worked day ``began`` before the last one to the worked day ``ended``, ``gauge`` (None: the product) is
    ``factor`` times what it would have been. 0 is the last worked day before the demonstration was built."""

    plant: str
    gauge: Gauge | None
    began: int
    ended: int
    factor: float
    remark: str = ""


FALSE_ALARM = Disturbance(HOME, WASTE, 11, 11, 1.5)
RETURNED = Disturbance(HOME, None, 8, 8, 0.55, "Se cortó la luz media mañana")
WENT_UP = Disturbance(ABOVE, None, 4, 0, 0.6, "Se rompió la prensa 2")
EXPLAINED = Disturbance(HOME, STOCK, 0, 0, 0.5)
NEW = Disturbance(HOME, ENERGY, 0, 0, 1.45)
DISTURBANCES = (FALSE_ALARM, RETURNED, WENT_UP, EXPLAINED, NEW)
#: Worked days that these reach back.
REACH = max(d.began for d in DISTURBANCES) + 1


def worked_days(plant: Plant, before: dt.date) -> Iterator[dt.date]:
    """Days before ``before`` of which ``plant`` reports figures, latest first."""
    day = before - dt.timedelta(days=1)
    while True:
        if day_of(plant, day).values:
            yield day
        day -= dt.timedelta(days=1)


def days_of(disturbance: Disturbance, plant: Plant, today: dt.date) -> list[dt.date]:
    """The days on which it shows, oldest first."""
    days = worked_days(plant, today)
    last = [next(days) for _n in range(disturbance.began + 1)]
    return last[disturbance.ended :][::-1]


def disturbed(day: Day, plant: Plant, on: dt.date, today: dt.date) -> Day:
    """The report of ``plant`` for ``on`` as it was sent."""
    values, remarks = dict(day.values), dict(day.remarks)
    for one in DISTURBANCES:
        if one.plant != plant.name or on not in (days := days_of(one, plant, today)):
            continue
        gauge = one.gauge or gauges(plant.sector)[1]
        values[gauge.name] = _times(values[gauge.name], one.factor, gauge)
        remarks.pop(gauge.name, None)
        if one.remark and on == days[0]:
            remarks[gauge.name] = one.remark
    return Day(values, remarks, day.stoppage, day.missing) if day.values else day


def _times(value: Decimal, factor: float, gauge: Gauge) -> Decimal:
    return Decimal(f"{float(value) * factor:.{gauge.places}f}")


def first_days(plants: Mapping[str, Plant], today: dt.date) -> dict[str, dt.date]:
    """The first day of each plant that the alerts of the demonstration need judged at its own time."""
    told: dict[str, dt.date] = {}
    for one in DISTURBANCES:
        if one.plant in plants:
            first = days_of(one, plants[one.plant], today)[0]
            told[one.plant] = min(told.get(one.plant, first), first)
    return told
