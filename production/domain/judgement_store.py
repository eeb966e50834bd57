"""What an analysis leaves behind: a few states of each workplace, and one row for each series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import DEFAULT, Kind, Status
from production.analysis.watch import REMEMBERED, Course, Strand, engine_version, kept, number_of, start_of
from production.domain.facts import slices
from production.domain.judgement_read import Told, unpack_bands
from production.domain.threshold import moved
from production.enums import SeriesStatus
from production.models import EngineState, SeriesJudgement
from production.models.threshold import LEAST

#: What is less likely than anybody may ask for is not remembered.
FLOOR = moved(DEFAULT.threshold, LEAST)
_STATUS = {
    Status.LEARNING: SeriesStatus.LEARNING,
    Status.WATCHING: SeriesStatus.WATCHING,
    Status.RECALIBRATING: SeriesStatus.RECALIBRATING,
}
_CHANGED = ("start", "status", "wanting", "bands", "told")
Carried = Sequence[tuple[Strand, Course]]


def store_states(frequency: str, carried: Carried) -> None:
    """Replace the saved states of what was carried: those after its beginning are no longer true, and those that lie
    far back are needed no more."""
    stale, fresh = [], []
    saved: dict[int, list[tuple[int, dt.date]]] = {}
    for part in slices({strand.workplace for strand, _course in carried}):
        rows = EngineState.objects.filter(workplace__in=part, frequency=frequency)
        for pk, workplace, start in rows.values_list("pk", "workplace_id", "start"):
            saved.setdefault(workplace, []).append((pk, start))
    for strand, course in carried:
        wanted = kept(frequency, strand.last)
        for pk, start in saved.get(strand.workplace, []):
            number = number_of(frequency, start)
            if number >= strand.first or number not in wanted or strand.state is None:
                stale.append(pk)
        fresh += [
            EngineState(
                workplace_id=strand.workplace,
                frequency=frequency,
                start=start_of(frequency, number),
                engine=engine_version(),
                series=list(one.series),
                packed=one.state.pack(),
            )
            for number, one in course.states.items()
        ]
    for part in slices(stale):
        EngineState.objects.filter(pk__in=part).delete()
    EngineState.objects.bulk_create(fresh, batch_size=200)


def store_judgements(frequency: str, carried: Carried) -> dict[int, SeriesJudgement]:
    """Write what was said of each series; the rows, by primary key of their series."""
    before: dict[int, SeriesJudgement] = {}
    for part in slices({lane for strand, _course in carried for lane in strand.series}):
        before |= {row.series_id: row for row in SeriesJudgement.objects.filter(series__in=part)}
    rows = list(_rows(frequency, carried, before))
    SeriesJudgement.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["series"], update_fields=_CHANGED
    )
    return {row.series_id: row for row in rows}


def _rows(frequency: str, carried: Carried, before: dict[int, SeriesJudgement]) -> Iterator[SeriesJudgement]:
    for strand, course in carried:
        last = start_of(frequency, strand.last)
        for n, lane in enumerate(strand.series):
            bands = np.stack([course.expected[n], course.low[n], course.high[n]], axis=1)
            told = list(_told(frequency, course, n))
            old = before.get(lane)
            if old is not None and strand.state is not None:
                bands = _joined(_before(old, frequency, course.first), bands)
                since = start_of(frequency, course.first).isoformat()
                horizon = start_of(frequency, strand.last - REMEMBERED + 1).isoformat()
                told = [one for one in old.told if horizon <= one["judged"] < since] + told
            yield SeriesJudgement(
                series_id=lane,
                start=last,
                status=_STATUS[Status(int(course.status[n]))],
                wanting=int(course.wanting[n]),
                bands=bands.astype(np.float32).tobytes(),
                told=told,
            )


def _told(frequency: str, course: Course, n: int) -> Iterable[dict[str, object]]:
    """Every period after which a change of series ``n`` was likely."""
    for column in np.flatnonzero((course.probability[n] >= FLOOR) & (course.kind[n] > 0)).tolist():
        number = course.first + column
        one = Told(
            judged=start_of(frequency, number),
            kind=kind_word(int(course.kind[n, column])),
            began=start_of(frequency, number - int(course.onset[n, column])),
            size=float(course.size[n, column]),
            size_low=float(course.size_low[n, column]),
            size_high=float(course.size_high[n, column]),
            probability=float(course.probability[n, column]),
        )
        yield one.to_json()


def kind_word(kind: int) -> str:
    """As ``Finding`` spells it."""
    return Kind(kind).name.lower()


def _before(old: SeriesJudgement, frequency: str, first: int) -> NDArray[np.float32]:
    """What was expected of the periods before ``first``, by an earlier analysis."""
    table = unpack_bands(old.bands)
    gone = number_of(frequency, old.start) - first + 1
    if gone >= 0:
        return table[: max(len(table) - gone, 0)]
    # nothing was expected of periods that nobody judged
    return np.concatenate([table, np.full((-gone, 3), np.nan, np.float32)])


def _joined(old: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([old, new])[-REMEMBERED:]
