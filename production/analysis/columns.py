"""Columns: tables of equally long numpy arrays, sorted and reduced. Pure: no Django, no clock, no floats.

Days are proleptic ordinals (``date.toordinal``); lines of a table are equal positions of its columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from production.analysis.calendar import DAY, WEEK

Ints = npt.NDArray[np.int64]
Exact = npt.NDArray[Any]  # int64, or Python integers where sums may outgrow it
Table = dict[str, Exact]

_EPOCH = dt.date(1970, 1, 1).toordinal()


def ints(values: Iterable[int] = ()) -> Ints:
    """A column."""
    return np.fromiter(values, dtype=np.int64)


def zeros(n: int) -> Ints:
    """A column of nothing."""
    return np.zeros(n, dtype=np.int64)


def ones(n: int) -> Ints:
    """A column of ones."""
    return np.ones(n, dtype=np.int64)


def exact(values: Ints) -> Exact:
    """The column itself, or Python's integers if the sum of its absolute values might leave 63 bits."""
    reach = int(np.abs(values).max()) * len(values) if len(values) else 0
    return values if reach < 2**62 else values.astype(object)


def own_days(start: Ints, frequency: Ints) -> Ints:
    """The day that decides where each period counts (``rollup.own_day``), by position of its frequency."""
    month_end = (_months(start) + 1).astype("datetime64[D]").astype(np.int64) + _EPOCH - 1
    return np.where(frequency == 0, start, np.where(frequency == 1, start + 3, month_end))


def starts(day: Ints, grain: str) -> Ints:
    """First day of the period of ``grain`` that holds each day."""
    if grain == DAY:
        return day
    if grain == WEEK:
        return day - (day - 1) % 7  # the ordinal 1 is a Monday
    return _months(day).astype("datetime64[D]").astype(np.int64) + _EPOCH


def _months(day: Ints) -> npt.NDArray[np.datetime64]:
    return (day - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")


def take(table: Table, chosen: Exact) -> Table:
    """The chosen lines."""
    return {name: column[chosen] for name, column in table.items()}


def stack(pieces: Sequence[Table]) -> Table:
    """The lines of all pieces, one after the other."""
    if not pieces:
        return {}
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def runs(
    table: Table, key: Sequence[str], then: Sequence[str] = (), *, ordered: bool = False
) -> tuple[Ints, Ints, Ints]:
    """Order of the lines by ``key`` and ``then``; first and last line, in that order, of each run of equal ``key``."""
    n = len(table[key[0]])
    order = np.arange(n) if ordered else np.lexsort([table[name] for name in reversed((*key, *then))])
    new = np.ones(n, dtype=bool)
    if n:
        new[1:] = np.logical_or.reduce([np.diff(table[name][order]) != 0 for name in key])
    begin = np.flatnonzero(new)
    return order, begin, np.append(begin[1:] - 1, n - 1)[: len(begin)]
