"""Approval: each paper marks as many candidates as it likes; most marks win. No clock, no chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ApprovalCount:
    """``elected`` in order of votes; ``tied`` share the last places and nothing settles it.

    ``elected`` + ``tied`` + those left out are all candidates. ``open_places`` are the
    seats for which ``tied`` compete (0 without a tie). A candidate without a vote is
    never elected, so seats may stay vacant.
    """

    totals: dict[str, int]
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    open_places: int


def count_approval(*, candidates: Sequence[str], papers: Iterable[Sequence[str]], seats: int) -> ApprovalCount:
    """Count ``papers`` (each the ids that it marks). A name marked twice counts once, an unknown one never."""
    known, marks = set(candidates), Counter[str]()
    for paper in papers:
        marks.update(known.intersection(paper))
    totals = {c: marks[c] for c in candidates}
    ranked = sorted((c for c in candidates if totals[c]), key=lambda c: (-totals[c], c))
    if len(ranked) <= seats:
        return ApprovalCount(totals, tuple(ranked), (), 0)
    last = totals[ranked[seats - 1]]
    if totals[ranked[seats]] < last:
        return ApprovalCount(totals, tuple(ranked[:seats]), (), 0)
    clear = tuple(c for c in ranked if totals[c] > last)
    return ApprovalCount(totals, clear, tuple(c for c in ranked if totals[c] == last), seats - len(clear))
