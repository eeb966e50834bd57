"""The engine on a year of 50 coal power stations, beside the rule of thumb that factories use."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import Status, advance, start
from production.analysis.cyberstride.data_problems import find_problem, has_come_to_stay, is_news, shield

FILE = Path(__file__).resolve().parents[2] / "production" / "data" / "coal_daily.csv.gz"
F64 = NDArray[np.float64]
WINDOW = 28
#: The rule: further from the median of 28 days than so many robust standard deviations.
FAR = 4.0
#: The day from which the load factor was given in percent; it relapsed into fractions on 2024-06-12.
SWITCHED = dt.date(2024, 6, 7)


def read(indicator: str) -> tuple[int, F64]:
    """First day and values (days, stations) of an indicator."""
    with gzip.open(FILE, "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == indicator]
    days = [dt.date.fromisoformat(row["date"]).toordinal() for row in rows]
    stations = sorted({row["factory"] for row in rows})
    values = np.full((max(days) - min(days) + 1, len(stations)), np.nan)
    for row, day in zip(rows, days, strict=True):
        values[day - min(days), stations.index(row["factory"])] = float(row["value"])
    return min(days), values


def report() -> None:
    """Print alarms and recall of outages of engine and rule, and what a switched unit comes to."""
    first, consumed = read("coal_consumed")
    raised, status = judge(first, consumed)
    rule = by_rule(consumed)
    outages = find_outages(consumed)
    days = np.isfinite(consumed[WINDOW:]).sum()
    for name, alarms in (("engine", raised), ("rule", rule)):
        found = sum(alarms[t : t + 2, i].any() for t, i in outages)
        print(
            f"cyberstride  coal_consumed {name:<6} {100 * alarms[WINDOW:].sum() / days:.1f} alarms per 100 plant-days,"
            f" {found} of {len(outages)} outages within two days"
        )
    print(
        f"cyberstride  coal_consumed understood on {100 * (status[WINDOW:] == Status.WATCHING).mean():.0f} %"
        " of plant-days"
    )
    told = switched_unit()
    print(f"cyberstride  unit switched in the file: {len(told)} data problem(s): {'; '.join(told)}")


def judge(first: int, values: F64) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    """Where the engine raises or revises, and how well it understands."""
    state, raised, status = start(values.shape[1]), [], []
    for t, row in enumerate(values):
        judgement = advance(state, day=first + t, values=row)
        raised.append(judgement.raised)
        status.append(judgement.status)
    return np.array(raised), np.array(status)


def by_rule(values: F64) -> NDArray[np.bool_]:
    """Where a value is far from the 28 days before it."""
    told = np.zeros(values.shape, dtype=bool)
    for t in range(WINDOW, len(values)):
        before = np.ma.masked_invalid(values[t - WINDOW : t])
        centre = np.ma.median(before, axis=0)
        spread = 1.4826 * np.ma.median(np.abs(before - centre), axis=0).filled(np.nan)
        with np.errstate(all="ignore"):
            told[t] = np.abs(values[t] - centre.filled(np.nan)) > FAR * spread
    return told


def find_outages(values: F64) -> list[tuple[int, int]]:
    """(day, station) on which two days or more under 5 % of the median of the 28 days before begin."""
    found = []
    for i in range(values.shape[1]):
        t = WINDOW
        while t < len(values) - 1:
            before = values[t - WINDOW : t, i]
            usual = float(np.median(before[np.isfinite(before)])) if np.isfinite(before).sum() > 9 else 0.0
            if usual > 0 and (values[t : t + 2, i] < 0.05 * usual).all():
                found.append((t, i))
                while t < len(values) and not values[t, i] >= 0.05 * usual:
                    t += 1
            t += 1
    return found


def switched_unit() -> list[str]:
    """The problems told of the load factor as it was published: fractions before the switch, and on the day of
    relapse."""
    first, values = read("plant_load_factor")
    values = values.copy()
    switch = SWITCHED.toordinal() - first
    values[:switch] /= 100
    state, told, last, yesterday = start(values.shape[1]), [], None, None
    expected = np.full(values.shape[1], np.nan)
    nothing, off = np.full(values.shape[1], np.nan), np.zeros(values.shape[1], dtype=bool)
    for t, row in enumerate(values[: switch + 30]):
        before, earlier = (values[t - 1], values[t - 2]) if t > 1 else (nothing, nothing)
        problem = find_problem(row, expected=expected, before=before, earlier=earlier, off=off)
        if problem is not None and is_news(problem, last):
            day = dt.date.fromordinal(first + t)
            told.append(f"{problem.problem} x{problem.factor:g} in {len(problem.series)} series from {day}")
            last = problem
        if problem is not None and has_come_to_stay(problem, yesterday):
            state.rescale(problem.series, problem.factor)
            judgement = advance(state, day=first + t, values=row)
        else:
            judgement = advance(state, day=first + t, values=shield(row, problem))
        yesterday = problem
        expected = np.where(judgement.status == Status.WATCHING, judgement.expected, np.nan)
    return told
