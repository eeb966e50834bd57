"""What the page of a ranked result shows of its count: the elected, the picture, each round in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from councils import figures
from councils.count_words import quota_in_words, stage_in_words, tie_in_words
from councils.counting.record import read_stv_record
from councils.counting.stv import SCALE, Stage, StvCount
from councils.enums import PollKind
from councils.models import Poll
from councils.names import first_name_and_surname
from councils.transfers_chart import Stream, fits, transfers

#: Outcomes of which the stages tell: without quorum nobody is elected, whatever the count came to.
TOLD = ("elected", "tie")
#: Letters for which there is room beside the picture.
LONGEST_NAME = 20


@dataclass(frozen=True)
class Winner:
    """One elected person: in which round, with how many votes then."""

    name: str
    initials: str
    line: str


@dataclass(frozen=True)
class Round:
    """One stage: its number, what it did in two words, and all of it in sentences."""

    number: int
    head: str
    sentences: list[str]


@dataclass(frozen=True)
class Cell:
    """What somebody has at the end of a round. ``change`` since the one before, empty where there is none."""

    votes: str
    change: str = ""
    elected: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the table. ``round``: the one in which she is elected; ``person``: not the pile of used-up papers."""

    name: str
    cells: list[Cell]
    round: int | None = None
    person: bool = True


@dataclass(frozen=True)
class StagesPage:
    """The count of ``poll`` as the page shows it. Make with ``stages_of``."""

    poll: Poll
    count: StvCount

    def name(self, candidate: int) -> str:
        return self.names[candidate]

    @cached_property
    def names(self) -> dict[int, str]:
        return {int(option["id"]): option["label"] for option in self.poll.options}

    @cached_property
    def since(self) -> dict[int, int]:
        """Elected candidate → the stage, from 0, at whose end she is."""
        return {c: i for i, stage in enumerate(self.count.stages) for c in stage.elected}

    @property
    def quota(self) -> str:
        return figures.figure(self.count.quota)

    @property
    def valid(self) -> str:
        return figures.figure(self.count.valid)

    @property
    def quota_in_words(self) -> str:
        return quota_in_words(self.count)

    @property
    def winners(self) -> list[Winner]:
        """In order of election; nobody where a tie ended the count."""
        return [self._winner(c) for c in self.count.elected] if not self.count.tied else []

    def _winner(self, candidate: int) -> Winner:
        stage, name = self.since[candidate], self.name(candidate)
        said = {"round": stage + 1, "votes": _votes(self.count.stages[stage].totals[candidate])}
        if stage == 0:
            line = _("In round %(round)s, with %(votes)s first preferences") % said
        else:
            line = _("In round %(round)s, with %(votes)s votes") % said
        return Winner(name, "".join(word[:1] for word in first_name_and_surname(name)).upper(), line)

    @property
    def rounds(self) -> list[Round]:
        return [
            Round(n, self._head(stage), stage_in_words(stage, self.count.quota, self.name))
            for n, stage in enumerate(self.count.stages, 1)
        ]

    def _head(self, stage: Stage) -> str:
        if stage.candidate is None:
            return _("First preferences")
        who = {"name": first_name_and_surname(self.name(stage.candidate))[0]}
        if stage.happened == "surplus":
            return _("Surplus of %(name)s") % who
        return _("%(name)s is excluded") % who

    @property
    def tie(self) -> str:
        """Where nothing settled it: a sentence."""
        return tie_in_words(map(self.name, self.count.tied)) if self.count.tied else ""

    @cached_property
    def in_order(self) -> list[int]:
        """Elected ones in their order, then whoever stayed longest, the last excluded before the first."""
        left = [c for c in self.names if c not in self.count.elected and c not in self.count.excluded]
        last = self.count.stages[-1].totals
        left.sort(key=lambda c: (-last[c], c))
        return [*self.count.elected, *left, *reversed(self.count.excluded)]

    @property
    def rows(self) -> list[Row]:
        stages = self.count.stages
        people = [
            Row(self.name(c), self._cells([s.totals[c] for s in stages], self.since.get(c)), self._round(c))
            for c in self.in_order
        ]
        return [
            *people,
            Row(_("Used up"), self._cells([s.exhausted for s in stages]), person=False),
            *([Row(_("Cut off"), self._cells([s.cut_off for s in stages]), person=False)] if self.cuts else []),
        ]

    @property
    def cuts(self) -> bool:
        """Whether so much was lost after five decimals that two of them show it."""
        return self.count.stages[-1].cut_off * 200 >= SCALE

    def _round(self, candidate: int) -> int | None:
        return self.since[candidate] + 1 if candidate in self.since else None

    def _cells(self, totals: list[int], since: int | None = None) -> list[Cell]:
        return [
            Cell(
                _votes(n) if n else figures.MISSING,
                _change(n - totals[i - 1]) if i else "",
                since is not None and i >= since,
            )
            for i, n in enumerate(totals)
        ]

    @property
    def picture(self) -> SafeString:
        """Empty where there are too many people or rounds to draw."""
        stages = self.count.stages
        if not fits(len(self.names), len(stages)):
            return mark_safe("")
        streams = [
            Stream(
                Truncator(" ".join(first_name_and_surname(self.name(c)))).chars(LONGEST_NAME),
                [s.totals[c] / SCALE for s in stages],
                self.since.get(c),
                _votes(stages[-1].totals[c]),
                "" if self.count.tied else _("elected") if c in self.since else _("not elected"),
            )
            for c in self.in_order
        ]
        pile = [s.exhausted / SCALE for s in stages]
        streams.append(Stream("", pile, end=_votes(stages[-1].exhausted), note=_("used up"), pile=True))
        label = _("How votes passed from round to round; the same figures are in the table.")
        rounds = [_("Round %(n)s") % {"n": n} for n in range(1, len(stages) + 1)]
        return mark_safe(transfers(streams, rounds, label))


def _votes(units: int) -> str:
    return figures.figure(Decimal(units) / SCALE, 2)


def _change(units: int) -> str:
    """``+9``, ``−27``; empty where nothing changed, or so little that two decimals do not show it."""
    if abs(units) * 200 < SCALE:
        return ""
    return f"{'+' if units > 0 else '−'}{_votes(abs(units))}"


def stages_of(poll: Poll, result: dict[str, Any]) -> StagesPage | None:
    """The count in ``result`` of ``poll``; None where none may be shown, or none was ranked."""
    record = result.get("count")
    if poll.kind != PollKind.STV or not record or not record["stages"] or result["outcome"] not in TOLD:
        return None
    count = read_stv_record(record, seats=poll.seats or 1, elected=result["elected"], tied=result["tied"])
    return StagesPage(poll, count)
