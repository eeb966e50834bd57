"""One period of many series: the engine's one verb. Pure: no Django."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.block import step
from production.analysis.cyberstride.forecast import Scratch
from production.analysis.cyberstride.hypotheses import build
from production.analysis.cyberstride.judgement import Judgement
from production.analysis.cyberstride.lanes import WATCHING, WIDTH, Lanes, padded
from production.analysis.cyberstride.settings import DEFAULT, PROFILES, Settings
from production.analysis.cyberstride.state import State, blocks, start
from production.analysis.cyberstride.verdict import Verdict

F64 = NDArray[np.float64]

#: Half widths of normal intervals, in standard deviations: 90 % of a size, 95 % of a value.
SIZE_BAND, VALUE_BAND = 1.645, 1.96


def advance(
    state: State,
    *,
    day: int,
    values: NDArray[np.float64],
    off: NDArray[np.bool_] | None = None,
    settings: Settings = DEFAULT,
) -> Judgement:
    """Judge the values of period ``day`` and carry ``state`` on to it, in place.

    ``day`` counts periods without a hole: ``date.toordinal()`` of daily series, the number of the week or of the month
    (year * 12 + month) of the others; periods that were skipped pass as missing. ``values`` (n,): NaN or any infinity
    is missing. ``off`` (n,): closed or holiday, no value was due. ValueError when ``day`` is not after the state's, or
    on a wrong shape.
    """
    values = np.asarray(values, dtype=np.float64)
    n = state.size
    if values.shape != (n,):
        raise ValueError(f"{n} values are wanted")
    if state.day is not None and day <= state.day:
        raise ValueError("a period comes after the one before it")
    rest = np.zeros(n, bool) if off is None else np.asarray(off, dtype=bool)
    if state.day is not None:
        nothing = np.full(n, np.nan)
        for skipped in range(max(state.day + 1, day - 2 * settings.window), day):
            _pass(state, skipped, nothing, np.zeros(n, bool), settings)
    return _pass(state, day, np.where(np.isfinite(values), values, np.nan), rest, settings)


def _pass(state: State, day: int, values: NDArray[np.float64], off: NDArray[np.bool_], settings: Settings) -> Judgement:
    n, profile = state.size, PROFILES[state.frequency]
    hypotheses, size, width = build(settings), settings.window, padded(min(n, WIDTH))
    scratch, filler = Scratch(size, width), start(width, frequency=state.frequency, settings=settings)
    told: list[Judgement] = []
    with np.errstate(all="ignore"):
        for where in blocks(n):
            used = where.stop - where.start
            rows, anchor = np.empty((len(state.rows), width), np.float32), np.empty((2, width))
            rows[1:size, :used], rows[0, :used] = state.rows[: size - 1, where], np.nan
            rows[size:, :used], anchor[:, :used] = state.rows[size:, where], state.anchor[:, where]
            gone = np.full(width, np.nan, np.float32)
            gone[:used] = state.rows[size - 1, where]
            v, o = np.full(width, np.nan), np.zeros(width, bool)
            v[:used], o[:used] = values[where], off[where]
            if used < width:
                rows[:, used:], anchor[:, used:] = filler.rows[:, used:], 0
            lanes = Lanes(rows, anchor, size, state.frequency)
            origin, unit = anchor.copy()
            verdict = step(lanes, gone, v, o, day, hypotheses, settings, profile, scratch)
            told.append(_tell(verdict, lanes, origin, unit, used))
            state.rows[:, where], state.anchor[:, where] = rows[:, :used], anchor[:, :used]
    state.day = day
    return _gather(told)


def _tell(verdict: Verdict, lanes: Lanes, origin: F64, unit: F64, used: int) -> Judgement:
    """The verdict in the unit of the figures, of the lanes that are in use."""
    size, error = verdict.size * unit, verdict.size_error * unit * SIZE_BAND
    expected, band = origin + verdict.expected * unit, verdict.half_band * unit * VALUE_BAND
    known = (lanes.status == WATCHING) & (lanes.age > 1)
    expected = np.where(known, expected, np.nan)
    return Judgement(
        status=lanes.status.astype(np.int8)[:used],
        kind=verdict.kind[:used],
        onset=verdict.onset[:used],
        size=size[:used],
        size_low=(size - error)[:used],
        size_high=(size + error)[:used],
        probability=verdict.chance.astype(np.float64)[:used],
        by_kind=(verdict.by_kind * (verdict.chance / np.maximum(verdict.probability, 1e-9))).T.astype(np.float64)[
            :used
        ],
        expected=expected[:used],
        band_low=(expected - band)[:used],
        band_high=(expected + band)[:used],
        raised=verdict.raised[:used],
    )


def _gather(parts: list[Judgement]) -> Judgement:
    """The blocks' judgements as one."""
    names = [field.name for field in fields(Judgement)]
    return Judgement(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
