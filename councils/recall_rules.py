"""Rules of a recall: how much support brings it to a vote, and what decides there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from django.utils.translation import ngettext

from councils.counting.majority import Majority
from councils.counting.quorum import Quorum
from councils.rule_reading import MAJORITY, QUORUM, SHARE, Reader, days, number, read_parts
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


def _readers() -> dict[str, Reader]:
    readers = {
        "share": SHARE,
        "quorum": QUORUM,
        "majority": MAJORITY,
        "waiting_days": number(0, 365, days),
        "collect_days": number(1, 90, days),
        "voting_days": number(1, 90, days),
        "grace_days": number(0, 365, days),
    }
    assert set(readers) == {f.name for f in fields(RecallRules)}
    return readers


def read_recall(raw: Any) -> RecallRules:
    """From JSON that holds only what differs. Raises ``ValueError`` with a sentence."""
    readers = _readers()
    given = read_parts(raw, set(readers))
    return RecallRules(**{name: readers[name].read(value) for name, value in given.items()})


def recall_values() -> str:
    """What may be written, in the active language."""
    parts = ", ".join(f'"{name}": {reader.values()}' for name, reader in _readers().items())
    return f"{{{parts}}}"


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
