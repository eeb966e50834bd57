"""Quorum, majority, yes/no and floors by hand-checked tables, at their edges."""

from fractions import Fraction

import pytest

from councils.counting.majority import Majority, is_adopted
from councils.counting.publication import shown
from councils.counting.quorum import Quorum, Turnout, ceiling, quorum_reached
from councils.counting.yes_no import count_yes_no

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize(
    ("share", "of", "least"),
    [(HALF, 10, 5), (HALF, 9, 5), (THIRD, 9, 3), (THIRD, 10, 4), (HALF, 0, 0), (Fraction(1), 7, 7)],
)
def test_ceiling_is_exact(share, of, least):
    assert ceiling(share, of) == least


@pytest.mark.parametrize(
    ("base", "share", "met"),
    [
        ("roll", Fraction(6, 10), True),  # 6 of 10 voted
        ("roll", Fraction(61, 100), False),
        ("present", Fraction(5, 6), True),  # 5 of 6 papers valid and marked
        ("present", Fraction(1), False),
        ("cast", Fraction(4, 5), True),  # 4 of 5 said yes or no
        ("cast", Fraction(1), False),
        ("roll", Fraction(0), True),
    ],
)
def test_quorum_reached(base, share, met):
    assert quorum_reached(Quorum(base, share), Turnout(roll=10, present=6, cast=5, decided=4)).met is met


SIMPLE = Majority(HALF, strict=True, abstentions=False)


@pytest.mark.parametrize(
    ("majority", "yes", "no", "abstain", "adopted"),
    [
        (SIMPLE, 2, 1, 90, True),
        (SIMPLE, 2, 2, 0, False),
        (SIMPLE, 0, 0, 5, False),
        (Majority(HALF, strict=False, abstentions=False), 2, 2, 0, True),
        (Majority(HALF, strict=False, abstentions=False), 0, 0, 0, False),  # nothing is adopted without a yes
        (Majority(HALF, strict=True, abstentions=True), 5, 0, 5, False),
        (Majority(HALF, strict=True, abstentions=True), 6, 0, 5, True),
        (Majority(Fraction(2, 3), strict=False, abstentions=False), 2, 1, 0, True),
        (Majority(Fraction(2, 3), strict=True, abstentions=False), 2, 1, 0, False),
        (Majority(Fraction(2, 3), strict=False, abstentions=False), 666_666, 333_334, 0, False),
    ],
)
def test_is_adopted(majority, yes, no, abstain, adopted):
    assert is_adopted(majority, yes=yes, no=no, abstain=abstain) is adopted


def test_count_yes_no_counts_papers_with_one_answer():
    papers = [["yes"], ["no"], ["yes"], ["abstain"], [], ["yes", "no"], ["maybe"]]
    assert count_yes_no(papers) == {"yes": 2, "no": 1, "abstain": 1}


@pytest.mark.parametrize(
    ("ballots", "told"), [(0, "outcome"), (4, "outcome"), (5, "totals"), (99, "totals"), (100, "ballots")]
)
def test_shown_of_yes_and_no_by_the_number_of_ballots(ballots, told):
    assert shown(ballots, election=False) == told


@pytest.mark.parametrize(
    ("ballots", "told"), [(5, "outcome"), (14, "outcome"), (15, "totals"), (99, "totals"), (100, "ballots")]
)
def test_shown_of_an_election_by_the_number_of_ballots(ballots, told):
    assert shown(ballots, election=True) == told
