"""The marks of production: what they draw, and that nothing makes them fail."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from production import charts
from production.charts import Flag, Tile
from tests.councils.test_charts import numbers, parsed, words

KINDS = ["transient", "step", "slope-up", "slope-down"]


def lines_of(svg: str) -> list[int]:
    """How many points each stretch of the measured line has."""
    return [len(p.get("points").split()) for p in parsed(svg).findall("polyline") if p.get("class") == "line"]


def test_series_breaks_its_line_where_a_value_is_missing() -> None:
    svg = charts.series([1, 2, None, 4, 5, 6], "x")
    assert lines_of(svg) == [2, 3]


def test_series_shows_a_value_between_two_gaps_as_a_point() -> None:
    dots = parsed(charts.series([1, None, 3, None, 5], "x")).findall("circle")
    assert len(dots) == 4  # three lone values, and the mark of the last


def test_series_of_nothing_has_axis_and_no_line() -> None:
    svg = charts.series([None, None], "sin datos")
    assert lines_of(svg) == []
    assert parsed(svg).findall("circle") == []


def test_series_of_one_value_shows_it_at_the_start_over_its_band() -> None:
    drawn = parsed(charts.series([5], "x", low=4, high=6))
    assert [p.get("class") for p in drawn.findall("path")] == ["band"]
    assert len(drawn.findall("circle")) == 2


def test_series_of_equal_values_runs_in_the_middle() -> None:
    points = parsed(charts.series([7, 7], "x")).find("polyline").get("points").split()
    assert {p.split(",")[1] for p in points} == {"51.0"}


def test_series_draws_the_band_only_where_something_is_expected() -> None:
    bands = parsed(charts.series([1, 2, 3, 4, 5], "x", low=[0, 0, None, 1, 1], high=[2, 2, None, 5, 5])).findall(
        "polygon"
    )
    assert len(bands) == 2


def test_series_says_each_kind_of_flag_once() -> None:
    flags = {1: Flag("step", "cambió de nivel"), 3: Flag("step", "cambió de nivel")}
    drawn = parsed(charts.series([1, 5, 5, 6], "x", flags=flags))
    assert [t.text for t in drawn.findall("text") if t.get("class") == "ft"] == ["cambió de nivel"]
    assert len([r for r in drawn.findall("rect") if r.get("class") == "flag"]) == 2


def test_series_marks_heights_with_the_figures_it_was_given() -> None:
    drawn = parsed(charts.series([0, 10], "x", lines=[(5, "5,0")]))
    assert [t.text for t in drawn.findall("text")][:1] == ["5,0"]


def test_strip_turns_the_point_red_outside_the_band() -> None:
    inside = parsed(charts.strip(109, 104, 118, 90, 130, "x", 110)).find("circle")
    outside = parsed(charts.strip(109, 104, 118, 90, 130, "x", 1109)).find("circle")
    assert [inside.get("class"), outside.get("class")] == ["dot", "flag"]


def test_two_lines_break_between_words_and_shorten() -> None:
    assert charts.two_lines("Calzados Bata Sur") == ("Calzados Bata", "Sur")
    assert charts.two_lines("Industrias Metalúrgicas Unidas del Sur") == ("Industrias", "Metalúrgicas…")
    assert charts.two_lines("") == ("", "")


def test_hexmap_leads_only_where_it_may() -> None:
    drawn = parsed(
        charts.hexmap([Tile("A", "share", "A: informó", "/a/"), Tile("B", "none", "B: sin informe")], "Mapa")
    )
    assert [a.get("href") for a in drawn.findall("a")] == ["/a/"]
    assert [g.get("aria-label") for g in drawn.findall("g")] == ["B: sin informe"]


def test_hexmap_has_no_state_that_says_all_is_well() -> None:
    assert sorted(charts.TILES) == ["alarm", "in", "none", "share"]


def test_cells_draw_one_for_each_workplace() -> None:
    drawn = parsed(charts.cells(["in"] * 16 + ["none", "alarm"], "x"))
    assert [p.get("class") for p in drawn.findall("polygon")] == ["h"] * 16 + ["h n", "h a"]


bounds = st.one_of(numbers, st.lists(numbers, max_size=12))


@given(st.lists(numbers, max_size=12), bounds, bounds, st.lists(numbers, max_size=3), st.data(), words)
def test_series_draws_whatever_it_is_given(values, low, high, ahead, data, label) -> None:
    flags = data.draw(st.dictionaries(st.integers(-2, 14), st.builds(Flag, st.sampled_from([*KINDS, "other"]), words)))
    parsed(
        charts.series(
            values, label, low=low, high=high, flags=flags, first=label, last=label, lines=[(v, label) for v in ahead],
            ahead=ahead,
        )
    )  # fmt: skip


@given(numbers, numbers, numbers, numbers, numbers, numbers, words)
def test_strip_draws_whatever_it_is_given(a, b, c, d, e, f, label) -> None:
    parsed(charts.strip(a, b, c, d, e, label, f))


@given(
    st.lists(st.builds(Tile, words, st.sampled_from(["in", "share", "alarm", "none", "odd"]), words, words)),
    st.integers(1, 9),
)
def test_maps_draw_whatever_they_are_given(tiles, columns) -> None:
    assert len(parsed(charts.hexmap(tiles, "x", columns))) == len(tiles)
    parsed(charts.cells([t.state for t in tiles], "x"))


def heights(svg: str) -> tuple[float, float]:
    """Of the tint and of what is solid."""
    rects = {r.get("class"): float(r.get("height")) for r in parsed(svg).iter("rect")}
    return rects["cap"], rects["act"]


def test_vessel_is_filled_by_shares_of_its_frame() -> None:
    assert heights(charts.vessel(0.8, 0.4, "act")) == (55.0, 27.0)  # of 70, and a pixel for the line
    assert 'class="off"' in charts.vessel(0.8, 0.4, "act")


def test_vessel_is_capped_at_its_frame() -> None:
    assert heights(charts.vessel(1.5, 2)) == heights(charts.vessel(1, 1))
    assert heights(charts.vessel(0, 0)) == (0.0, 0.0)


@given(numbers, numbers)
def test_vessel_draws_whatever_it_is_given(latency: float, performance: float) -> None:
    for svg in (charts.vessel(latency, performance), charts.vessel_bar(latency, performance)):
        assert all(float(r.get("height")) >= 0 and float(r.get("width")) >= 0 for r in parsed(svg).iter("rect"))


@given(st.floats(0, 2), st.floats(0, 2))
def test_words_of_the_large_vessel_stand_apart_and_inside(latency: float, performance: float) -> None:
    said = [("600", "podríamos"), ("480", "podemos"), ("412", "<hacemos>")]
    svg = charts.vessel_large(latency, performance, said, "x")
    levels = [float(text.get("y")) for text in parsed(svg).iter("text")]
    assert all(below - above >= 24.9 for above, below in pairwise(levels))
    assert levels[0] >= 10 and levels[-1] <= 200
    spoken = ["".join(text.itertext()) for text in parsed(svg).iter("text")]
    assert spoken == ["600 podríamos", "480 podemos", "412 <hacemos>"]
