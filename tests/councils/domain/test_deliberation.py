"""From admission to the vote: windows, the clock, the committee that convenes earlier."""

import datetime as dt

import pytest

from councils.domain import job
from councils.domain.deliberation import bring_up_to_date, convene_vote
from councils.domain.outcome import bring_up_to_date as bring_poll_up_to_date
from councils.enums import PollState, ProposalState
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Poll, Proposal
from tests.conftest import Cast
from tests.proposals import in_state, let_convene_early, submitted
from tests.votes import vote

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def test_vote_begins_at_its_hour_by_the_clock_alone(cast: Cast, now):
    proposal = submitted(cast)
    opens = now + 7 * DAY
    assert proposal.state_at(opens - HOUR) == ProposalState.DELIBERATION
    assert proposal.state_at(opens) == ProposalState.VOTING
    assert Proposal.objects.in_state_at(ProposalState.VOTING, opens).count() == 1
    assert Proposal.objects.in_state_at(ProposalState.DELIBERATION, opens).count() == 0
    read = bring_up_to_date(proposal=proposal, at=opens + HOUR)
    assert (read.state, AuditEvent.objects.get(verb="begin_vote").at) == (ProposalState.VOTING, opens)


def test_bring_up_to_date_twice_writes_once(cast: Cast, now):
    proposal = submitted(cast)
    for _ in range(2):
        bring_up_to_date(proposal=proposal, at=now + 7 * DAY)
    job.run_due(at=now + 7 * DAY)
    assert AuditEvent.objects.filter(verb="begin_vote").count() == 1


def test_proposal_is_voted_counted_and_decided_without_a_worker(cast: Cast, now):
    proposal = submitted(cast)
    opens = now + 7 * DAY
    poll = bring_poll_up_to_date(poll=bring_up_to_date(proposal=proposal, at=opens).poll, at=opens)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.elena: ["no"]}, at=opens)
    bring_poll_up_to_date(poll=poll, at=opens + 3 * DAY + HOUR)
    decided = Proposal.objects.get()
    assert (decided.state, decided.decided_at) == (ProposalState.ADOPTED, opens + 3 * DAY + HOUR)


def test_deliberation_lasts_its_days_unless_the_rules_say_otherwise(cast: Cast, now):
    proposal = submitted(cast)
    with pytest.raises(Refused, match="7"):
        convene_vote(proposal=proposal, days=3, by=cast.hugo, at=now + DAY)
    assert Proposal.objects.get().state == ProposalState.DELIBERATION


def test_convene_vote_opens_it_now_for_the_days_given(cast: Cast, now):
    proposal = let_convene_early(submitted(cast))
    convened = convene_vote(proposal=proposal, days=4, by=cast.hugo, at=now + DAY)
    assert (convened.state, convened.poll.opens_at) == (ProposalState.VOTING, now + DAY)
    assert convened.poll.closes_at == now + 5 * DAY
    assert sorted(Poll.objects.values_list("state", flat=True)) == [PollState.SCHEDULED, PollState.VOID]
    assert bring_poll_up_to_date(poll=convened.poll, at=now + DAY).is_open(now + DAY)
    assert AuditEvent.objects.get(verb="convene_vote").actor == cast.hugo


def test_convene_vote_twice_is_refused(cast: Cast, now):
    proposal = let_convene_early(submitted(cast))
    convene_vote(proposal=proposal, days=3, by=cast.hugo, at=now)
    with pytest.raises(Refused):
        convene_vote(proposal=proposal, days=3, by=cast.elena, at=now)
    assert Poll.objects.exclude(state=PollState.VOID).count() == 1


@pytest.mark.parametrize("days", [0, -1, 2, 91, 10**30])
def test_convene_vote_for_fewer_days_than_the_rules_or_too_many_is_refused(cast: Cast, now, days):
    with pytest.raises(Refused):
        convene_vote(proposal=let_convene_early(submitted(cast)), days=days, by=cast.hugo, at=now)


@pytest.mark.parametrize(("hours", "opens_after"), [(9, 9), (10, 18), (17, 18), (18, 18)])  # from noon: 21:00, 22:00…
def test_a_vote_opens_by_day(cast: Cast, now, hours, opens_after):
    proposal, at = let_convene_early(submitted(cast)), now + hours * HOUR
    convened, opens = convene_vote(proposal=proposal, days=3, by=cast.hugo, at=at), now + opens_after * HOUR
    assert (convened.poll.opens_at, convened.poll.closes_at) == (opens, opens + 3 * DAY)
    assert convened.state_at(at) == (ProposalState.VOTING if opens == at else ProposalState.DELIBERATION)
    assert bring_up_to_date(proposal=convened, at=opens).state == ProposalState.VOTING


def test_a_vote_that_its_days_would_open_at_night_opens_in_the_morning(cast: Cast, now):
    proposal = submitted(cast, at=now + 11 * HOUR)  # 23:00
    assert proposal.poll.opens_at == now + 7 * DAY + 18 * HOUR


@pytest.mark.parametrize(
    "state",
    [
        ProposalState.DRAFT,
        ProposalState.MODERATION,
        ProposalState.RETURNED,
        ProposalState.VOTING,
        ProposalState.WITHDRAWN,
    ],
)
def test_convene_vote_outside_deliberation_is_refused(cast: Cast, now, state):
    with pytest.raises(Refused):
        convene_vote(proposal=let_convene_early(in_state(cast, state)), days=3, by=cast.hugo, at=now)


def test_convene_vote_of_her_own_is_denied(cast: Cast, now):
    with pytest.raises(Denied):
        convene_vote(proposal=submitted(cast, by=cast.elena), days=3, by=cast.elena, at=now)


def test_convene_vote_again_after_an_interruption(cast: Cast, now):
    proposal = in_state(cast, ProposalState.VOTING)
    poll = bring_poll_up_to_date(poll=bring_up_to_date(proposal=proposal, at=now).poll, at=now)
    Poll.objects.update(epoch="of another life")
    bring_poll_up_to_date(poll=poll, at=now + 10 * DAY)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.INTERRUPTED
    again = convene_vote(proposal=proposal, days=3, by=cast.hugo, at=now + 11 * DAY)
    assert (again.state, again.poll.state) == (ProposalState.VOTING, PollState.SCHEDULED)
    assert Poll.objects.count() == 2
