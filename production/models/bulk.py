"""Many rows at once: the raw SQL of production, in one place, for both engines.

Why not the ORM: a year of fifty factories is a hundred thousand figures; making a model
instance of each costs more than reading and storing it. PostgreSQL takes them by COPY,
SQLite by ``executemany``; identifiers are reserved first, so that figures can name their
submission without asking for it back. ``tests/production/test_bulk.py`` runs on both.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, models

from production.models.report import Figure, Report, Submission

#: Values in one IN (…): under every engine's limit on parameters.
_CHUNK = 400


class CurrentFigure(NamedTuple):
    """A figure in force. ``day``: ordinal of the first day of its period; ``micro``: millionths, None if withdrawn."""

    series: int
    day: int
    id: int
    version: int
    micro: int | None
    remark: str


class LastSubmission(NamedTuple):
    """A report and its current submission (0 and 0: it has none)."""

    report: int
    territory: int
    day: int
    submission: int
    number: int


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """``count`` identifiers of ``model`` that nobody else will be given. Inside a transaction that writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer, and it is this transaction; AUTOINCREMENT never gives a number twice.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return range(last + 1, last + 1 + count)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert ``rows``, whose values stand in the order of the fields ``names``; dates as ``dt.date``,
    numbers of a ``FigureField`` in millionths, of a ``TotalField`` as ``total_text``."""
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)  # type: ignore[union-attr]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY goes round Django's cursor, which else turns the driver's errors into Django's
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        adapted = _adapted([_adapter(f) for f in fields], rows)
        while batch := list(islice(adapted, 10_000)):
            cursor.executemany(sql, batch)


def _adapter(field: Any) -> Callable[[Any], Any] | None:
    """How SQLite stores a value that it has no type for; None where the value goes in as it is."""
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex if isinstance(value, uuid.UUID) else value
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return dt.date.isoformat
    return None


def _adapted(
    adapters: Sequence[Callable[[Any], Any] | None], rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """``rows`` with those columns changed that need it; repeated days and moments are changed once."""
    memo: dict[Any, Any] = {}
    changed = [(position, adapter) for position, adapter in enumerate(adapters) if adapter is not None]
    for row in rows:
        values = list(row)
        for position, adapter in changed:
            value = values[position]
            if value is None:
                continue
            if isinstance(value, uuid.UUID):
                values[position] = value.hex
                continue
            stored = memo.get(value)
            if stored is None:
                stored = memo[value] = adapter(value)
            values[position] = stored
        yield tuple(values)


def _ordinal(column: str) -> str:
    """SQL for the proleptic ordinal (``date.toordinal``) of a date column."""
    if connection.vendor == "postgresql":
        return f"({column} - DATE '0001-01-01' + 1)"
    return f"CAST(julianday({column}) - 1721424.5 AS INTEGER)"


def _in_chunks(sql: str, ids: Iterable[int], rest: Sequence[Any], tail: str = "") -> Iterator[tuple[Any, ...]]:
    """Rows of ``sql`` with its ``{ids}`` filled in, for every chunk of ``ids``."""
    remaining = iter(sorted(ids))
    with connection.cursor() as cursor:
        while chunk := list(islice(remaining, _CHUNK)):
            cursor.execute(sql.format(ids=", ".join(["%s"] * len(chunk))) + tail, [*chunk, *rest])
            yield from cursor.fetchall()


def lock_reports(territories: Iterable[int], first: dt.date, last: dt.date) -> list[LastSubmission]:
    """Reports (without shift) of ``territories`` for days in ``first..last``, locked, with their last submission."""
    sql = (
        f"SELECT r.id, r.territory_id, {_ordinal('r.' + connection.ops.quote_name('on'))}, "
        "COALESCE(s.id, 0), COALESCE(s.number, 0) "
        f"FROM {Report._meta.db_table} r LEFT JOIN {Submission._meta.db_table} s "
        f"ON s.report_id = r.id AND s.{connection.ops.quote_name('current')} "
        "WHERE r.territory_id IN ({ids}) "
        f"AND r.shift = '' AND r.{connection.ops.quote_name('on')} BETWEEN %s AND %s ORDER BY r.id"
    )
    tail = " FOR UPDATE OF r" if connection.vendor == "postgresql" else ""
    return [LastSubmission(*row) for row in _in_chunks(sql, territories, [first, last], tail)]


def current_figures(series: Iterable[int], first: dt.date, last: dt.date) -> Iterator[CurrentFigure]:
    """Figures in force of ``series`` whose periods begin in ``first..last``."""
    sql = (
        f"SELECT f.series_id, {_ordinal('f.start')}, f.id, f.version, f.value, f.remark "
        f"FROM {Figure._meta.db_table} f WHERE f.series_id IN ({{ids}}) AND NOT f.superseded "
        "AND f.start BETWEEN %s AND %s"
    )
    return (CurrentFigure(*row) for row in _in_chunks(sql, series, [first, last]))


def update_rows(model: type[models.Model], ids: Sequence[int], **values: Any) -> None:
    """Set the same ``values`` in the rows ``ids``."""
    for start in range(0, len(ids), _CHUNK):
        model._default_manager.filter(pk__in=ids[start : start + _CHUNK]).update(**values)
