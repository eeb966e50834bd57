"""Indices: what is made, beside what could be made. Pure: no Django, no clock, no floats.

Stafford Beer (*Brain of the Firm*, 2nd ed. 1981, ch. 11) compares three amounts of one thing:

    actuality     A   what we do now, with the means and under the constraints there are
    capability    C   what we could do now, with the same means, if nothing were missing
    potentiality  P   what we could do if we also had what we lack

    productivity = A / C        latency = C / P        performance = A / P = productivity · latency

(His example: P 100, C 60, A 40 give latency .60, productivity .67, performance .40.) Where less is better
(absence, energy a unit), each ratio is turned over, C / A, P / C and P / A, so that 1 is always good.

Nothing in real figures promises P ≥ C ≥ A: the ratio stays as it is (1.10 says that more is made than was
thought possible), and only a picture is capped. C ≤ 0 or P ≤ 0 cannot be compared with and is refused. An A of
nothing where less is better has no ratio: what is not used at all cannot be divided by.

Over time and over space the amounts are added first and divided last, never averaged: the index of a cordón is
Σ A / Σ C of the same figures of the same workplaces. As every index of a sum divides two of the same three sums,
performance is productivity times latency there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Better(StrEnum):
    """Which way an amount is better."""

    MORE = "more"
    LESS = "less"


class NothingPossible(ValueError):
    """A capability or a potentiality of nothing, or less: no ratio can be told from it."""


@dataclass(frozen=True)
class Amounts:
    """Three amounts in one unit (millionths, or any other), or three sums of such amounts.

    Raises ``NothingPossible`` where ``capability`` or ``potentiality`` is not above zero.
    """

    actuality: int
    capability: int
    potentiality: int

    def __post_init__(self) -> None:
        if self.capability <= 0 or self.potentiality <= 0:
            raise NothingPossible(f"{self.capability} of {self.potentiality}")

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.actuality + other.actuality,
            self.capability + other.capability,
            self.potentiality + other.potentiality,
        )

    def productivity(self, better: Better) -> Fraction | None:
        """What is made of what could be made now."""
        return _ratio(self.actuality, self.capability, better)

    def latency(self, better: Better) -> Fraction:
        """What could be made now of what could be made with what is lacking."""
        found = _ratio(self.capability, self.potentiality, better)
        assert found is not None  # neither is zero
        return found

    def performance(self, better: Better) -> Fraction | None:
        """What is made of what could be made with what is lacking."""
        return _ratio(self.actuality, self.potentiality, better)

    def exceeds_capability(self, better: Better) -> bool:
        """Better than was thought possible now: the answer is too modest, or the figure is wrong."""
        return _is_beyond(self.actuality, self.capability, better)

    def exceeds_potentiality(self, better: Better) -> bool:
        """What could be made now is better than what could be made with more means: an answer is wrong."""
        return _is_beyond(self.capability, self.potentiality, better)


def capped(ratio: Fraction) -> Fraction:
    """``ratio`` between 0 and 1, for a picture and for nothing else."""
    return min(max(ratio, Fraction(0)), Fraction(1))


def _ratio(amount: int, of: int, better: Better) -> Fraction | None:
    over, under = (amount, of) if better == Better.MORE else (of, amount)
    return Fraction(over, under) if under else None


def _is_beyond(amount: int, of: int, better: Better) -> bool:
    return amount > of if better == Better.MORE else amount < of
