"""Mandate: before a council votes, those who elected its delegates may instruct them.

By a vote of their own (``consult_electorate``), or as decided in an assembly, which one of the committee enters and
another confirms. The last that holds replaces those before it, until the council's vote closes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.clock import local_day
from councils.counting.apportionment import largest_remainder
from councils.domain import audit
from councils.domain.poll import schedule_poll
from councils.domain.waiting import WaitingTask
from councils.enums import BodyKind, Choice, MandateKind, PollKind, PollState
from councils.errors import Refused
from councils.models import Body, Consultation, Mandate, Member, Poll, Question, RuleSet, Seat
from councils.models.electorate import is_assembly
from councils.names import sort_key
from councils.rules import Rules


def consult_electorate(
    *, question: Question, electorate: Body, kind: str, closes_at: dt.datetime, by: Member, at: dt.datetime
) -> Consultation:
    """Let ``electorate`` vote at once, until ``closes_at``, how its delegates shall vote on ``question``.

    Raises ``Denied``; ``Refused`` where it has no delegate there, for a vote shorter than its rules ask or that does
    not close before the council's, or while another such vote goes on.
    """
    permissions.require("consult_electorate", by=by, on=electorate, at=at)
    _refuse_unless_open(question.poll, electorate, at)
    if kind not in (MandateKind.BOUND, MandateKind.SPLIT):
        raise Refused(_("A vote binds the delegates or splits their votes."))
    rule_set = RuleSet.objects.in_force(electorate, at)
    if rule_set is None:
        raise Refused(_("There are no rules in force here yet."))
    days = Rules.read(rule_set.rules).voting_days
    if closes_at < at + dt.timedelta(days=days):
        raise Refused(
            ngettext(
                "The vote lasts at least %(n)s day by the rules. Choose a later close.",
                "The vote lasts at least %(n)s days by the rules. Choose a later close.",
                days,
            )
            % {"n": days}
        )
    if closes_at >= question.poll.closes_at:
        raise Refused(_("The council's vote closes before. Choose an earlier close, or decide in an assembly."))
    with translation.override(settings.LANGUAGE_CODE):  # the record is in the installation's language
        asked = _("Our delegates' vote: %(title)s") % {"title": question.title}
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=electorate.pk)
        running = Consultation.objects.filter(question=question, poll__body=electorate)
        if running.filter(poll__state__in=[PollState.SCHEDULED, PollState.OPEN, PollState.COUNTED]).exists():
            raise Refused(_("A vote on this question is under way here already."))
        poll = schedule_poll(
            body=electorate,
            rule_set=rule_set,
            kind=PollKind.YES_NO,
            question=asked,
            opens_at=at,
            closes_at=closes_at,
            at=at,
        )
        consultation = Consultation.objects.create(poll=poll, question=question, kind=kind, called_by=by, called_at=at)
        audit.record(
            verb="consult_electorate",
            by=by,
            at=at,
            body=electorate,
            subject=question,
            title=question.title,
            rules=rule_set.version,
        )
    return consultation


def conclude_consultation(*, consultation: Consultation, at: dt.datetime) -> Mandate | None:
    """The mandate that a declared vote gives, in the transaction that declares. Twice changes nothing.

    None where it decided nothing, or where the question was withdrawn. It closed before the council's vote, so it
    holds whenever it is counted; ``Mandate.known_at`` tells whether the delegates could have read it. A vote that was
    to split them and whose totals may not be published binds them to its outcome.
    """
    source, poll = consultation.poll, consultation.question.poll
    outcome = source.result.get("outcome")
    if outcome not in ("adopted", "rejected") or poll.state in (PollState.VOID, PollState.INTERRUPTED):
        return None
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=source.body_id)
        before = Mandate.objects.filter(source=source).first()
        if before is not None:
            return before
        tally = source.result.get("tally", {}) if consultation.kind == MandateKind.SPLIT else {}
        mandate = Mandate.objects.create(
            poll=poll,
            electorate=source.body,
            version=_next_version(poll, source.body),
            kind=MandateKind.SPLIT if tally else MandateKind.BOUND,
            answer="" if tally else Choice.YES if outcome == "adopted" else Choice.NO,
            tally=tally,
            source=source,
            decided_at=source.closes_at,
        )
        title = consultation.question.title
        audit.record(
            verb="conclude_consultation", by=None, at=at, body=source.body, subject=consultation.question, title=title
        )
    return mandate


def enter_mandate(
    *,
    question: Question,
    assembly: Body,
    kind: str,
    answer: str = "",
    tally: Mapping[str, int] | None = None,
    decided_on: dt.date,
    by: Member,
    at: dt.datetime,
) -> Mandate:
    """Write down what the assembly decided on ``decided_on``; it holds once another of the committee confirms it.

    ``answer`` for ``bound``; ``tally`` (answer → hands) for ``split``. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("enter_mandate", by=by, on=assembly, at=at)
    _refuse_unless_open(question.poll, assembly, at)
    hands = {str(choice): int((tally or {}).get(choice, 0)) for choice in Choice} if kind == MandateKind.SPLIT else {}
    if kind not in MandateKind or (kind == MandateKind.BOUND and answer not in Choice):
        raise Refused(_("Choose what the assembly decided."))
    if kind == MandateKind.SPLIT and (not sum(hands.values()) or min(hands.values()) < 0):
        raise Refused(_("To split the delegates' votes, write how many were for each answer."))
    if not local_day(question.asked_at) <= decided_on <= local_day(at):
        raise Refused(_("An assembly decides on a question between the day it is put and today."))
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=assembly.pk)
        mandate = Mandate.objects.create(
            poll=question.poll,
            electorate=assembly,
            version=_next_version(question.poll, assembly),
            kind=kind,
            answer=answer if kind == MandateKind.BOUND else "",
            tally=hands,
            decided_on=decided_on,
            decided_at=at,
            entered_by=by,
        )
        audit.record(verb="enter_mandate", by=by, at=at, body=assembly, subject=question, title=question.title)
    return mandate


def confirm_mandate(*, mandate: Mandate, by: Member, at: dt.datetime) -> Mandate:
    """Another of the committee says that the assembly decided so; from now on it holds. Twice changes nothing."""
    permissions.require("confirm_mandate", by=by, on=mandate, at=at)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=mandate.electorate_id)
        row = Mandate.objects.select_related("poll__council_question", "electorate").get(pk=mandate.pk)
        if row.source_id is not None or row.confirmed_at is not None:
            return row
        if row.entered_by_id == by.pk:
            raise Refused(_("You entered it yourself. Another person of the committee confirms it."))
        if not _is_open(row.poll, at):
            raise Refused(_("The council's vote has closed: its delegates can be instructed no more."))
        if Mandate.objects.filter(poll=row.poll, electorate=row.electorate, version__gt=row.version).exists():
            raise Refused(_("Something later was decided on this question. Confirm that, or enter it anew."))
        row.confirmed_by, row.confirmed_at = by, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        question = row.poll.council_question
        audit.record(verb="confirm_mandate", by=by, at=at, body=row.electorate, subject=question, title=question.title)
    return row


def to_confirm(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """What another of her committee entered and she may confirm."""
    seats = Seat.objects.held_at(at).of(member).filter(body__kind=BodyKind.COMMITTEE)
    waiting = Mandate.objects.to_confirm(at).filter(electorate__territory__in=seats.values("body__territory"))
    for mandate in waiting.exclude(entered_by=member).select_related("poll__council_question"):
        question = mandate.poll.council_question
        yield WaitingTask(
            icon="people",
            title=_("Confirm what the assembly instructed: %(title)s") % {"title": question.title},
            url=reverse("question", args=[question.uuid]),
            button=_("See it"),
            sentence=_("It holds once a second person of the committee confirms it."),
            due_at=mandate.poll.closes_at,
        )


# --- what holds ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instruction:
    """What one delegate was told: an answer, or nothing where she was left free."""

    mandate: Mandate
    answer: str

    @property
    def is_free(self) -> bool:
        return not self.answer


def mandates_of(polls: Iterable[Poll]) -> dict[tuple[int, int], Mandate]:
    """The mandate that holds, by (poll, electorate). One query."""
    rows = Mandate.objects.in_force().filter(poll__in=list(polls))
    rows = rows.select_related("source", "entered_by", "confirmed_by").order_by("version")
    return {(row.poll_id, row.electorate_id): row for row in rows}


def instructions(mandate: Mandate, seats: Iterable[Seat]) -> dict[int, Instruction]:
    """By the key of each of ``seats`` (all that its electorate fills there, holders loaded), what it was told.

    Split: the answers get seats by largest remainder, and the delegates take them in the order of their names, yes
    first. A seat for which answers are tied is left free.
    """
    ordered = sorted(seats, key=lambda seat: (sort_key(seat.holder.name), seat.pk))
    if mandate.kind == MandateKind.SPLIT:
        shared = largest_remainder(mandate.tally, seats=len(ordered)).seats
        told = [str(choice) for choice in Choice for _seat in range(shared.get(choice, 0))]
    else:
        told = [mandate.answer] * len(ordered)
    told += [""] * (len(ordered) - len(told))
    return {seat.pk: Instruction(mandate, answer) for seat, answer in zip(ordered, told, strict=True)}


def _is_open(poll: Poll, at: dt.datetime) -> bool:
    return poll.state in (PollState.SCHEDULED, PollState.OPEN) and at < poll.closes_at


def _refuse_unless_open(poll: Poll, electorate: Body, at: dt.datetime) -> None:
    if not _is_open(poll, at):
        raise Refused(_("The council's vote has closed: its delegates can be instructed no more."))
    if not Seat.objects.held_at(at).in_body(poll.body).filter(elected_by=electorate).exists():
        if is_assembly(electorate):
            raise Refused(_("This assembly has no delegate in that council."))
        raise Refused(_("This council has no delegate in that council."))


def _next_version(poll: Poll, electorate: Body) -> int:
    """The body's row is locked."""
    last = Mandate.objects.filter(poll=poll, electorate=electorate).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1
