"""Outcome: the steps of a poll's life as jobs, and what follows when it is over.

Above ``poll``, ``election`` and ``proposal``, because a poll that ends concludes one of them
in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import transaction

from councils.domain import election as elections
from councils.domain import job
from councils.domain import proposal as proposals
from councils.domain.poll import (
    WAIT_FOR_LATE_COMMITS,
    check_key,
    count_poll,
    declare_poll,
    destroy_key,
    key_store,
    make_key,
    open_due_poll,
)
from councils.enums import PollState
from councils.models import Election, Job, Poll, Proposal
from councils.urn.key_store import StoreAway

log = logging.getLogger(__name__)


def settle_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Destroy the key of a poll that is over, then declare it and conclude what it decided. Safe to repeat."""
    poll = Poll.objects.get(pk=poll.pk)
    if poll.state in (PollState.SCHEDULED, PollState.OPEN):
        return poll
    key_store().destroy(poll.uuid)
    with transaction.atomic():
        poll = declare_poll(poll=poll, at=at)
        for election in Election.objects.filter(poll=poll):
            elections.conclude_election(election=election, at=at)
        for proposal in Proposal.objects.filter(poll=poll):
            proposals.conclude_proposal(proposal=proposal, at=at)
    return poll


def bring_up_to_date(*, poll: Poll, at: dt.datetime) -> Poll:
    """Take the steps of ``poll`` that are due; safe to call at every read. Returns the poll as it now is.

    Opening is due work of any process, so that a vote whose key is made never waits for a worker. Counting
    needs the private key, which in production only workers hold; embedded there is no other process.
    """
    poll = open_due_poll(poll=poll, at=at)
    over = poll.state in (PollState.COUNTED, PollState.VOID, PollState.INTERRUPTED)
    if settings.EMBEDDED and (over or (poll.state == PollState.OPEN and poll.closes_at + WAIT_FOR_LATE_COMMITS <= at)):
        keys = [f"{kind}:{poll.uuid}" for kind in ("count_poll", "settle_poll")]
        for _round in keys:
            for job_id in Job.objects.due(at).filter(key__in=keys).order_by("pk").values_list("pk", flat=True):
                job.run_job(job_id=job_id, at=at)
        poll.refresh_from_db()
    return poll


def poll_step(step: Callable[..., Poll], *, needs_keys: bool = True) -> job.Handler:
    """A job handler that takes ``step`` with the poll named in the payload."""

    def handle(jobs: Sequence[Job], at: dt.datetime) -> None:
        for each in jobs:
            if needs_keys and not settings.HOLDS_KEYS:
                raise job.NotYet(dt.timedelta(minutes=1))  # a process that holds them takes it
            try:
                step(poll=Poll.objects.get(uuid=each.payload["poll"]), at=at)
            except StoreAway as e:  # a disk that comes back loses no vote
                log.error("the key store cannot be read: votes that are over wait for it")
                raise job.NotYet(dt.timedelta(minutes=1)) from e

    return handle


def close_nominations(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``close_nominations``."""
    for each in jobs:
        elections.bring_up_to_date(election=Election.objects.get(uuid=each.payload["election"]), at=at)


#: Kinds of jobs and their handlers, registered in ``councils.receivers``.
HANDLERS: dict[str, job.Handler] = {
    "make_key": poll_step(make_key),
    "destroy_key": poll_step(destroy_key),
    "open_poll": poll_step(open_due_poll, needs_keys=False),
    "check_key": poll_step(check_key),
    "count_poll": poll_step(count_poll),
    "settle_poll": poll_step(settle_poll),
    "close_nominations": close_nominations,
}
