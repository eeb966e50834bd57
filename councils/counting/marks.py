"""Counting marks: approval, plurality and the block vote. The candidates with most marks win. No clock, no chance.

They differ only in how many marks a paper may have: any (approval), one (plurality), as many as there are
seats (block vote). A paper with more is spoilt, not cut down: which marks were meant nobody can say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Candidate = TypeVar("Candidate", str, int)


@dataclass(frozen=True)
class MarksCount(Generic[Candidate]):
    """``elected`` in order of votes; ``tied`` share the last places and nothing settles it.

    ``elected`` + ``tied`` + those left out are all candidates. ``open_places`` are the seats for which
    ``tied`` compete (0 without a tie). A candidate without a vote is never elected, so seats may stay
    vacant. ``by_lot``: those among whom the lot decided. ``spoilt``: papers with too many marks.
    """

    totals: Mapping[Candidate, int]
    elected: tuple[Candidate, ...]
    tied: tuple[Candidate, ...] = ()
    open_places: int = 0
    by_lot: tuple[Candidate, ...] = ()
    spoilt: int = 0


def count_marks(
    *,
    candidates: Sequence[Candidate],
    papers: Mapping[tuple[Candidate, ...], int],
    seats: int,
    most_marks: int | None = None,
    lots: Sequence[Candidate] = (),
) -> MarksCount[Candidate]:
    """Count ``papers`` (marks → how many such papers); ``most_marks`` on one of them, None: any number.

    A name marked twice counts once, an unknown one never. Equal totals at the last place go by ``lots``, an
    order of candidates drawn before the count; where it does not name all of them, they are tied.
    """
    known, totals, spoilt = set(candidates), Counter[Candidate](), 0
    for marks, n in papers.items():
        marked = known.intersection(marks)
        if most_marks is not None and len(marked) > most_marks:
            spoilt += n
            continue
        for candidate in marked:
            totals[candidate] += n
    votes = {c: totals[c] for c in candidates}
    ranked = sorted((c for c in candidates if votes[c]), key=lambda c: (-votes[c], c))
    if len(ranked) <= seats or votes[ranked[seats]] < votes[ranked[seats - 1]]:
        return MarksCount(votes, tuple(ranked[:seats]), spoilt=spoilt)
    last = votes[ranked[seats - 1]]
    clear = tuple(c for c in ranked if votes[c] > last)
    equal = tuple(c for c in ranked if votes[c] == last)
    open_places = seats - len(clear)
    if not set(equal) <= set(lots):
        return MarksCount(votes, clear, equal, open_places, spoilt=spoilt)
    drawn = tuple(sorted(equal, key=lots.index)[:open_places])
    return MarksCount(votes, clear + drawn, by_lot=equal, spoilt=spoilt)
