"""The line of a figure over years: peaks survive, gaps stay gaps, nothing makes it fail."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from production.history_chart import Spot, history, round_marks, thinned
from tests.councils.test_charts import numbers, parsed, words


def test_round_marks_are_round_and_within():
    assert round_marks(3, 97, 5) == [20, 40, 60, 80]
    assert round_marks(0, 1, 5) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert round_marks(-0.3, 0.3, 3) == [-0.2, 0, 0.2]
    assert round_marks(7, 7) == []


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15), st.integers(1, 9))
def test_round_marks_never_leave_what_they_mark(low: float, high: float, most: int):
    marks = round_marks(low, high, most)
    assert len(marks) <= most + 1
    span = abs(high - low)
    assert all(low - span * 1e-6 <= mark <= high + span * 1e-6 for mark in marks)


def test_thinned_keeps_the_one_peak_of_thirty_years():
    values = [10.0] * 11_000
    values[7_777] = 99.0
    drawn = thinned(values, 600)
    assert len(drawn) <= 1_200
    assert (7_777, 99.0) in drawn


def test_thinned_keeps_the_years_without_figures_as_a_gap():
    drawn = thinned([1.0] * 4_000 + [None] * 3_000 + [2.0] * 4_000, 500)
    missing = [i for i, value in drawn if value is None]
    assert missing
    assert min(missing) >= 4_000
    assert max(missing) < 7_000


@given(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=300), st.integers(1, 40))
def test_thinned_keeps_lowest_and_highest(values: list[float | None], most: int):
    known = [v for v in values if v is not None]
    drawn = [v for _i, v in thinned(values, most) if v is not None]
    assert (min(drawn, default=None), max(drawn, default=None)) == (min(known, default=None), max(known, default=None))


def test_band_is_drawn_only_where_it_was_in_force():
    svg = parsed(history([1, 2, 3, 4, 5, 6], "x", low=[None, 0, 0, None, 2, 2], high=[None, 9, 9, 9, 8, 8]))
    bands = [p for p in svg.findall("polygon") if p.get("class") == "band"]
    assert [len(band.get("points").split()) for band in bands] == [4, 4]


def test_every_spot_says_what_it_is():
    svg = parsed(history([1, 9, 1, 4], "x", spots=[Spot(1, "transient", "un día raro"), Spot(3, "step", "otro nivel")]))
    assert [title.text for title in svg.iter("title")] == ["un día raro", "otro nivel"]


def test_words_under_the_axis_never_run_into_each_other():
    svg = parsed(history([1.0] * 60, "x", across=[(n, "noviembre 2026") for n in range(60)]))
    places = [float(t.get("x")) for t in svg.findall("text")]
    assert len(places) >= 4
    assert min(b - a for a, b in pairwise(places)) > 14 * 6


@given(st.lists(numbers, max_size=40), st.lists(numbers, max_size=40), st.lists(numbers, max_size=40), words)
def test_any_data_draws(values: list[object], low: list[object], high: list[object], label: str):
    spots = [Spot(n - 1, kind, label) for n, kind in enumerate(["transient", "step", "slope-up", "?"])]
    parsed(history(values, label, low=low, high=high, spots=spots, across=[(0, label)], up=[(v, "1") for v in values]))
