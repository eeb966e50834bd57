"""Substitutes: who follows each of the elected. No clock, no chance.

By marks: those with most votes after the elected, the same ones for every seat; taking a name off changes no other's
votes. Of rankings: all papers are counted again for as many seats without the one whose seat it is, and whoever is
newly elected follows her; who was elected stays, whatever that count says. That is the countback by which single
transferable votes fill casual vacancies without calling the voters again. The next one follows likewise, without both.

A list ends before a tie that ``lots`` do not settle, and where nobody else has votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from councils.counting.marks import count_marks
from councils.counting.stv import Ranking, count_stv


def next_by_votes(
    *, totals: Mapping[str, int], elected: Sequence[str], lots: Sequence[str], most: int
) -> dict[str, list[str]]:
    """Elected → at most ``most`` others in order of votes."""
    left = [option for option in totals if option not in elected]
    found: list[str] = []
    while len(found) < most:
        papers: dict[tuple[str, ...], int] = {(option,): totals[option] for option in left}
        count = count_marks(candidates=left, papers=papers, seats=1, lots=lots)
        if not count.elected:
            break
        found.append(count.elected[0])
        left.remove(count.elected[0])
    return {option: list(found) for option in elected}


def next_by_countback(
    *,
    candidates: Sequence[int],
    papers: Mapping[Ranking, int],
    seats: int,
    elected: Sequence[int],
    lots: Sequence[int],
    most: int,
) -> dict[int, list[int]]:
    """Elected → at most ``most`` others who are newly elected without her, one after the other."""
    return {one: _without(one, candidates, papers, seats, elected, lots, most) for one in elected}


def _without(
    one: int,
    candidates: Sequence[int],
    papers: Mapping[Ranking, int],
    seats: int,
    elected: Sequence[int],
    lots: Sequence[int],
    most: int,
) -> list[int]:
    gone, found = [one], list[int]()
    while len(found) < most:
        left, drawn = ([c for c in some if c not in gone] for some in (candidates, lots))
        count = count_stv(candidates=left, papers=papers, seats=seats, lots=drawn)
        new = [c for c in count.elected if c not in elected]
        if not new:
            break
        found.append(new[0])
        gone.append(new[0])
    return found
