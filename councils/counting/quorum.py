"""Quorum: whether enough of an electorate took part. Integers and fractions only.

Three sets, each within the one before: the **roll** (electors who count for the quorum),
those **present** (of them, who deposited a paper, blank and spoilt included) and the votes
**cast** (valid papers that mark something). A quorum on one of them asks for a share of
the next: present of the roll, cast of the present, votes for or against of the cast.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Base = Literal["roll", "present", "cast"]
BASES: tuple[Base, ...] = ("roll", "present", "cast")


def ceiling(share: Fraction, of: int) -> int:
    """The least whole number that is at least ``share`` of ``of``."""
    return -((-share.numerator * of) // share.denominator)


@dataclass(frozen=True)
class Quorum:
    """At least ``share`` of ``base``; share 0 asks for none."""

    base: Base
    share: Fraction


@dataclass(frozen=True)
class Turnout:
    """How many: on the roll, with a paper in the urn, valid and marked, for or against."""

    roll: int
    present: int
    cast: int
    decided: int


@dataclass(frozen=True)
class QuorumReached:
    """``needed`` of ``out_of``, and what there was."""

    needed: int
    reached: int
    out_of: int

    @property
    def met(self) -> bool:
        return self.reached >= self.needed


def quorum_reached(quorum: Quorum, turnout: Turnout) -> QuorumReached:
    """Compare ``turnout`` with what ``quorum`` asks for. An empty urn meets only a quorum of the roll of 0."""
    out_of, reached = {
        "roll": (turnout.roll, turnout.present),
        "present": (turnout.present, turnout.cast),
        "cast": (turnout.cast, turnout.decided),
    }[quorum.base]
    return QuorumReached(needed=ceiling(quorum.share, out_of), reached=reached, out_of=out_of)
