"""Tally: a poll as the question that ``counting.result`` counts; what a result holds is told there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from councils.counting import result
from councils.counting.result import Opened, Question
from councils.enums import BY_LISTS, PollKind, Secrecy
from councils.models import Poll
from councils.rules import Rules


def question_of(poll: Poll) -> Question:
    """What ``poll`` asked, under the rules that it opened with."""
    rules = Rules.read(poll.rule_set.rules)
    quorum, majority = rules.deciding(
        method=str(poll.kind), recall=is_recall(poll), rules=poll.rule_changes is not None
    )
    return Question(
        method=str(poll.kind),
        options=tuple(option["id"] for option in poll.options),
        seats=poll.seats or 1,
        lots=tuple(poll.lots),
        quorum=quorum,
        majority=majority,
        roll=poll.roll_size,
        quorum_base=poll.quorum_base or 0,
        named=poll.secrecy == Secrecy.NAMED,
        on_paper=poll.secrecy == Secrecy.PAPER,
        substitutes=0 if poll.kind in (PollKind.YES_NO, *BY_LISTS) else rules.substitutes,
        people=tuple(len(option["people"]) for option in poll.options if "people" in option),
    )


def is_recall(poll: Poll) -> bool:
    """Whether ``poll`` decides on a recall: no query where it was loaded with the poll, nor for elections."""
    return poll.kind == PollKind.YES_NO and hasattr(poll, "recall")


def marks_are_valid(poll: Poll, marks: Sequence[str]) -> bool:
    """Whether ``marks`` make a paper of this poll that is not spoilt. Asks for nothing but the poll."""
    options = [option["id"] for option in poll.options]
    return result.marks_are_valid(marks, method=str(poll.kind), options=options, seats=poll.seats or 1)


def opened(poll: Poll, papers: Sequence[Sequence[str] | None]) -> list[Opened]:
    """Each paper; a spoilt one where the envelope (None) or what it says is invalid."""
    question = question_of(poll)
    return [result.as_opened(question, marks) for marks in papers]


def result_of(*, poll: Poll, papers: Sequence[Opened], quorum_present: int) -> dict[str, Any]:
    """``Poll.result`` for these papers. ``quorum_present``: how many of those who voted count for the quorum."""
    return result.result_of(question_of(poll), papers, quorum_present)


def no_quorum_of_roll(*, poll: Poll, ballots: int, quorum_present: int) -> dict[str, Any]:
    """The result of ``ballots`` that nobody opens, where the quorum is one of the roll and was not reached; else {}."""
    return result.no_quorum_of_roll(question_of(poll), ballots, quorum_present)
