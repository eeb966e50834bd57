"""Ties: by look-back, then by a lot drawn in public before the count, else reported. Pure.

Scottish Local Government Elections Order 2007 (SSI 2007/42, schedule 1), rules 49 and 51: regard
is had to the votes "at the end of the most recently preceding stage of the count at which they had
an unequal number of votes"; where they were equal at all stages, the lot decides. The lot is an
order of all candidates, entered before the count, so that the count itself draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Settled = Literal["look_back", "lot", "either_way"]


class Unsettled(Exception):
    """A tie that nothing settles: the count stops here and says so. ``candidates`` compete for the place."""

    def __init__(self, candidates: Iterable[int]) -> None:
        self.candidates = tuple(sorted(candidates))
        super().__init__(self.candidates)


@dataclass(frozen=True)
class Choice:
    """``candidate`` out of the tied ``among`` (alone there: no tie).

    ``settled`` says how; ``stage`` (from 1) is the one whose totals the look-back found unequal;
    ``either_way``: nothing settled it, and whichever went first the same candidates would be elected.
    """

    candidate: int
    among: tuple[int, ...]
    settled: Settled | None = None
    stage: int | None = None


def choose(
    candidates: Iterable[int],
    *,
    most: bool,
    history: Sequence[Mapping[int, int]],
    lots: Sequence[int] = (),
) -> Choice:
    """Which of ``candidates``, equal now, had the most (else the fewest) votes before.

    ``history``: totals at the end of every stage so far. Three who are equal now may have been
    unequal two by two: each stage leaves those at its extreme, and the stage before decides among them.
    ``lots`` is the order drawn: whoever is named first in it goes before the others, whoever is named
    last is excluded first. Raises ``Unsettled`` where it does not name all of them.
    """
    among = left = tuple(sorted(candidates))
    if len(among) == 1:
        return Choice(among[0], among)
    for stage in range(len(history), 0, -1):
        totals = history[stage - 1]
        extreme = (max if most else min)(totals[c] for c in left)
        left = tuple(c for c in left if totals[c] == extreme)
        if len(left) == 1:
            return Choice(left[0], among, "look_back", stage)
    place = {candidate: i for i, candidate in enumerate(lots)}
    if not all(c in place for c in left):
        raise Unsettled(left)
    return Choice((min if most else max)(left, key=place.__getitem__), among, "lot")
