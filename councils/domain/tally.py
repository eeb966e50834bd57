"""Tally: what the opened papers of a poll add up to, and what of it may be known.

``Poll.result`` holds only what may be published, so no page or export can show more:

=========== ====================================================================================
outcome     yes/no: ``adopted``, ``rejected``; elections: ``elected``, ``tie``, ``no_votes``;
            both: ``no_quorum``, ``void``, ``interrupted``
reason      of void and interrupted: ``key_lost``, ``too_small``, ``too_few_votes``, ``called_off``, ``no_drill``,
            ``restored``, ``torn``
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

from councils.counting.majority import is_adopted
from councils.counting.marks import count_marks
from councils.counting.publication import shown
from councils.counting.quorum import Quorum, QuorumReached, Turnout, quorum_reached
from councils.counting.record import rankings, stv_record
from councils.counting.stv import SCALE, count_stv
from councils.counting.yes_no import ANSWERS, count_yes_no
from councils.enums import PollKind
from councils.models import Poll
from councils.rules import Rules


@dataclass(frozen=True)
class Opened:
    """One paper: the marks that count, or spoilt."""

    marks: tuple[str, ...]
    spoilt: bool = False


def marks_are_valid(poll: Poll, marks: Sequence[str]) -> bool:
    """Yes/no: exactly one answer. Else known options, each at most once; none is a blank paper.

    By plurality at most as many as there are seats.
    """
    if poll.kind == PollKind.YES_NO:
        return len(marks) == 1 and marks[0] in ANSWERS
    if poll.kind == PollKind.PLURALITY and len(marks) > (poll.seats or 1):
        return False
    return len(set(marks)) == len(marks) and set(marks) <= {o["id"] for o in poll.options}


def as_opened(poll: Poll, marks: Sequence[str] | None) -> Opened:
    """A paper, or a spoilt one where the envelope (``marks`` None) or what it says is invalid."""
    if marks is None or not marks_are_valid(poll, marks):
        return Opened((), spoilt=True)
    return Opened(tuple(marks))


def result_of(*, poll: Poll, papers: Sequence[Opened], quorum_present: int) -> dict[str, Any]:
    """``Poll.result`` for these papers. ``quorum_present``: how many of those who voted count for the quorum."""
    rules = Rules.read(poll.rule_set.rules)
    record: dict[str, Any] = {}
    valid = [p.marks for p in papers if not p.spoilt]
    marked = [marks for marks in valid if marks]
    counts = {"blank": len(valid) - len(marked), "spoilt": len(papers) - len(valid)}
    by_answer = count_yes_no(marked)
    decided = by_answer["yes"] + by_answer["no"] if poll.kind == PollKind.YES_NO else len(marked)
    quorum = _quorum_of(poll)
    present = quorum_present if quorum.base == "roll" else len(papers)
    reached = quorum_reached(quorum, Turnout(poll.quorum_base or 0, present, len(marked), decided))
    told = shown(len(papers), election=poll.kind != PollKind.YES_NO)
    result: dict[str, Any] = {
        "shown": told,
        "roll": poll.roll_size,
        "present": len(papers),
        "quorum": _quorum_told(reached, quorum.base, told == "outcome"),
    }
    totals: Mapping[str, int]
    if poll.kind == PollKind.YES_NO:
        adopted = is_adopted(rules.majority, **by_answer)
        decision: dict[str, Any] = {"outcome": "adopted" if adopted else "rejected"}
        totals = by_answer
    else:
        decision, totals, stages = _election(poll, marked)
        record = {"count": stages} if stages else {}
    if told == "outcome":  # the order of the elected would tell who had more votes
        decision |= {name: sorted(decision[name]) for name in ("elected", "tied") if name in decision}
    if not reached.met:
        decision = {"outcome": "no_quorum"}
    if told != "outcome":
        result |= {"tally": totals, **counts, **record}
    return result | decision


def no_quorum_of_roll(*, poll: Poll, ballots: int, quorum_present: int) -> dict[str, Any]:
    """The result of ``ballots`` that nobody opens, where the quorum is one of the roll and was not reached; else {}."""
    quorum = _quorum_of(poll)
    reached = quorum_reached(quorum, Turnout(poll.quorum_base or 0, quorum_present, 0, 0))
    if quorum.base != "roll" or reached.met:
        return {}
    told = _quorum_told(reached, quorum.base, few=True)
    return {"shown": "nothing", "roll": poll.roll_size, "present": ballots, "quorum": told, "outcome": "no_quorum"}


def _quorum_of(poll: Poll) -> Quorum:
    rules = Rules.read(poll.rule_set.rules)
    return rules.proposal_quorum if poll.kind == PollKind.YES_NO else rules.election_quorum


def _election(
    poll: Poll, marked: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], Mapping[str, int], dict[str, Any] | None]:
    """(what was decided, votes by option, the stages where papers are ranked)."""
    ids, seats = [o["id"] for o in poll.options], poll.seats or 1
    if poll.kind == PollKind.STV:
        lots = [int(id) for id in poll.lots]
        ranked = count_stv(candidates=map(int, ids), papers=rankings(marked), seats=seats, lots=lots)
        first = ranked.stages[0].totals if ranked.stages else dict.fromkeys(map(int, ids), 0)
        elected, tied = ([str(c) for c in found] for found in (ranked.elected, ranked.tied))
        return (
            {"outcome": _outcome(elected, tied), "elected": elected, "tied": tied},
            {str(c): n // SCALE for c, n in first.items()},
            stv_record(ranked, lots),
        )
    count = count_marks(candidates=ids, papers=Counter(map(tuple, marked)), seats=seats, lots=poll.lots)
    elected, tied = list(count.elected), list(count.tied)
    return {"outcome": _outcome(elected, tied), "elected": elected, "tied": tied}, count.totals, None


def _outcome(elected: list[str], tied: list[str]) -> str:
    return "tie" if tied else "elected" if elected else "no_votes"


def _quorum_told(reached: QuorumReached, base: str, few: bool) -> dict[str, Any]:
    """Under the floor: of marked papers it would tell how many were blank; of the roll, whether somebody voted
    who does not count for it (``reached`` beside ``present``)."""
    if few and base != "roll":
        return {"met": reached.met}
    told = {"met": reached.met, "base": base, **asdict(reached)}
    if few:
        del told["reached"]
    return told
