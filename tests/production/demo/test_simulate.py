"""The invented year: the same for everybody, closed when closed, never absurd."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from production.demo import simulate
from production.demo.simulate import HOLIDAYS, PRODUCTS, Plant, day_of, draw, gauges

plants = st.builds(
    Plant,
    name=st.sampled_from(["Perlak", "Fensa", "Madeco"]),
    sector=st.sampled_from([*PRODUCTS, "loza"]),
    workers=st.integers(1, 5000),
    week=st.sampled_from(["1111110", "1111111", "1111100"]),
    restless=st.booleans(),
)
days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))
GLASS = Plant("Cristalerías Chile", "vidrio", 118, "1111111", restless=True)


@given(plants, days)
def test_day_of_is_always_the_same(plant: Plant, day: dt.date):
    simulate._events.cache_clear()
    first = day_of(plant, day)
    simulate._events.cache_clear()
    simulate._odd_of_fortnight.cache_clear()
    assert day_of(plant, day) == first


@given(plants, days)
def test_day_of_closed_day_is_nothing(plant: Plant, day: dt.date):
    closed = plant.week[day.weekday()] == "0" or (day.month, day.day) in HOLIDAYS
    answer = day_of(plant, day)
    assert not closed or (answer.missing and not answer.values and not answer.stoppage)


@given(plants, days)
def test_day_of_worked_day_has_a_figure_of_every_gauge_that_a_form_would_take(plant: Plant, day: dt.date):
    answer = day_of(plant, day)
    if answer.missing or answer.stoppage:
        assert answer.values == {}
        return
    assert list(answer.values) == [gauge.name for gauge in gauges(plant.sector)]
    for gauge in gauges(plant.sector):
        value = answer.values[gauge.name]
        assert 0 <= value < Decimal(10) ** 12
        assert -int(value.as_tuple().exponent) == gauge.places
    assert answer.values["Personas presentes"] <= plant.workers
    assert set(answer.remarks) <= set(answer.values)


@given(st.integers(0, 2000))
def test_a_restless_plant_has_an_odd_day_in_any_four_weeks(offset: int):
    last = dt.date(2026, 1, 1) + dt.timedelta(days=offset)
    said = [remark for n in range(28) for remark in day_of(GLASS, last - dt.timedelta(days=n)).remarks.values()]
    assert {remark for remark, _factor in simulate.ODD} & set(said)


def test_a_year_has_stoppages_and_silent_days():
    answers = [day_of(GLASS, dt.date(2026, 1, 1) + dt.timedelta(days=n)) for n in range(365)]
    assert 1 <= sum(bool(a.stoppage) for a in answers) <= 40
    assert 1 <= sum(a.missing for a in answers) <= 40


def test_draw_is_a_stable_share():
    assert draw("paper", 3) == draw("paper", 3)
    assert 0 <= draw("paper", 3) < 1
