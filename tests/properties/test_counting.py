"""Properties of the counts: conserved, independent of order, nothing elected out of nothing."""

import random
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from councils.counting.majority import Majority, is_adopted
from councils.counting.marks import MarksCount, count_marks
from councils.counting.quorum import ceiling
from councils.counting.yes_no import count_yes_no

NAMES = [str(i) for i in range(6)]
papers = st.lists(st.lists(st.sampled_from(NAMES), unique=True), max_size=40)


def approval(said: list[list[str]], seats: int) -> MarksCount[str]:
    return count_marks(candidates=NAMES, papers=Counter(map(tuple, said)), seats=seats)


@given(papers, st.integers(1, 8))
def test_approval_conserves_marks_and_fills_no_more_than_the_seats(said, seats):
    count = approval(said, seats)
    assert sum(count.totals.values()) == sum(len(p) for p in said)
    assert len(count.elected) + count.open_places <= seats
    assert not set(count.elected) & set(count.tied)
    assert not count.tied or len(count.tied) > count.open_places > 0
    worst = min((count.totals[c] for c in count.elected), default=0)
    assert all(count.totals[c] <= worst for c in NAMES if c not in count.elected) or not count.elected
    assert all(count.totals[c] > 0 for c in count.elected)


@given(papers, st.integers(1, 8), st.randoms(use_true_random=False))
def test_approval_is_independent_of_the_order_of_the_papers(said, seats, chance: random.Random):
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert approval(shuffled, seats) == approval(said, seats)


@given(papers, st.integers(1, 6))
def test_approval_is_monotone_a_mark_more_never_unseats(said, seats):
    before = approval(said, seats)
    for winner in before.elected:
        after = approval([*said, [winner]], seats)
        assert winner in after.elected


@given(st.lists(st.sampled_from([["yes"], ["no"], ["abstain"], [], ["yes", "no"]]), max_size=60))
def test_yes_no_counts_each_paper_at_most_once(said):
    assert sum(count_yes_no(said).values()) == sum(len(p) == 1 for p in said)


shares = st.fractions(0, 1, max_denominator=50)


@given(shares, st.booleans(), st.booleans(), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_majority_agrees_with_fractions_and_is_monotone(share, strict, abstentions, yes, no, abstain):
    majority = Majority(share, strict, abstentions)
    out_of = yes + no + (abstain if abstentions else 0)
    part = Fraction(yes, out_of) if out_of else Fraction(0)
    assert is_adopted(majority, yes=yes, no=no, abstain=abstain) == (
        yes > 0 and (part > share if strict else part >= share)
    )
    if is_adopted(majority, yes=yes, no=no, abstain=abstain) and share < 1:
        assert is_adopted(majority, yes=yes + 1, no=no, abstain=abstain)


@given(shares, st.integers(0, 10_000))
def test_ceiling_is_the_least_that_suffices(share, of):
    least = ceiling(share, of)
    assert least >= share * of > least - 1
