"""The scrutineers' key: shares, drill, opening with any two of three, and what happens without them."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.outcome import bring_up_to_date
from councils.domain.scrutiny import drill_key, make_shares, to_do, unlock_urn
from councils.enums import PollState
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Ballot, Poll, RollEntry, RuleSet, Scrutineer
from councils.urn.envelope import ENVELOPE
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import AFTER, CLOSE, scheduled

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BEFORE = NOW - dt.timedelta(hours=1)


@pytest.fixture
def poll(cast: Cast) -> Poll:
    RuleSet.objects.create(
        body=cast.assembly, version=9, rules={"scrutineers": {"needed": 2, "of": 3}}, in_force_from=BEFORE
    )
    return scheduled(cast.assembly, opens_at=NOW)


@pytest.fixture
def papers(poll: Poll, cast: Cast) -> list[str]:
    made = make_shares(poll=poll, scrutineers=[cast.carmen, cast.pedro, cast.rosa], by=cast.elena, at=BEFORE)
    return [share.text for share in made]


def reload(poll: Poll) -> Poll:
    return Poll.objects.get(pk=poll.pk)


def opened(poll: Poll, papers: list[str], cast: Cast) -> Poll:
    drill_key(poll=poll, typed=papers[:2], by=cast.hugo, at=BEFORE)
    poll = bring_up_to_date(poll=reload(poll), at=NOW)
    for member in (cast.carmen, cast.pedro, cast.rosa, cast.elena):
        cast_ballot(poll=poll, by=member, marks=["yes"], replaces=0, at=NOW)
    return poll


def test_vote_opens_only_after_the_drill(cast: Cast, poll: Poll, papers: list[str]):
    assert bring_up_to_date(poll=reload(poll), at=NOW).state == PollState.SCHEDULED
    drill_key(poll=poll, typed=[papers[2], papers[0]], by=cast.hugo, at=NOW)
    assert bring_up_to_date(poll=reload(poll), at=NOW).state == PollState.OPEN


def test_without_a_drill_the_vote_is_void_at_its_close(poll: Poll):
    ended = bring_up_to_date(poll=reload(poll), at=AFTER)
    assert (ended.state, ended.result["reason"]) == (PollState.VOID, "no_drill")


def test_any_two_open_the_urn_and_nobody_before_them(cast: Cast, poll: Poll, papers: list[str]):
    poll = opened(poll, papers, cast)
    sealed = bytes(RollEntry.objects.get(poll=poll, member=cast.carmen).envelope)
    assert len(sealed) == ENVELOPE + 48
    job.run_due(at=AFTER)
    poll = bring_up_to_date(poll=reload(poll), at=AFTER)
    assert (poll.state, Ballot.objects.count()) == (PollState.OPEN, 0)
    unlock_urn(poll=poll, typed=[papers[1], papers[2]], by=cast.elena, at=AFTER)
    poll = bring_up_to_date(poll=reload(poll), at=AFTER)
    assert (poll.state, poll.result["outcome"], poll.result["present"]) == (PollState.DECLARED, "adopted", 4)


def test_urn_is_not_opened_before_the_close(cast: Cast, poll: Poll, papers: list[str]):
    poll = opened(poll, papers, cast)
    with pytest.raises(Refused):
        unlock_urn(poll=poll, typed=papers, by=cast.elena, at=CLOSE - dt.timedelta(seconds=1))
    with pytest.raises(Refused, match="Intenta de nuevo en un momento"):
        unlock_urn(poll=poll, typed=papers, by=cast.elena, at=CLOSE + dt.timedelta(seconds=1))


def test_envelope_laid_without_the_outer_one_is_spoilt(cast: Cast, poll: Poll, papers: list[str]):
    poll = opened(poll, papers, cast)
    RollEntry.objects.filter(poll=poll, member=cast.carmen).update(envelope=b"x" * (ENVELOPE + 48))
    unlock_urn(poll=poll, typed=papers[:2], by=cast.elena, at=AFTER)
    bring_up_to_date(poll=reload(poll), at=AFTER)
    assert list(Ballot.objects.filter(spoilt=True).values_list("marks", flat=True)) == [[]]


def test_shares_that_nobody_brings_void_the_vote_in_the_end(cast: Cast, poll: Poll, papers: list[str]):
    opened(poll, papers, cast)
    job.run_due(at=CLOSE + 31 * DAY)
    ended = reload(poll)
    assert (ended.state, ended.result["reason"]) == (PollState.VOID, "key_lost")


@pytest.mark.parametrize("which", ["one", "twice", "misread", "foreign"])
def test_shares_that_do_not_open_are_refused(cast: Cast, poll: Poll, papers: list[str], which: str):
    make_shares(poll=poll, scrutineers=[cast.carmen, cast.pedro, cast.rosa], by=cast.elena, at=BEFORE)
    typed = {
        "one": papers[:1],
        "twice": [papers[0], papers[0]],
        "misread": [papers[0], papers[1][:-6] + "0000-0"],
        "foreign": papers[:2],  # of the key before it was made anew
    }[which]
    with pytest.raises(Refused):
        drill_key(poll=poll, typed=typed, by=cast.hugo, at=BEFORE)
    assert reload(poll).drilled_at is None


def test_after_the_drill_shares_stay_as_they_are(cast: Cast, poll: Poll, papers: list[str]):
    drill_key(poll=poll, typed=papers, by=cast.hugo, at=BEFORE)
    with pytest.raises(Refused):
        make_shares(poll=poll, scrutineers=[cast.carmen, cast.pedro, cast.rosa], by=cast.elena, at=BEFORE)


def test_scrutineers_are_so_many_different_electors(cast: Cast, poll: Poll):
    for people in ([cast.carmen], [cast.carmen, cast.carmen, cast.pedro], [cast.carmen, cast.pedro, cast.olga]):
        with pytest.raises(Refused):
            make_shares(poll=poll, scrutineers=people, by=cast.elena, at=BEFORE)


def test_who_may(cast: Cast, poll: Poll, papers: list[str]):
    with pytest.raises(Denied):
        make_shares(poll=poll, scrutineers=[], by=cast.carmen, at=BEFORE)
    with pytest.raises(Denied):
        drill_key(poll=poll, typed=papers, by=cast.olga, at=BEFORE)


def test_log_knows_the_acts_and_no_share_is_anywhere(cast: Cast, poll: Poll, papers: list[str]):
    drill_key(poll=poll, typed=papers, by=cast.hugo, at=BEFORE)
    events = AuditEvent.objects.filter(verb__in=["make_shares", "drill_key"])
    assert [e.verb for e in events.order_by("pk")] == ["make_shares", "drill_key"]
    told = str(list(events.values())) + str(list(Scrutineer.objects.values())) + str(Poll.objects.values()[0])
    assert not any(paper in told for paper in papers)


def test_who_had_them_printed_does_not_drill(cast: Cast, poll: Poll, papers: list[str]):
    with pytest.raises(Refused):
        drill_key(poll=poll, typed=papers, by=cast.elena, at=BEFORE)


def test_a_late_drill_shortens_no_vote(cast: Cast, poll: Poll, papers: list[str]):
    drill_key(poll=poll, typed=papers, by=cast.hugo, at=CLOSE - dt.timedelta(minutes=1))
    late = bring_up_to_date(poll=reload(poll), at=CLOSE - dt.timedelta(minutes=1))
    assert (late.state, late.closes_at) == (PollState.OPEN, CLOSE + (CLOSE - NOW) - dt.timedelta(minutes=1))


def test_nothing_is_cast_once_the_urn_is_open(cast: Cast, poll: Poll, papers: list[str]):
    poll = opened(poll, papers, cast)
    unlock_urn(poll=poll, typed=papers[:2], by=cast.elena, at=CLOSE + dt.timedelta(seconds=6))
    with pytest.raises(Refused):
        cast_ballot(poll=reload(poll), by=cast.hugo, marks=["no"], replaces=0, at=CLOSE - dt.timedelta(seconds=1))


def test_more_scrutineers_than_electors_are_refused(cast: Cast):
    RuleSet.objects.create(
        body=cast.assembly, version=9, rules={"scrutineers": {"needed": 2, "of": 20}}, in_force_from=BEFORE
    )
    with pytest.raises(Refused):
        scheduled(cast.assembly)


def test_committee_is_told_what_to_do(cast: Cast, poll: Poll, papers: list[str]):
    assert [task.button for task in to_do(cast.elena, BEFORE)] == ["Repartir y ensayar"]
    opened(poll, papers, cast)
    assert list(to_do(cast.elena, NOW)) == []
    assert [task.button for task in to_do(cast.elena, AFTER)] == ["Abrir la urna"]
    assert list(to_do(cast.carmen, AFTER)) == []
