"""A file of many series in long form, ``series,date,value``, and a list of holidays. Pure: no Django."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.settings import Frequency
from production.intake.trouble import BadFile, glimpse

#: Series times periods that are still held in memory at once.
MOST_CELLS: Final = 200_000_000


@dataclass(frozen=True)
class LongTable:
    """``values`` (periods, series), NaN where the file says nothing; ``dates``: the first day of each period."""

    series: list[str]
    dates: list[dt.date]
    values: NDArray[np.float64]


def read_long(path: Path, frequency: Frequency) -> LongTable:
    """The figures of ``path`` (CSV, gzipped or not). BadFile names the row: the header is row 1. An empty value is
    missing."""
    found: dict[tuple[str, int], float] = {}
    dates: dict[str, dt.date] = {}
    for row, (name, day, value) in _rows(path, ("series", "date", "value")):
        if not name:
            raise BadFile("no_series", row=row)
        when = dates.get(day) or dates.setdefault(day, _date(day, row))
        key = (name, period_of(when, frequency))
        if key in found:
            raise BadFile("double_period", row=row, series=glimpse(name), date=glimpse(day))
        found[key] = _number(value, row) if value else math.nan
    if not found:
        raise BadFile("no_rows")
    series = sorted({name for name, _period in found})
    first, last = min(p for _name, p in found), max(p for _name, p in found)
    if (last - first + 1) * len(series) > MOST_CELLS:
        raise BadFile("too_long", series=len(series), periods=last - first + 1)
    values = np.full((last - first + 1, len(series)), np.nan)
    column = {name: i for i, name in enumerate(series)}
    for (name, period), figure in found.items():
        values[period - first, column[name]] = figure
    return LongTable(series, [first_day(p, frequency) for p in range(first, last + 1)], values)


def read_days(path: Path) -> set[dt.date]:
    """The dates of a file with a column ``date``. BadFile as in ``read_long``."""
    return {_date(day, row) for row, (day,) in _rows(path, ("date",))}


def period_of(day: dt.date, frequency: Frequency) -> int:
    """Which period ``day`` is in: days, weeks (from Monday) or months, counted without a hole."""
    if frequency == "month":
        return day.year * 12 + day.month - 1
    return day.toordinal() if frequency == "day" else (day.toordinal() - 1) // 7


def first_day(period: int, frequency: Frequency) -> dt.date:
    """The first day of a period."""
    if frequency == "month":
        return dt.date(period // 12, period % 12 + 1, 1)
    return dt.date.fromordinal(period if frequency == "day" else period * 7 + 1)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Row number and the cells of ``columns``, whatever else the file has."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            text = io.TextIOWrapper(gzip.GzipFile(fileobj=raw) if packed else raw, encoding="utf-8-sig", newline="")
            reader = csv.reader(text)
            header = [name.strip().lower() for name in next(reader, [])]
            lacking = [name for name in columns if header.count(name) != 1]
            if lacking:
                raise BadFile("columns", columns=",".join(columns), found=glimpse(",".join(header)))
            where = [header.index(name) for name in columns]
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise BadFile("cells", row=reader.line_num, cells=len(cells), wanted=len(header))
                yield reader.line_num, [cells[i].strip() for i in where]
    except (OSError, EOFError, zlib.error) as e:
        raise BadFile("unopened", file=str(path)) from e
    except (UnicodeDecodeError, csv.Error) as e:
        raise BadFile("no_csv", file=str(path)) from e


def _date(text: str, row: int) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as e:
        raise BadFile("bad_date", row=row, value=glimpse(text)) from e
    if not 1900 <= day.year < 2200:
        raise BadFile("bad_date", row=row, value=glimpse(text))
    return day


def _number(text: str, row: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise BadFile("bad_value", row=row, value=glimpse(text))
    return value
