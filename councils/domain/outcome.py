"""Outcome: the steps of a poll's life as jobs, and what follows when it is over.

Above ``poll``, ``election``, ``proposal`` and ``recall``, because a poll that ends concludes one of them
in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import operator
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from councils.domain import election as elections
from councils.domain import job
from councils.domain import mandate as mandates
from councils.domain import proposal as proposals
from councils.domain import recall as recalls
from councils.domain.electoral_roll import erase_marks
from councils.domain.poll import (
    WAIT_FOR_LATE_COMMITS,
    check_key,
    count_poll,
    declare_poll,
    destroy_key,
    drop_poll,
    enqueue_step,
    enter_until,
    established_store,
    make_key,
    open_due_poll,
    waits_for_people,
)
from councils.domain.poll_title import LOADED, title_of_poll
from councils.domain.rule_set import amend_rules
from councils.domain.waiting import Notice
from councils.enums import BodyKind, ElectionState, PollState, Secrecy
from councils.models import Consultation, Election, Job, Member, Poll, Proposal, Recall, Seat
from councils.urn.key_store import StoreAway

log = logging.getLogger(__name__)


def settle_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Destroy the key of a poll that is over, then declare it and conclude what it decided. Safe to repeat.

    Who voted is erased with it; where the result may be objected to, when those days are over.
    Raises ``StoreAway`` where nobody can tell that the key is destroyed: nothing is declared then.
    """
    poll = Poll.objects.get(pk=poll.pk)
    if poll.state in (PollState.SCHEDULED, PollState.OPEN):
        return poll
    if poll.secrecy == Secrecy.URN:
        established_store().destroy(poll.uuid)
    with transaction.atomic():
        poll = declare_poll(poll=poll, at=at)
        contestable_until = None
        amend_rules(poll=poll, at=at)
        for election in Election.objects.filter(poll=poll):
            concluded = elections.conclude_election(election=election, at=at)
            if concluded.state == ElectionState.DECLARED:
                contestable_until = concluded.objections_until
        for consultation in Consultation.objects.filter(poll=poll).select_related("question__poll", "poll__body"):
            mandates.conclude_consultation(consultation=consultation, at=at)
        for proposal in Proposal.objects.filter(poll=poll):
            proposals.conclude_proposal(proposal=proposal, at=at)
        for recall in Recall.objects.filter(poll=poll):
            recalls.conclude_recall(recall=recall, at=at)
        if contestable_until is not None:
            enqueue_step("erase_marks", poll, at=at, due_at=contestable_until)
        else:
            erase_marks(poll=poll, at=at)
    return poll


def bring_up_to_date(*, poll: Poll, at: dt.datetime) -> Poll:
    """Take the steps of ``poll`` that are due; safe to call at every read. Returns the poll as it now is.

    Opening is due work of any process, so that a vote whose key is made never waits for a worker. Counting
    needs the private key, which in production only workers hold; embedded there is no other process.
    """
    try:
        poll = open_due_poll(poll=poll, at=at)
    except StoreAway as e:  # the page says that the vote opens in a moment; the job tries again
        _report_away(e)
    if poll.secrecy == Secrecy.PAPER and poll.state == PollState.OPEN and at >= enter_until(poll):
        poll = count_poll(poll=poll, at=at)  # no key is needed to say that nobody entered it
    over = poll.state in (PollState.COUNTED, PollState.VOID, PollState.INTERRUPTED)
    if settings.EMBEDDED and (over or (poll.state == PollState.OPEN and poll.closes_at + WAIT_FOR_LATE_COMMITS <= at)):
        for _round in _LAST_STEPS:
            for job_id in Job.objects.due(at).filter(_is_last_step(poll)).order_by("pk").values_list("pk", flat=True):
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
                poll = step(poll=Poll.objects.get(uuid=each.payload["poll"]), at=at)
            except StoreAway as e:  # a disk that comes back loses no vote
                _report_away(e)
                raise job.NotYet(dt.timedelta(minutes=1)) from e
            if step is count_poll and waits_for_people(poll, at):
                raise job.NotYet(dt.timedelta(minutes=1))

    return handle


def _report_away(e: StoreAway) -> None:
    log.error("key store away (%s): votes wait for it; if it was lost for good, see KEY_STORE_DIR in .env.example", e)


#: The steps after the close, each a job.
_LAST_STEPS = ("count_poll", "settle_poll")


def _is_last_step(poll: Poll) -> Q:
    """Jobs that count or settle ``poll``: a close that moved, or an urn unlocked, wrote a second one to count."""
    keys = (Q(key__startswith=f"{step}:{poll.uuid}") for step in _LAST_STEPS)
    return functools.reduce(operator.or_, keys)


#: What is said where a count was given up: on the page of the vote and to the committee.
STUCK = gettext_lazy(
    "The count could not be finished: whoever keeps the installation must look at it; the ballots are safe."
)


def is_stuck(poll: Poll) -> bool:
    """Whether the count of ``poll``, or what comes after it, was given up and waits for a person."""
    return Job.objects.parked().filter(_is_last_step(poll)).exists()


def stuck_counts(member: Member, at: dt.datetime) -> Iterator[Notice]:
    """Votes of the workplaces in whose committee she sits, whose count was given up."""
    parked = Job.objects.parked().filter(kind__in=_LAST_STEPS).values_list("payload", flat=True)
    stuck = [payload["poll"] for payload in parked]
    if stuck:
        seats = Seat.objects.held_at(at).of(member).filter(body__kind=BodyKind.COMMITTEE)
        polls = Poll.objects.filter(uuid__in=stuck, body__territory__in=seats.values("body__territory"))
        for poll in polls.select_related(*LOADED).order_by("closes_at", "pk"):
            yield Notice(title_of_poll(poll), reverse("vote", args=[poll.uuid]), str(STUCK))


def take_steps(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``election.DUE``."""
    for each in jobs:
        elections.bring_up_to_date(election=Election.objects.get(uuid=each.payload["election"]), at=at)


#: Kinds of jobs and their handlers, registered in ``councils.receivers``.
HANDLERS: dict[str, job.Handler] = {
    "make_key": poll_step(make_key),
    "destroy_key": poll_step(destroy_key),
    "drop_poll": poll_step(drop_poll, needs_keys=False),
    "open_poll": poll_step(open_due_poll, needs_keys=False),
    "check_key": poll_step(check_key),
    "count_poll": poll_step(count_poll),
    "settle_poll": poll_step(settle_poll),
    "erase_marks": poll_step(erase_marks, needs_keys=False),
    **dict.fromkeys(elections.DUE, take_steps),
}
