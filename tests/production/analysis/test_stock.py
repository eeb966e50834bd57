"""Days of stock: which input consumes it, and for how long it lasts."""

from decimal import Decimal

import pytest

from production.analysis.stock import consumption_of, days_left, mean_decrease


@pytest.mark.parametrize(
    ("stock", "inputs", "found"),
    [
        ("coal_stock", {"r": "coal_received", "c": "coal_consumed"}, "c"),
        ("Carbonato de sodio en bodega", {"a": "Arena sílice", "s": "Carbonato de sodio"}, "s"),
        ("Carbonato de sodio en bodega", {"a": "Carbonato de calcio", "s": "Carbonato de sodio usado"}, "s"),
        ("Arena sílice en bodega", {"s": "Carbonato de sodio"}, None),
        ("Harina en bodega", {"r": "Harina recibida"}, None),
        ("Harina en bodega", {"a": "Harina blanca", "b": "Harina negra"}, None),
        ("Stock total", {"a": "Stock"}, None),
    ],
)
def test_consumption_of(stock, inputs, found):
    assert consumption_of(stock, inputs) == found


def test_mean_decrease_is_the_pace_of_the_last_seven_days():
    assert mean_decrease([Decimal(900), *[Decimal(n) for n in (100, 96, 92, 88, 84, 80, 76, 72)]]) == Decimal(4)
    assert mean_decrease([Decimal(5), Decimal(5)]) is None
    assert mean_decrease([Decimal(5)]) is None


def test_days_left_counts_whole_days():
    assert days_left(Decimal(46), Decimal("11.2")) == 4
    assert days_left(Decimal(46), Decimal(0)) is None
    assert days_left(Decimal(46), None) is None
