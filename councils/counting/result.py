"""Result: what the papers of one vote add up to, and what of it may be known. Pure, so that a verifier says the same.

``Poll.result`` holds only what may be published, so no page or export can show more:

=========== ====================================================================================
outcome     yes/no: ``adopted``, ``rejected``; elections: ``elected``, ``tie``, ``no_votes``;
            both: ``no_quorum``, ``void``, ``interrupted``
reason      of void and interrupted: ``key_lost``, ``too_small``, ``too_few_votes``, ``called_off``, ``no_drill``,
            ``fallen_away``, ``restored``, ``torn``
shown       ``nothing`` (no ballot was opened), ``outcome``, ``totals`` or ``ballots``
            (``counting.publication``)
roll        electors on the roll
present     how many deposited a paper
quorum      ``{"met": bool}``, and ``base``, ``needed``, ``reached``, ``out_of`` where they tell
            nothing that ``shown`` keeps back
elected     option ids in order of votes (of id, where only the outcome may be known); ``tied``
            those that share the last places
tally       from ``totals`` on: answer or option id → votes (of a ranked paper: first preferences);
            and ``blank``, ``spoilt``
count       of ranked papers, from ``totals`` on: quota and stages (``counting.record``)
=========== ====================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from councils.counting.majority import Majority, is_adopted
from councils.counting.marks import count_marks
from councils.counting.publication import shown
from councils.counting.quorum import Quorum, QuorumReached, Turnout, quorum_reached
from councils.counting.record import rankings, stv_record
from councils.counting.stv import SCALE, count_stv
from councils.counting.yes_no import ANSWERS, count_yes_no

#: What a paper asks, and so how it is counted; the values of ``enums.PollKind``.
METHODS = ("yes_no", "approval", "plurality", "stv")


@dataclass(frozen=True)
class Question:
    """What was asked, of whom, and under which rules. ``options`` and ``lots`` are ids (decimal numbers)."""

    method: str
    options: tuple[str, ...]
    seats: int
    lots: tuple[str, ...]
    quorum: Quorum
    majority: Majority
    roll: int | None
    quorum_base: int
    #: By name: each vote is published beside its name, so there is nothing to keep back.
    named: bool = False

    @property
    def is_election(self) -> bool:
        return self.method != "yes_no"


@dataclass(frozen=True)
class Opened:
    """One paper: the marks that count, or spoilt."""

    marks: tuple[str, ...]
    spoilt: bool = False


def marks_are_valid(question: Question, marks: Sequence[str]) -> bool:
    """Yes/no: exactly one answer. Else known options, each at most once; none is a blank paper.

    By plurality at most as many as there are seats.
    """
    if not question.is_election:
        return len(marks) == 1 and marks[0] in ANSWERS
    if question.method == "plurality" and len(marks) > question.seats:
        return False
    return len(set(marks)) == len(marks) and set(marks) <= set(question.options)


def as_opened(question: Question, marks: Sequence[str] | None) -> Opened:
    """A paper, or a spoilt one where the envelope (``marks`` None) or what it says is invalid."""
    if marks is None or not marks_are_valid(question, marks):
        return Opened((), spoilt=True)
    return Opened(tuple(marks))


def result_of(question: Question, papers: Sequence[Opened], quorum_present: int) -> dict[str, Any]:
    """``Poll.result`` for these papers. ``quorum_present``: how many of those who voted count for the quorum."""
    record: dict[str, Any] = {}
    valid = [p.marks for p in papers if not p.spoilt]
    marked = [marks for marks in valid if marks]
    counts = {"blank": len(valid) - len(marked), "spoilt": len(papers) - len(valid)}
    by_answer = count_yes_no(marked)
    decided = len(marked) if question.is_election else by_answer["yes"] + by_answer["no"]
    quorum = question.quorum
    present = quorum_present if quorum.base == "roll" else len(papers)
    reached = quorum_reached(quorum, Turnout(question.quorum_base, present, len(marked), decided))
    told = "totals" if question.named else shown(len(papers), election=question.is_election)
    result: dict[str, Any] = {
        "shown": told,
        "roll": question.roll,
        "present": len(papers),
        "quorum": quorum_told(reached, quorum.base, told == "outcome"),
    }
    totals: Mapping[str, int]
    if question.is_election:
        decision, totals, stages = _election(question, marked)
        record = {"count": stages} if stages else {}
    else:
        decision, totals = decide(question, by_answer), by_answer
    if told == "outcome":  # the order of the elected would tell who had more votes
        decision |= {name: sorted(decision[name]) for name in ("elected", "tied") if name in decision}
    if not reached.met:
        decision = {"outcome": "no_quorum"}
    if told != "outcome":
        result |= {"tally": totals, **counts, **record}
    return result | decision


def no_quorum_of_roll(question: Question, ballots: int, quorum_present: int) -> dict[str, Any]:
    """The result of ``ballots`` that nobody opens, where the quorum is one of the roll and was not reached; else {}."""
    quorum = question.quorum
    reached = quorum_reached(quorum, Turnout(question.quorum_base, quorum_present, 0, 0))
    if quorum.base != "roll" or reached.met:
        return {}
    told = quorum_told(reached, quorum.base, few=True)
    return {"shown": "nothing", "roll": question.roll, "present": ballots, "quorum": told, "outcome": "no_quorum"}


def decide(question: Question, totals: Mapping[str, int]) -> dict[str, Any]:
    """The decision that follows from totals alone: of yes and no, and of marks. A ranked one has none."""
    if not question.is_election:
        adopted = is_adopted(question.majority, yes=totals["yes"], no=totals["no"], abstain=totals["abstain"])
        return {"outcome": "adopted" if adopted else "rejected"}
    papers: dict[tuple[str, ...], int] = {(option,): n for option, n in totals.items()}
    count = count_marks(candidates=question.options, papers=papers, seats=question.seats, lots=question.lots)
    return _decision(list(count.elected), list(count.tied))


def _election(
    question: Question, marked: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], Mapping[str, int], dict[str, Any] | None]:
    """(what was decided, votes by option, the stages where papers are ranked)."""
    if question.method == "stv":
        ids, lots = [int(id) for id in question.options], [int(id) for id in question.lots]
        ranked = count_stv(candidates=ids, papers=rankings(marked), seats=question.seats, lots=lots)
        first = ranked.stages[0].totals if ranked.stages else dict.fromkeys(ids, 0)
        elected, tied = ([str(c) for c in found] for found in (ranked.elected, ranked.tied))
        by_first = {str(c): n // SCALE for c, n in first.items()}
        return _decision(elected, tied), by_first, stv_record(ranked, lots)
    papers = Counter(map(tuple, marked))
    count = count_marks(candidates=question.options, papers=papers, seats=question.seats, lots=question.lots)
    return _decision(list(count.elected), list(count.tied)), count.totals, None


def _decision(elected: list[str], tied: list[str]) -> dict[str, Any]:
    return {"outcome": "tie" if tied else "elected" if elected else "no_votes", "elected": elected, "tied": tied}


def quorum_told(reached: QuorumReached, base: str, few: bool) -> dict[str, Any]:
    """Under the floor: of marked papers it would tell how many were blank; of the roll, whether somebody voted
    who does not count for it (``reached`` beside ``present``)."""
    if few and base != "roll":
        return {"met": reached.met}
    told = {"met": reached.met, "base": base, **asdict(reached)}
    if few:
        del told["reached"]
    return told
