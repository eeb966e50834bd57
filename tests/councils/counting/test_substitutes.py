"""Who follows the elected: by votes, and by counting ranked papers again."""

from __future__ import annotations

import pytest

from councils.counting.stv import count_stv
from councils.counting.substitutes import next_by_countback, next_by_votes


@pytest.mark.parametrize(
    ("totals", "lots", "most", "found"),
    [
        ({"1": 9, "2": 8, "3": 7, "4": 6}, [], 2, ["3", "4"]),
        ({"1": 9, "2": 8, "3": 7, "4": 6}, [], 1, ["3"]),
        ({"1": 9, "2": 8, "3": 7, "4": 0}, [], 5, ["3"]),  # nobody without votes
        ({"1": 9, "2": 8}, [], 5, []),
        ({"1": 9, "2": 8, "3": 5, "4": 5, "5": 1}, [], 3, []),  # a tie ends the list
        ({"1": 9, "2": 8, "3": 5, "4": 5, "5": 1}, ["4", "3"], 3, ["4", "3", "5"]),  # unless a lot was drawn
        ({"1": 9, "2": 8, "3": 7, "4": 5, "5": 5}, [], 3, ["3"]),
    ],
)
def test_next_by_votes_is_the_same_for_every_seat(totals, lots, most, found):
    assert next_by_votes(totals=totals, elected=["1", "2"], lots=lots, most=most) == {"1": found, "2": found}


#: Two wings of three and two candidates: each has its voters.
PAPERS = {(1, 2, 3): 50, (4, 5): 30, (5, 4): 10}


def test_next_by_countback_follows_the_voters_of_the_seat():
    count = count_stv(candidates=[1, 2, 3, 4, 5], papers=PAPERS, seats=2)
    assert set(count.elected) == {1, 4}
    found = next_by_countback(
        candidates=[1, 2, 3, 4, 5], papers=PAPERS, seats=2, elected=count.elected, lots=[], most=3
    )
    assert found == {1: [2, 3, 5], 4: [5, 2, 3]}


def test_next_by_countback_ends_where_nobody_is_left():
    found = next_by_countback(candidates=[1, 2], papers={(1, 2): 5}, seats=1, elected=[1], lots=[], most=4)
    assert found == {1: [2]}


def test_next_by_countback_ends_at_a_tie_that_nothing_settles():
    papers = {(1,): 9, (2,): 3, (3,): 3}
    arguments = {"candidates": [1, 2, 3], "papers": papers, "seats": 1, "elected": [1], "most": 2}
    assert next_by_countback(lots=[], **arguments) == {1: []}
    assert next_by_countback(lots=[3, 2, 1], **arguments) == {1: [3, 2]}
