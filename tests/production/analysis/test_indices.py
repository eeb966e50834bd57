"""Beer's three ratios, on his own numbers and on any."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.analysis.indices import Amounts, Better, NothingPossible, capped

amounts = st.builds(Amounts, st.integers(0, 10**18), st.integers(1, 10**18), st.integers(1, 10**18))


def test_beers_example():
    """Brain of the Firm: potentiality 100, capability 60, actuality 40."""
    beer = Amounts(actuality=40, capability=60, potentiality=100)
    found = [float(ratio or 0) for ratio in (beer.latency(Better.MORE), beer.productivity(Better.MORE))]
    assert [round(ratio, 2) for ratio in found] == [0.6, 0.67]
    assert beer.performance(Better.MORE) == Fraction(2, 5)


def test_where_less_is_better_the_ratio_is_turned_over():
    absent = Amounts(actuality=10, capability=8, potentiality=4)
    assert absent.productivity(Better.LESS) == Fraction(8, 10)
    assert absent.latency(Better.LESS) == Fraction(4, 8)
    assert absent.performance(Better.LESS) == Fraction(4, 10)


def test_more_than_was_thought_possible_stays_what_it_is():
    surprise = Amounts(actuality=110, capability=100, potentiality=90)
    assert surprise.productivity(Better.MORE) == Fraction(11, 10)
    assert surprise.exceeds_capability(Better.MORE)
    assert surprise.exceeds_potentiality(Better.MORE)
    assert not surprise.exceeds_capability(Better.LESS)
    assert not surprise.exceeds_potentiality(Better.LESS)
    assert [capped(Fraction(n, 10)) for n in (-1, 4, 11)] == [0, Fraction(2, 5), 1]


def test_equal_amounts_exceed_nothing():
    assert not any(Amounts(1, 1, 1).exceeds_capability(way) for way in Better)
    assert not any(Amounts(1, 1, 1).exceeds_potentiality(way) for way in Better)


def test_nothing_made_is_zero_and_nothing_used_has_no_ratio():
    nothing = Amounts(actuality=0, capability=5, potentiality=5)
    assert nothing.productivity(Better.MORE) == 0
    assert nothing.productivity(Better.LESS) is None
    assert nothing.performance(Better.LESS) is None


@pytest.mark.parametrize(("capability", "potentiality"), [(0, 1), (-1, 1), (1, 0), (1, -1)])
def test_nothing_possible_is_refused(capability: int, potentiality: int):
    with pytest.raises(NothingPossible):
        Amounts(1, capability, potentiality)


@given(amounts, st.sampled_from(Better))
def test_performance_is_productivity_times_latency(some: Amounts, better: Better):
    productivity = some.productivity(better)
    assert some.performance(better) == (None if productivity is None else productivity * some.latency(better))


@given(st.lists(amounts, min_size=1, max_size=6))
def test_index_of_a_sum_divides_sums_and_lies_between_those_of_its_parts(parts: list[Amounts]):
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    assert whole.productivity(Better.MORE) == Fraction(
        sum(p.actuality for p in parts), sum(p.capability for p in parts)
    )
    ratios = [p.productivity(Better.MORE) or Fraction(0) for p in parts]
    assert min(ratios) <= (whole.productivity(Better.MORE) or 0) <= max(ratios)


@given(st.integers(1, 10**18), st.integers(1, 10**18), st.integers(1, 10**18))
def test_less_is_more_turned_over(a: int, c: int, p: int):
    some = Amounts(a, c, p)
    for name in ("productivity", "latency", "performance"):
        assert getattr(some, name)(Better.MORE) * getattr(some, name)(Better.LESS) == 1
