"""The single transferable vote: hand-checked counts, and what holds of every count."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.counting.stv import SCALE, count_stv


def test_surplus_goes_on_by_parts_of_every_paper_cut_after_five_decimals():
    # quota ⌊10/3⌋+1 = 4; 7 − 4 = 3 to pass on: each of seven papers at 3/7 = .42857
    count = count_stv(candidates=[1, 2, 3], papers={(1, 2): 5, (1,): 2, (3,): 2, (2,): 1}, seats=2)
    assert (count.valid, count.quota) == (10, 4)
    surplus = count.stages[1]
    assert (surplus.happened, surplus.candidate) == ("surplus", 1)
    assert surplus.totals == {1: 4_00000, 2: 1_00000 + 5 * 42857, 3: 2_00000}
    assert (surplus.exhausted, surplus.cut_off) == (2 * 42857, 3 * SCALE - 7 * 42857)
    # no surplus is left and one place: 3 has fewest and goes, 2 is the last one
    assert [s.happened for s in count.stages] == ["first_preferences", "surplus", "exclusion"]
    assert count.elected == (1, 2)
    assert count.excluded == (3,)


def test_paper_of_a_second_surplus_keeps_the_part_it_had():
    # 1 has 8 of quota 4: papers go on at ½. 2 then has 2 + 4 = 6 and passes on 2: half papers at ½ × 2/6, others at 2/6
    count = count_stv(candidates=[1, 2, 3, 4], papers={(1, 2, 3): 8, (2, 4): 2, (3,): 1, (4,): 3}, seats=3)
    assert count.quota == 4
    assert count.stages[1].totals == {1: 4_00000, 2: 6_00000, 3: 1_00000, 4: 3_00000}
    assert count.stages[2].totals == {1: 4_00000, 2: 4_00000, 3: 1_00000 + 8 * 16666, 4: 3_00000 + 2 * 33333}


def test_largest_surplus_goes_first():
    count = count_stv(candidates=[1, 2, 3, 4], papers={(1, 3): 6, (2, 3): 8, (4,): 4, (3,): 1}, seats=3)
    assert count.quota == 5
    assert [(s.happened, s.candidate) for s in count.stages[1:3]] == [("surplus", 2), ("surplus", 1)]


def test_exactly_the_quota_is_elected_and_passes_nothing_on():
    count = count_stv(candidates=[1, 2, 3], papers={(1, 2): 4, (2,): 3, (3,): 2}, seats=2)
    assert count.quota == 4
    assert count.stages[0].elected == (1,)
    assert count.stages[1].happened == "exclusion"


def test_last_places_are_filled_without_another_transfer():
    count = count_stv(candidates=[1, 2, 3], papers={(1,): 6, (2,): 2, (3,): 1}, seats=3)
    assert len(count.stages) == 1
    assert count.elected == (1, 2, 3)


def test_fewer_candidates_than_seats_are_all_elected():
    assert count_stv(candidates=[1, 2], papers={(1,): 3}, seats=5).elected == (1, 2)


@pytest.mark.parametrize("papers", [{}, {(): 5}, {(9,): 2}])
def test_without_a_valid_paper_nobody_is_elected(papers):
    count = count_stv(candidates=[1, 2], papers=papers, seats=1)
    assert (count.elected, count.stages, count.valid) == ((), (), 0)


def test_withdrawn_candidate_is_passed_over():
    count = count_stv(candidates=[1, 3], papers={(2, 3): 3, (1,): 2}, seats=1)
    assert count.elected == (3,)
    assert count.stages[0].totals == {1: 2 * SCALE, 3: 3 * SCALE}


def test_paper_whose_preferences_are_used_up_is_not_transferable():
    count = count_stv(candidates=[1, 2, 3], papers={(1,): 3, (2,): 2, (3,): 1}, seats=1)
    assert count.stages[1].exhausted == 1 * SCALE
    assert count.elected == (1,)


class TestTies:
    def test_nothing_settles_all_equal(self):
        count = count_stv(candidates=[1, 2], papers={(1,): 2, (2,): 2}, seats=1)
        assert (count.elected, count.tied, count.tied_for) == ((), (1, 2), "exclusion")

    def test_those_elected_before_stay_elected(self):
        count = count_stv(candidates=[1, 2, 3], papers={(1,): 5, (2,): 2, (3,): 2}, seats=2)
        assert (count.elected, count.tied) == ((1,), (2, 3))

    @pytest.mark.parametrize(("lots", "elected"), [((1, 2), 1), ((2, 1), 2)])
    def test_lot_keeps_who_was_drawn_first(self, lots, elected):
        count = count_stv(candidates=[1, 2], papers={(1,): 2, (2,): 2}, seats=1, lots=lots)
        assert count.elected == (elected,)
        assert count.stages[1].choice.settled == "lot"

    def test_lot_that_lacks_one_of_them_settles_nothing(self):
        assert count_stv(candidates=[1, 2], papers={(1,): 2, (2,): 2}, seats=1, lots=(1,)).tied == (1, 2)

    def test_exclusion_looks_back_to_the_last_stage_where_they_differed(self):
        # stage 2: 4 goes, 2 and 3 have 4 each; in stage 1 candidate 3 had fewer
        papers = {(1,): 6, (2, 1): 4, (3, 2): 3, (4, 3): 1}
        count = count_stv(candidates=[1, 2, 3, 4], papers=papers, seats=1)
        choice = count.stages[2].choice
        assert (choice.candidate, choice.among, choice.settled, choice.stage) == (3, (2, 3), "look_back", 1)

    def test_look_back_of_three_goes_two_by_two(self):
        # 2, 3 and 4 end equal at stage 3; stage 2 leaves 3 and 4 lowest, stage 1 tells 4 from 3
        papers = {(1,): 9, (2,): 4, (3,): 3, (4,): 2, (5, 4): 1, (6, 3): 1, (6, 4): 1, (7,): 5}
        count = count_stv(candidates=range(1, 8), papers=papers, seats=1)
        assert [s.candidate for s in count.stages[1:4]] == [5, 6, 4]
        assert count.stages[3].choice.settled == "look_back"

    def test_surplus_looks_back_and_then_asks_the_lot(self):
        papers = {(1, 3): 6, (2, 4): 6, (3,): 1, (4,): 2, (5,): 1}
        drawn = count_stv(candidates=range(1, 6), papers=papers, seats=3, lots=(2, 1, 3, 4, 5))
        assert drawn.quota == 5
        assert [(s.candidate, s.choice.settled) for s in drawn.stages[1:3]] == [(2, "lot"), (1, None)]

    def test_many_without_a_vote_stop_no_count(self):
        papers = {(1, 2): 1, (1,): 1, (2, 1): 2, (3, 1): 1}
        count = count_stv(candidates=range(1, 40), papers=papers, seats=1)
        assert (count.elected, count.tied) == ((1,), ())
        assert {s.choice.settled for s in count.stages[1:36]} == {"either_way"}

    def test_without_votes_for_the_last_places_is_a_tie(self):
        count = count_stv(candidates=[1, 2, 3], papers={(1,): 5}, seats=2)
        assert (count.elected, count.tied) == ((1,), (2, 3))

    def test_tie_that_changes_nothing_stops_no_count(self):
        count = count_stv(candidates=[1, 2, 3, 4], papers={(1,): 5, (2,): 3}, seats=1)
        assert (count.elected, count.tied) == ((1,), ())
        two = count_stv(candidates=[1, 2, 3, 4], papers={(1,): 4, (2,): 3, (3, 2): 1, (4, 1): 1}, seats=1)
        assert (two.elected, two.tied) == ((1,), ())
        assert two.stages[1].choice.settled == "either_way"


rankings = st.permutations(range(1, 7)).flatmap(
    lambda order: st.integers(1, 6).map(lambda length: tuple(order[:length]))
)
elections = st.tuples(st.dictionaries(rankings, st.integers(1, 40), min_size=1, max_size=25), st.integers(1, 5))


@given(elections, st.permutations(range(1, 7)))
def test_votes_are_conserved_and_places_filled(election, lots):
    papers, seats = election
    count = count_stv(candidates=range(1, 7), papers=papers, seats=seats, lots=lots)
    assert len(count.elected) == seats
    assert len(set(count.elected) | set(count.excluded)) == len(count.elected) + len(count.excluded)
    for stage in count.stages:
        assert sum(stage.totals.values()) + stage.exhausted + stage.cut_off == count.valid * SCALE
        assert min(stage.totals.values()) >= 0
    # never more candidates with a quota than seats
    assert count.quota * (seats + 1) > count.valid


@given(elections, st.integers())
def test_order_and_grouping_of_papers_change_nothing(election, seed):
    papers, seats = election
    single = [ranking for ranking, n in papers.items() for _ in range(n)]
    random.Random(seed).shuffle(single)
    shuffled = Counter(single)
    assert count_stv(candidates=range(1, 7), papers=shuffled, seats=seats) == count_stv(
        candidates=range(6, 0, -1), papers=papers, seats=seats
    )


@given(elections, st.permutations(range(1, 7)))
def test_a_majority_of_first_preferences_is_elected(election, lots):
    papers, seats = election
    first = Counter[int]()
    for ranking, n in papers.items():
        first[ranking[0]] += n
    count = count_stv(candidates=range(1, 7), papers=papers, seats=seats, lots=lots)
    assert {c for c, n in first.items() if n >= count.quota} <= set(count.elected)
