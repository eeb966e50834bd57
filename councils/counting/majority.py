"""Majority: whether a question is adopted. Integers and fractions only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Majority:
    """Yes must be more than ``share`` (``strict``) or at least ``share`` of what counts.

    What counts is yes + no, and the abstentions too where ``abstentions`` is true. The
    simple majority, more yes than no, is ``Majority(Fraction(1, 2), strict=True, abstentions=False)``.
    """

    share: Fraction
    strict: bool
    abstentions: bool


def is_adopted(majority: Majority, *, yes: int, no: int, abstain: int) -> bool:
    """Whether ``yes`` is enough. Without a single yes nothing is adopted."""
    out_of = yes + no + (abstain if majority.abstentions else 0)
    have, need = yes * majority.share.denominator, majority.share.numerator * out_of
    return yes > 0 and (have > need if majority.strict else have >= need)
