"""Summary: the stored rows, and how they are brought to what the facts say.

``rebuild_summaries`` and ``check_summaries`` compute every row straight from the figures,
indicator by indicator, and know nothing of how ``roll_up`` got there: each proves the other.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from councils.domain import job
from councils.models import Job
from production.analysis import rollup
from production.analysis.lineage import ALL, Lineage
from production.analysis.rollup import Key, Row
from production.domain import facts
from production.domain.facts import Catalogue, Window
from production.models import Pulse, Sector, Summary
from production.models.bulk import insert_rows
from production.models.fixed_point import from_micro, total_text

log = logging.getLogger(__name__)

ROLL_UP = "roll_up"
#: Rows in one statement: SQLite takes few parameters.
_BATCH = 2000
_KEY = ["territory", "indicator", "sector", "grain", "start"]
_UPDATED = [
    *("numerator", "denominator", "reported", "expected", "workplaces", "largest", "simulated"),
    *("actuality", "capability", "potentiality", "answered", "compared"),
]


@dataclass(frozen=True)
class Stored:
    """A row as it is in the database."""

    pk: int
    row: Row


@dataclass(frozen=True)
class Difference:
    """A row that is not what the facts say; None: not there."""

    key: Key
    stored: Row | None
    computed: Row | None


def take_turn() -> Pulse:
    """Wait until every other roll-up is over. Inside a transaction; SQLite has one writer anyway."""
    Pulse.objects.get_or_create(name="summaries")
    return Pulse.objects.select_for_update().get(name="summaries")


def all_sectors() -> Sector:
    """The row that stands for every sector together. Its name is one that no file and no form can bring."""
    sector, _created = Sector.objects.get_or_create(is_all=True, defaults={"name": "\N{ZERO WIDTH SPACE}*"})
    return sector


def stored(
    *,
    indicators: Collection[int],
    territories: Collection[int] | None = None,
    periods: Collection[tuple[str, dt.date]] | None = None,
    window: Window | None = None,
) -> dict[Key, Stored]:
    """Rows of ``indicators``; of these territories, of these periods, of periods that touch ``window`` (None: all)."""
    every = all_sectors().pk
    rows = Summary.objects.filter(indicator__in=list(indicators))
    if window is not None:
        rows = rows.filter(start__gte=window.first - dt.timedelta(days=31), start__lte=window.last)
    if periods is not None:
        rows = rows.filter(start__in={start for _grain, start in periods})
    names = ("pk", "territory_id", "indicator_id", "sector_id", "grain", "start", *_UPDATED)
    parts = [None] if territories is None else facts.slices(territories)
    found = {}
    for part in parts:
        some = rows if part is None else rows.filter(territory__in=part)
        for pk, territory, indicator, sector, grain, start, *content in some.values_list(*names).iterator(
            chunk_size=5000
        ):
            if periods is None or (grain, start) in periods:
                key = Key(territory, indicator, ALL if sector == every else sector, grain, start)
                found[key] = Stored(pk, _row(content))
    return found


def write(existing: Mapping[Key, Stored], wanted: Mapping[Key, Row | None]) -> int:
    """Bring the rows of ``wanted`` (None: none) to what it says; the number of rows touched.

    ``existing`` holds what is stored under those keys, read in the turn. A row that is right already is left alone.
    """
    every = all_sectors().pk
    gone = [existing[key].pk for key, row in wanted.items() if row is None and key in existing]
    rows = [(key, row) for key, row in wanted.items() if row is not None]
    changed = [_summary(key, row, every) for key, row in rows if key in existing and existing[key].row != row]
    fresh = [(key, row) for key, row in rows if key not in existing]
    for part in facts.slices(gone):
        Summary.objects.filter(pk__in=part).delete()
    Summary.objects.bulk_create(
        changed, batch_size=_BATCH, update_conflicts=True, unique_fields=_KEY, update_fields=_UPDATED
    )
    insert_rows(Summary, [*_KEY, *_UPDATED], (_columns(key, row, every) for key, row in fresh))
    return len(gone) + len(changed) + len(fresh)


def beat(pulse: Pulse) -> None:
    """Tell open pages that figures changed, and nothing else. In the transaction of the change."""
    Pulse.objects.filter(pk=pulse.pk).update(count=F("count") + 1, token=uuid.uuid4())


# --- from the facts, all of it ---------------------------------------------------------------


def rebuild_summaries(*, indicators: Collection[int] | None = None, window: Window | None = None) -> int:
    """Bring every row of ``indicators`` (None: all) in the periods of ``window`` (None: all) to the facts.

    One transaction an indicator, so that reports need not wait for the whole. Rows touched.
    """
    catalogue = Catalogue.read()
    touched = 0
    for indicator in sorted(catalogue.aggregation if indicators is None else indicators):
        with transaction.atomic():
            pulse = take_turn()
            existing, computed = _both(indicator, catalogue, facts.read_lineage(), window)
            changed = write(existing, {**dict.fromkeys(existing), **computed})
            if changed:
                beat(pulse)
            touched += changed
    return touched


def check_summaries(*, at: dt.datetime) -> list[Difference]:
    """What differs between the stored rows and the facts, once no roll-up is waiting any more.

    Figures that came in meanwhile wait for their own roll-up; so differences are looked at again
    after it, three times at most.
    """
    differences: list[Difference] = []
    for _round in range(3):
        _finish_roll_ups(at)
        differences = list(_differences())
        if not differences or not _waiting(at):
            break
    return differences


def check_nightly(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler: compares, and writes an error to the log for the people who keep the installation."""
    if _waiting(at):
        raise job.NotYet(dt.timedelta(minutes=1))
    differences = list(_differences())
    if differences:
        log.error("summaries differ from the facts in %s rows, first %s", len(differences), differences[0])


def _finish_roll_ups(at: dt.datetime) -> None:
    for job_id in _waiting(at):
        job.run_job(job_id=job_id, at=at)


def _waiting(at: dt.datetime) -> list[int]:
    return list(Job.objects.due(at).filter(kind=ROLL_UP).order_by("due_at", "pk").values_list("pk", flat=True))


def _differences() -> Iterator[Difference]:
    catalogue = Catalogue.read()
    for indicator in sorted(catalogue.aggregation):
        with transaction.atomic():
            take_turn()
            existing, computed = _both(indicator, catalogue, facts.read_lineage(), None)
        for key in sorted({**existing, **computed}):
            before, after = existing.get(key), computed.get(key)
            if before is None or before.row != after:
                yield Difference(key, before.row if before else None, after)


def _both(
    indicator: int, catalogue: Catalogue, lineage: Lineage, window: Window | None
) -> tuple[dict[Key, Stored], dict[Key, Row]]:
    """Rows of one indicator as they are stored, and as the facts say."""
    existing = stored(indicators=[indicator], window=window)
    series = facts.measures(indicators=catalogue.parts([indicator]))
    ratios = [indicator] if indicator in catalogue.ratios else []
    known = facts.read(series=series, catalogue=catalogue, lineage=lineage, window=window, ratios=ratios)
    computed = {key: row for key, row in rollup.summarise(known).items() if key.indicator == indicator}
    if window is None:
        return existing, computed
    return (
        {key: row for key, row in existing.items() if window.holds(key.grain, key.start)},
        {key: row for key, row in computed.items() if window.holds(key.grain, key.start)},
    )


# --- rows and millionths ------------------------------------------------------------------------


def _micro(value: Decimal | None) -> int | None:
    return None if value is None else int(value * rollup.MICRO)


def _total(micro: int | None) -> Decimal | None:
    return None if micro is None else from_micro(micro)


def _row(content: Sequence[Any]) -> Row:
    over, under, reported, expected, workplaces, largest, simulated, made, can, could, answered, compared = content
    return Row(
        _micro(over), _micro(under), reported, expected, workplaces, _micro(largest), simulated,
        _micro(made), _micro(can), _micro(could), answered, compared,
    )  # fmt: skip


def _text(micro: int | None) -> str | None:
    return None if micro is None else total_text(micro)


def _columns(key: Key, row: Row, every: int) -> tuple[Any, ...]:
    over, under, reported, expected, workplaces, largest, simulated, made, can, could, answered, compared = row
    return (
        key.territory, key.indicator, key.sector or every, key.grain, key.start,
        _text(over), _text(under), reported, expected, workplaces, _text(largest), simulated,
        _text(made), _text(can), _text(could), answered, compared,
    )  # fmt: skip


def _summary(key: Key, row: Row, every: int) -> Summary:
    return Summary(
        territory_id=key.territory,
        indicator_id=key.indicator,
        sector_id=key.sector or every,
        grain=key.grain,
        start=key.start,
        numerator=_total(row.numerator),
        denominator=_total(row.denominator),
        reported=row.reported,
        expected=row.expected,
        workplaces=row.workplaces,
        largest=_total(row.largest),
        simulated=row.simulated,
        actuality=_total(row.actuality),
        capability=_total(row.capability),
        potentiality=_total(row.potentiality),
        answered=row.answered,
        compared=row.compared,
    )
