"""One fault across many series of a source: told once, as a problem of the data. Pure: no Django.

A source is whatever sends many figures together: a workplace, or a file. When most of its series jump by the same
power of ten, or all double, or repeat the day before, or say nothing, no factory has changed: somebody switched a
unit or sent a sheet twice. The series concerned are shielded that day, so that one sentence takes the place of forty
alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: Fewer series than this are a coincidence.
FEWEST = 4
#: So large a share of the series that can be judged must show the fault.
MOST = 0.7
#: How near a ratio must be to the common one, in powers of ten: within a factor of 1.6 of a power of ten; of two,
#: within 1.2.
NEAR_POWER, NEAR_TWO = 0.2, 0.08


class Problem(StrEnum):
    """What went wrong with the data."""

    UNIT = "unit"
    DOUBLED = "doubled"
    REPEATED = "repeated"
    MISSING = "missing"


@dataclass(frozen=True)
class DataProblem:
    """``series``: indices of those that show it. ``factor``: value over what was expected (a power of ten, or 2),
    else 1."""

    problem: Problem
    series: NDArray[np.intp]
    factor: float = 1.0


def find_problem(
    values: F64, *, expected: F64, before: F64, earlier: F64, off: NDArray[np.bool_]
) -> DataProblem | None:
    """The one fault that most series of a source share on a day, or None.

    All arguments are (n,): the ``values`` of the day (NaN missing), what was ``expected`` of them (NaN where nothing
    is), the values of the day ``before`` and of the one ``earlier``, and which were ``off`` (closed, holiday).
    """
    missing = np.flatnonzero(np.isnan(values) & ~off & np.isfinite(before))
    if _most(missing, np.flatnonzero(~off & np.isfinite(before))):
        return DataProblem(Problem.MISSING, missing)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.log10(values / expected)
        lively = np.isfinite(values) & np.isfinite(expected) & (before != earlier) & np.isfinite(before + earlier)
    judged = np.flatnonzero(np.isfinite(power))
    if len(judged) >= FEWEST:
        common = float(np.median(power[judged]))
        nearest = round(common)
        if nearest:
            shifted = judged[np.abs(power[judged] - nearest) < NEAR_POWER]
            if _most(shifted, judged):
                return DataProblem(Problem.UNIT, shifted, 10.0**nearest)
        doubled = judged[np.abs(power[judged] - np.log10(2)) < NEAR_TWO]
        if _most(doubled, judged):
            return DataProblem(Problem.DOUBLED, doubled, 2.0)
    # where figures often repeat, a day on which many do proves nothing
    repeated, steady = np.flatnonzero(lively & (values == before)), before == earlier
    if 5 * steady.sum() < np.isfinite(before).sum() and _most(repeated, np.flatnonzero(lively)):
        return DataProblem(Problem.REPEATED, repeated)
    return None


def shield(values: F64, problem: DataProblem | None) -> F64:
    """The values as the engine should see them: a switched unit is taken back; the rest of a fault is missing, because
    what truly happened that day is not known."""
    if problem is None:
        return values
    safe = values.copy()
    if problem.problem is Problem.UNIT:
        safe[problem.series] /= problem.factor
    else:
        safe[problem.series] = np.nan
    return safe


def is_news(problem: DataProblem | None, told: DataProblem | None) -> bool:
    """Whether ``problem`` is to be told although ``told`` was told last: a unit that stays switched, or falls
    back for a day, is one problem."""
    if problem is None:
        return False
    if told is None or problem.problem is not told.problem:
        return True
    return not any(np.isclose(problem.factor, factor) for factor in (told.factor, 1 / told.factor))


def has_come_to_stay(problem: DataProblem | None, yesterday: DataProblem | None) -> bool:
    """Whether a unit was switched on two days running: from now on it is the unit (``State.rescale``)."""
    if problem is None or yesterday is None or problem.problem is not Problem.UNIT:
        return False
    return yesterday.problem is Problem.UNIT and bool(np.isclose(problem.factor, yesterday.factor))


def _most(some: NDArray[np.intp], of: NDArray[np.intp]) -> bool:
    return len(some) >= FEWEST and len(some) >= MOST * len(of)
