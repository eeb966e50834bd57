"""Seats for lists by highest averages: D'Hondt and Sainte-Laguë. Exact fractions: no float, no chance.

A list with *v* votes and *s* seats so far has the average v / d(s), with d(s) = s + 1 (D'Hondt 1882;
Jefferson) or 2 s + 1 (Sainte-Laguë 1910; Webster); each seat goes to the highest. See M. Balinski and
H. P. Young, *Fair Representation*, 2nd ed. 2001, ch. 2 and appendix A. Equal averages for the last seats are a
tie: it is settled by the lot order or reported, never given to whoever is named first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Literal, get_args

Divisors = Literal["dhondt", "sainte-lague"]
METHODS: tuple[str, ...] = get_args(Divisors)


@dataclass(frozen=True)
class Award:
    """One seat: to ``name``, for its ``average``."""

    name: str
    average: Fraction


@dataclass(frozen=True)
class Allocation:
    """``seats`` of each list, without those of a tie; ``awards`` in order.

    ``tied`` lists have the same average and compete for ``open_seats``, fewer than they are.
    """

    seats: Mapping[str, int]
    awards: tuple[Award, ...]
    tied: tuple[str, ...] = ()
    open_seats: int = 0
    by_lot: tuple[str, ...] = ()


def allocate_seats(
    votes: Mapping[str, int],
    *,
    seats: int,
    method: Divisors,
    lots: Sequence[str] = (),
    capacity: Mapping[str, int] | None = None,
) -> Allocation:
    """Share ``seats`` among lists by their ``votes``. A list without a vote gets none; without any, nobody does.

    ``capacity``: so many seats a list can take; what it cannot goes to the next highest averages of the others.
    """
    step = 1 if method == "dhondt" else 2
    given = dict.fromkeys(votes, 0)
    awards: list[Award] = []
    drawn: tuple[str, ...] = ()
    room = {name: seats if capacity is None else capacity[name] for name in votes}
    heap = [(-Fraction(n), name) for name, n in votes.items() if n > 0 and room[name] > 0]
    heapify(heap)
    while heap and len(awards) < seats:
        average, name = heappop(heap)
        equal = [name]
        while heap and heap[0][0] == average:
            equal.append(heappop(heap)[1])
        left = seats - len(awards)
        if len(equal) > left:
            if not set(equal) <= set(lots):
                return Allocation(given, tuple(awards), tuple(sorted(equal)), left)
            drawn, equal = tuple(sorted(equal)), sorted(equal, key=lots.index)[:left]
        for name in equal:
            given[name] += 1
            awards.append(Award(name, -average))
            if given[name] < room[name]:
                heappush(heap, (-Fraction(votes[name], 1 + step * given[name]), name))
    return Allocation(given, tuple(awards), by_lot=drawn)


def largest_remainder(votes: Mapping[str, int], *, seats: int) -> Allocation:
    """Share ``seats`` by the quota of Hare: whole quotas first, the seats left over to the largest remainders.

    With *n* votes of *N* and *s* seats: floor(n s / N), and the rest by n s mod N (Hamilton 1792; Balinski and Young,
    *Fair Representation*, ch. 2 and appendix A). Equal remainders for the last seats are a tie and get none of them.
    """
    total = sum(votes.values())
    if total == 0:
        return Allocation(dict.fromkeys(votes, 0), ())
    given = {name: n * seats // total for name, n in votes.items()}
    left = seats - sum(given.values())
    by_remainder: dict[int, list[str]] = {}
    for name, n in votes.items():
        by_remainder.setdefault(n * seats % total, []).append(name)
    for remainder in sorted(by_remainder, reverse=True):
        equal = by_remainder[remainder]
        if left == 0:
            break
        if len(equal) > left:
            return Allocation(given, (), tuple(sorted(equal)), left)
        for name in equal:
            given[name] += 1
        left -= len(equal)
    return Allocation(given, ())
