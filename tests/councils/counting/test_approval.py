"""Approval by hand-checked tables."""

import pytest

from councils.counting.approval import ApprovalCount, count_approval

A, B, C = "a", "b", "c"


@pytest.mark.parametrize(
    ("papers", "seats", "elected", "tied", "open_places"),
    [
        ([[A], [A, B], [A]], 1, (A,), (), 0),
        ([[A], [A, B], [B, C]], 2, (A, B), (), 0),
        ([[A], [B]], 1, (), (A, B), 1),  # all equal
        ([[A], [A], [B], [C]], 2, (A,), (B, C), 1),  # tie for the last place
        ([[A, B], [A, B], [C]], 2, (A, B), (), 0),  # equal votes, but both have a place
        ([[A, B, C]], 2, (), (A, B, C), 2),
        ([], 2, (), (), 0),  # an empty urn
        ([[], []], 1, (), (), 0),  # blank papers
        ([[A]], 3, (A,), (), 0),  # fewer candidates with a vote than seats
        ([[A, A, A], [B], [B]], 1, (B,), (), 0),  # a name marked twice counts once
        ([["x"], [A]], 1, (A,), (), 0),  # an unknown name counts never
    ],
)
def test_count_approval(papers, seats, elected, tied, open_places):
    count = count_approval(candidates=[A, B, C], papers=papers, seats=seats)
    assert (count.elected, count.tied, count.open_places) == (elected, tied, open_places)


def test_count_approval_gives_every_candidate_a_total():
    assert count_approval(candidates=[A, B], papers=[[B]], seats=1) == ApprovalCount({A: 0, B: 1}, (B,), (), 0)
