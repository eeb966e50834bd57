"""What the page of a result by lists shows: votes and seats of each list, its people, and how each seat was given."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import figures
from councils.count_words import listed
from councils.counting.lists import divisor, in_list_order
from councils.enums import BY_LISTS, PollKind
from councils.models import Poll

#: Outcomes of which the seats tell: without quorum nobody is elected, whatever the count came to.
TOLD = ("elected", "tie")


@dataclass(frozen=True)
class ListRow:
    """One list: its votes (None under the floor), its seats, and its people in their order, each with whether she is
    elected."""

    name: str
    votes: int | None
    seats: int
    people: list[tuple[str, bool]]


@dataclass(frozen=True)
class SeatRow:
    """One seat in the order in which they were given: “60 ÷ 2”, what that makes, and who takes it."""

    number: int
    name: str
    division: str
    quotient: str
    person: str


@dataclass(frozen=True)
class ListsPage:
    """Make with ``lists_of``."""

    poll: Poll
    result: dict[str, Any]

    @property
    def is_tie(self) -> bool:
        return bool(self.result["outcome"] == "tie")

    @cached_property
    def names(self) -> dict[str, str]:
        return {option["id"]: option["label"] for option in self.poll.options}

    @cached_property
    def people(self) -> dict[str, list[str]]:
        return {option["id"]: [person["name"] for person in option["people"]] for option in self.poll.options}

    @property
    def elected(self) -> list[str]:
        """People, in the order in which the seats were given; nobody where a tie ended the count."""
        if self.is_tie:
            return []
        return [self.people[name][place] for name, place in in_list_order(self.result["elected"])]

    @property
    def papers(self) -> int:
        """How many were not spoilt."""
        return int(self.result["present"]) - int(self.result.get("spoilt", 0))

    @property
    def rows(self) -> list[ListRow]:
        """By seats and votes; where only the decision may be known, by seats and name."""
        tally, seats = self.result.get("tally", {}), Counter(self.result["elected"])
        rows = [
            ListRow(
                self.names[id],
                tally.get(id),
                seats[id],
                [(name, not self.is_tie and place < seats[id]) for place, name in enumerate(people)],
            )
            for id, people in self.people.items()
        ]
        return sorted(rows, key=lambda row: (-(row.votes or 0), -row.seats, row.name))

    @property
    def given(self) -> list[SeatRow]:
        """Seat by seat; nothing under the floor."""
        tally, stages = self.result.get("tally", {}), self.result.get("count", {}).get("stages", [])
        order = in_list_order(stage["list"] for stage in stages)
        return [
            SeatRow(
                number,
                self.names[id],
                f"{figures.figure(tally[id])} ÷ {stage['divisor']}",
                figures.figure(Decimal(tally[id]) / stage["divisor"], 2),
                "" if self.is_tie else self.people[id][place],
            )
            for number, (stage, (id, place)) in enumerate(zip(stages, order, strict=True), 1)
        ]

    @property
    def in_words(self) -> list[str]:
        """How the seats were shared, what stood in the way of a list, ties, and seats that stay vacant."""
        divisors = "1, 2, 3" if self.poll.kind == PollKind.DHONDT else "1, 3, 5"
        told = [
            _(
                "The votes of each list are divided by %(divisors)s and so on. Each seat goes to the highest quotient"
                " that is left, and to the next person of that list."
            )
            % {"divisors": divisors}
        ]
        if "count" not in self.result:
            return told
        vacant = (self.poll.seats or 1) - len(self.result["elected"])
        passed_over = self._passed_over
        if passed_over:
            told.append(
                ngettext(
                    "Everybody on %(names)s has a seat: its further quotients are passed over, and those seats go to"
                    " the next ones.",
                    "Everybody on %(names)s has a seat: their further quotients are passed over, and those seats go to"
                    " the next ones.",
                    len(passed_over),
                )
                % {"names": listed(passed_over)}
            )
        by_lot = [self.names[id] for id in self.result["count"]["by_lot"]]
        if by_lot:
            told.append(
                _("%(names)s have equal quotients for the last place; the lot drawn before the count decides.")
                % {"names": listed(by_lot)}
            )
        if vacant and not self.is_tie:
            told.append(
                ngettext(
                    "%(n)s seat stays vacant: no list with votes has more people.",
                    "%(n)s seats stay vacant: no list with votes has more people.",
                    vacant,
                )
                % {"n": vacant}
            )
        return told

    @property
    def _passed_over(self) -> list[str]:
        """Lists without people left, whose next quotient would have had a seat."""
        seats, tally, method = Counter(self.result["elected"]), self.result["tally"], str(self.poll.kind)
        given = [Fraction(tally[s["list"]], s["divisor"]) for s in self.result["count"]["stages"]]
        vacant = len(given) < (self.poll.seats or 1) and not self.is_tie
        return [
            self.names[id]
            for id, people in self.people.items()
            if given
            and seats[id] == len(people)
            and (vacant or Fraction(tally[id], divisor(method, len(people))) > given[-1])
        ]

    @property
    def tie(self) -> str:
        """Where nothing settled it: a sentence."""
        if not self.is_tie:
            return ""
        left = (self.poll.seats or 1) - len(self.result["elected"])
        return ngettext(
            "Tie: %(names)s have equal quotients for %(n)s last place, and no lot was drawn.",
            "Tie: %(names)s have equal quotients for the %(n)s last places, and no lot was drawn.",
            left,
        ) % {"names": listed(self.names[id] for id in self.result["tied"]), "n": left}


def lists_of(poll: Poll, result: dict[str, Any]) -> ListsPage | None:
    """The seats in ``result`` of ``poll``; None where there are none to tell of, or nobody stood on lists."""
    if poll.kind not in BY_LISTS or result.get("outcome") not in TOLD or result.get("shown") == "nothing":
        return None
    return ListsPage(poll, result)
