"""Finding: what the engine says of one series on one day, and the evidence it stood on. Pure, typed, without words.

Both are frozen: what was said stays said. JSON, because an alert keeps them as they stood, for people to look at years
later; figures as exact decimal text, estimates as numbers.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

KINDS = ("transient", "step", "slope")
#: So many periods of evidence travel with an alert.
MOST_POINTS = 60


@dataclass(frozen=True)
class Finding:
    """A change. ``kind``: transient (an odd period), step (another level) or slope (it rises or falls from then on).

    ``began_on``: first day of the period with which it began. ``size`` in the unit of the figure, of a slope per
    period, negative downwards, with the interval ``size_low`` to ``size_high``; ``probability`` that something
    changed, calibrated. ``value`` of the latest period, what was ``expected`` of it, and the band that was expected.
    Raises ``ValueError`` for what is no finding: another kind, numbers that are none, an interval without its size.
    """

    kind: str
    began_on: dt.date
    size: float
    size_low: float
    size_high: float
    probability: float
    expected: float
    band_low: float
    band_high: float
    value: float | None = None
    #: The first day of the period that was judged last.
    judged_on: dt.date | None = None

    def __post_init__(self) -> None:
        numbers = (self.size, self.size_low, self.size_high, self.expected, self.band_low, self.band_high)
        known = (*numbers, self.probability, self.value if self.value is not None else 0.0)
        if self.kind not in KINDS or not all(math.isfinite(number) for number in known):
            raise ValueError(f"no finding: {self.kind} with numbers that are none")
        if not self.size_low <= self.size <= self.size_high or not 0 <= self.probability <= 1:
            raise ValueError("no finding: its interval or its probability cannot be")
        if self.band_low > self.band_high:
            raise ValueError("no finding: its band is turned over")

    @property
    def falls(self) -> bool:
        """Whether it goes down."""
        return self.size < 0

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        told = asdict(self)
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in told.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """The inverse of ``to_json``."""
        days = {name: dt.date.fromisoformat(data[name]) for name in ("began_on", "judged_on") if data.get(name)}
        return cls(**{**data, **days})


@dataclass(frozen=True)
class EvidencePoint:
    """One period: what was reported (None: missing), the band that was expected of it, the remark of the report."""

    start: dt.date
    value: Decimal | None
    low: float | None = None
    high: float | None = None
    remark: str = ""


@dataclass(frozen=True)
class Evidence:
    """The last periods as they stood when an alert opened. ``days_left``: how long a stock lasts, None for others.

    ``ahead``: values if it goes on like this, for the broken line. At most ``MOST_POINTS`` points are kept, the latest.
    """

    points: Sequence[EvidencePoint] = ()
    unit: str = ""
    frequency: str = "day"
    days_left: int | None = None
    ahead: Sequence[float] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        rows = [
            {
                "start": p.start.isoformat(),
                "value": None if p.value is None else f"{p.value.normalize():f}",
                "low": p.low,
                "high": p.high,
                "remark": p.remark,
            }
            for p in list(self.points)[-MOST_POINTS:]
        ]
        return {
            "points": rows,
            "unit": self.unit,
            "frequency": self.frequency,
            "days_left": self.days_left,
            "ahead": list(self.ahead),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """The inverse of ``to_json``; of nothing, no evidence."""
        points = [
            EvidencePoint(
                dt.date.fromisoformat(row["start"]),
                None if row["value"] is None else Decimal(row["value"]),
                row["low"],
                row["high"],
                row["remark"],
            )
            for row in data.get("points", [])
        ]
        rest = {name: data[name] for name in ("unit", "frequency", "days_left", "ahead") if name in data}
        return cls(points=points, **rest)
