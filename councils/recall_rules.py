"""Rules of a recall: how much support brings it to a vote, and what decides there. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from django.utils.translation import ngettext

from councils.counting.majority import Majority
from councils.counting.quorum import Quorum
from councils.rule_reading import read_majority, read_parts, read_quorum, read_share, read_whole
from councils.rule_words import (
    HALF_OF_THE_ROLL,
    MORE_YES_THAN_NO,
    majority_in_words,
    quorum_in_words,
    share_in_words,
)


@dataclass(frozen=True)
class RecallRules:
    """What those who filled a seat have agreed about taking it back.

    Half of the roll must vote, as for a proposal, because the seat was given by all. Waiting counts from a
    vote that kept the seat, never from a call that found too little support: else whoever is to be recalled
    could have a friend call first, and be safe.
    """

    #: Of the roll on the day of the call, who must ask for it.
    share: Fraction = Fraction(1, 5)
    quorum: Quorum = HALF_OF_THE_ROLL
    majority: Majority = MORE_YES_THAN_NO
    #: After a vote that kept the seat, the same seat is left alone for so many days.
    waiting_days: int = 90
    #: Support is collected for so many days.
    collect_days: int = 30
    voting_days: int = 7
    #: Not in the first days of a term.
    grace_days: int = 0


def read_recall(raw: Any) -> RecallRules:
    """From JSON that holds only what differs. Raises ``ValueError`` with a sentence."""
    readers: dict[str, Callable[[Any], Any]] = {
        "share": read_share,
        "quorum": read_quorum,
        "majority": read_majority,
        "waiting_days": read_whole(0, 365),
        "collect_days": read_whole(1, 90),
        "voting_days": read_whole(1, 90),
        "grace_days": read_whole(0, 365),
    }
    assert set(readers) == {f.name for f in fields(RecallRules)}
    given = read_parts(raw, set(readers))
    return RecallRules(**{name: readers[name](value) for name, value in given.items()})


def recall_in_words(rules: RecallRules) -> list[str]:
    """What governs a recall, as sentences in the active language."""
    sentences = [
        ngettext(
            "A recall comes to a vote once %(share)s of the roll ask for it within %(n)s day; their names are never"
            " shown.",
            "A recall comes to a vote once %(share)s of the roll ask for it within %(n)s days; their names are never"
            " shown.",
            rules.collect_days,
        )
        % {"share": share_in_words(rules.share), "n": rules.collect_days},
        ngettext("That vote lasts %(n)s day.", "That vote lasts %(n)s days.", rules.voting_days)
        % {"n": rules.voting_days},
        quorum_in_words(rules.quorum),
        majority_in_words(rules.majority),
    ]
    if rules.waiting_days:
        sentences.append(
            ngettext(
                "After a vote that keeps the seat, a recall of it is not called again for %(n)s day.",
                "After a vote that keeps the seat, a recall of it is not called again for %(n)s days.",
                rules.waiting_days,
            )
            % {"n": rules.waiting_days}
        )
    if rules.grace_days:
        sentences.append(
            ngettext(
                "Nobody is recalled in the first %(n)s day of a term.",
                "Nobody is recalled in the first %(n)s days of a term.",
                rules.grace_days,
            )
            % {"n": rules.grace_days}
        )
    return sentences
