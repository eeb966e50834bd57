"""Proposal: a worker drafts it, sends it, may take it back; her assembly decides it.

What happens in between is in ``domain.moderation`` and ``domain.deliberation``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from councils import permissions, signals
from councils.clock import local_day
from councils.domain import audit
from councils.domain.deliberation import (
    cancel_vote,
    current,
    current_where_it_can,
    enqueue_due,
    last_version,
    move,
    open_deliberation,
    rules_of,
)
from councils.domain.rule_set import checked_changes
from councils.domain.secrecy import held_on_paper
from councils.enums import BodyKind, Category, ProposalKind, ProposalState, Verdict
from councils.errors import Refused
from councils.models import Body, Member, Proposal, ProposalVersion, RuleSet
from councils.models.electorate import electors, memberships_of
from councils.rules import Rules
from councils.text import LIMIT, clean, clean_line, says_something

#: States in which the author may change the text.
EDITABLE = (ProposalState.DRAFT, ProposalState.RETURNED)
#: So many proposals of one member may be under way in one assembly.
UNFINISHED_LIMIT = 10
VERSIONS_LIMIT = 200
TITLE_LIMIT = 160
#: What each outcome of a poll makes of its proposal.
OUTCOMES = {
    "adopted": ProposalState.ADOPTED,
    "rejected": ProposalState.REJECTED,
    "no_quorum": ProposalState.NO_QUORUM,
    "void": ProposalState.INTERRUPTED,
    "interrupted": ProposalState.INTERRUPTED,
}


class Overtaken(Refused):
    """The text was changed elsewhere since the form was opened. ``latest`` is what stands; nothing was written."""

    def __init__(self, latest: ProposalVersion) -> None:
        super().__init__(
            _("You changed this text in another window since you opened this one. Both are below: join them and save.")
        )
        self.latest = latest


def draft_proposal(
    *, body: Body, title: str, text: str, by: Member, at: dt.datetime, rule_changes: dict[str, Any] | None = None
) -> Proposal:
    """Begin a proposal to the assembly ``body``; only its author sees it until it is submitted.

    With ``rule_changes`` (``councils.rule_items``) it proposes other rules, and the text says why.
    The same draft sent twice is written once. Raises ``Refused`` over ``UNFINISHED_LIMIT``, for
    an empty title or text, and for a body that is no assembly.
    """
    permissions.require("draft_proposal", by=by, on=body, at=at)
    if body.kind != BodyKind.ASSEMBLY:
        raise Refused(_("A proposal is put to an assembly. Choose the assembly of your workplace."))
    title, text = _worded(title, text)
    kind = ProposalKind.TEXT if rule_changes is None else ProposalKind.RULES
    if rule_changes is not None:
        rule_changes = checked_changes(body=body, changes=rule_changes, at=at)
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=by.pk)  # so that the limit holds for two requests at once
        mine = Proposal.objects.filter(body=body, author=by)
        for twin in mine.in_state(ProposalState.DRAFT).filter(title=title):
            if (last_version(twin).text, last_version(twin).rule_changes) == (text, rule_changes):
                return twin
        if mine.unfinished().count() >= UNFINISHED_LIMIT:
            raise Refused(
                _("You have %(n)s proposals under way in this assembly. Withdraw one, or wait until one is decided.")
                % {"n": UNFINISHED_LIMIT}
            )
        proposal = Proposal.objects.create(body=body, author=by, kind=kind, title=title, created_at=at)
        ProposalVersion.objects.create(
            proposal=proposal, number=1, title=title, text=text, rule_changes=rule_changes, author=by, at=at
        )
        audit.record(verb="draft_proposal", by=by, at=at, body=body, subject=proposal)
    return proposal


def revise_proposal(
    *,
    proposal: Proposal,
    title: str,
    text: str,
    version: int,
    by: Member,
    at: dt.datetime,
    rule_changes: dict[str, Any] | None = None,
) -> ProposalVersion:
    """Write the next version of a draft or a returned proposal. Unchanged text writes nothing.

    ``version`` is the number that the author was looking at. ``rule_changes`` None leaves those of the last version,
    so that what proposes other rules goes on doing it. Raises ``Overtaken`` where a later
    one exists with another text, ``Refused`` outside ``EDITABLE``.
    """
    permissions.require("revise_proposal", by=by, on=proposal, at=at)
    title, text = _worded(title, text)
    with transaction.atomic():
        row = current(proposal, at)
        if row.state not in EDITABLE:
            raise Refused(
                _("The text can be changed while it is a draft or was returned. This one is “%(state)s”.")
                % {"state": ProposalState(row.state).label}
            )
        latest = last_version(row)
        if row.kind == ProposalKind.TEXT or rule_changes is None:
            rule_changes = latest.rule_changes
        else:
            rule_changes = checked_changes(body=row.body, changes=rule_changes, at=at)
        if (latest.title, latest.text, latest.rule_changes) == (title, text, rule_changes):
            return latest
        if latest.number != version:
            raise Overtaken(latest)
        if latest.number >= VERSIONS_LIMIT:
            raise Refused(
                _("A proposal has at most %(n)s versions. Submit this one or withdraw it.") % {"n": VERSIONS_LIMIT}
            )
        written = ProposalVersion.objects.create(
            proposal=row,
            number=latest.number + 1,
            title=title,
            text=text,
            rule_changes=rule_changes,
            author=by,
            at=at,
        )
        if row.submitted_at is None:
            row.title = title
            row.save(update_fields=["title"])
        audit.record(verb="revise_proposal", by=by, at=at, body=row.body, subject=row, version=written.number)
    return written


def submit_proposal(*, proposal: Proposal, by: Member, at: dt.datetime, on_paper: bool = False) -> Proposal:
    """Send the last version: to moderation, or straight to the assembly where its rules say so.

    What was returned once is always moderated again, and only with a changed text. The first
    submission gives the number: one series per body, without gaps. ``on_paper``: its vote is held so, where the
    rules let her choose or too few may vote by urn (``domain.secrecy``).
    """
    permissions.require("submit_proposal", by=by, on=proposal, at=at)
    with transaction.atomic():
        body = Body.objects.select_for_update().get(pk=proposal.body_id)  # one at a time takes a number
        row = current(proposal, at)
        if row.state not in EDITABLE:
            raise Refused(
                _("This proposal was already submitted; it is “%(state)s”.") % {"state": ProposalState(row.state).label}
            )
        latest = last_version(row)
        if row.moderations.filter(version=latest, verdict=Verdict.RETURNED).exists():
            raise Refused(_("This text was returned. Change it to answer the reason, then submit it again."))
        rule_set = RuleSet.objects.in_force(body, at)
        if rule_set is None:
            raise Refused(_("This assembly has no rules in force. Its committee sets them before anything is voted."))
        if latest.rule_changes is not None:
            checked_changes(body=body, changes=latest.rule_changes, at=at)
        if on_paper:
            able = len(electors(body, at))
            held_on_paper(electorate=body, rules=Rules.read(rule_set.rules), able=able, chosen=True)
        row.on_paper, row.rule_set, row.title = on_paper, rule_set, latest.title
        row.submitted_at, row.submitted_version = at, latest.number
        if row.number is None:
            row.number = (Proposal.objects.filter(body=body).aggregate(last=Max("number"))["last"] or 0) + 1
        row.save(update_fields=["on_paper", "rule_set", "title", "submitted_at", "submitted_version", "number"])
        audit.record(verb="submit_proposal", by=by, at=at, body=body, subject=row, version=latest.number)
        if row.state == ProposalState.RETURNED or rules_of(row).moderating(members_of(body, at)) == "always":
            ask_moderation(row, at=at)
        else:
            open_deliberation(row, admitted_at=at, by=None, verb="admit_by_rule", at=at)
            row = current(row, at)
    return row


def ask_moderation(proposal: Proposal, *, at: dt.datetime) -> None:
    """Put the locked ``proposal`` before the moderators; their clock begins to run."""
    rules = rules_of(proposal)
    move(proposal, ProposalState.MODERATION)
    proposal.moderation_due_at = at + dt.timedelta(days=rules.moderation_days)
    proposal.save(update_fields=["state", "moderation_due_at", "poll"])
    enqueue_due(proposal, proposal.moderation_due_at, at)


def withdraw_proposal(*, proposal: Proposal, by: Member, at: dt.datetime) -> Proposal:
    """Its author takes it back before the vote begins, or after an interruption. What was submitted stays on record."""
    permissions.require("withdraw_proposal", by=by, on=proposal, at=at)
    with transaction.atomic():
        row = current_where_it_can(proposal, at)
        move(row, ProposalState.WITHDRAWN)
        cancel_vote(row, at=at)
        row.save(update_fields=["state", "poll"])
        audit.record(verb="withdraw_proposal", by=by, at=at, body=row.body, subject=row)
    return row


def conclude_proposal(*, proposal: Proposal, at: dt.datetime) -> Proposal:
    """Write what its vote decided. Called inside the transaction that declares the poll.

    Announces ``proposal_decided`` after commit. Concluding twice changes nothing.
    """
    row = current(proposal, at)
    if row.state != ProposalState.VOTING:
        return row
    assert row.poll is not None, "what is voted has a poll"
    move(row, OUTCOMES[row.poll.result["outcome"]])
    row.decided_at = at
    row.save(update_fields=["state", "decided_at"])
    audit.record(verb="conclude_proposal", by=None, at=at, body=row.body, subject=row, outcome=row.state)
    transaction.on_commit(lambda: signals.proposal_decided.send(sender=Proposal, proposal=row, at=at))
    return row


def members_of(body: Body, at: dt.datetime) -> int:
    """How many people the assembly gathers: what the rules compare with their thresholds."""
    having_a_voice = memberships_of(body, local_day(at)).exclude(category=Category.EXCLUDED)
    return having_a_voice.values("member").distinct().count()


def _worded(title: str, text: str) -> tuple[str, str]:
    """Both cleaned. Raises ``Refused`` where one is empty or too long."""
    title, text = clean_line(title), clean(text).strip("\n")
    if not says_something(title) or not says_something(text):
        raise Refused(_("A proposal needs a title and a text that can be read."))
    if len(title) > TITLE_LIMIT or len(text) > LIMIT:
        raise Refused(
            _("The title has at most %(title)s characters and the text %(text)s. Shorten it and save again.")
            % {"title": TITLE_LIMIT, "text": LIMIT}
        )
    return title, text
