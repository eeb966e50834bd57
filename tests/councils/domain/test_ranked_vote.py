"""A vote by ranking, from the booth to the stages of its count; and one by most votes."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from councils.counting.stv import SCALE
from councils.domain.ballot import cast_ballot
from councils.domain.outcome import bring_up_to_date
from councils.enums import PollKind, PollState
from councils.errors import Refused
from councils.models import Ballot, Election, Poll, RuleSet
from tests.conftest import Cast
from tests.elections import called
from tests.votes import NOW, count, crowd, open_ranked, scheduled, vote

pytestmark = pytest.mark.django_db


def test_ranking_is_kept_in_order_and_counted_by_stages(cast: Cast):
    people = crowd(cast, 15)
    poll = open_ranked(cast, ["Rosa", "Luis", "Elena"], seats=2)
    said = [["2", "1", "3"]] * 8 + [["1"]] * 4 + [["3", "1"]] * 3
    vote(poll, dict(zip(people, said, strict=True)))
    poll = count(poll)
    assert poll.state == PollState.DECLARED
    assert poll.result["outcome"] == "elected"
    assert poll.result["elected"] == ["2", "1"]
    assert poll.result["tally"] == {"1": 4, "2": 8, "3": 3}
    record = poll.result["count"]
    assert (record["quota"], record["valid"], record["scale"]) == (6, 15, SCALE)
    # eight papers at ⌊2/8⌋ each
    assert record["stages"][1]["totals"] == {"1": 6 * SCALE, "2": 6 * SCALE, "3": 3 * SCALE}
    assert sorted(Ballot.objects.filter(poll=poll).values_list("marks", flat=True)) == sorted(said)


def test_tie_that_no_lot_settles_is_a_tie(cast: Cast):
    people = crowd(cast, 6)
    poll = open_ranked(cast, ["Rosa", "Luis"])
    vote(poll, dict(zip(people, [["1"]] * 3 + [["2"]] * 3, strict=True)))
    assert count(poll).result["outcome"] == "tie"


def test_lot_entered_before_the_count_settles_a_tie(cast: Cast):
    people = crowd(cast, 6)
    poll = open_ranked(cast, ["Rosa", "Luis"])
    Poll.objects.filter(pk=poll.pk).update(lots=["2", "1"])
    vote(poll, dict(zip(people, [["1"]] * 3 + [["2"]] * 3, strict=True)))
    result = count(poll).result
    assert (result["outcome"], result["elected"]) == ("elected", ["2"])


def test_by_most_votes_a_paper_marks_no_more_than_the_seats(cast: Cast):
    options = [{"id": str(i), "label": name} for i, name in enumerate(("Rosa", "Luis", "Elena"), 1)]
    poll = scheduled(cast.assembly, kind=PollKind.PLURALITY, options=options, seats=2)
    poll = bring_up_to_date(poll=poll, at=NOW)
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.carmen, marks=["1", "2", "3"], replaces=0, at=NOW)
    assert cast_ballot(poll=poll, by=cast.carmen, marks=["1", "3"], replaces=0, at=NOW).code


@pytest.mark.parametrize(("electors", "method", "called_"), [(14, "stv", 0), (15, "stv", 1), (14, "plurality", 1)])
def test_call_by_ranking_among_few_is_refused_with_the_reason(cast: Cast, electors, method, called_):
    crowd(cast, electors - 5)
    RuleSet.objects.filter(body=cast.assembly).update(rules={"methods": {cast.council.kind: method}})
    with nullcontext() if called_ else pytest.raises(Refused, match=f"{electors} personas|Here {electors} people"):
        assert called(cast).method == method
    assert Election.objects.count() == called_
