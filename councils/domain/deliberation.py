"""Deliberation: the course of a proposal between its submission and its vote.

The clock admits what no moderator answered, and begins the vote at its hour. Both hold at
every read through ``Proposal.state_at``; ``current`` writes them before any verb acts, and
the job ``KIND`` (or a page that is read) writes them when nobody acts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.clock import by_day
from councils.domain import audit, job
from councils.domain import poll as polls
from councils.enums import PROPOSAL_TRANSITIONS, PollKind, PollState, ProposalState, Verdict
from councils.errors import Refused
from councils.models import Job, Member, Moderation, Poll, Proposal, ProposalVersion
from councils.rules import Rules

#: The kind of the job that does at its hour what the clock decides.
KIND = "proposal_due"
#: A vote convened by the committee lasts at most so many days; at least those of its rules.
MOST_DAYS = 90


def rules_of(proposal: Proposal) -> Rules:
    """The rules under which it was submitted."""
    assert proposal.rule_set is not None, "a submitted proposal keeps its rules"
    return Rules.read(proposal.rule_set.rules)


def last_version(proposal: Proposal) -> ProposalVersion:
    """The text as it stands."""
    return proposal.versions.order_by("-number")[0]


def move(proposal: Proposal, state: ProposalState) -> None:
    """Set the next state in memory. Raises ``Refused`` where the table has no such step."""
    now = ProposalState(proposal.state)
    if state not in PROPOSAL_TRANSITIONS[now]:
        raise Refused(
            _("This proposal is “%(now)s”; from there it cannot become “%(next)s”.")
            % {"now": now.label, "next": state.label}
        )
    proposal.state = state


def current(proposal: Proposal, at: dt.datetime) -> Proposal:
    """Lock the row and write what the clock has decided by ``at``. Call inside a transaction."""
    row = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("body__territory", "poll", "author", "rule_set")
        .get(pk=proposal.pk)
    )
    if row.state_at(at) != row.state and row.state == ProposalState.MODERATION:
        due = row.moderation_due_at
        assert due is not None, "the constraint proposal_moderation_has_clock"
        Moderation.objects.create(proposal=row, version=last_version(row), verdict=Verdict.ADMITTED, reason="", at=due)
        open_deliberation(row, admitted_at=due, by=None, verb="admit_unanswered", at=at)
    if row.state_at(at) != row.state:
        assert row.poll is not None, "a proposal in deliberation has its vote scheduled"
        move(row, ProposalState.VOTING)
        row.save(update_fields=["state"])
        audit.record(verb="begin_vote", by=None, at=row.poll.opens_at, body=row.body, subject=row)
    return row


def bring_up_to_date(*, proposal: Proposal, at: dt.datetime) -> Proposal:
    """Write what is due, and nothing else; safe to call at every read. Returns the proposal as it now is."""
    if proposal.state_at(at) == proposal.state:
        return proposal
    with transaction.atomic():
        return current_where_it_can(proposal, at)


def current_where_it_can(proposal: Proposal, at: dt.datetime) -> Proposal:
    """As ``current``; where too few electors are left for a secret vote, the locked row as it stands.

    The vote waits for them; reading goes on, and its author may take it back.
    """
    try:
        with transaction.atomic():
            return current(proposal, at)
    except Refused:
        return (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("body__territory", "poll", "author", "rule_set")
            .get(pk=proposal.pk)
        )


def open_deliberation(
    proposal: Proposal, *, admitted_at: dt.datetime, by: Member | None, verb: str, at: dt.datetime, **detail: Any
) -> None:
    """Admit the locked ``proposal`` and set its windows: deliberation, then the vote.

    They count from ``admitted_at``. Where that is long past because nothing ran meanwhile, the
    vote still lies ahead in its full length: nobody can vote yesterday. It opens by day.
    """
    rules = rules_of(proposal)
    opens = by_day(max(admitted_at + dt.timedelta(days=rules.deliberation_days), at))
    move(proposal, ProposalState.DELIBERATION)
    proposal.admitted_at = admitted_at
    proposal.poll = _schedule(proposal, opens_at=opens, lasting=dt.timedelta(days=rules.voting_days), at=at)
    proposal.save(update_fields=["state", "admitted_at", "poll"])
    audit.record(verb=verb, by=by, at=admitted_at, body=proposal.body, subject=proposal, **detail)


def refuse_unless_convenable(proposal: Proposal) -> None:
    """Raises ``Refused`` outside deliberation and interruption, and in a deliberation that lasts its days."""
    if proposal.state not in (ProposalState.DELIBERATION, ProposalState.INTERRUPTED):
        raise Refused(
            _("Only a proposal in deliberation, or one whose vote was interrupted, can be put to the vote now.")
        )
    rules = rules_of(proposal)
    if proposal.state == ProposalState.DELIBERATION and not rules.may_convene_early:
        raise Refused(
            ngettext(
                "By the rules of this assembly it is discussed for %(n)s day, and nobody may shorten that.",
                "By the rules of this assembly it is discussed for %(n)s days, and nobody may shorten that.",
                rules.deliberation_days,
            )
            % {"n": rules.deliberation_days}
        )


def convene_vote(*, proposal: Proposal, days: int, by: Member, at: dt.datetime) -> Proposal:
    """Begin the vote now, for ``days``: earlier than planned where the rules allow it, or after an interruption.

    Between 22:00 and 6:00 it opens at 6:00, and until then the deliberation goes on. Raises ``Denied`` unless
    ``by`` sits in the committee and did not write it; ``Refused`` as ``refuse_unless_convenable``, for fewer
    days than the rules', or too many.
    """
    permissions.require("convene_vote", by=by, on=proposal, at=at)
    with transaction.atomic():
        row = current(proposal, at)
        refuse_unless_convenable(row)
        least = rules_of(row).voting_days
        if not least <= days <= MOST_DAYS:
            raise Refused(_("A vote lasts from %(low)s to %(high)s days.") % {"low": least, "high": MOST_DAYS})
        cancel_vote(row, at=at)
        opens = by_day(at)
        if opens == at or row.state == ProposalState.INTERRUPTED:
            move(row, ProposalState.VOTING)
        row.poll = _schedule(row, opens_at=opens, lasting=dt.timedelta(days=days), at=at)
        row.save(update_fields=["state", "poll"])
        audit.record(verb="convene_vote", by=by, at=at, body=row.body, subject=row, days=days)
    return row


def cancel_vote(proposal: Proposal, *, at: dt.datetime) -> None:
    """Void the vote that was scheduled for the locked ``proposal``, if it has not begun."""
    if proposal.poll is not None and proposal.poll.state == PollState.SCHEDULED:
        polls.call_off_poll(poll=proposal.poll, at=at)
        proposal.poll = None


def _schedule(proposal: Proposal, *, opens_at: dt.datetime, lasting: dt.timedelta, at: dt.datetime) -> Poll:
    assert proposal.rule_set is not None, "a submitted proposal keeps its rules"
    poll = polls.schedule_poll(
        body=proposal.body,
        rule_set=proposal.rule_set,
        kind=PollKind.YES_NO,
        question=proposal.title,
        options=[],
        seats=None,
        rule_changes=last_version(proposal).rule_changes,
        on_paper=proposal.on_paper,
        opens_at=opens_at,
        closes_at=opens_at + lasting,
        at=at,
    )
    enqueue_due(proposal, opens_at, at)
    return poll


def enqueue_due(proposal: Proposal, due_at: dt.datetime, at: dt.datetime) -> None:
    """Have ``proposal`` brought up to date at ``due_at`` though nobody should look at it."""
    job.enqueue(
        kind=KIND,
        key=f"proposal:{proposal.uuid}:{due_at.isoformat()}",
        at=at,
        due_at=due_at,
        payload={"proposal": str(proposal.uuid)},
    )


def run_due(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``KIND``."""
    for proposal in Proposal.objects.filter(uuid__in=[j.payload["proposal"] for j in jobs]):
        try:
            with transaction.atomic():
                current(proposal, at)
        except Refused as e:
            raise job.NotYet(dt.timedelta(hours=1)) from e
