"""Recall: those who filled a seat call for it, support the call in secret, vote, and the seat ends or stays.

collecting → voting → recalled or kept; or expired (too little support in time), void (the vote could not be
held or counted), lapsed (the seat ended otherwise). Every deadline holds by the clock: ``current`` writes what
it decided before any verb acts, ``bring_up_to_date`` at every read, the job ``KIND`` when nobody reads.

Nothing here writes who called or supported: not the log, not the rows. A support is a keyed hash, needed so
that one person counts once and may take it back; when support is no longer collected the hashes are deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from councils import permissions, signals
from councils.counting.quorum import ceiling
from councils.domain import audit, job
from councils.domain.member import was_reset_after
from councils.domain.poll import enqueue_step, schedule_poll
from councils.domain.seat import RECALL_DUE, end_seats
from councils.domain.secrecy import refuse_small
from councils.enums import RECALL_TRANSITIONS, PollKind, RecallState, SeatEnd
from councils.errors import Refused
from councils.models import Job, Member, Recall, RecallSupport, RuleSet, Seat
from councils.models.electorate import electors, is_assembly
from councils.models.recall import REASON_LIMIT
from councils.rules import Rules
from councils.secrets_store import key_named, keyed_hash
from councils.text import clean, says_something

#: What each outcome of the vote makes of the recall.
OUTCOMES = {
    "adopted": RecallState.RECALLED,
    "rejected": RecallState.KEPT,
    "no_quorum": RecallState.KEPT,
    "void": RecallState.VOID,
    "interrupted": RecallState.VOID,
}


def rules_of(recall: Recall) -> Rules:
    """The rules under which it was called."""
    return Rules.read(recall.rule_set.rules)


def title_of(recall: Recall) -> str:
    """The question put to the vote, in the active language. Needs seat, holder and body with its territory loaded."""
    return _("Recall %(name)s (%(body)s)?") % {"name": recall.seat.holder.name, "body": recall.seat.body}


# --- calling --------------------------------------------------------------------------------------


def call_recall(*, seat: Seat, reason: str, by: Member, at: dt.datetime) -> Recall:
    """Ask those who filled ``seat`` to take it back; ``by`` is its first supporter, and her name is kept nowhere.

    Raises ``Denied`` unless ``by`` is an elector of the body that filled it; ``Refused`` for a seat that is not
    held, has a recall under way, was kept by a vote too short a time ago, has just begun or is about to end.
    """
    permissions.require("call_recall", by=by, on=seat, at=at)
    said = _worded(reason)
    rule_set = RuleSet.objects.in_force(seat.elected_by, at)
    if rule_set is None:
        raise Refused(_("This body has no rules in force yet."))
    rules = Rules.read(rule_set.rules)
    roll = len(electors(seat.elected_by, at, seat.group))
    if is_assembly(seat.elected_by):
        refuse_small(roll, rules.least_electors(on_paper=False))
    with transaction.atomic():
        for one in Recall.objects.live().filter(seat=seat):
            current(one, at)
        collect_until = _last_day_to_collect(seat, rules, at)
        try:
            with transaction.atomic():
                recall = Recall.objects.create(
                    seat=seat,
                    rule_set=rule_set,
                    reason=said,
                    called_at=at,
                    collect_until=collect_until,
                    roll_size=roll,
                    needed=max(1, ceiling(rules.recall.share, roll)),
                )
        except IntegrityError as e:
            raise Refused(_("A recall of this seat is under way already. Support that one.")) from e
        enqueue_due(recall, due_at=collect_until, at=at)
        audit.record(
            verb="call_recall",
            by=None,
            at=at,
            body=seat.elected_by,
            subject=recall,
            name=seat.holder.name,
            needed=recall.needed,
            rules=rule_set.version,
        )
        _add_support(recall, by, at)
    return recall


def _last_day_to_collect(seat: Seat, rules: Rules, at: dt.datetime) -> dt.datetime:
    """Until when support is collected, so that the vote can be over before the term is. Raises ``Refused``."""
    if not Seat.objects.held_at(at).filter(pk=seat.pk).exists():
        raise Refused(_("This seat is no longer held."))
    recall, day = rules.recall, dt.timedelta(days=1)
    first = seat.term_begins_at + recall.grace_days * day
    if at < first:
        raise Refused(_refusal(_("By the rules nobody is recalled before %(day)s: the term has just begun."), first))
    kept = seat.recalls.filter(state=RecallState.KEPT).order_by("-ended_at").first()
    if kept is not None and kept.ended_at is not None and at < kept.ended_at + recall.waiting_days * day:
        again = kept.ended_at + recall.waiting_days * day
        raise Refused(
            _refusal(_("A vote kept this seat. By the rules a recall is called again from %(day)s on."), again)
        )
    last = seat.term_ends_at - recall.voting_days * day
    if at >= last:
        raise Refused(_refusal(_("The term ends on %(day)s, before a vote could be over."), seat.term_ends_at))
    return min(at + recall.collect_days * day, last)


def _refusal(sentence: str, moment: dt.datetime) -> str:
    return sentence % {"day": date_format(localtime(moment), "DATE_FORMAT")}


def _worded(text: str) -> str:
    """Cleaned. Raises ``Refused`` where nothing can be read or it is too long."""
    text = clean(text).strip()
    if not says_something(text):
        raise Refused(_("Say it in words that can be read."))
    if len(text) > REASON_LIMIT:
        raise Refused(_("At most %(n)s characters. Shorten it.") % {"n": REASON_LIMIT})
    return text


# --- supporting -------------------------------------------------------------------------------------


def _mac(recall: Recall, member: Member) -> str:
    key = key_named(settings.KEY_STORE_DIR, "supporters")
    return keyed_hash(key, f"{recall.uuid}:{member.uuid}")


def supports(*, recall: Recall, member: Member) -> bool | None:
    """Whether ``member`` supports it, for her alone. None: it is not told, because others were given her account.

    Nothing is known any more once support is no longer collected.
    """
    if was_reset_after(member, recall.called_at):
        return None
    return recall.support.filter(mac=_mac(recall, member)).exists()


def support_recall(*, recall: Recall, by: Member, at: dt.datetime) -> Recall:
    """Add ``by`` to those who ask for it; twice changes nothing. When enough have, the vote begins.

    Raises ``Denied`` unless she is an elector; ``Refused`` where support is not collected any more, or from an
    account that others were given the keys of since the call.
    """
    permissions.require("support_recall", by=by, on=recall, at=at)
    with transaction.atomic():
        row = _in_her_hands(recall, by, at)
        was = row.state
        if was == RecallState.COLLECTING:
            _add_support(row, by, at)
    _refuse_unless_collecting(was)
    return row


def withdraw_support(*, recall: Recall, by: Member, at: dt.datetime) -> Recall:
    """Take her support back, while it is collected; twice changes nothing. Raises as ``support_recall``."""
    permissions.require("withdraw_support", by=by, on=recall, at=at)
    with transaction.atomic():
        row = _in_her_hands(recall, by, at)
        was = row.state
        if was == RecallState.COLLECTING:
            row.support.filter(mac=_mac(row, by)).delete()
            row.supporters = row.support.count()
            row.save(update_fields=["supporters"])
    _refuse_unless_collecting(was)
    return row


def _in_her_hands(recall: Recall, by: Member, at: dt.datetime) -> Recall:
    """The locked row, by the clock; ``Refused`` where others were given the keys of her account since the call."""
    if was_reset_after(by, recall.called_at):
        raise Refused(
            _("Your account was reset after this recall was called: if you supported it, that stands; you cannot now.")
        )
    return current(recall, at)


def _refuse_unless_collecting(state: str) -> None:
    """Called outside the transaction: what the clock ended stays written."""
    if state == RecallState.VOTING:
        raise Refused(_("Enough people have asked for it: the vote is open."))
    if state != RecallState.COLLECTING:
        raise Refused(_("Support for this recall is no longer collected."))


def _add_support(recall: Recall, by: Member, at: dt.datetime) -> None:
    """Write her support and, where it is enough, put the locked ``recall`` to the vote."""
    RecallSupport.objects.get_or_create(recall=recall, mac=_mac(recall, by))
    recall.supporters = recall.support.count()
    recall.save(update_fields=["supporters"])
    if recall.supporters >= recall.needed:
        _put_to_vote(recall, at)


def _put_to_vote(recall: Recall, at: dt.datetime) -> None:
    """Begin the vote of those who filled the seat: by urn in an assembly, by name in a council."""
    rules, body = rules_of(recall), recall.seat.elected_by
    recall.support.all().delete()  # the count stays; who it was is of no use any more
    if is_assembly(body) and len(electors(body, at, recall.seat.group)) < rules.least_electors(on_paper=False):
        _end(recall, RecallState.VOID, at)
        return
    with translation.override(settings.LANGUAGE_CODE):  # the record is in the installation's language
        question = title_of(recall)[:240]
    _move(recall, RecallState.VOTING)
    recall.poll = schedule_poll(
        body=body,
        group=recall.seat.group,
        rule_set=recall.rule_set,
        kind=PollKind.YES_NO,
        question=question,
        opens_at=at,
        closes_at=at + dt.timedelta(days=rules.recall.voting_days),
        at=at,
    )
    recall.save(update_fields=["state", "poll"])
    audit.record(verb="put_recall_to_vote", by=None, at=at, body=body, subject=recall, name=recall.seat.holder.name)


# --- what the clock and the vote decide ------------------------------------------------------------------


def current(recall: Recall, at: dt.datetime) -> Recall:
    """Lock the row and write what the clock has decided by ``at``. Call inside a transaction."""
    row = (
        Recall.objects.select_for_update(of=("self",))
        .select_related("seat__holder", "seat__body__territory", "seat__elected_by__territory", "rule_set", "poll")
        .get(pk=recall.pk)
    )
    if row.state not in (RecallState.COLLECTING, RecallState.VOTING):
        return row
    if not Seat.objects.held_at(at).filter(pk=row.seat_id).exists():
        _end(row, RecallState.LAPSED, at)
        if row.poll is not None:  # a job of its own: a declaration locks the poll first, then the recall
            enqueue_step("drop_poll", row.poll, at=at)
    elif row.state == RecallState.COLLECTING and row.collect_until <= at:
        _end(row, RecallState.EXPIRED, row.collect_until)
    return row


def bring_up_to_date(*, recall: Recall, at: dt.datetime) -> Recall:
    """Write what is due, and nothing else; safe to call at every read. Returns the recall as it now is."""
    if recall.state not in (RecallState.COLLECTING, RecallState.VOTING):
        return recall
    with transaction.atomic():
        return current(recall, at)


def conclude_recall(*, recall: Recall, at: dt.datetime) -> Recall:
    """End the seat, or keep it, as the declared vote decided. In the transaction that declares; twice changes nothing.

    Announces ``delegate_recalled`` after commit.
    """
    with transaction.atomic():
        Seat.objects.select_for_update(of=("self",)).get(pk=recall.seat_id)  # she may resign now
        row = current(recall, at)
        if row.state != RecallState.VOTING or row.poll is None:
            return row
        _end(row, OUTCOMES[row.poll.result["outcome"]], at)
        if row.state == RecallState.RECALLED:
            end_seats(seats=[row.seat], reason=SeatEnd.RECALLED, by=None, at=at)
            transaction.on_commit(
                lambda: signals.delegate_recalled.send(sender=Recall, seat=row.seat, recall=row, at=at), robust=True
            )
    return row


def answer_recall(*, recall: Recall, answer: str, by: Member, at: dt.datetime) -> Recall:
    """What the holder says to it, shown beside the reason; she may change it until the recall is over.

    Raises ``Denied`` for anybody else, ``Refused`` once it is over.
    """
    permissions.require("answer_recall", by=by, on=recall, at=at)
    said = _worded(answer)
    with transaction.atomic():
        row = current(recall, at)
        over = row.state not in (RecallState.COLLECTING, RecallState.VOTING)
        if not over:
            row.answer, row.answered_at = said, at
            row.save(update_fields=["answer", "answered_at"])
            audit.record(
                verb="answer_recall", by=by, at=at, body=row.seat.elected_by, subject=row, name=row.seat.holder.name
            )
    if over:
        raise Refused(_("This recall is over; what was said stays as it is."))
    return row


def _end(recall: Recall, state: RecallState, at: dt.datetime) -> None:
    """Over: nothing is known any more of who supported it."""
    _move(recall, state)
    recall.ended_at = at
    recall.save(update_fields=["state", "ended_at"])
    recall.support.all().delete()
    seat = recall.seat
    audit.record(
        verb="conclude_recall",
        by=None,
        at=at,
        body=seat.elected_by,
        subject=recall,
        name=seat.holder.name,
        recall=state,
    )


def _move(recall: Recall, state: RecallState) -> None:
    if state not in RECALL_TRANSITIONS[RecallState(recall.state)]:
        raise Refused(_("This recall cannot take that step from where it stands."))
    recall.state = state


def enqueue_due(recall: Recall, *, due_at: dt.datetime, at: dt.datetime) -> None:
    """Have ``recall`` brought up to date at ``due_at`` though nobody should look at it."""
    job.enqueue(
        kind=RECALL_DUE,
        key=f"{RECALL_DUE}:{recall.uuid}:{due_at.isoformat()}",
        at=at,
        due_at=due_at,
        payload={"recall": str(recall.uuid)},
    )


def run_due(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``RECALL_DUE``."""
    for recall in Recall.objects.filter(uuid__in=[j.payload["recall"] for j in jobs]):
        bring_up_to_date(recall=recall, at=at)
