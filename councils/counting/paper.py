"""Paper: what was counted by hand, and whether it can be. Pure.

A count is refused with every fault found, by code (``domain.paper_count`` says them in words): ``roll`` more papers
than people, ``counting`` more that count for the quorum than papers or people, ``marked`` more blank and spoilt ones
than papers, ``sum`` votes that do not add up to the marked papers, ``option`` more votes for one than marked papers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from councils.counting.result import Opened, Question, fits
from councils.counting.stv import Ranking


@dataclass(frozen=True)
class HandCount:
    """``papers`` in the box, ``counting`` of them for the quorum. ``tally``: option or answer → votes; of a ranked
    vote ``rankings`` instead."""

    papers: int
    counting: int
    blank: int
    spoilt: int
    tally: Mapping[str, int] = field(default_factory=dict)
    rankings: Mapping[Ranking, int] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        return self.papers - self.blank - self.spoilt


def faults(question: Question, count: HandCount) -> Iterator[str]:
    """Why ``count`` cannot be what was in the box; nothing where it can."""
    if count.papers > (question.roll or 0):
        yield "roll"
    if count.counting > min(count.papers, question.quorum_base):
        yield "counting"
    if count.marked < 0:
        yield "marked"
        return
    if question.method == "stv":
        if sum(count.rankings.values()) != count.marked:
            yield "sum"
    elif question.is_election and max(count.tally.values(), default=0) > count.marked:
        yield "option"
    elif not fits(question, count.tally, count.marked):
        yield "sum"


def ballots_of(count: HandCount) -> list[Opened]:
    """Each paper of a ranked vote."""
    marked = [Opened(tuple(map(str, ranking))) for ranking, n in count.rankings.items() for _paper in range(n)]
    return [*marked, *[Opened(())] * count.blank, *[Opened((), spoilt=True)] * count.spoilt]
