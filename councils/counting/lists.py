"""Counting lists: each paper marks one list, and seats go to lists by highest averages, to people in its order. Pure.

Lists are closed: the order of a list is its own, and voters do not change it. A list that wins more seats than it has
people fills those it can; each seat left over goes to the next highest quotient of a list that still has people, as
in the Belgian electoral code (art. 168). Where no list has any, seats stay vacant. A list without a vote gets none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from councils.counting.apportionment import Allocation, Divisors, allocate_seats

#: Name of the method in rules and results → its divisors.
DIVISORS: Mapping[str, Divisors] = {"dhondt": "dhondt", "sainte_lague": "sainte-lague"}


def count_lists(
    votes: Mapping[str, int], *, people: Mapping[str, int], seats: int, method: str, lots: Sequence[str] = ()
) -> Allocation:
    """Share ``seats`` among lists by their ``votes``; ``people``: how many each has. ``method``: of ``DIVISORS``."""
    return allocate_seats(votes, seats=seats, method=DIVISORS[method], lots=lots, capacity=people)


def divisor(method: str, before: int) -> int:
    """By what the votes of a list that has ``before`` seats are divided: 1, 2, 3… or 1, 3, 5…"""
    return 1 + (1 if DIVISORS[method] == "dhondt" else 2) * before


def lists_record(count: Allocation, method: str) -> dict[str, Any]:
    """As JSON: each seat in its order, with its list and the divisor; and among which lists a lot decided."""
    given: dict[str, int] = {}
    stages = []
    for award in count.awards:
        stages.append({"list": award.name, "divisor": divisor(method, given.get(award.name, 0))})
        given[award.name] = given.get(award.name, 0) + 1
    return {"stages": stages, "by_lot": list(count.by_lot), "open_seats": count.open_seats}


def in_list_order(elected: Iterable[str]) -> list[tuple[str, int]]:
    """Each seat in the order given as (list, the place on it, from 0, of whoever takes it)."""
    given: dict[str, int] = {}
    found = []
    for name in elected:
        found.append((name, given.get(name, 0)))
        given[name] = given.get(name, 0) + 1
    return found
