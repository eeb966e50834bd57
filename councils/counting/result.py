"""Result: what the papers of one vote add up to, and what of it may be known. Pure, so that a verifier says the same.

``Poll.result`` holds only what may be published, so no page or export can show more:

=========== ====================================================================================
outcome     yes/no: ``adopted``, ``rejected``; elections: ``elected``, ``tie``, ``no_votes``;
            both: ``no_quorum``, ``void``, ``interrupted``
reason      of void and interrupted: ``not_entered`` (on paper), ``key_lost``, ``too_small``, ``too_few_votes``,
            ``called_off``, ``no_drill``, ``fallen_away``, ``restored``, ``torn``
shown       ``nothing`` (no ballot was opened), ``outcome``, ``totals`` or ``ballots``
            (``counting.publication``)
roll        electors on the roll
present     how many deposited a paper
quorum      ``{"met": bool}``, and ``base``, ``needed``, ``reached``, ``out_of`` where they tell
            nothing that ``shown`` keeps back
elected     option ids in order of votes (of id, where only the outcome may be known); ``tied``
            those that share the last places. By lists: the list of each seat, in the order in which seats were given
substitutes of an election, where the rules ask for them, from ``totals`` on: option id of each of the elected →
            ids of those who follow her, in order (``counting.substitutes``); not by lists, whose order says it
tally       from ``totals`` on: answer or option id → votes (of a ranked paper: first preferences);
            and ``blank``, ``spoilt``
count       from ``totals`` on, of ranked papers quota and stages (``counting.record``), of lists the divisor by which
            each seat was given (``counting.lists``)
=========== ====================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from councils.counting.lists import DIVISORS, count_lists, lists_record
from councils.counting.majority import Majority, is_adopted
from councils.counting.marks import MarksCount, count_marks
from councils.counting.publication import BALLOTS_FROM, Shown, shown
from councils.counting.quorum import Quorum, QuorumReached, Turnout, quorum_reached
from councils.counting.record import rankings, stv_record
from councils.counting.stv import SCALE, count_stv
from councils.counting.substitutes import next_by_countback, next_by_votes
from councils.counting.yes_no import ANSWERS, count_yes_no

#: What a paper asks, and so how it is counted; the values of ``enums.PollKind``.
METHODS = ("yes_no", "approval", "plurality", "stv", *DIVISORS)


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
    #: On paper: it was counted before everybody in the hall, so no total is kept back. A whole ranking is nearly a
    #: signature, though, and what a hall of few heard once is not put on a page for good.
    on_paper: bool = False
    #: How many follow each of the elected, at most.
    substitutes: int = 0
    #: By lists: how many people each of ``options`` has.
    people: tuple[int, ...] = ()

    @property
    def is_by_lists(self) -> bool:
        return self.method in DIVISORS

    @property
    def is_election(self) -> bool:
        return self.method != "yes_no"

    def shown_of(self, papers: int) -> Shown:
        """What of a result of so many papers may be known."""
        if self.on_paper and self.method == "stv":
            return "ballots" if papers >= BALLOTS_FROM else "totals"
        return "totals" if self.named or self.on_paper else shown(papers, election=self.is_election)


@dataclass(frozen=True)
class Opened:
    """One paper: the marks that count, or spoilt."""

    marks: tuple[str, ...]
    spoilt: bool = False


def marks_are_valid(marks: Sequence[str], *, method: str, options: Collection[str], seats: int) -> bool:
    """Yes/no: exactly one answer. Else known options, each at most once; none is a blank paper.

    By plurality at most as many as there are seats, by lists one.
    """
    if method == "yes_no":
        return len(marks) == 1 and marks[0] in ANSWERS
    if method in DIVISORS and len(marks) > 1:
        return False
    if method == "plurality" and len(marks) > seats:
        return False
    return len(set(marks)) == len(marks) and set(marks) <= set(options)


def as_opened(question: Question, marks: Sequence[str] | None) -> Opened:
    """A paper, or a spoilt one where the envelope (``marks`` None) or what it says is invalid."""
    if marks is None or not marks_are_valid(
        marks, method=question.method, options=question.options, seats=question.seats
    ):
        return Opened((), spoilt=True)
    return Opened(tuple(marks))


def result_of(question: Question, papers: Sequence[Opened], quorum_present: int) -> dict[str, Any]:
    """``Poll.result`` for these papers. ``quorum_present``: how many of those who voted count for the quorum."""
    valid = [p.marks for p in papers if not p.spoilt]
    marked = [marks for marks in valid if marks]
    blank, spoilt = len(valid) - len(marked), len(papers) - len(valid)
    stages: dict[str, Any] | None = None
    totals: Mapping[str, int]
    if question.is_election:
        decision, totals, stages = _election(question, marked)
    else:
        totals = count_yes_no(marked)
        decision = decide(question, totals)
    return _told(question, decision, totals, stages, len(papers), blank, spoilt, quorum_present)


def result_of_totals(
    question: Question, totals: Mapping[str, int], *, papers: int, blank: int, spoilt: int, quorum_present: int
) -> dict[str, Any]:
    """The same where only the totals of each option were counted, by hand. Not of a ranked vote."""
    decision, stages = _by_lists(question, totals) if question.is_by_lists else (decide(question, totals), None)
    return _told(question, decision, totals, stages, papers, blank, spoilt, quorum_present)


def _told(
    question: Question,
    decision: dict[str, Any],
    totals: Mapping[str, int],
    stages: dict[str, Any] | None,
    papers: int,
    blank: int,
    spoilt: int,
    quorum_present: int,
) -> dict[str, Any]:
    """What was decided, as far as so many papers let it be known."""
    marked, quorum = papers - blank - spoilt, question.quorum
    decided = marked if question.is_election else totals["yes"] + totals["no"]
    present = quorum_present if quorum.base == "roll" else papers
    reached = quorum_reached(quorum, Turnout(question.quorum_base, present, marked, decided))
    told = question.shown_of(papers)
    result: dict[str, Any] = {
        "shown": told,
        "roll": question.roll,
        "present": papers,
        "quorum": quorum_told(reached, quorum.base, told == "outcome"),
    }
    if told == "outcome":  # the order of the elected would tell who had more votes
        decision = {name: sorted(decision[name]) for name in ("elected", "tied") if name in decision} | {
            "outcome": decision["outcome"]
        }  # nor may those who follow them be told
    if not reached.met:
        decision = {"outcome": "no_quorum"}
    if told != "outcome":
        result |= {"tally": totals, "blank": blank, "spoilt": spoilt} | ({"count": stages} if stages else {})
    return result | decision


def fits(question: Question, tally: Mapping[str, int], marked: int) -> bool:
    """Whether so many marked papers can say this."""
    marks = sum(tally.values())
    if question.method in ("yes_no", "stv") or question.is_by_lists:
        return marks == marked
    most = question.seats if question.method == "plurality" else len(question.options)
    return marked <= marks <= marked * most and max(tally.values(), default=0) <= marked


def no_quorum_of_roll(question: Question, ballots: int, quorum_present: int) -> dict[str, Any]:
    """The result of ``ballots`` that nobody opens, where the quorum is one of the roll and was not reached; else {}."""
    quorum = question.quorum
    reached = quorum_reached(quorum, Turnout(question.quorum_base, quorum_present, 0, 0))
    if quorum.base != "roll" or reached.met:
        return {}
    told = quorum_told(reached, quorum.base, few=True)
    return {"shown": "nothing", "roll": question.roll, "present": ballots, "quorum": told, "outcome": "no_quorum"}


def decide(question: Question, totals: Mapping[str, int]) -> dict[str, Any]:
    """The decision that follows from totals alone: of yes and no, of marks and of lists. A ranked one has none."""
    if not question.is_election:
        adopted = is_adopted(question.majority, yes=totals["yes"], no=totals["no"], abstain=totals["abstain"])
        return {"outcome": "adopted" if adopted else "rejected"}
    if question.is_by_lists:
        return _by_lists(question, totals)[0]
    papers: dict[tuple[str, ...], int] = {(option,): n for option, n in totals.items()}
    count = count_marks(candidates=question.options, papers=papers, seats=question.seats, lots=question.lots)
    return _decision(list(count.elected), list(count.tied)) | _followed(question, count)


def _election(
    question: Question, marked: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], Mapping[str, int], dict[str, Any] | None]:
    """(what was decided, votes by option, the stages where papers are ranked or lists share seats)."""
    if question.method == "stv":
        ids, lots = [int(id) for id in question.options], [int(id) for id in question.lots]
        ranked = count_stv(candidates=ids, papers=rankings(marked), seats=question.seats, lots=lots)
        first = ranked.stages[0].totals if ranked.stages else dict.fromkeys(ids, 0)
        elected, tied = ([str(c) for c in found] for found in (ranked.elected, ranked.tied))
        by_first = {str(c): n // SCALE for c, n in first.items()}
        decision = _decision(elected, tied)
        if decision["outcome"] == "elected" and question.substitutes:
            follow = next_by_countback(
                candidates=ids,
                papers=rankings(marked),
                seats=question.seats,
                elected=ranked.elected,
                lots=lots,
                most=question.substitutes,
            )
            decision["substitutes"] = {str(one): [str(c) for c in others] for one, others in follow.items()}
        return decision, by_first, stv_record(ranked, lots)
    if question.is_by_lists:
        said = Counter(marks[0] for marks in marked)
        votes = {option: said[option] for option in question.options}
        decision, record = _by_lists(question, votes)
        return decision, votes, record
    papers = Counter(map(tuple, marked))
    count = count_marks(candidates=question.options, papers=papers, seats=question.seats, lots=question.lots)
    return _decision(list(count.elected), list(count.tied)) | _followed(question, count), count.totals, None


def _followed(question: Question, count: MarksCount[str]) -> dict[str, Any]:
    """Who follows the elected, by marks; nothing where the rules do not ask for it."""
    if not question.substitutes or count.tied or not count.elected:
        return {}
    most = question.substitutes
    return {"substitutes": next_by_votes(totals=count.totals, elected=count.elected, lots=question.lots, most=most)}


def _by_lists(question: Question, votes: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what was decided, how each seat was given)."""
    count = count_lists(
        votes,
        people=dict(zip(question.options, question.people, strict=True)),
        seats=question.seats,
        method=question.method,
        lots=question.lots,
    )
    decision = _decision([award.name for award in count.awards], list(count.tied))
    return decision, lists_record(count, question.method)


def record_of_lists(question: Question, votes: Mapping[str, int]) -> dict[str, Any]:
    """What ``count`` says of lists with these ``votes``: it follows from totals alone."""
    return _by_lists(question, votes)[1]


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
