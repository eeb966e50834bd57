"""What of a result may be known, by how many ballots there were; and that too few are never opened."""

from __future__ import annotations

import pytest

from councils.domain.ballot import cast_named_vote
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import key_store
from councils.enums import PollKind, PollState
from councils.models import Ballot, CheckCode, RollEntry, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import count, crowd, open_approval, open_yes_no, scheduled, vote

FIVE = ("carmen", "pedro", "elena", "hugo", "rosa")


@pytest.mark.parametrize(("ballots", "told"), [(4, "outcome"), (5, "totals"), (99, "totals"), (100, "ballots")])
def test_result_holds_no_more_than_may_be_published(cast: Cast, ballots, told):
    people = [*(getattr(cast, name) for name in FIVE), *crowd(cast, 95)]
    poll = open_yes_no(cast)
    vote(poll, {person: ["yes"] for person in people[:ballots]})
    result = count(poll).result
    assert (result["shown"], "tally" in result, "blank" in result) == (told, told != "outcome", told != "outcome")


@pytest.mark.parametrize("kind", [PollKind.APPROVAL, PollKind.PLURALITY, PollKind.STV])
@pytest.mark.parametrize(("ballots", "told"), [(14, "outcome"), (15, "totals")])
def test_result_of_an_election_holds_totals_from_fifteen_ballots_on(cast: Cast, kind, ballots, told):
    people = crowd(cast, ballots)
    options = [{"id": "1", "label": "A"}, {"id": "2", "label": "B"}]
    poll = bring_up_to_date(poll=scheduled(cast.assembly, kind=kind, options=options, seats=1), at=NOW)
    vote(poll, {person: ["2"] for person in people})
    result = count(poll).result
    assert (result["shown"], result["elected"]) == (told, ["2"])
    assert {"tally", "blank", "spoilt", "count"} & set(result) == (
        set() if told == "outcome" else {"tally", "blank", "spoilt", *(["count"] if kind == PollKind.STV else [])}
    )


def test_result_of_few_hides_a_quorum_that_would_tell_the_blanks(cast: Cast, now):
    rules = {"election_quorum": {"base": "present", "share": "1/2"}}
    RuleSet.objects.filter(body=cast.assembly).update(rules=rules)
    poll = open_approval(cast, ["A", "B"])
    vote(poll, {cast.carmen: ["1"], cast.pedro: [], cast.rosa: ["1"]})
    assert count(poll).result["quorum"] == {"met": True}


@pytest.mark.parametrize(("ballots", "told"), [(4, {"met", "base", "needed", "out_of"}), (5, {"reached"})])
def test_result_of_few_hides_how_many_of_them_count_for_the_quorum(cast: Cast, ballots, told):
    cast.elena.memberships.update(counts_for_quorum=False)
    poll = open_yes_no(cast)
    vote(poll, {getattr(cast, name): ["yes"] for name in FIVE[:ballots]})
    quorum = set(count(poll).result["quorum"])
    assert quorum == told if ballots == 4 else quorum >= told


# --- so few that the outcome would tell ----------------------------------------------------------------


QUORUM_OF_TWO = {"proposal_quorum": {"base": "roll", "share": "2/5"}}


@pytest.mark.parametrize(
    ("said", "state", "outcome"),
    [
        ([], PollState.DECLARED, "no_quorum"),
        (["yes"], PollState.DECLARED, "no_quorum"),
        (["yes", "yes"], PollState.VOID, "void"),
        (["yes", "yes", "yes"], PollState.DECLARED, "adopted"),
    ],
)
def test_fewer_than_three_ballots_are_not_opened(cast: Cast, said, state, outcome):
    RuleSet.objects.filter(body=cast.assembly).update(rules=QUORUM_OF_TWO)
    poll = open_yes_no(cast)
    vote(poll, {getattr(cast, name): [answer] for name, answer in zip(FIVE, said, strict=False)})
    poll = count(poll)
    assert (poll.state, poll.result["outcome"], poll.result["present"]) == (state, outcome, len(said))
    opened = 3 if len(said) == 3 else 0
    assert (Ballot.objects.count(), CheckCode.objects.count()) == (opened, opened)
    assert not RollEntry.objects.filter(envelope__isnull=False).exists()
    assert not key_store().holds(poll.uuid)


def test_two_ballots_say_nothing_of_what_they_were(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules=QUORUM_OF_TWO)
    results = []
    for answers in (["yes", "yes"], ["no", "no"]):
        poll = open_yes_no(cast)
        vote(poll, {cast.carmen: answers[:1], cast.pedro: answers[1:]})
        results.append(count(poll).result)
    said = {"outcome": "void", "reason": "too_few_votes", "roll": 5, "shown": "nothing", "present": 2}
    assert results == [said, said]


def test_two_votes_by_name_are_counted(cast: Cast):
    """A council has no secret to keep."""
    poll = open_yes_no(cast, cast.council)
    cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=NOW)
    assert count(poll).result["outcome"] == "adopted"
