"""What some committees of the demonstration said they could make: counted from their own invented year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from councils.clock import local_day
from councils.enums import BodyKind
from councils.models import Seat
from production.demo.accounts import HOME
from production.demo.simulate import OTHER_PRODUCT
from production.enums import Direction, IndicatorKind
from production.models import Capability, Figure, Indicator, Series

#: How far what could be made with everything lies from what can be made.
MORE, LESS = Decimal("1.22"), Decimal("0.78")
REASON = "Recuento de la asamblea: los mejores días del año, sin faltar nada"
AGAIN = "Partió la máquina que estaba parada por repuesto"


def answer_questions(*, since: dt.date, at: dt.datetime) -> int:
    """Answers from ``since`` on for products, energy and waste; HOME answered again lately. How many answers.

    Written before the sums are, so nothing has to be rolled up again.
    """
    seats = Seat.objects.held_at(at).filter(body__kind=BodyKind.COMMITTEE).order_by("-pk")
    who = dict(seats.values_list("body__territory", "holder"))
    order = {place: n for n, place in enumerate(sorted(who))}
    asked = [s for s in Series.objects.select_related("indicator", "workplace") if s.workplace_id in who]
    said = []
    for series in asked:
        n, indicator = order[series.workplace_id], series.indicator
        values = _values(series, since) if _has_answered(n, indicator, series.workplace.name) else []
        if not values:
            continue
        can, could = _answers(values, indicator)
        days = [(since, can, REASON)]
        if series.workplace.name == HOME and indicator.kind == IndicatorKind.OUTPUT:
            days = [(since, _rounded(can * Decimal("0.95"), can), REASON), (_month_before(local_day(at)), can, AGAIN)]
        for version, (on, capability, reason) in enumerate(days, 1):
            said.append(
                Capability(
                    series=series,
                    from_on=on,
                    version=1,
                    capability=capability,
                    potentiality=could,
                    reason=reason,
                    set_by_id=who[series.workplace_id],
                    set_at=at - dt.timedelta(days=40 // version),
                )
            )
    Capability.objects.bulk_create(said)
    return len(said)


def _has_answered(n: int, indicator: Indicator, name: str) -> bool:
    """Every branch for its product but for one; for energy and waste every second workplace. Of all that is asked
    so either nobody is left, or at least three, and the sums can be shown."""
    if indicator.kind == IndicatorKind.OUTPUT:
        return indicator.name != OTHER_PRODUCT.name or n % 3 > 0
    return indicator.direction == Direction.LESS and (name == HOME or n % 2 == 0)


def _values(series: Series, since: dt.date) -> list[Decimal]:
    figures = Figure.objects.current().filter(series=series, start__gte=since, value__gt=Decimal(0))
    return sorted(cast("Iterable[Decimal]", figures.values_list("value", flat=True)))


def _answers(values: list[Decimal], indicator: Indicator) -> tuple[Decimal, Decimal]:
    """What nineteen days of twenty did not reach, and what a fifth more means would give."""
    if indicator.direction == Direction.LESS:
        can = values[len(values) // 20]
        return can, max(_rounded(can * LESS, can), Decimal("0.1"))
    can = values[len(values) * 19 // 20]
    return can, _rounded(can * MORE, can)


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """To as many decimals as ``like`` is told with."""
    return value.quantize(like.normalize() if like % 1 else Decimal(1), ROUND_HALF_UP)


def _month_before(day: dt.date) -> dt.date:
    """The first of the month before that of ``day``."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
