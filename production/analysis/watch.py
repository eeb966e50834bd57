"""Watch: the series of many workplaces carried through their periods together. Pure: no Django.

The engine judges one period of many series at a time, and costs little per series only where many stand side by side.
Workplaces differ in how far each was carried: a *strand* is what one of them wants (its series of one frequency, from
which state on, up to which period), and ``carry`` runs all strands of a frequency as one batch, in which a series
takes its place when its strand begins. How a series is judged depends on no other beside it, to the bit, so a strand
carried alone, in any company, or from the beginning comes to the same.

Periods are numbered without a hole (``number_of``): days by their ordinal, weeks and months counted from year 1.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from production.analysis.calendar import MONTH, WEEK, period_start
from production.analysis.cyberstride import DEFAULT, Frequency, Judgement, Kind, Settings, State, advance, start
from production.analysis.cyberstride.lanes import layout
from production.analysis.cyberstride.settings import PROFILES

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Raise it when the engine's formulas change: states of another version are not carried on, but made anew.
VERSION = 1
#: Of so many periods, the latest, it is remembered what was expected and what was found.
REMEMBERED = 120
#: The state of each of the last days is kept, and of each Sunday of the last weeks; of weeks and months the last ones.
LAST_DAYS, LAST_WEEKS, LAST_PERIODS = 3, 5, 6
#: To see that a value is the one of the day before, also after days on which nothing came.
HISTORY = 7
#: Half widths of the 95 % band from which on a period is odd by itself: three standard deviations.
OUT_OF_BAND = 1.5


def engine_version(settings: Settings = DEFAULT) -> str:
    """Names the formulas and every constant by which a state was made."""
    constants = repr((VERSION, dataclasses.astuple(settings), sorted(PROFILES.items(), key=lambda item: item[0])))
    return hashlib.blake2b(constants.encode(), digest_size=12).hexdigest()


def number_of(frequency: str, on: dt.date) -> int:
    """The number of the period that holds ``on``."""
    if frequency == MONTH:
        return on.year * 12 + on.month - 1
    return (on.toordinal() - 1) // 7 if frequency == WEEK else on.toordinal()


def start_of(frequency: str, number: int) -> dt.date:
    """First day of the period of that number."""
    if frequency == MONTH:
        return dt.date(number // 12, number % 12 + 1, 1)
    return dt.date.fromordinal(number * 7 + 1 if frequency == WEEK else number)


def begin_of(frequency: str, first: dt.date) -> int:
    """The period with which a series whose first value is of ``first`` takes its place: of days the Monday before, so
    that many series begin together."""
    return number_of(frequency, period_start(WEEK, first) if frequency not in (WEEK, MONTH) else first)


def kept(frequency: str, last: int) -> frozenset[int]:
    """Periods up to ``last`` whose state is kept, so that what comes late is replayed from shortly before it."""
    if frequency in (WEEK, MONTH):
        return frozenset(range(last - LAST_PERIODS + 1, last + 1))
    # an ordinal that 7 divides is a Sunday
    sundays = {day for day in range(last - 7 * LAST_WEEKS, last) if day % 7 == 0}
    return frozenset({*range(last - LAST_DAYS + 1, last + 1), *sundays})


@dataclass(frozen=True)
class Strand:
    """Series of one workplace and frequency, to be carried from period ``first`` to ``last``, both included.

    ``state``: after period ``first`` - 1, of the first of ``series``; None where all begin. ``begins``: the period
    with which each of the others takes its place. ``values`` (n, periods), NaN missing; ``off`` (periods,): nothing
    was due. ``keep``: periods after which the state is wanted.

    For faults of the data: ``indicators`` of the series, ``batches`` (n, periods) the file that brought each value (0:
    none), ``stopped`` the periods of which it was said that nothing was done, ``history`` (n, ``HISTORY``) those
    of the periods before ``first``.
    """

    workplace: int
    series: tuple[int, ...]
    state: State | None
    begins: Ints
    first: int
    last: int
    values: F64
    off: Bools
    keep: frozenset[int]
    indicators: tuple[int, ...] = ()
    batches: Ints | None = None
    stopped: frozenset[int] = frozenset()
    history: F64 | None = None


@dataclass(frozen=True)
class Kept:
    """The state of those ``series`` of a strand that had begun by then."""

    series: tuple[int, ...]
    state: State


@dataclass(frozen=True)
class Course:
    """What a strand came to. Arrays are (n, periods) of the last ``REMEMBERED`` periods at most, from ``first`` on.

    As in ``Judgement``; ``status`` and ``wanting`` (how many values are wanted until a learning series is understood)
    are those after the last period. ``shielded``: a fault of the data kept the value from being judged as it was.
    """

    first: int
    status: NDArray[np.int8]
    wanting: Ints
    expected: F32
    low: F32
    high: F32
    probability: F32
    kind: NDArray[np.int8]
    onset: NDArray[np.int16]
    size: F64
    size_low: F64
    size_high: F64
    shielded: Bools
    states: dict[int, Kept]


#: Told of a period (its number, which lanes stand there, their values, which were off, the judgement): the values as
#: they should be judged, where some are a fault of the data; None where none is.
Screen = Callable[[int, Ints, F64, Bools, Judgement], F64 | None]


def carry(
    strands: Sequence[Strand], *, frequency: Frequency, settings: Settings = DEFAULT, screen: Screen | None = None
) -> list[Course]:
    """Carry all ``strands``, which have the same ``frequency``, and tell what each came to, in their order.

    Lanes are numbered through all strands, in their order. With ``screen`` a period in which data are at fault is
    judged again as the screen says.
    """
    if not strands:
        return []
    batch = _Batch(strands, frequency, settings)
    for number in range(min(s.first for s in strands), max(s.last for s in strands) + 1):
        batch.step(number, screen)
    return [batch.course(n) for n in range(len(strands))]


class _Batch:
    """Strands side by side."""

    def __init__(self, strands: Sequence[Strand], frequency: Frequency, settings: Settings) -> None:
        self.strands, self.frequency, self.settings = strands, frequency, settings
        sizes = [len(s.series) for s in strands]
        ends = np.cumsum(sizes)
        self.lanes = [slice(int(end) - size, int(end)) for end, size in zip(ends, sizes, strict=True)]
        total = int(ends[-1])
        self.strand_of = np.repeat(np.arange(len(strands)), sizes)
        self.state: State | None = None
        self.order = np.zeros(0, np.int64)  # lane of each series of the state
        self.place = np.full(total, -1)  # and the reverse
        self.begins: dict[int, list[tuple[Ints, State | None]]] = {}
        for n, strand in enumerate(strands):
            self._await(n, strand)
        self.firsts = [max(s.first, s.last - REMEMBERED + 1) for s in strands]
        columns = max(s.last - first + 1 for s, first in zip(strands, self.firsts, strict=True))
        nan = np.full((total, columns), np.nan, np.float32)
        self.expected, self.low, self.high = nan, nan.copy(), nan.copy()
        self.probability = np.zeros((total, columns), np.float32)
        self.kind = np.zeros((total, columns), np.int8)
        self.onset = np.zeros((total, columns), np.int16)
        self.size, self.size_low, self.size_high = (np.zeros((total, columns)) for _ in range(3))
        self.shielded = np.zeros((total, columns), bool)
        self.status = np.zeros(total, np.int8)
        self.wanting = np.full(total, PROFILES[frequency].enough)
        self.states: list[dict[int, Kept]] = [{} for _ in strands]

    def _await(self, n: int, strand: Strand) -> None:
        """Note when the series of a strand take their places."""
        base = self.lanes[n].start
        carried = strand.state.size if strand.state is not None else 0
        if strand.state is not None:
            self.begins.setdefault(strand.first, []).append((base + np.arange(carried), strand.state))
        for begin in np.unique(strand.begins):
            own = base + carried + np.flatnonzero(strand.begins == begin)
            self.begins.setdefault(int(begin), []).append((own, None))

    def step(self, number: int, screen: Screen | None) -> None:
        """One period of all series that have begun."""
        self._enter(number)
        if self.state is None:
            return
        values, off = self._given(number)
        before = self.state.copy() if screen is not None else None
        judgement = advance(self.state, day=number, values=values, off=off, settings=self.settings)
        if screen is not None and before is not None:
            safe = screen(number, self.order, values, off, judgement)
            if safe is not None:
                self.state = before
                judgement = advance(self.state, day=number, values=safe, off=off, settings=self.settings)
                self._note(number, _of_latest(judgement, safe), (safe != values) & np.isfinite(values))
                return
        self._note(number, _of_latest(judgement, values), None)

    def _enter(self, number: int) -> None:
        entering = self.begins.pop(number, [])
        if not entering:
            return
        parts = [] if self.state is None else [self.state]
        for lanes, state in entering:
            own = state if state is not None else start(len(lanes), frequency=self.frequency, settings=self.settings)
            parts.append(dataclasses.replace(own, day=number - 1))
        self.state = State.join(parts)
        self.order = np.concatenate([self.order, *(lanes for lanes, _state in entering)])
        self.place[self.order] = np.arange(len(self.order))

    def _given(self, number: int) -> tuple[F64, Bools]:
        """Values and closed places of a period; a strand that has come to its end gives no more."""
        values, off = np.full(len(self.place), np.nan), np.zeros(len(self.place), bool)
        for lanes, strand in zip(self.lanes, self.strands, strict=True):
            if strand.first <= number <= strand.last:
                values[lanes] = strand.values[:, number - strand.first]
                off[lanes] = strand.off[number - strand.first]
        return values[self.order], off[self.order]

    def _note(self, number: int, judgement: Judgement, faulty: Bools | None) -> None:
        assert self.state is not None
        columns = number - np.array(self.firsts)[self.strand_of[self.order]]
        ends = np.array([s.last for s in self.strands])[self.strand_of[self.order]]
        seen = np.flatnonzero((columns >= 0) & (number <= ends))
        lanes, at = self.order[seen], columns[seen]
        for rows, found in (
            (self.expected, judgement.expected),
            (self.low, judgement.band_low),
            (self.high, judgement.band_high),
            (self.probability, judgement.probability),
            (self.kind, judgement.kind),
            (self.onset, judgement.onset),
            (self.size, judgement.size),
            (self.size_low, judgement.size_low),
            (self.size_high, judgement.size_high),
        ):
            rows[lanes, at] = found[seen]
        if faulty is not None:
            self.shielded[lanes, at] = faulty[seen]
        for n, strand in enumerate(self.strands):
            if number in strand.keep and strand.first <= number <= strand.last:
                self.states[n][number] = self._part(n)
            if number == strand.last:
                self._conclude(n, judgement)

    def _part(self, n: int) -> Kept:
        """The series of a strand that have begun, as a state of their own. Those to come begin where they begin."""
        assert self.state is not None
        places = self.place[self.lanes[n]]
        begun = np.flatnonzero(places >= 0)
        series = self.strands[n].series
        return Kept(tuple(series[lane] for lane in begun.tolist()), self.state.take(places[begun]))

    def _conclude(self, n: int, judgement: Judgement) -> None:
        assert self.state is not None
        lanes = np.arange(self.lanes[n].start, self.lanes[n].stop)
        begun = lanes[self.place[lanes] >= 0]
        self.status[begun] = judgement.status[self.place[begun]]
        seen = self.state.rows[layout(self.state.window, self.frequency)[0]["seen"]][0]
        enough = PROFILES[self.frequency].enough
        self.wanting[begun] = np.maximum(enough - seen[self.place[begun]], 0).astype(np.int64)

    def course(self, n: int) -> Course:
        """Of strand ``n``, after the last step."""
        lanes, strand = self.lanes[n], self.strands[n]
        own = (lanes, slice(0, strand.last - self.firsts[n] + 1))
        return Course(
            first=self.firsts[n],
            status=self.status[lanes],
            wanting=self.wanting[lanes],
            expected=self.expected[own],
            low=self.low[own],
            high=self.high[own],
            probability=self.probability[own],
            kind=self.kind[own],
            onset=self.onset[own],
            size=self.size[own],
            size_low=self.size_low[own],
            size_high=self.size_high[own],
            shielded=self.shielded[own],
            states=self.states[n],
        )


def _of_latest(judgement: Judgement, values: F64) -> Judgement:
    """Of two odd periods the engine may still name the earlier one; what people are told of is the latest. So where the
    period just judged is itself far outside its band, a transient is of this period."""
    half = (judgement.band_high - judgement.band_low) / 2
    apart = values - judgement.expected
    with np.errstate(invalid="ignore"):
        now = (judgement.kind == Kind.TRANSIENT) & (judgement.onset > 0) & (np.abs(apart) > OUT_OF_BAND * half)
    if not now.any():
        return judgement
    # a band is 95 %, the interval of a size 90 %
    error = half * (1.645 / 1.96)
    return dataclasses.replace(
        judgement,
        onset=np.where(now, 0, judgement.onset).astype(judgement.onset.dtype),
        size=np.where(now, apart, judgement.size),
        size_low=np.where(now, apart - error, judgement.size_low),
        size_high=np.where(now, apart + error, judgement.size_high),
    )


def foresee(state: State, *, number: int, off: Bools, settings: Settings = DEFAULT) -> tuple[F64, F64, F64]:
    """Expected value, lower and upper end of the band of every series in period ``number``; NaN where nothing is.

    ``off``: whether nothing was due, of every period after the state up to ``number``.
    """
    assert state.day is not None
    ahead, nothing = state.copy(), np.full(state.size, np.nan)
    told: Judgement | None = None
    for at, closed in zip(range(state.day + 1, number + 1), off, strict=True):
        told = advance(ahead, day=at, values=nothing, off=np.full(state.size, bool(closed)), settings=settings)
    if told is None:
        raise ValueError("that period is judged already")
    return told.expected, told.band_low, told.band_high
