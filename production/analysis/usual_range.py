"""Between which values a figure usually lies. Pure: no Django.

A range is a judgement of the workplace about itself: nothing outside the workplace may show it,
nor anything derived from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

#: How many of the latest values are looked at, and how few are too few to say anything.
WINDOW = 28
FEWEST = 10
#: Half the width of the range, in median absolute deviations.
WIDTH = 3


@dataclass(frozen=True)
class UsualRange:
    """``low <= value <= high`` is as expected."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle of ``values`` (at least one); of an even count, the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def usual_range(values: Sequence[Decimal], *, signed: bool = False) -> UsualRange | None:
    """The range of the last 28 of ``values`` (oldest first), or None when there are fewer than 10.

    Median ± 3 MAD, where MAD is the plain median of the absolute deviations from the median, in the
    unit of the figures, not multiplied by 1.4826: the range is narrower than three standard
    deviations of a normal law (about ± 2 of them), because it only opens a question.

    When more than half of the values are equal the MAD is 0; then the mean absolute deviation
    takes its place, so that the few other values still widen the range; when all are equal the
    range is that value. Bounds are rounded outwards to two significant digits of the width, and
    do not go below zero unless ``signed``.
    """
    window = list(values[-WINDOW:])
    if len(window) < FEWEST:
        return None
    centre = median(window)
    deviations = [abs(v - centre) for v in window]
    spread = WIDTH * (median(deviations) or sum(deviations, Decimal(0)) / len(deviations))
    return rounded(centre - spread, centre + spread, signed=signed)


def rounded(low: Decimal, high: Decimal, *, signed: bool = False) -> UsualRange:
    """The range from ``low`` to ``high``, rounded outwards to two significant digits of half its width, and not below
    zero unless ``signed``."""
    half = (high - low) / 2
    if not half:
        return UsualRange(low, high)
    quantum = Decimal(1).scaleb(max(half.adjusted() - 1, -6))
    low = (low / quantum).to_integral_value(ROUND_FLOOR) * quantum
    high = (high / quantum).to_integral_value(ROUND_CEILING) * quantum
    return UsualRange(low, high) if signed else UsualRange(max(low, Decimal(0)), max(high, Decimal(0)))
