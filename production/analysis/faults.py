"""Faults of the data across many series, found while they are carried on. Pure: no Django.

A source is a workplace with all of its series, or a file with the series of one indicator that it brought for many
workplaces (who switched a unit switched it in one column). What was found earlier and still stands is shielded again
wherever it shows, also when only one of its workplaces is carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride import Judgement
from production.analysis.cyberstride.data_problems import (
    FEWEST,
    NEAR_POWER,
    NEAR_TWO,
    DataProblem,
    Problem,
    find_problem,
    shield,
)
from production.analysis.watch import Strand

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """``workplace`` by its primary key, or ``batch`` (a file) with the ``indicator`` concerned; the others are 0."""

    workplace: int = 0
    batch: int = 0
    indicator: int = 0


@dataclass(frozen=True)
class Fault:
    """In period ``number`` the ``series`` of ``source`` show ``problem``, a unit that was switched by ``factor``."""

    source: Source
    number: int
    problem: Problem
    factor: float
    series: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """A fault that stands: of which ``series``, from period ``first`` on; up to ``last``, but a unit until it is
    switched back."""

    key: int
    problem: Problem
    factor: float
    series: frozenset[int]
    first: int
    last: int


@dataclass
class Faults:
    """The screen of ``watch.carry``. ``known``: faults that stand. That nothing came in a period is told from period
    ``missing_since`` on, and of none after which nothing came yet.

    Afterwards ``found`` holds what is new, and ``seen`` which series still show each known one.
    """

    strands: Sequence[Strand]
    known: Sequence[Known] = ()
    missing_since: int = 0
    found: list[Fault] = field(default_factory=list)
    seen: dict[int, dict[int, set[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.series = np.array([lane for s in self.strands for lane in s.series], dtype=np.int64)
        sizes = [len(s.series) for s in self.strands]
        self.strand_of = np.repeat(np.arange(len(sizes)), sizes)
        self.row_of = np.concatenate([np.arange(size) for size in sizes]) if sizes else np.zeros(0, np.int64)
        self.measured = np.array([i for s in self.strands for i in s.indicators], dtype=np.int64)
        self.before = np.full(len(self.series), np.nan)
        self.earlier = np.full(len(self.series), np.nan)
        for own, strand in enumerate(self.strands):
            if strand.history is not None:
                lanes = np.flatnonzero(self.strand_of == own)
                for values in strand.history.T:
                    self._remember(lanes[np.isfinite(values)], values[np.isfinite(values)])
        self.place = {int(lane): n for n, lane in enumerate(self.series)}

    def __call__(self, number: int, order: Ints, values: F64, off: Bools, judgement: Judgement) -> F64 | None:
        """The values as the engine should see them, or None where nothing is at fault."""
        safe = values.copy()
        expected = judgement.expected
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.log10(values / expected)
        self._shield_known(number, order, safe, power)
        rest = np.where(safe == values, power, 0.0)  # NaN stays: nothing is known there
        for source, lanes in self._suspects(number, order, values, off, rest):
            problem = find_problem(
                safe[lanes],
                expected=expected[lanes],
                before=self.before[order[lanes]],
                earlier=self.earlier[order[lanes]],
                off=off[lanes],
            )
            if problem is None or (problem.problem == Problem.MISSING and not self._is_owed(number, source)):
                continue
            safe[lanes] = shield(safe[lanes], problem)
            self._tell(source, number, problem, order[lanes])
        known = np.isfinite(values) & ~off
        self._remember(order[known], values[known])
        return None if np.array_equal(safe, values, equal_nan=True) else safe

    def _remember(self, lanes: NDArray[np.integer], values: F64) -> None:
        self.earlier[lanes], self.before[lanes] = self.before[lanes], values

    def _shield_known(self, number: int, order: Ints, safe: F64, power: F64) -> None:
        where = {int(lane): n for n, lane in enumerate(order)}
        for one in self.known:
            if number < one.first or (one.problem != Problem.UNIT and number > one.last):
                continue
            for lane in one.series & self.place.keys():
                at = where.get(self.place[lane])
                if at is None or not np.isfinite(safe[at]):
                    continue
                if one.problem == Problem.UNIT:
                    shows = abs(power[at] - np.log10(one.factor)) < NEAR_POWER
                elif one.problem == Problem.DOUBLED:
                    shows = abs(power[at] - np.log10(2)) < NEAR_TWO
                else:
                    shows = bool(safe[at] == self.before[self.place[lane]])
                if shows:
                    safe[at] = safe[at] / one.factor if one.problem == Problem.UNIT else np.nan
                    self.seen.setdefault(one.key, {}).setdefault(lane, set()).add(number)

    def _suspects(
        self, number: int, order: Ints, values: F64, off: Bools, power: F64
    ) -> list[tuple[Source, NDArray[np.intp]]]:
        """The sources of which enough series are strange to be looked at: files first."""
        before, earlier = self.before[order], self.earlier[order]
        with np.errstate(invalid="ignore"):
            far = np.isfinite(power) & (np.abs(power) > 2 * NEAR_TWO)
            again = np.isfinite(values) & (values == before) & np.isfinite(earlier) & (before != earlier)
        owing = np.array([number < s.last and number not in s.stopped for s in self.strands])
        absent = np.isnan(values) & ~off & np.isfinite(before) & owing[self.strand_of[order]]
        if number < self.missing_since:
            absent[:] = False
        strange = far | again | absent
        if strange.sum() < FEWEST:
            return []
        strand = self.strand_of[order]
        batch = self._batch_of(number, order)
        suspects: list[tuple[Source, NDArray[np.intp]]] = []
        brought_far = np.stack([batch, self.measured[order]])[:, far & (batch > 0)]
        files = sorted({(int(b), int(i)) for b, i in brought_far.T})
        for brought, indicator in files:
            lanes = np.flatnonzero((batch == brought) & (self.measured[order] == indicator))
            if len(set(strand[lanes].tolist())) > 1 and far[lanes].sum() >= FEWEST:
                suspects.append((Source(batch=brought, indicator=indicator), lanes))
        for own in np.flatnonzero(np.bincount(strand[strange], minlength=len(self.strands)) >= FEWEST).tolist():
            if self.strands[own].first <= number <= self.strands[own].last:
                suspects.append((Source(workplace=self.strands[own].workplace), np.flatnonzero(strand == own)))
        return suspects

    def _is_owed(self, number: int, source: Source) -> bool:
        """Whether an answer of ``source`` for the period is late: others came after it."""
        own = next((s for s in self.strands if s.workplace == source.workplace), None)
        return own is not None and self.missing_since <= number < own.last and number not in own.stopped

    def _batch_of(self, number: int, order: Ints) -> Ints:
        """The file that brought the value of each series in this period; 0: none."""
        batch = np.zeros(len(order), np.int64)
        for own in np.unique(self.strand_of[order]).tolist():
            strand = self.strands[own]
            if strand.batches is not None and strand.first <= number <= strand.last:
                lanes = self.strand_of[order] == own
                batch[lanes] = strand.batches[self.row_of[order[lanes]], number - strand.first]
        return batch

    def _tell(self, source: Source, number: int, problem: DataProblem, lanes: Ints) -> None:
        series = tuple(int(self.series[lane]) for lane in lanes[problem.series])
        self.found.append(Fault(source, number, problem.problem, problem.factor, series))
