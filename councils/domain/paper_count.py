"""Paper count: a vote held wholly on paper, entered by one person and countersigned by another.

The roll is frozen at the opening as always; people vote in the hall, and the papers are counted before everybody.
After the close one of the committee enters what was counted, and another, with the protocol in her hand, says that
it is so: only then is it counted here, by the same code as any vote. Who is at stake does neither.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import permissions
from councils.clock import local_day
from councils.counting.paper import HandCount, ballots_of, faults
from councils.counting.result import result_of_totals
from councils.domain import audit
from councils.domain.poll import enqueue_step, enter_until
from councils.domain.poll_title import LOADED, title_of_poll
from councils.domain.tally import question_of, result_of
from councils.domain.waiting import WaitingTask
from councils.enums import PollKind, PollState, Secrecy
from councils.errors import Refused
from councils.models import Ballot, Member, PaperCount, Poll, locks
from councils.text import clean_line

PLACE_LIMIT = 200
#: What each fault of a count says to whoever enters it.
SENTENCES = {
    "roll": gettext_lazy("There are more papers than people on the roll."),
    "counting": gettext_lazy("More papers count for the quorum than there are papers, or people who count for it."),
    "marked": gettext_lazy("Blank and spoilt papers together are more than all papers."),
    "sum": gettext_lazy("The votes do not add up to the papers that are neither blank nor spoilt."),
    "option": gettext_lazy("Somebody has more votes than there are papers neither blank nor spoilt."),
}


def announce_place(*, poll: Poll, place: str, by: Member, at: dt.datetime) -> Poll:
    """Say where the vote on paper is held, until it closes. Raises ``Denied`` or ``Refused``."""
    permissions.require("announce_place", by=by, on=poll, at=at)
    place = clean_line(place)[:PLACE_LIMIT]
    with transaction.atomic():
        row = locks.exclusive(poll.pk)
        if (
            row.secrecy != Secrecy.PAPER
            or row.state not in (PollState.SCHEDULED, PollState.OPEN)
            or at >= row.closes_at
        ):
            raise Refused(_("Where a vote is held is said until it closes, and only of a vote on paper."))
        row.place = place
        row.save(update_fields=["place"])
        audit.record(verb="announce_place", by=by, at=at, body=row.body, subject=row, place=place)
    return row


def enter_count(*, poll: Poll, count: HandCount, by: Member, at: dt.datetime) -> PaperCount:
    """Enter what was counted; it holds once another countersigns it. Entered anew, the last one is countersigned.

    Raises ``Denied`` unless ``by`` may count this vote; ``Refused`` with every reason why it cannot be so, before
    the close, and after ``poll.enter_until``.
    """
    permissions.require("enter_count", by=by, on=poll, at=at)
    with transaction.atomic():
        row = locks.exclusive(poll.pk)
        _refuse_unless_counted_now(row, at)
        wrong = [str(SENTENCES[code]) for code in faults(question_of(row), count)]
        if wrong:
            raise Refused(" ".join(wrong))
        last = row.paper_counts.aggregate(last=Max("number"))["last"] or 0
        entered = PaperCount.objects.create(
            poll=row,
            number=last + 1,
            papers=count.papers,
            counting=count.counting,
            blank=count.blank,
            spoilt=count.spoilt,
            tally=dict(count.tally),
            rankings=[[list(map(str, ranking)), n] for ranking, n in sorted(count.rankings.items())],
            entered_by=by,
            entered_at=at,
        )
        audit.record(verb="enter_count", by=by, at=at, body=row.body, subject=row, papers=count.papers, number=last + 1)
    return entered


def countersign_count(*, count: PaperCount, by: Member, at: dt.datetime) -> Poll:
    """Another person says that it is what the protocol says: it is counted, and declared by the job that commits here.

    Twice changes nothing. Raises ``Denied``; ``Refused`` for who entered it, for a count that was entered anew
    meanwhile or by who may do it no longer, and out of time.
    """
    permissions.require("countersign_count", by=by, on=count.poll, at=at)
    with transaction.atomic():
        poll = locks.exclusive(count.poll_id)
        row = PaperCount.objects.select_related("entered_by").get(pk=count.pk)
        if row.countersigned_at is not None:
            return poll
        _refuse_unless_counted_now(poll, at)
        if row.entered_by_id == by.pk:
            raise Refused(_("You entered it yourself. Another person countersigns it."))
        if poll.paper_counts.filter(number__gt=row.number).exists():
            raise Refused(_("It was entered anew meanwhile. Compare the later one with the protocol."))
        if not permissions.may("enter_count", by=row.entered_by, on=poll, at=at):
            gone = {"name": row.entered_by}
            raise Refused(_("%(name)s, who entered it, may not do it any more. Enter it anew.") % gone)
        row.countersigned_by, row.countersigned_at = by, at
        row.save(update_fields=["countersigned_by", "countersigned_at"])
        poll.state, poll.counted_at, poll.result = PollState.COUNTED, at, _result(poll, row)
        poll.save(update_fields=["state", "counted_at", "result"])
        enqueue_step("settle_poll", poll, at=at)
        audit.record(verb="countersign_count", by=by, at=at, body=poll.body, subject=poll, papers=row.papers)
        audit.record(verb="count_poll", by=None, at=at, body=poll.body, subject=poll, ballots=row.papers)
    return poll


def hand_count(row: PaperCount) -> HandCount:
    """What was entered, as it is counted."""
    rankings = {tuple(int(id) for id in ids): int(str(n)) for ids, n in row.rankings if isinstance(ids, list)}
    return HandCount(row.papers, row.counting, row.blank, row.spoilt, row.tally, rankings)


def _result(poll: Poll, row: PaperCount) -> dict[str, object]:
    """The result; of a ranked vote with its ballots written, in random order: they are published, or counted back."""
    count = hand_count(row)
    if poll.kind != PollKind.STV:
        return result_of_totals(
            question_of(poll),
            count.tally,
            papers=count.papers,
            blank=count.blank,
            spoilt=count.spoilt,
            quorum_present=count.counting,
        )
    papers = ballots_of(count)
    ballots = [Ballot(id=secrets.token_hex(16), poll=poll, marks=list(p.marks), spoilt=p.spoilt) for p in papers]
    Ballot.objects.bulk_create(sorted(ballots, key=lambda ballot: ballot.id), batch_size=500)
    return result_of(poll=poll, papers=papers, quorum_present=count.counting)


def _refuse_unless_counted_now(poll: Poll, at: dt.datetime) -> None:
    if poll.secrecy != Secrecy.PAPER:
        raise Refused(_("This vote is not held on paper."))
    if poll.state == PollState.SCHEDULED or (poll.state == PollState.OPEN and at < poll.closes_at):
        raise Refused(_("This vote has not closed yet. What is counted is entered after the close."))
    if poll.state != PollState.OPEN or at >= enter_until(poll):
        raise Refused(_("The count of this vote can be entered no more."))


def to_count(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Votes on paper that are over, whose count she may enter or countersign."""
    over = Poll.objects.visible_to(member, local_day(at)).filter(secrecy=Secrecy.PAPER).to_count(at)
    for poll in over.select_related(*LOADED).order_by("closes_at", "pk"):
        if at >= enter_until(poll) or not permissions.may("enter_count", by=member, on=poll, at=at):
            continue
        last = poll.paper_counts.order_by("-number").first()
        if last is not None and last.entered_by_id == member.pk:
            continue
        yield WaitingTask(
            icon="urna",
            title=title_of_poll(poll),
            url=reverse("paper_count", args=[poll.uuid]),
            button=_("Compare and countersign") if last else _("Enter the count"),
            sentence=_("Counted on paper: one enters it, another countersigns."),
            due_at=enter_until(poll),
        )
