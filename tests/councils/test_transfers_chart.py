"""The picture of passing votes: what moves where, and that nothing makes it fail."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from councils.transfers_chart import Stream, fits, transfers

#: Rosa has 6 of a quota of 4, so two pass on; then Hugo goes, one of his two is used up.
STREAMS = [
    Stream("Rosa", [6, 4, 4], since=0, end="4", note="elected"),
    Stream("Luis", [3, 4, 5], since=1, end="5", note="elected"),
    Stream("Hugo", [1, 2, 0], end="0", note="not elected"),
    Stream("", [0, 0, 1], end="1", note="used up", pile=True),
]
ROUNDS = ["Round 1", "Round 2", "Round 3"]


def parts(svg: str, css: str) -> list[ET.Element]:
    return [part for part in ET.fromstring(svg) if part.get("class") == css]


def thickness(path: ET.Element) -> float:
    """Of a ribbon: from its upper edge to its lower one, at its end."""
    found = re.search(r" ([\d.]+)V([\d.]+)C", path.get("d", ""))
    assert found
    return round(float(found[2]) - float(found[1]), 1)


def test_hatched_ribbons_are_what_passes_on() -> None:
    drawn = transfers(STREAMS, ROUNDS, "x")
    vote = (430 - 26 - 8 - 9 * 3) / 10
    assert [thickness(p) for p in parts(drawn, "rib--x")] == [round(vote, 1)] * 4
    assert sum(thickness(p) for p in parts(drawn, "rib")) == round(16 * vote, 1)


def test_bars_are_dark_from_the_round_of_election_on() -> None:
    drawn = transfers(STREAMS, ROUNDS, "x")
    dark = [(p.get("x"), p.get("y")) for p in parts(drawn, "seg--in")]
    assert len(dark) == 5  # Rosa three times, Luis twice
    assert (len(parts(drawn, "seg")), len(parts(drawn, "seg--out"))) == (3, 1)


def test_words_stand_beside_the_bars_and_are_escaped() -> None:
    streams = [Stream("<b>&", [2, 2], end="2", note='"in"'), Stream("Hugo", [0.1, 0.1], end="0,1", note="out")]
    words = [text.text for text in ET.fromstring(transfers(streams, ["1", "2"], '<"')) if text.text]
    assert words == ["1", "2", "<b>&", "2", '"in"', "Hugo", "0,1 · out"]


def test_drawn_only_where_it_can_be_read() -> None:
    sizes = [(1, 2), (12, 12), (13, 2), (12, 13), (5, 1), (0, 2)]
    assert [fits(candidates, rounds) for candidates, rounds in sizes] == [True, True, False, False, False, False]


@given(st.lists(st.tuples(*[st.integers(0, 10**9)] * 3), max_size=14), st.integers(0, 3))
def test_nothing_makes_it_fail(votes: list[tuple[int, ...]], rounds: int) -> None:
    drawn = transfers([Stream("x", v) for v in votes], ["r"] * rounds, "x")
    assert "nan" not in drawn and "inf" not in drawn
    assert ET.fromstring(drawn).tag == "svg"
