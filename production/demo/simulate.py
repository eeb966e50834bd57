"""Figures of an invented year, one day at a time: pure, seeded, without the clock.

``day_of(plant, day)`` depends only on its arguments, so a demonstration left running
continues the same year instead of beginning another. The shape of a series:

    value = level · season(day of year) · week(weekday) · event(day) · noise

with noise log-normal (σ = 4 %, heavier in one day of 50), events drawn per plant and
year: odd days, changes of level and slow slopes, each with the remark a worker would write.
A plant may be restless: then its product has one odd day more in every fortnight.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

#: Fixed holidays of Chile, (month, day): none works and nothing is expected.
HOLIDAYS = {
    (1, 1): "Año Nuevo",
    (5, 1): "Día del Trabajo",
    (5, 21): "Glorias Navales",
    (9, 18): "Fiestas Patrias",
    (9, 19): "Fiestas Patrias",
    (11, 1): "Todos los Santos",
    (12, 8): "Inmaculada Concepción",
    (12, 25): "Navidad",
}


@dataclass(frozen=True)
class Gauge:
    """One indicator of the demonstration. ``level``: typical value a day for a plant of 100 people."""

    name: str
    unit: str
    kind: str
    aggregation: str
    direction: str
    level: float
    places: int = 0


#: Product of each branch.
PRODUCTS = {
    "alimentos": Gauge("Alimentos envasados", "t", "output", "sum", "more", 18, 1),
    "bebidas": Gauge("Bebidas", "hl", "output", "sum", "more", 420),
    "caucho": Gauge("Neumáticos", "units", "output", "sum", "more", 640),
    "metalurgia": Gauge("Piezas y productos de metal", "t", "output", "sum", "more", 26, 1),
    "metalmecánica": Gauge("Trabajos de maestranza", "units", "output", "sum", "more", 34),
    "línea blanca": Gauge("Cocinas y artefactos", "units", "output", "sum", "more", 210),
    "textil": Gauge("Tela", "m", "output", "sum", "more", 9400),
    "vidrio": Gauge("Envases buenos", "miles", "output", "sum", "more", 410),
    "siderurgia": Gauge("Acero", "t", "output", "sum", "more", 1650),
    "automotriz": Gauge("Vehículos armados", "units", "output", "sum", "more", 22),
    "transporte": Gauge("Pasajeros llevados", "miles", "output", "sum", "more", 88, 1),
}
OTHER_PRODUCT = Gauge("Unidades terminadas", "units", "output", "sum", "more", 300)
#: What every plant reports besides its product.
COMMON = [
    Gauge("Materia prima recibida", "t", "input", "sum", "none", 30, 1),
    Gauge("Materia prima en bodega", "t", "stock", "last", "more", 260, 1),
    Gauge("Energía eléctrica", "MWh", "energy", "sum", "less", 14, 1),
    Gauge("Personas presentes", "persons", "labour", "last", "more", 94),
    Gauge("Merma", "pct", "other", "mean", "less", 5.5, 1),
]


def gauges(sector: str) -> list[Gauge]:
    """The six indicators a plant of ``sector`` reports, its product second."""
    return [COMMON[0], PRODUCTS.get(sector, OTHER_PRODUCT), *COMMON[1:]]


@dataclass(frozen=True)
class Plant:
    """A workplace of the demonstration. ``week``: seven marks, Monday first. ``restless``: odd every fortnight."""

    name: str
    sector: str
    workers: int
    week: str
    restless: bool = False


@dataclass(frozen=True)
class Day:
    """What the plant reports on one day. ``missing``: no report came."""

    values: dict[str, Decimal]
    remarks: dict[str, str]
    stoppage: str = ""
    missing: bool = False


FORTNIGHT = 14
ODD = [
    ("No llegó el camión", 0.45),
    ("Se cortó la luz media mañana", 0.6),
    ("Faltó gente por la micro", 0.72),
    ("Turno extra para la entrega", 1.4),
]
SHIFTS = [
    ("Máquina parada por repuesto", 0.78),
    ("Entró la línea nueva", 1.22),
    ("Un horno en reparación", 0.82),
]


def _seed(*parts: object) -> int:
    """A stable 64-bit number of ``parts``."""
    return int.from_bytes(hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest(), "big")


def draw(*parts: object) -> float:
    """A number in [0, 1) that is always the same for the same ``parts``."""
    return _seed(*parts) / 2**64


@dataclass(frozen=True)
class Events:
    """What happens to one gauge of one plant in a year. Days are days of the year; past its end: not this year."""

    odd: dict[int, tuple[str, float]]  # day: what happened, factor
    step: tuple[int, str, float]  # first day, what happened, factor
    slope: tuple[int, float]  # first day, change a day


@lru_cache(maxsize=4096)
def _events(plant: str, gauge: str, year: int) -> Events:
    rng = np.random.default_rng(_seed("events", plant, gauge, year))
    odd = {int(d): ODD[int(rng.integers(len(ODD)))] for d in rng.choice(366, size=3, replace=False)}
    remark, factor = SHIFTS[int(rng.integers(len(SHIFTS)))]
    step = (int(rng.integers(40, 700)), remark, factor)
    return Events(odd, step, (int(rng.integers(60, 1200)), float(rng.choice([-0.004, 0.003]))))


@lru_cache(maxsize=4096)
def _odd_of_fortnight(plant: Plant, fortnight: int) -> tuple[dt.date, tuple[str, float]] | None:
    """The odd day of the product of a restless plant in a fortnight (number of days // 14): one that it reports."""
    first = int(draw("fortnight", plant.name, fortnight) * FORTNIGHT)
    days = [dt.date.fromordinal(fortnight * FORTNIGHT + (first + n) % FORTNIGHT) for n in range(FORTNIGHT)]
    for day in days:
        if not (_closed(plant, day) or _stoppage(plant, day) or _silent(plant, day)):
            return day, ODD[int(draw("odd", plant.name, fortnight) * len(ODD))]
    return None


def _closed(plant: Plant, day: dt.date) -> bool:
    return plant.week[day.weekday()] == "0" or (day.month, day.day) in HOLIDAYS


def _stoppage(plant: Plant, day: dt.date) -> str:
    """Every plant stops a few days a year; the strike of the lorry owners stops one in four for longer."""
    if day.month == 10 and 11 <= day.day <= 24 and draw("lorries", plant.name, day) < 0.25:
        return "no_inputs"
    chance = draw("stop", plant.name, day)
    for share, reason in ((0.006, "power_cut"), (0.012, "maintenance"), (0.014, "strike")):
        if chance < share:
            return reason
    return ""


def _silent(plant: Plant, day: dt.date) -> bool:
    """No report came, and nobody knows why."""
    return draw("silent", plant.name, day) < 0.03


def day_of(plant: Plant, day: dt.date) -> Day:
    """The report of ``plant`` for ``day``; nothing on a closed day."""
    if _closed(plant, day) or _silent(plant, day):
        return Day({}, {}, missing=True)
    stoppage = _stoppage(plant, day)
    if stoppage:
        return Day({}, {}, stoppage=stoppage)
    rng = np.random.default_rng(_seed("day", plant.name, day))
    season = 1 + 0.08 * math.sin(2 * math.pi * (day.timetuple().tm_yday - 80) / 365.25)
    week = 0.96 if day.weekday() == 0 else 0.93 if day.weekday() >= 4 else 1.02
    values: dict[str, Decimal] = {}
    remarks: dict[str, str] = {}
    for gauge in gauges(plant.sector):
        noise = math.exp(float(rng.normal(0, 0.04)) * (3 if rng.random() < 0.02 else 1))
        factor, remark = _factor(plant, gauge, day)
        scale = plant.workers / 100 if gauge.aggregation != "mean" else 1.0
        seasonal = season * week if gauge.aggregation == "sum" else 1.0
        value = gauge.level * scale * seasonal * factor * noise
        if gauge.kind == "labour":
            value = min(value, plant.workers)
        values[gauge.name] = Decimal(f"{value:.{gauge.places}f}")
        if remark:
            remarks[gauge.name] = remark
    return Day(values, remarks)


def _factor(plant: Plant, gauge: Gauge, day: dt.date) -> tuple[float, str]:
    """What the events of the year make of one figure, and what is said of it."""
    events, index = _events(plant.name, gauge.name, day.year), day.timetuple().tm_yday
    factor, remark = 1.0, ""
    if gauge.aggregation == "sum" and index in events.odd:
        remark, factor = events.odd[index]
    if gauge.kind == "output":
        fortnight = _odd_of_fortnight(plant, day.toordinal() // FORTNIGHT) if plant.restless else None
        if fortnight and fortnight[0] == day:
            remark, factor = fortnight[1]
        first, said, change = events.step
        if index >= first:
            factor *= change
            remark = remark or (said if index == first else "")
    if gauge.kind == "stock" and index >= events.slope[0]:
        factor *= max(0.15, 1 + events.slope[1] * (index - events.slope[0]))
    return factor, remark
