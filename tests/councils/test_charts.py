"""The shared marks: what they draw, and that nothing makes them fail."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils import charts

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.one_of(
    st.none(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=True, allow_infinity=True),
    st.decimals(allow_nan=True, allow_infinity=True),
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


def parsed(svg: str) -> ET.Element:
    """The mark as XML; fails if it is not well formed, carries a style or an unfinished number."""
    assert not re.search(r"style=|nan|inf\b", re.sub(r'aria-label="[^"]*"|>[^<]*<', "><", svg))
    return ET.fromstring(svg)


def test_clock_drains_by_what_is_left() -> None:
    marks = parsed(charts.clock(76, 96, "3 d", "4 h")).findall("path")
    assert marks[1].get("stroke-dasharray") == "79.2 200"
    assert marks[1].get("stroke-dashoffset") == "-20.8"


@pytest.mark.parametrize(("left", "shown"), [(-5, "0.0 200"), (500, "100.0 200"), (0, "0.0 200"), (None, "0.0 200")])
def test_clock_stays_within_its_side(left: int | None, shown: str) -> None:
    assert parsed(charts.clock(left, 96, "")).findall("path")[1].get("stroke-dasharray") == shown


def test_tally_gives_each_side_its_length_of_the_roll() -> None:
    bars = parsed(charts.tally(4310, 1452, 287, 9840, 4920, "Resultado")).findall("rect")[1:]
    assert [(b.get("class"), b.get("x"), b.get("width")) for b in bars] == [
        ("yes", "0.0", "262.8"),
        ("no", "262.8", "88.5"),
        ("abs", "351.3", "17.5"),
    ]


def test_tally_marks_the_quorum_outside_the_bar() -> None:
    notch = parsed(charts.tally(1, 0, 0, 2, 1, "x")).findall("path")
    assert [p.get("d") for p in notch] == ["M294.0 14h12l-6 10zM294.0 68h12l-6-10z"]


def test_tally_without_quorum_has_no_notch() -> None:
    assert parsed(charts.tally(1, 0, 0, 2, None, "x")).findall("path") == []


def test_turnout_shows_nothing_but_how_many() -> None:
    bars = parsed(charts.turnout(66, 118, 59, "Han votado 66 de 118")).findall("rect")
    assert [(b.get("class"), b.get("width")) for b in bars] == [("abs dash", "600"), ("turn", "335.6")]


def test_labels_are_escaped() -> None:
    assert parsed(charts.turnout(1, 2, 1, '<b> & "x"')).get("aria-label") == '<b> & "x"'
    assert parsed(charts.face("<&")).find("text").text == "<&"


def test_step_mark_is_ticked_when_done() -> None:
    assert parsed(charts.step_mark("2", done=True)).find("text") is None
    assert parsed(charts.step_mark("2", done=False)).find("text").text == "2"


@given(numbers, numbers, numbers, numbers, numbers, words)
def test_every_mark_draws_whatever_it_is_given(a, b, c, d, e, label) -> None:
    parsed(charts.clock(a, b, label, label))
    parsed(charts.turnout(a, b, c, label))
    parsed(charts.meter(a, b, c))
    bar = parsed(charts.tally(a, b, c, d, e, label)).findall("rect")[1:]
    assert 0 <= sum(float(r.get("width")) for r in bar) <= 600.2
    parsed(charts.face(label))
    parsed(charts.sign("urna"))
    parsed(charts.icon("lock", "hot"))
