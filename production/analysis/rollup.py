"""Roll-up: from figures to the rows of a summary. Pure: no Django, no clock, no floats.

One figure v of a series (workplace w, indicator i, frequency f) that begins on s belongs to

    its own day d    day: s · week: the Thursday of the week (ISO 8601) · month: the last day
    periods          day: the day, the week and the month of d · week: the week, and the month
                     of d · month: the month
    places           its section, its workplace, and every territory above the workplace on d,
                     there once for all sectors and once for the workplace's sector on d

and in the row (place, i, sector, grain, start) the figures join as

    sum     numerator = Σ v
    mean    numerator = Σ v, denominator = n (count of figures)
    last    numerator = Σ over places of v at the latest d of the period
    ratio   numerator = Σ v of its numerator indicator, denominator = Σ v of its denominator indicator

``expected`` counts the periods due (``analysis.calendar``) whose own day falls there, ``reported``
those of them that have an answer: a figure, or "did not work" on that day. A ratio counts both
its parts. ``workplaces`` counts those with a figure in the row (of a ratio: with both parts), and
``largest`` is the largest |numerator| that one workplace puts in. A row exists where there is an
answer. Values are whole millionths; sums never round.

Besides, what is made is laid beside what could be made (``analysis.indices``). A workplace is
``answered`` in a row when for each of its ``compared`` figures there it has said, for their own
days, what it could make; then, of those workplaces together

    actuality = Σ v     capability, potentiality = Σ what was said for the day of each v

over the figures that make the numerator (of a last value: the last). All of a workplace's figures
or none: so actuality is a sum of whole workplaces, and what is not compared is one too. A day
without a figure, and one not worked, adds to none of the three. A ratio has no such answers.

Method: one table of entries (a figure, a due period or a stoppage each), sorted and reduced with
numpy, first per workplace and stretch of unchanged placement, then per place. ``int64`` where no
sum can leave it, Python's integers otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from production.analysis.calendar import DAY, MONTH, WEEK, period_start
from production.analysis.columns import Exact, Table, exact, ones, own_days, runs, stack, starts, take, zeros
from production.analysis.columns import Ints as Ints
from production.analysis.columns import ints as ints
from production.analysis.lineage import ALL, DUSK, Stretch

GRAINS = (DAY, WEEK, MONTH)
FREQUENCY = {name: position for position, name in enumerate(GRAINS)}
MICRO = 10**6


class Key(NamedTuple):
    """Which row. ``sector`` is ``ALL`` for every sector together."""

    territory: int
    indicator: int
    sector: int
    grain: str
    start: dt.date


class Row(NamedTuple):
    """What it says; values in millionths. ``numerator`` None: nobody put a figure in."""

    numerator: int | None
    denominator: int | None
    reported: int
    expected: int
    workplaces: int
    largest: int | None
    simulated: bool
    actuality: int | None = None
    capability: int | None = None
    potentiality: int | None = None
    answered: int = 0
    compared: int = 0


@dataclass(frozen=True)
class Facts:
    """What is known, in columns. ``*_series`` are positions in the four columns of series."""

    territory: Ints
    workplace: Ints
    indicator: Ints
    frequency: Ints  # position in GRAINS
    aggregation: Mapping[int, str]
    ratios: Mapping[int, tuple[int, int]]  # indicator → its numerator, its denominator
    stretches: Mapping[int, Sequence[Stretch]]  # of each workplace, from DAWN to DUSK
    figure_series: Ints = field(default_factory=ints)
    figure_start: Ints = field(default_factory=ints)
    figure_value: Ints = field(default_factory=ints)
    figure_simulated: Ints = field(default_factory=ints)
    #: What was said could be made in the period of each figure; 0: nothing was said. Empty: nowhere.
    figure_capability: Ints = field(default_factory=ints)
    figure_potentiality: Ints = field(default_factory=ints)
    due_series: Ints = field(default_factory=ints)
    due_start: Ints = field(default_factory=ints)
    stop_series: Ints = field(default_factory=ints)
    stop_start: Ints = field(default_factory=ints)
    stop_simulated: Ints = field(default_factory=ints)


#: Added up when entries join.
_SUMS = ("value", "base", "figures", "bases", "answers", "due", "reported", "simulated")
#: The same, where anybody has said what could be made.
_SAID = ("capability", "potentiality", "compared")


def own_day(frequency: str, start: dt.date) -> dt.date:
    """The day that decides where a period counts: the day, the Thursday, the last of the month."""
    if frequency == WEEK:
        return start + dt.timedelta(days=3)
    if frequency == MONTH:
        return (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return start


def periods_of(frequency: str, start: dt.date) -> list[tuple[str, dt.date]]:
    """Every (grain, start) in which a figure of ``frequency`` that begins on ``start`` counts."""
    day = own_day(frequency, start)
    return [(grain, period_start(grain, day)) for grain in GRAINS[FREQUENCY[frequency] :]]


def summarise(facts: Facts, *, above: bool = True, below: bool = True, unanswered: bool = False) -> dict[Key, Row]:
    """All rows of ``facts``.

    ``below``: rows of sections and workplaces; ``above``: of the territories over them.
    ``unanswered``: also rows in which something is due and nothing was answered.
    """
    if not len(facts.territory):
        return {}
    table = _with_ratios(_entries(facts), facts.ratios)
    table = _in_grains(table)
    table["stretch"], over, sector = _place_in_time(table, facts.stretches)
    _keep_last(table, facts.aggregation)
    table = _reduce(table, ("grain", "indicator", "start", "territory", "workplace", "stretch"))
    table = _spread(table, over, sector, above=above, below=below)
    table = _reduce(table, ("place", "sector", "indicator", "grain", "start", "workplace"))
    return _rows(table, facts, unanswered)


def join_over_space(parts: Collection[Row], expected: int) -> Row:
    """The row of a territory from the rows of its children: parts add, the largest stays.

    Right only while nothing below changed its place or its sector inside the period.
    """
    return Row(
        numerator=_total(p.numerator for p in parts),
        denominator=_total(p.denominator for p in parts),
        reported=sum(p.reported for p in parts),
        expected=expected,
        workplaces=sum(p.workplaces for p in parts),
        largest=max((p.largest for p in parts if p.largest is not None), default=None),
        simulated=any(p.simulated for p in parts),
        actuality=_total(p.actuality for p in parts),
        capability=_total(p.capability for p in parts),
        potentiality=_total(p.potentiality for p in parts),
        answered=sum(p.answered for p in parts),
        compared=sum(p.compared for p in parts),
    )


def _total(parts: Iterable[int | None]) -> int | None:
    """The sum of what there is; None of nothing."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


# --- entries --------------------------------------------------------------------------------


def _entries(facts: Facts) -> Table:
    """One line per figure, per due period and per stoppage of a due period."""
    code = _pair(facts.figure_series, facts.figure_start)
    stops = _pair(facts.stop_series, facts.stop_start)
    due = _pair(facts.due_series, facts.due_start)
    stopped = np.isin(stops, due)
    answered = np.isin(due, np.concatenate([code, stops]))
    n, m, k = len(code), len(due), int(stopped.sum())
    series = np.concatenate([facts.figure_series, facts.due_series, facts.stop_series[stopped]])
    start = np.concatenate([facts.figure_start, facts.due_start, facts.stop_start[stopped]])
    frequency = facts.frequency[series]
    table: Table = {
        "series": series,
        "territory": facts.territory[series],
        "workplace": facts.workplace[series],
        "indicator": facts.indicator[series],
        "frequency": frequency,
        "day": own_days(start, frequency),
        "value": exact(np.concatenate([facts.figure_value, zeros(m + k)])),
        "base": zeros(n + m + k),
        "figures": np.concatenate([ones(n), zeros(m + k)]),
        "bases": zeros(n + m + k),
        "answers": np.concatenate([ones(n), zeros(m), ones(k)]),
        "due": np.concatenate([zeros(n), ones(m), zeros(k)]),
        "reported": np.concatenate([zeros(n), answered.astype(np.int64), zeros(k)]),
        "simulated": np.concatenate([facts.figure_simulated, zeros(m), facts.stop_simulated[stopped]]),
        "part": zeros(n + m + k),
    }
    if facts.figure_capability.any():
        for name, said in (("capability", facts.figure_capability), ("potentiality", facts.figure_potentiality)):
            table[name] = exact(np.concatenate([said, zeros(m + k)]))
        table["compared"] = (table["capability"] > 0).astype(np.int64)
    return table


def _with_ratios(table: Table, ratios: Mapping[int, tuple[int, int]]) -> Table:
    """A copy of every entry for each ratio it is a part of."""
    pieces = [table]
    for ratio, (numerator, denominator) in sorted(ratios.items()):
        over, under = (take(table, table["indicator"] == part) for part in (numerator, denominator))
        under["base"], under["value"] = under["value"], under["value"] * 0
        under["bases"], under["figures"] = under["figures"], zeros(len(under["figures"]))
        for piece in (over, under):
            piece["indicator"] = np.full(len(piece["series"]), ratio, dtype=np.int64)
            piece["part"] = ones(len(piece["series"]))
            for name in _said(piece):
                piece[name] = piece[name] * 0
            pieces.append(piece)
    return stack(pieces)


def _in_grains(table: Table) -> Table:
    """A copy of every entry for each grain its frequency reaches; ``start`` is the period's first day."""
    pieces = []
    for grain, name in enumerate(GRAINS):
        piece = take(table, table["frequency"] <= grain)
        piece["grain"] = np.full(len(piece["day"]), grain, dtype=np.int64)
        piece["start"] = starts(piece["day"], name)
        pieces.append(piece)
    return stack(pieces)


def _keep_last(table: Table, aggregation: Mapping[int, str]) -> None:
    """Of an indicator that keeps its last value, take the value out of all but the last figure.

    The last of each reporting place. Where during the period both the workplace itself and its
    sections reported, whoever has the latest figure speaks for the workplace: never both.
    """
    lasts = ints(i for i, how in aggregation.items() if how == "last")
    at = np.flatnonzero(np.isin(table["indicator"], lasts) & (table["figures"] == 1) & (table["part"] == 0))
    mine = {
        name: table[name][at] for name in ("grain", "indicator", "start", "territory", "workplace", "day", "series")
    }
    order, _begin, end = runs(mine, ("grain", "indicator", "start", "territory"), ("day", "series"))
    kept = order[end]
    inner = {name: column[kept] for name, column in mine.items()}
    inner["section"] = (inner["territory"] != inner["workplace"]).astype(np.int64)
    order, begin, end = runs(inner, ("grain", "indicator", "start", "workplace"), ("day", "section"))
    speaks = np.repeat(inner["section"][order][end], end - begin + 1)
    spoken = kept[order][inner["section"][order] == speaks]
    silent = np.setdiff1d(at, at[spoken])
    for name in ("value", "figures", *_said(table)):
        table[name][silent] = 0


# --- places ---------------------------------------------------------------------------------


def _place_in_time(table: Table, stretches: Mapping[int, Sequence[Stretch]]) -> tuple[Ints, Ints, Ints]:
    """The stretch of each entry's own day; and of each stretch what is above (−1: nothing) and the sector."""
    workplaces = np.unique(table["workplace"])
    flat = [(w, s) for w, place in enumerate(workplaces.tolist()) for s in stretches[place]]
    begins = ints(w * DUSK + s.first for w, s in flat)
    deepest = max((len(s.above) for _w, s in flat), default=0)
    over = np.full((len(flat), deepest), -1, dtype=np.int64)
    for i, (_w, s) in enumerate(flat):
        over[i, : len(s.above)] = s.above
    where = np.searchsorted(workplaces, table["workplace"]) * DUSK + table["day"]
    return np.searchsorted(begins, where, side="right") - 1, over, ints(s.sector for _w, s in flat)


def _spread(table: Table, over: Ints, sector: Ints, *, above: bool, below: bool) -> Table:
    """A copy of every entry for each place and sector in which it counts."""
    pieces = []

    def count_in(place: Exact, sectors: Exact, chosen: Exact) -> None:
        piece = take(table, chosen)
        piece["place"], piece["sector"] = place[chosen], sectors[chosen]
        pieces.append(piece)

    everything = zeros(len(table["start"]))
    if below:
        count_in(table["workplace"], everything, np.ones(len(everything), dtype=bool))
        count_in(table["territory"], everything, table["territory"] != table["workplace"])
    for level in range(over.shape[1] if above else 0):
        place, branch = over[table["stretch"], level], sector[table["stretch"]]
        count_in(place, everything, place >= 0)
        count_in(place, branch, (place >= 0) & (branch != ALL))
    return stack(pieces)


def _rows(table: Table, facts: Facts, unanswered: bool) -> dict[Key, Row]:
    """Join the workplaces of each row. ``table`` has one line per row and workplace, in order of rows."""
    key = ("place", "sector", "indicator", "grain", "start")
    _order, begin, _end = runs(table, key, ordered=True)
    if not len(begin):
        return {}
    ratio = np.isin(table["indicator"], ints(facts.ratios))
    inside = (table["figures"] > 0) & (~ratio | (table["bases"] > 0))
    total = {name: np.add.reduceat(table[name], begin).tolist() for name in _SUMS}
    said = _compare(table, inside, begin)
    workplaces = np.add.reduceat(inside.astype(np.int64), begin).tolist()
    largest = np.maximum.reduceat(np.abs(table["value"]), begin).tolist()
    keys = zip(*(table[name][begin].tolist() for name in key), strict=True)
    days: dict[int, dt.date] = {}
    rows = {}
    for at, (place, sector, indicator, grain, start) in enumerate(keys):
        if not (total["answers"][at] or (unanswered and total["due"][at])):
            continue
        day = days.get(start) or days.setdefault(start, dt.date.fromordinal(start))
        known = total["figures"][at] > 0
        how = facts.aggregation[indicator]
        base = {"mean": total["figures"][at] * MICRO, "ratio": total["base"][at]}.get(how)
        rows[Key(place, indicator, sector, GRAINS[grain], day)] = Row(
            total["value"][at] if known else None,
            base,
            total["reported"][at],
            total["due"][at],
            workplaces[at],
            largest[at] if known else None,
            total["simulated"][at] > 0,
            *(said[at] if said and said[at][3] else ()),
        )
    return rows


def _compare(table: Table, inside: npt.NDArray[np.bool_], begin: Ints) -> list[tuple[int, ...]]:
    """Of each row actuality, capability, potentiality, workplaces and figures: of workplaces that said it of all."""
    if not _said(table):
        return []
    whole = inside & (table["compared"] == table["figures"])
    columns = [np.where(whole, table[name], 0) for name in ("value", "capability", "potentiality")]
    columns += [whole.astype(np.int64), np.where(whole, table["compared"], 0)]
    return list(zip(*(np.add.reduceat(column, begin).tolist() for column in columns), strict=True))


def _said(table: Table) -> tuple[str, ...]:
    """The columns of what could be made, where there are any."""
    return _SAID if "compared" in table else ()


def _pair(series: Ints, start: Ints) -> Ints:
    """Series and first day in one number."""
    return series * DUSK + start


def _reduce(table: Table, key: Sequence[str]) -> Table:
    """One line per distinct ``key``, in its order, with the sums of the others."""
    if not table:
        return {name: zeros(0) for name in (*key, *_SUMS)}
    order, begin, _end = runs(table, key)
    first = order[begin]
    out = {name: table[name][first] for name in key}
    for name in (*_SUMS, *_said(table)):
        column = table[name][order]
        out[name] = np.add.reduceat(column, begin) if len(begin) else column
    return out
