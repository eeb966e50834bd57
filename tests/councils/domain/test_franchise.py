"""Who is invited to an open vote, who is sent to the table, who is told that it goes on without her."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import job
from councils.domain.franchise import Franchise, Way, franchises
from councils.domain.waiting import told_to, waiting_for
from councils.enums import ProposalState
from councils.models import Member, Poll, Proposal
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import in_state
from tests.votes import open_yes_no, scheduled, vote

LATER = NOW + dt.timedelta(hours=1)


def reset(member: Member) -> Member:
    Member.objects.filter(pk=member.pk).update(reset_at=LATER)
    return Member.objects.get(pk=member.pk)


def hers(poll: Poll, member: Member) -> Franchise:
    return franchises(polls=[poll], member=member)[poll.pk]


def waiting_votes(member: Member) -> list[str]:
    return [task.url for task in waiting_for(member=member, at=LATER) if task.group == "vote"]


def told(member: Member) -> list[str]:
    return [notice.url for notice in told_to(member=member, at=LATER)]


def test_franchise_of_who_is_on_the_roll_is_the_booth(cast: Cast):
    poll = open_yes_no(cast)
    assert hers(poll, cast.carmen) == Franchise(Way.BOOTH, voted=False)
    assert (waiting_votes(cast.carmen), told(cast.carmen)) == ([f"/votes/{poll.uuid}/"], [])
    vote(poll, {cast.carmen: ["yes"]})
    assert hers(poll, cast.carmen) == Franchise(Way.BOOTH, voted=True)
    assert (waiting_votes(cast.carmen), told(cast.carmen)) == ([], [])


def test_franchise_of_a_newcomer_is_none_and_she_is_told(cast: Cast):
    poll = open_yes_no(cast)
    builders.membership(cast.olga, cast.cristalerias)
    assert hers(poll, cast.olga) == Franchise(Way.NONE)
    assert (waiting_votes(cast.olga), told(cast.olga)) == ([], [f"/votes/{poll.uuid}/"])


def test_franchise_after_a_reset_is_the_table_and_still_waits(cast: Cast):
    poll = open_yes_no(cast)
    carmen = reset(cast.carmen)
    assert hers(poll, carmen) == Franchise(Way.TABLE)
    assert (waiting_votes(carmen), told(carmen)) == ([f"/votes/{poll.uuid}/"], [])


def test_franchise_after_a_reset_of_who_had_voted_stands(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    carmen = reset(cast.carmen)
    assert hers(poll, carmen) == Franchise(Way.STANDS, voted=True)
    assert (waiting_votes(carmen), told(carmen)) == ([], [])


def test_franchise_after_a_reset_knows_no_table_in_a_vote_by_name(cast: Cast):
    assert hers(open_yes_no(cast, cast.council), reset(cast.elena)).way == Way.STANDS


def test_who_was_transferred_reads_the_proposal_on_which_she_votes(cast: Cast):
    proposal = in_state(cast, ProposalState.VOTING)
    job.run_due(at=NOW)
    tomorrow = NOW.date() + dt.timedelta(days=1)
    cast.pedro.memberships.update(until_on=tomorrow)
    builders.membership(cast.pedro, cast.perlak, since=tomorrow)
    after = NOW + dt.timedelta(days=2)
    seen = {name: Proposal.objects.visible_to(getattr(cast, name), after.date()) for name in ("pedro", "nora")}
    assert {name: found.filter(pk=proposal.pk).exists() for name, found in seen.items()} == {
        "pedro": True,
        "nora": False,
    }


@pytest.mark.parametrize(("since", "way"), [(NOW.date(), Way.BOOTH), (NOW.date() + dt.timedelta(days=1), Way.NONE)])
def test_franchise_before_anybody_froze_the_roll_is_that_of_its_hour(cast: Cast, since, way):
    poll = scheduled(cast.assembly)
    builders.membership(cast.olga, cast.cristalerias, since=since)
    assert hers(poll, cast.olga).way == way
