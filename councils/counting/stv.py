"""The single transferable vote by the Scottish rules. Integers only: no clock, no chance, no float.

Source: Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45–52.

- Quota (46): ⌊valid papers / (seats + 1)⌋ + 1. Whoever has it is elected (47), at the end of each stage.
- Surplus (48, 49): one at a time, the largest first. *All* papers of the elected candidate go to their
  next continuing preference, each at ⌊surplus × its value / her votes⌋, five decimals, the rest cut
  off (weighted inclusive Gregory). A paper without one is not transferable.
- Exclusion (50, 51): where no surplus is left, whoever has fewest; papers go on at the value they had.
- Last vacancies (52): as many continuing candidates as vacancies are elected, and nothing is transferred more.
- Ties: ``lots``. Where no lot was drawn and whatever it said the same candidates would be elected (two who
  have no vote at all, say), the count goes on with the one of the lowest number first, and says so.

With one seat this is the alternative vote (``irv``): the quota is then the majority of the valid papers.

A candidate is a number, a ranking a tuple of them, best first; equal rankings come grouped with how
many papers say so, which makes a count cost what its *distinct* rankings cost.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from councils.counting.lots import Choice, Unsettled, choose

#: Votes are counted in hundred-thousandths: five decimals.
SCALE = 100_000
#: So many orders of a lot are tried out before a tie is reported: those of five candidates.
MOST_WAYS = 120

Ranking = tuple[int, ...]
Happened = Literal["first_preferences", "surplus", "exclusion"]


@dataclass(frozen=True)
class Stage:
    """What happened, and where it left everybody. Votes in units of 1/``SCALE``.

    ``totals`` of every candidate; ``elected`` at the end of this stage, in order of votes;
    ``transfers`` to each candidate who received some; ``exhausted``: not transferable so far;
    ``cut_off``: lost so far by cutting after five decimals. Totals, exhausted and cut off add up to the valid papers.
    """

    happened: Happened
    totals: Mapping[int, int]
    exhausted: int
    cut_off: int
    elected: tuple[int, ...]
    choice: Choice | None = None
    transfers: Mapping[int, int] = field(default_factory=dict)

    @property
    def candidate(self) -> int | None:
        """Whose votes were transferred."""
        return self.choice.candidate if self.choice else None


@dataclass(frozen=True)
class StvCount:
    """``elected`` in order of election, ``excluded`` in order of exclusion.

    ``tied``: those among whom nothing settles who goes on; then the count stopped there, and
    ``elected`` are those who were elected before. ``tied_for`` says what they tie for.
    """

    seats: int
    valid: int
    quota: int
    elected: tuple[int, ...]
    excluded: tuple[int, ...]
    stages: tuple[Stage, ...]
    tied: tuple[int, ...] = ()
    tied_for: Literal["surplus", "exclusion"] | None = None


def count_stv(
    *,
    candidates: Iterable[int],
    papers: Mapping[Ranking, int],
    seats: int,
    lots: Sequence[int] = (),
) -> StvCount:
    """Count ``papers`` (ranking → how many) for ``seats``.

    Names that are not among ``candidates`` (withdrawn ones) are passed over; a ranking that names none
    of them is not valid. Without a valid paper nobody is elected. The order of ``papers`` is irrelevant.
    """
    standing, drawn = tuple(candidates), tuple(lots)
    count = _Count(standing, papers, seats, drawn).run()
    if not count.tied:
        return count
    ways = _ways(standing, papers, seats, drawn)
    counts = list(itertools.islice(ways, MOST_WAYS + 1))
    if len(counts) > MOST_WAYS or len({frozenset(c.elected) for c in counts}) > 1:
        return count
    return _told_either_way(counts[0], drawn)


def _ways(
    candidates: tuple[int, ...], papers: Mapping[Ranking, int], seats: int, lots: tuple[int, ...]
) -> Iterator[StvCount]:
    """The counts of every order that a lot could draw, as far as a tie asks for it: the order of numbers first."""
    count = _Count(candidates, papers, seats, lots).run()
    if not count.tied:
        yield count
        return
    missing = min(c for c in count.tied if c not in lots)
    for place in range(len(lots), -1, -1):
        yield from _ways(candidates, papers, seats, (*lots[:place], missing, *lots[place:]))


def _told_either_way(count: StvCount, drawn: tuple[int, ...]) -> StvCount:
    """``count`` with the ties that its made-up order settled marked as such."""
    stages = tuple(
        replace(stage, choice=replace(stage.choice, settled="either_way"))
        if stage.choice and stage.choice.settled == "lot" and not set(stage.choice.among) <= set(drawn)
        else stage
        for stage in count.stages
    )
    return replace(count, stages=stages)


#: A paper of a pile: its ranking, the place in it of the candidate who has it, and how many are alike.
_Papers = list[tuple[Ranking, int, int]]


class _Count:
    """The state of one count, advanced stage by stage."""

    def __init__(
        self, candidates: tuple[int, ...], papers: Mapping[Ranking, int], seats: int, lots: tuple[int, ...]
    ) -> None:
        self.seats, self.lots = seats, lots
        self.continuing = set(candidates)
        self.totals = dict.fromkeys(candidates, 0)
        # candidate → value of one paper → papers
        self.piles: dict[int, dict[int, _Papers]] = {c: {} for c in candidates}
        self.exhausted = self.cut_off = 0
        self.elected: list[int] = []
        self.excluded: list[int] = []
        self.surpluses: set[int] = set()
        self.stages: list[Stage] = []
        self.valid = self._deal(SCALE, ((ranking, -1, n) for ranking, n in papers.items()))
        self.quota = self.valid // (seats + 1) + 1

    def run(self) -> StvCount:
        tied: tuple[int, ...] = ()
        task: Literal["surplus", "exclusion"] | None = None
        if self.valid:
            self.exhausted = 0  # what names nobody is no valid paper
            self._end_stage("first_preferences")
            try:
                while self.continuing and len(self.elected) < self.seats:
                    task = "surplus" if self.surpluses else "exclusion"
                    (self._transfer_surplus if self.surpluses else self._exclude)()
                task = None
            except Unsettled as tie:
                tied = tie.candidates
        return StvCount(
            self.seats, self.valid, self.quota,
            tuple(self.elected), tuple(self.excluded), tuple(self.stages), tied, task,
        )  # fmt: skip

    def _deal(self, value: int, papers: Iterable[tuple[Ranking, int, int]]) -> int:
        """Give each paper, at ``value``, to its next continuing preference; how many found one."""
        continuing, found = self.continuing, 0
        for ranking, place, n in papers:
            for at in range(place + 1, len(ranking)):
                candidate = ranking[at]
                if candidate in continuing:
                    self.piles[candidate].setdefault(value, []).append((ranking, at, n))
                    self.totals[candidate] += n * value
                    found += n
                    break
            else:
                self.exhausted += n * value
        return found

    def _transfer_surplus(self) -> None:
        votes = self.totals
        largest = max(votes[c] for c in self.surpluses)
        choice = self._choose([c for c in self.surpluses if votes[c] == largest], most=True)
        candidate, total = choice.candidate, largest
        surplus = total - self.quota * SCALE
        before = dict(votes)
        given_before = sum(votes.values()) + self.exhausted
        self.surpluses.remove(candidate)
        for value, papers in self.piles.pop(candidate).items():
            self._deal(surplus * value // total, papers)
        votes[candidate] -= surplus
        self.cut_off += given_before - sum(votes.values()) - self.exhausted
        self._end_stage("surplus", choice, before)

    def _exclude(self) -> None:
        votes = self.totals
        fewest = min(votes[c] for c in self.continuing)
        choice = self._choose([c for c in self.continuing if votes[c] == fewest], most=False)
        before = dict(votes)
        self.continuing.remove(choice.candidate)
        self.excluded.append(choice.candidate)
        for value, papers in self.piles.pop(choice.candidate).items():
            self._deal(value, papers)
        votes[choice.candidate] = 0
        self._end_stage("exclusion", choice, before)

    def _choose(self, candidates: list[int], *, most: bool) -> Choice:
        try:
            return choose(candidates, most=most, history=[stage.totals for stage in self.stages], lots=self.lots)
        except Unsettled as tie:
            if most or not self._are_indifferent(tie.candidates):
                raise
            return Choice(max(tie.candidates), tuple(sorted(candidates)), "either_way")

    def _are_indifferent(self, candidates: Sequence[int]) -> bool:
        """Whether all of them go, whoever goes first: they have no paper to pass on, and the places are for others."""
        left = len(self.continuing) - len(candidates)
        no_papers = not any(self.piles[c] for c in candidates)
        return no_papers and left >= self.seats - len(self.elected) and left > 0

    def _end_stage(
        self, happened: Happened, choice: Choice | None = None, before: Mapping[int, int] | None = None
    ) -> None:
        """Elect who has the quota, and the last continuing ones where they are as many as the vacancies."""
        votes, quota = self.totals, self.quota * SCALE
        elected = self._in_order(c for c in self.continuing if votes[c] >= quota)
        self.surpluses.update(c for c in elected if votes[c] > quota)
        left = self.continuing.difference(elected)
        if len(left) <= self.seats - len(self.elected) - len(elected):
            elected += self._in_order(left)
        self.elected += elected
        self.continuing.difference_update(elected)
        gained = {c: n - before[c] for c, n in votes.items() if n > before[c]} if before else {}
        self.stages.append(Stage(happened, dict(votes), self.exhausted, self.cut_off, tuple(elected), choice, gained))

    def _in_order(self, candidates: Iterable[int]) -> list[int]:
        return sorted(candidates, key=lambda c: (-self.totals[c], c))
