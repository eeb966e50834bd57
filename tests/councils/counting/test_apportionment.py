"""Highest averages: published tables, ties, and what holds of every allocation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.counting.apportionment import METHODS, allocate_seats, largest_remainder

#: 34 25 18 17 13 12.5 11.3 9 are the eight highest averages by whole numbers, 34 25 18 13 11.3 8.3 7 6.8 by odd ones.
SIX = {"A": 34_000, "B": 25_000, "C": 18_000, "D": 13_000, "E": 7_000, "F": 3_000}


@pytest.mark.parametrize(
    ("method", "seats"),
    [
        ("dhondt", {"A": 3, "B": 2, "C": 2, "D": 1, "E": 0, "F": 0}),
        ("sainte-lague", {"A": 3, "B": 2, "C": 1, "D": 1, "E": 1, "F": 0}),
    ],
)
def test_allocation_by_hand(method, seats):
    assert allocate_seats(SIX, seats=8, method=method).seats == seats


def test_equal_averages_for_the_last_seat_are_reported():
    allocation = allocate_seats({"A": 100, "B": 100, "C": 10}, seats=3, method="dhondt")
    assert allocation.seats == {"A": 1, "B": 1, "C": 0}
    assert (allocation.tied, allocation.open_seats) == (("A", "B"), 1)


def test_lot_settles_the_last_seat():
    allocation = allocate_seats({"A": 100, "B": 100}, seats=1, method="dhondt", lots=["B", "A"])
    assert (allocation.seats, allocation.tied, allocation.by_lot) == ({"A": 0, "B": 1}, (), ("A", "B"))


def test_equal_averages_with_room_for_all_are_no_tie():
    assert allocate_seats({"A": 7, "B": 7}, seats=2, method="sainte-lague").tied == ()


def test_a_list_without_votes_gets_nothing():
    assert allocate_seats({"A": 5, "B": 0}, seats=3, method="dhondt").seats == {"A": 3, "B": 0}
    assert allocate_seats({"A": 0, "B": 0}, seats=3, method="dhondt").seats == {"A": 0, "B": 0}


def test_large_votes_are_exact():
    # as floats both averages are the same
    votes = {"A": 9_007_199_254_740_993, "B": 9_007_199_254_740_992}
    allocation = allocate_seats(votes, seats=1, method="dhondt")
    assert (allocation.seats, allocation.tied) == ({"A": 1, "B": 0}, ())


lists = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 50), min_size=1)


@given(lists, st.integers(1, 30), st.sampled_from(METHODS))
def test_seats_are_all_given_or_open(votes, seats, method):
    allocation = allocate_seats(votes, seats=seats, method=method)
    if any(votes.values()):
        assert sum(allocation.seats.values()) + allocation.open_seats == seats
    assert bool(allocation.tied) == bool(allocation.open_seats)


@given(lists, st.integers(1, 30), st.sampled_from(METHODS))
def test_one_seat_more_takes_none_away(votes, seats, method):
    fewer = allocate_seats(votes, seats=seats, method=method, lots=sorted(votes)).seats
    more = allocate_seats(votes, seats=seats + 1, method=method, lots=sorted(votes)).seats
    assert all(more[name] >= n for name, n in fewer.items())


@pytest.mark.parametrize(
    ("votes", "seats", "given", "tied"),
    [
        # 100,000 votes, 10 seats: quotas 4.7, 1.6, 1.58, 1.2, 0.61, 0.31
        (
            {"a": 47000, "b": 16000, "c": 15800, "d": 12000, "e": 6100, "f": 3100},
            10,
            {"a": 5, "b": 2, "c": 1, "d": 1, "e": 1, "f": 0},
            (),
        ),
        ({"yes": 60, "no": 40}, 2, {"yes": 1, "no": 1}, ()),
        ({"yes": 1, "no": 1}, 1, {"yes": 0, "no": 0}, ("no", "yes")),
        ({"yes": 0, "no": 0}, 3, {"yes": 0, "no": 0}, ()),
        ({"yes": 3, "no": 0}, 0, {"yes": 0, "no": 0}, ()),
    ],
)
def test_largest_remainder(votes, seats, given, tied):
    found = largest_remainder(votes, seats=seats)
    assert (dict(found.seats), found.tied) == (given, tied)
