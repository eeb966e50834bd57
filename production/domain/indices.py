"""Indices: what is made, beside what could be made, of one thing, in one place and period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from councils.models import Territory
from production.analysis.indices import Amounts, Better
from production.domain.summary import all_sectors
from production.enums import Aggregation, Direction, Grain, IndicatorKind
from production.models import Indicator, Series, Summary
from production.models.fixed_point import SCALE

#: How many days back the latest comparison of a workplace may lie, by the length of its period.
_REACH = {Grain.DAY: 14, Grain.WEEK: 35, Grain.MONTH: 93}


def better(indicator: Indicator) -> Better | None:
    """Which way ``indicator`` is better; of a product more is, unless it says else. None: it has no indices.

    A ratio has none of its own: it is computed, and its two parts are what a workplace can answer for.
    """
    if indicator.aggregation == Aggregation.RATIO:
        return None
    if indicator.direction == Direction.LESS:
        return Better.LESS
    is_product = indicator.kind == IndicatorKind.OUTPUT
    return Better.MORE if indicator.direction == Direction.MORE or is_product else None


@dataclass(frozen=True)
class Compared:
    """Sums over the ``figures`` of those ``answered`` of the ``workplaces`` of a row that said what they could make."""

    start: dt.date
    actuality: Decimal
    capability: Decimal
    potentiality: Decimal
    answered: int
    figures: int
    workplaces: int
    simulated: bool

    @property
    def amounts(self) -> Amounts:
        """In millionths. Raises ``NothingPossible`` for a sum that no row of the database has."""
        return Amounts(*(int(value * SCALE) for value in (self.actuality, self.capability, self.potentiality)))


@dataclass(frozen=True)
class Index:
    """``compared`` of an indicator, which is ``better`` one way, as people read it."""

    indicator: Indicator
    grain: str
    compared: Compared
    better: Better

    @classmethod
    def of(cls, indicator: Indicator, grain: str, compared: Compared | None) -> Index | None:
        """None where nothing was answered, or of what is better neither way."""
        way = better(indicator)
        return cls(indicator, grain, compared, way) if compared is not None and way is not None else None

    @property
    def actuality(self) -> Decimal:
        return self._said(self.compared.actuality)

    @property
    def capability(self) -> Decimal:
        return self._said(self.compared.capability)

    @property
    def potentiality(self) -> Decimal:
        return self._said(self.compared.potentiality)

    @property
    def productivity(self) -> Fraction | None:
        return self.compared.amounts.productivity(self.better)

    @property
    def latency(self) -> Fraction:
        return self.compared.amounts.latency(self.better)

    @property
    def performance(self) -> Fraction | None:
        return self.compared.amounts.performance(self.better)

    @property
    def exceeds_capability(self) -> bool:
        return self.compared.amounts.exceeds_capability(self.better)

    @property
    def exceeds_potentiality(self) -> bool:
        return self.compared.amounts.exceeds_potentiality(self.better)

    @property
    def exceeds_both(self) -> bool:
        """More is made than could be made with everything."""
        found = self.performance
        return found is not None and found > 1

    def _said(self, total: Decimal) -> Decimal:
        """A mean is told as a mean; its indices are those of the sums."""
        return total / self.compared.figures if self.indicator.aggregation == Aggregation.MEAN else total


def own_indices(*, workplace: Territory, grain: str, today: dt.date) -> list[Index]:
    """Of everything that ``workplace`` has answered for, its latest comparison of ``grain``, its main product first.

    For its members: nobody else's rules are asked. The main product is the first product on the form; amounts of
    different things are never added, so its indices are the workplace's. Three queries.
    """
    rows = Summary.objects.filter(
        territory=workplace,
        sector=all_sectors(),
        grain=grain,
        start__lte=today,
        start__gt=today - dt.timedelta(days=_REACH[Grain(grain)]),
        answered__gt=0,
    )
    latest: dict[int, Summary] = {row.indicator_id: row for row in rows.select_related("indicator").order_by("start")}
    positions = dict(
        Series.objects.of_workplace(workplace).order_by("-position", "-pk").values_list("indicator", "position")
    )
    found = [Index.of(row.indicator, grain, compared_of(row)) for row in latest.values()]
    return sorted(
        (index for index in found if index is not None),
        key=lambda i: (i.indicator.kind != IndicatorKind.OUTPUT, positions.get(i.indicator.pk, 0), i.indicator.pk),
    )


def compared_of(row: Summary) -> Compared | None:
    """What a stored row compares; None where nobody has answered."""
    if not row.answered:
        return None
    return Compared(
        row.start,
        row.actuality,
        row.capability,
        row.potentiality,
        row.answered,
        row.compared,
        row.workplaces,
        row.simulated,
    )
