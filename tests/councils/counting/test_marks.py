"""Approval, plurality and block vote by hand-checked tables."""

import pytest

from councils.counting.marks import MarksCount, count_marks

A, B, C = "a", "b", "c"


@pytest.mark.parametrize(
    ("papers", "seats", "elected", "tied", "open_places"),
    [
        ({(A,): 2, (A, B): 1}, 1, (A,), (), 0),
        ({(A,): 1, (A, B): 1, (B, C): 1}, 2, (A, B), (), 0),
        ({(A,): 1, (B,): 1}, 1, (), (A, B), 1),  # all equal
        ({(A,): 2, (B,): 1, (C,): 1}, 2, (A,), (B, C), 1),  # tie for the last place
        ({(A, B): 2, (C,): 1}, 2, (A, B), (), 0),  # equal votes, but both have a place
        ({(A, B, C): 1}, 2, (), (A, B, C), 2),
        ({}, 2, (), (), 0),  # an empty urn
        ({(): 2}, 1, (), (), 0),  # blank papers
        ({(A,): 1}, 3, (A,), (), 0),  # fewer candidates with a vote than seats
        ({(A, A, A): 1, (B,): 2}, 1, (B,), (), 0),  # a name marked twice counts once
        ({("x",): 1, (A,): 1}, 1, (A,), (), 0),  # an unknown name counts never
    ],
)
def test_approval(papers, seats, elected, tied, open_places):
    count = count_marks(candidates=[A, B, C], papers=papers, seats=seats)
    assert (count.elected, count.tied, count.open_places) == (elected, tied, open_places)


def test_paper_with_too_many_marks_is_spoilt():
    count = count_marks(candidates=[A, B, C], papers={(A, B): 3, (C,): 2}, seats=1, most_marks=1)
    assert count == MarksCount({A: 0, B: 0, C: 2}, (C,), spoilt=3)


@pytest.mark.parametrize(("lots", "elected"), [((A, B, C), (A,)), ((C, B, A), (B,)), ((A,), ())])
def test_lot_settles_the_last_place(lots, elected):
    count = count_marks(candidates=[A, B, C], papers={(A,): 2, (B,): 2, (C,): 1}, seats=1, lots=lots)
    assert count.elected == elected
    assert count.by_lot == ((A, B) if elected else ())
