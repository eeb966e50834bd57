"""Seats for lists and their people: examples by hand, lists that run out of people, ties, and what always holds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.counting.apportionment import allocate_seats
from councils.counting.lists import DIVISORS, count_lists, divisor, in_list_order, lists_record

#: By hand, 5 seats. D'Hondt: 60 30 28 20 15 | 14 12; Sainte-Laguë: 60 28 20 12 12 | 9.3 8.6.
VOTES = {"1": 60, "2": 28, "3": 12}
MANY = dict.fromkeys(VOTES, 9)


def count(votes=VOTES, people=MANY, seats=5, method="dhondt", lots=()):
    return count_lists(votes, people=people, seats=seats, method=method, lots=lots)


@pytest.mark.parametrize(
    ("method", "seats", "order"),
    [
        ("dhondt", {"1": 4, "2": 1, "3": 0}, "11211"),
        ("sainte_lague", {"1": 3, "2": 1, "3": 1}, "12113"),
    ],
)
def test_seats_by_hand(method, seats, order):
    found = count(method=method)
    assert found.seats == seats
    assert "".join(award.name for award in found.awards) == order
    stages = lists_record(found, method)["stages"]
    assert [Fraction(VOTES[s["list"]], s["divisor"]) for s in stages] == [award.average for award in found.awards]


def test_sainte_lague_equal_quotients_with_room_for_both_are_no_tie():
    # 60/5 = 12/1: both seats are there
    assert count(method="sainte_lague").tied == ()
    assert count(method="sainte_lague", seats=4).tied == ("1", "3")


def test_seats_that_a_short_list_cannot_fill_go_to_the_next_quotients():
    # without its third and fourth person list 1 leaves two seats: 28/2 = 14, then 12
    found = count(people={"1": 2, "2": 9, "3": 9})
    assert found.seats == {"1": 2, "2": 2, "3": 1}
    assert [award.average for award in found.awards] == [60, 30, 28, 14, 12]


def test_seats_stay_vacant_where_no_list_has_people():
    found = count(people={"1": 1, "2": 1, "3": 1})
    assert (found.seats, len(found.awards), found.tied) == ({"1": 1, "2": 1, "3": 1}, 3, ())


def test_a_list_without_votes_gets_no_seat_even_where_seats_stay_vacant():
    assert count({"1": 5, "2": 0}, {"1": 1, "2": 4}).seats == {"1": 1, "2": 0}


def test_nobody_voted():
    found = count(dict.fromkeys(VOTES, 0))
    assert (found.awards, found.tied) == ((), ())


def test_tie_for_the_last_seat_is_reported_or_settled_by_lot():
    votes = {"1": 40, "2": 20, "3": 20}
    found = count(votes, seats=2)  # 40, then 40/2 = 20 = 20 = 20
    assert (found.tied, found.open_seats, len(found.awards)) == (("1", "2", "3"), 1, 1)
    by_lot = count(votes, seats=2, lots=["3", "1", "2"])
    assert ([award.name for award in by_lot.awards], by_lot.by_lot) == (["1", "3"], ("1", "2", "3"))
    assert count(votes, seats=2, lots=["3"]).tied == ("1", "2", "3")


def test_a_full_list_is_not_in_the_tie():
    found = count({"1": 40, "2": 20, "3": 20}, {"1": 1, "2": 1, "3": 1}, seats=2)
    assert found.tied == ("2", "3")


def test_divisors():
    assert [divisor("dhondt", n) for n in range(4)] == [1, 2, 3, 4]
    assert [divisor("sainte_lague", n) for n in range(4)] == [1, 3, 5, 7]


def test_people_take_their_seats_in_the_order_of_their_list():
    assert in_list_order(["2", "1", "2", "2"]) == [("2", 0), ("1", 0), ("2", 1), ("2", 2)]


names = [str(n) for n in range(1, 8)]
every = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), min_size=1, max_size=7)


@given(every, st.integers(1, 20), st.sampled_from(list(DIVISORS)), st.booleans())
def test_house_size_and_room_hold(lists, seats, method, drawn):
    votes, people = ({name: both[i] for name, both in zip(names, lists, strict=False)} for i in (0, 1))
    found = count(votes, people, seats, method, names if drawn else ())
    room = sum(people[name] for name, n in votes.items() if n)
    assert sum(found.seats.values()) + found.open_seats == min(seats, room)
    assert all(found.seats[name] <= people[name] for name in votes)
    assert not (drawn and found.tied)
    averages = [award.average for award in found.awards]
    assert averages == sorted(averages, reverse=True)


@given(every, st.integers(1, 20), st.sampled_from(list(DIVISORS)))
def test_one_seat_more_takes_nothing_from_anybody(lists, seats, method):
    votes, people = ({name: both[i] for name, both in zip(names, lists, strict=False)} for i in (0, 1))
    fewer, more = (count(votes, people, n, method, names).seats for n in (seats, seats + 1))
    assert all(fewer[name] <= more[name] for name in votes)


@given(every, st.integers(1, 20), st.sampled_from(list(DIVISORS)))
def test_with_people_enough_it_is_the_plain_allocation(lists, seats, method):
    votes = {name: n for name, (n, _people) in zip(names, lists, strict=False)}
    plain = allocate_seats(votes, seats=seats, method=DIVISORS[method])
    assert count(votes, dict.fromkeys(votes, seats), seats, method) == plain
