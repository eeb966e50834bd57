"""Two people at once: on real PostgreSQL, threads released together by a barrier."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from councils.domain.deliberation import bring_up_to_date, convene_vote
from councils.domain.moderation import complain_about_proposal, moderate_proposal
from councils.domain.proposal import (
    UNFINISHED_LIMIT,
    draft_proposal,
    revise_proposal,
    submit_proposal,
    withdraw_proposal,
)
from councils.enums import PollState, ProposalState
from councils.errors import Refused
from councils.models import AuditEvent, Moderation, Poll, Proposal, ProposalVersion
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import draft, in_state, let_convene_early, submitted

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run all from one starting signal; "done" or "refused" for each, in their order."""
    barrier, answers = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            act()
            answers[place] = "done"
        except Refused:
            answers[place] = "refused"
        except Exception as e:  # the assertion below shows it
            answers[place] = repr(e)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_moderate_proposal_by_two_at_once_decides_once(cast: Cast):
    proposal = in_state(cast, ProposalState.MODERATION)
    answers = at_once(
        *(
            lambda who=who, verdict=verdict: moderate_proposal(
                proposal=proposal, verdict=verdict, reason="Razón.", by=who, at=NOW
            )
            for who, verdict in [(cast.elena, "admitted"), (cast.hugo, "returned")] * 4
        )
    )
    assert sorted(answers) == ["done"] + ["refused"] * 7
    assert Moderation.objects.count() == 1
    assert Poll.objects.count() == (1 if Moderation.objects.get().verdict == "admitted" else 0)


def test_submit_proposal_twice_at_once_submits_once(cast: Cast):
    proposal = draft(cast)
    answers = at_once(*[lambda: submit_proposal(proposal=proposal, by=cast.carmen, at=NOW)] * 6)
    assert sorted(answers) == ["done"] + ["refused"] * 5
    assert (Poll.objects.count(), Proposal.objects.get().number) == (1, 1)


def test_submit_proposal_of_many_at_once_leaves_no_gap(cast: Cast):
    drafts = [draft(cast, by=who, title=f"{who} {n}") for who in (cast.carmen, cast.pedro) for n in range(5)]
    answers = at_once(*(lambda p=p: submit_proposal(proposal=p, by=p.author, at=NOW) for p in drafts))
    assert answers == ["done"] * 10
    assert sorted(Proposal.objects.values_list("number", flat=True)) == list(range(1, 11))


def test_draft_proposal_of_many_at_once_holds_the_limit(cast: Cast):
    answers = at_once(
        *(
            lambda n=n: draft_proposal(body=cast.assembly, title=f"Idea {n}", text="x", by=cast.carmen, at=NOW)
            for n in range(UNFINISHED_LIMIT + 4)
        )
    )
    assert (answers.count("done"), answers.count("refused")) == (UNFINISHED_LIMIT, 4)


def test_draft_proposal_sent_twice_at_once_is_written_once(cast: Cast):
    assert at_once(*[lambda: draft(cast)] * 6) == ["done"] * 6
    assert Proposal.objects.count() == 1


def test_revise_proposal_from_two_windows_at_once_keeps_one(cast: Cast):
    proposal = draft(cast)
    answers = at_once(
        *(
            lambda n=n: revise_proposal(
                proposal=proposal, title="t", text=f"ventana {n}", version=1, by=cast.carmen, at=NOW
            )
            for n in range(6)
        )
    )
    assert sorted(answers) == ["done"] + ["refused"] * 5
    assert ProposalVersion.objects.count() == 2


def test_complain_withdraw_and_convene_at_once_leave_one_story(cast: Cast):
    proposal = let_convene_early(submitted(cast))
    answers = at_once(
        lambda: complain_about_proposal(proposal=proposal, reason="No dice el costo.", by=cast.pedro, at=NOW),
        lambda: withdraw_proposal(proposal=proposal, by=cast.carmen, at=NOW),
        lambda: convene_vote(proposal=proposal, days=3, by=cast.hugo, at=NOW),
    )
    assert set(answers) <= {"done", "refused"}
    row = Proposal.objects.get()
    alive = Poll.objects.exclude(state=PollState.VOID)
    if row.state == ProposalState.VOTING:
        assert list(alive) == [row.poll]
    else:
        assert (row.state in (ProposalState.WITHDRAWN, ProposalState.MODERATION), alive.count()) == (True, 0)


def test_bring_up_to_date_by_many_readers_admits_once(cast: Cast):
    proposal = in_state(cast, ProposalState.MODERATION)
    late = NOW + dt.timedelta(days=5)
    answers = at_once(*[lambda: bring_up_to_date(proposal=Proposal.objects.get(pk=proposal.pk), at=late)] * 8)
    assert answers == ["done"] * 8
    assert (Moderation.objects.count(), Poll.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(verb="admit_unanswered").count() == 1
