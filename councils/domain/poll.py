"""Poll: one vote of one electorate, from its schedule to its declaration.

scheduled → open → counted → declared; or void (the vote is repeated), or interrupted (the
database is not the one in which the votes were cast). Each step is a job with its hour and
is also taken by the first request after it, so every deadline holds with no job running.
The step after counted, void and interrupted is ``outcome.settle_poll``: it destroys the
key, declares, and lets the election or proposal conclude. Casting is in ``ballot``.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from councils.counting.publication import LEAST_BALLOTS
from councils.counting.result import Opened
from councils.domain import audit, job
from councils.domain.electoral_roll import close_roll
from councils.domain.secrecy import refuse_small
from councils.domain.tally import no_quorum_of_roll, opened, result_of
from councils.enums import PollKind, PollState, Secrecy
from councils.errors import Refused
from councils.models import Ballot, Body, CheckCode, Election, Poll, RuleSet, TableAdmission, locks
from councils.models.electorate import electors, is_assembly
from councils.rules import Rules
from councils.urn.envelope import open_envelope
from councils.urn.key_store import KeyStore, StoreAway

#: A paper has room for so many options.
MOST_OPTIONS = 60
#: A page counts only after this; a cast received in time and still being written is let in.
WAIT_FOR_LATE_COMMITS = dt.timedelta(seconds=5)
#: Scrutineers who have not opened the urn by then have lost their shares.
WAIT_FOR_SHARES = dt.timedelta(days=30)
#: A count on paper that nobody has entered and countersigned by then is void.
WAIT_FOR_PAPERS = dt.timedelta(days=7)
#: A vote that opens so much after its hour closes later too.
LATE = dt.timedelta(hours=1)
CHECK_KEY_EVERY = dt.timedelta(days=1)
_UNCOUNTED = (PollState.SCHEDULED, PollState.OPEN)


def key_store() -> KeyStore:
    """Where the private halves of open urns lie, and how many casts were acknowledged."""
    return KeyStore(settings.KEY_STORE_DIR / "urns", settings.CAST_COUNT_DIR)


def established_store() -> KeyStore:
    """The key store, which the first vote of a database makes, in whichever process comes first.

    Later it is never made anew by itself: a store that has gone is away, and what it knows is waited for.
    """
    store = key_store()
    if not Poll.objects.filter(public_key__isnull=False).exists():
        store.establish(keys=settings.HOLDS_KEYS)
    return store


def schedule_poll(
    *,
    body: Body,
    rule_set: RuleSet,
    kind: str,
    question: str,
    options: Sequence[dict[str, Any]] = (),
    seats: int | None = None,
    group: str = "",
    rule_changes: dict[str, Any] | None = None,
    on_paper: bool = False,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    at: dt.datetime,
) -> Poll:
    """Put ``question`` to ``body``, in the transaction of the verb that authorised it.

    ``options`` (approval): ``{"id": short text, "label": name}``, at most ``MOST_OPTIONS``, in the order of the paper.
    With ``group`` only that constituency of an assembly votes. An assembly votes by urn, or ``on_paper`` (where its
    rules say so, always); any other body by name. The poll opens by the clock at ``opens_at``, also when that is now:
    then by the first page that asks for it.
    Raises ``Refused`` where too few people may vote for a vote to be secret.
    """
    rules = Rules.read(rule_set.rules)
    on_paper = on_paper or rules.secrecy == "paper"
    secrecy = Secrecy.NAMED if not is_assembly(body) else Secrecy.PAPER if on_paper else Secrecy.URN
    needed = made = None
    if secrecy == Secrecy.URN:
        needed, made = rules.scrutineers or (None, None)
        refuse_small(len(electors(body, at, group)), rules.minimum_electorate)
        refuse_small(len(electors(body, at)), made or 0)  # scrutineers may be of any group
    if len(options) > MOST_OPTIONS or (kind == PollKind.APPROVAL and not options):
        raise Refused(_("A ballot holds from 1 to %(n)s options.") % {"n": MOST_OPTIONS})
    poll = Poll.objects.create(
        body=body,
        group=group,
        rule_set=rule_set,
        kind=kind,
        secrecy=secrecy,
        question=question,
        options=list(options),
        seats=seats,
        rule_changes=rule_changes,
        opens_at=opens_at,
        closes_at=closes_at,
        shares_needed=needed,
        shares_made=made,
    )
    if secrecy == Secrecy.URN:
        enqueue_step("make_key", poll, at=at)
    for step, due_at in (("open_poll", opens_at), ("count_poll", closes_at)):
        enqueue_step(step, poll, at=at, due_at=due_at)
    return poll


def make_key(*, poll: Poll, at: dt.datetime) -> Poll:
    """Make the key pair of a vote that is to come, in a process that holds keys; any process may then open it.

    Safe to repeat. A store in which people have voted already in this poll makes none: the opening finds that.
    """
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.state != PollState.SCHEDULED or poll.public_key is not None:
            return poll
        store = established_store()
        if not store.casts(poll.uuid):
            poll.public_key, poll.epoch = store.create(poll.uuid)
            poll.save(update_fields=["public_key", "epoch"])
    return poll


def destroy_key(*, poll: Poll, at: dt.datetime) -> Poll:
    """Destroy the key of a vote that was called off before it began."""
    if poll.state == PollState.VOID:
        established_store().destroy(poll.uuid)
    return poll


def call_off_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Void a vote that has not begun, because what it was to ask has changed. Nobody voted, so nothing is settled.

    Part of the verb that authorised it. Raises ``Refused`` once the vote has begun.
    """
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.state != PollState.SCHEDULED or poll.opens_at <= at:
            raise Refused(_("The vote has begun; it can no longer be called off."))
        poll.state, poll.result = PollState.VOID, {"outcome": str(PollState.VOID), "reason": "called_off", "roll": None}
        poll.save(update_fields=["state", "result"])
        if poll.secrecy == Secrecy.URN:
            enqueue_step("destroy_key", poll, at=at)
        audit.record(verb="call_off_poll", by=None, at=at, body=poll.body, subject=poll)
    return poll


def drop_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """End a vote whose question has fallen away while it was open; what was sealed is deleted unopened. Safe to repeat.

    ``outcome.settle_poll`` destroys its key then.
    """
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        return _end(poll, PollState.VOID, "fallen_away", at) if poll.state in _UNCOUNTED else poll


def enqueue_step(kind: str, poll: Poll, *, at: dt.datetime, due_at: dt.datetime | None = None, key: str = "") -> None:
    """Write the job of one step in the life of ``poll``."""
    job.enqueue(kind=kind, key=key or f"{kind}:{poll.uuid}", at=at, due_at=due_at, payload={"poll": str(poll.uuid)})


def open_due_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Freeze the roll and open, if the hour has come and nobody has yet. Returns the poll as it is.

    The roll is that of the hour at which the poll was to open, unless it was closed before; it is frozen by the first
    who asks, also where the key is missing. Any process opens with the public key that ``make_key`` left; where
    there is none yet, one that holds keys makes it now, and another leaves the poll to it. An outage, or a drill that
    came late, shortens no vote: opened more than ``LATE`` after its hour, it closes as much later.
    """
    if poll.state != PollState.SCHEDULED or at < poll.opens_at:
        return poll
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.state != PollState.SCHEDULED:
            return poll
        if poll.roll_size is None:
            close_roll(poll=poll, hour=poll.opens_at)
        if poll.secrecy == Secrecy.URN:
            if (poll.roll_size or 0) < Rules.read(poll.rule_set.rules).minimum_electorate:
                return _end(poll, PollState.VOID, "too_small", at)
            store = established_store()
            if store.casts(poll.uuid):  # this database is from before people voted
                return _end(poll, PollState.VOID, "restored", at)
            if poll.shares_needed and poll.drilled_at is None:
                return _end(poll, PollState.VOID, "no_drill", at) if at >= poll.closes_at else _unchanged(poll)
            if settings.HOLDS_KEYS and (poll.public_key is None or _key_is_lost(poll)):
                poll.public_key, poll.epoch = store.create(poll.uuid)
            if poll.public_key is None:
                return _unchanged(poll)
            if not settings.HOLDS_KEYS:
                enqueue_step("check_key", poll, at=at, key=f"check_key:{poll.uuid}:opening")
        if at - poll.opens_at > LATE:
            _close_later(poll, by=at - poll.opens_at, at=at)
        poll.state = PollState.OPEN
        poll.save()
        check_at = poll.opens_at + CHECK_KEY_EVERY
        while poll.secrecy == Secrecy.URN and check_at < poll.closes_at:
            enqueue_step("check_key", poll, at=at, due_at=check_at, key=f"check_key:{poll.uuid}:{check_at:%Y%m%d%H}")
            check_at += CHECK_KEY_EVERY
        audit.record(
            verb="open_poll", by=None, at=at, body=poll.body, subject=poll, roll=poll.roll_size, quorum=poll.quorum_base
        )
    return poll


def _close_later(poll: Poll, *, by: dt.timedelta, at: dt.datetime) -> None:
    """Move the close, and the windows of an election that hang on it."""
    poll.closes_at += by
    Election.objects.filter(poll=poll).update(
        voting_closes_at=F("voting_closes_at") + by, term_ends_at=F("term_ends_at") + by
    )
    enqueue_step("count_poll", poll, at=at, due_at=poll.closes_at, key=f"count_poll:{poll.uuid}:later")


def _unchanged(poll: Poll) -> Poll:
    return Poll.objects.get(pk=poll.pk)


def _key_is_lost(poll: Poll) -> bool:
    """Whether the key made for ``poll`` is gone for certain. Before anybody has voted another one will do."""
    try:
        return not key_store().holds(poll.uuid) or key_store().epoch(poll.uuid) != poll.epoch
    except StoreAway:
        return False


def check_key(*, poll: Poll, at: dt.datetime) -> Poll:
    """End an open vote whose ballots could not be opened any more: it is repeated now, not found out at the close."""
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        trouble = _trouble(poll) if poll.state == PollState.OPEN and poll.secrecy == Secrecy.URN else None
        return _end(poll, *trouble, at) if trouble else poll


def count_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Open every envelope and count, once, if the poll has closed. Returns the poll as it is.

    Under the exclusive lock and in one transaction: ballots and check codes are written, each
    sorted by random text, and the envelopes deleted. The result is declared only once the
    key is destroyed (``outcome.settle_poll``, whose job commits here).
    """
    if poll.state == PollState.SCHEDULED:
        poll = open_due_poll(poll=poll, at=at)
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.state != PollState.OPEN or at < poll.closes_at:
            return poll
        if poll.secrecy == Secrecy.NAMED:
            papers = opened(poll, list(poll.named_votes.values_list("marks", flat=True)))
        elif poll.secrecy == Secrecy.PAPER:  # counted by hand: ``domain.paper_count``
            return _end(poll, PollState.VOID, "not_entered", at) if at >= enter_until(poll) else poll
        elif not settings.HOLDS_KEYS:
            return poll
        else:
            trouble = _trouble(poll)
            if trouble:
                return _end(poll, *trouble, at)
            if poll.roll.voted().count() < LEAST_BALLOTS:
                return _end_unopened(poll, at)
            if poll.shares_needed and poll.unlocked_at is None:
                return _end(poll, PollState.VOID, "key_lost", at) if at >= poll.closes_at + WAIT_FOR_SHARES else poll
            papers = _empty_urn(poll)
        present = poll.roll.voted().filter(counts_for_quorum=True).count()
        poll.state, poll.counted_at = PollState.COUNTED, at
        poll.result = result_of(poll=poll, papers=papers, quorum_present=present)
        poll.save()
        enqueue_step("settle_poll", poll, at=at)
        audit.record(verb="count_poll", by=None, at=at, body=poll.body, subject=poll, ballots=len(papers))
    return poll


def enter_until(poll: Poll) -> dt.datetime:
    """Until when the count of a vote on paper is entered and countersigned."""
    return poll.closes_at + WAIT_FOR_PAPERS


def waits_for_people(poll: Poll, at: dt.datetime) -> bool:
    """Whether ``poll`` is over and waits for its scrutineers, or for the count of its papers."""
    on_paper = poll.state == PollState.OPEN and poll.secrecy == Secrecy.PAPER
    return on_paper or waits_for_shares(poll, at)


def waits_for_shares(poll: Poll, at: dt.datetime) -> bool:
    """Whether ``poll`` is over and its scrutineers have not opened the outer envelopes yet."""
    closed = poll.state == PollState.OPEN and at >= poll.closes_at
    return closed and poll.shares_needed is not None and poll.unlocked_at is None


def _end_unopened(poll: Poll, at: dt.datetime) -> Poll:
    """So few ballots that the outcome would tell who voted what: none is opened.

    Where the quorum is one of the roll and was not reached, that is the result, for it says only how many
    voted; else the vote is void.
    """
    ballots, counting = poll.roll.voted().count(), poll.roll.voted().filter(counts_for_quorum=True).count()
    outcome = no_quorum_of_roll(poll=poll, ballots=ballots, quorum_present=counting)
    if not outcome:
        return _end(poll, PollState.VOID, "too_few_votes", at, shown="nothing", present=ballots)
    poll.state, poll.counted_at, poll.result = PollState.COUNTED, at, outcome
    poll.save()
    _clear_urn(poll)
    enqueue_step("settle_poll", poll, at=at)
    audit.record(verb="count_poll", by=None, at=at, body=poll.body, subject=poll, ballots=0)
    return poll


def declare_poll(*, poll: Poll, at: dt.datetime) -> Poll:
    """Publish the result, once no key is left with which a stolen copy could be opened."""
    with transaction.atomic():
        poll = locks.exclusive(poll.pk)
        if poll.state != PollState.COUNTED:
            return poll
        if poll.secrecy == Secrecy.URN and key_store().holds(poll.uuid):
            raise Refused(_("The ballots are counted; the result is published once the key is destroyed."))
        poll.state, poll.declared_at = PollState.DECLARED, at
        poll.save(update_fields=["state", "declared_at"])
        audit.record(verb="declare_poll", by=None, at=at, body=poll.body, subject=poll, outcome=poll.result["outcome"])
    return poll


def _trouble(poll: Poll) -> tuple[str, str] | None:
    """Why the urn cannot be opened: (state, reason).

    Another epoch, fewer casts than were acknowledged, or a key that was already destroyed:
    this database is an older copy. A mark on the roll without its envelope: it is torn.
    """
    store = key_store()
    epoch = store.epoch(poll.uuid)
    casts = poll.roll.aggregate(n=Sum("envelope_version"))["n"] or 0
    older = epoch != poll.epoch or casts < store.casts(poll.uuid) or store.was_destroyed(poll.uuid)
    if epoch and older:
        return PollState.INTERRUPTED, "restored"
    if poll.roll.voted().count() != poll.roll.filter(envelope__isnull=False).count():
        return PollState.INTERRUPTED, "torn"
    return None if store.holds(poll.uuid) else (PollState.VOID, "key_lost")


def _empty_urn(poll: Poll) -> list[Opened]:
    """Turn the envelopes into ballots that nothing ties to their rows. Call under the exclusive lock.

    Codes are drawn at random, so one that is found twice was forged by somebody who writes to the database.
    Which of its envelopes is the true one cannot be known: all of them are spoilt, and the code is not
    listed, so that the voter who was shown it finds it missing. Nothing of it stops the count.
    """
    private_key = key_store().private_key(poll.uuid)
    envelopes = poll.roll.filter(envelope__isnull=False).values_list("uuid", "envelope")
    found = [
        open_envelope(private_key=private_key, poll=poll.uuid, row=row, envelope=bytes(envelope or b""))
        for row, envelope in envelopes
    ]
    times = Counter(paper.code for paper in found if paper)
    single = [paper if paper and times[paper.code] == 1 else None for paper in found]
    papers = opened(poll, [paper.marks if paper else None for paper in single])
    ballots = [Ballot(id=secrets.token_hex(16), poll=poll, marks=list(p.marks), spoilt=p.spoilt) for p in papers]
    codes = [CheckCode(code=paper.code, poll=poll) for paper in single if paper]
    Ballot.objects.bulk_create(sorted(ballots, key=lambda b: b.id), batch_size=500)
    CheckCode.objects.bulk_create(sorted(codes, key=lambda c: c.code), batch_size=500)
    if poll.ballots.count() != len(papers):
        raise RuntimeError(f"poll {poll.uuid}: as many ballots as envelopes were to be written")
    _clear_urn(poll)
    return papers


def _clear_urn(poll: Poll) -> None:
    """No envelope stays, and nothing of who came to the committee's table."""
    poll.roll.update(envelope=None)
    TableAdmission.objects.filter(row__poll=poll).delete()


def _end(poll: Poll, state: str, reason: str, at: dt.datetime, **told: Any) -> Poll:
    """Close without a result; what was sealed is deleted unopened."""
    poll.state = state
    poll.result = {"outcome": str(state), "reason": reason, "roll": poll.roll_size, **told}
    poll.save()
    _clear_urn(poll)
    enqueue_step("settle_poll", poll, at=at)
    detail: dict[str, Any] = {"state": str(state), "reason": reason}
    audit.record(verb="end_poll", by=None, at=at, body=poll.body, subject=poll, **detail)
    return poll
