"""Delegate: what she voted beside what she was told, and her reports to those who elected her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.domain.mandate import instructions, mandates_of
from councils.domain.replacement import who_acted
from councils.enums import PollKind, PollState, Secrecy
from councils.errors import Refused
from councils.models import DelegateReport, Mandate, Member, NamedVote, Poll, Replacement, RollEntry, Seat
from councils.text import clean, says_something

REPORT_LIMIT = 4000


class Verdict(StrEnum):
    """Her vote beside her instruction. Nobody judges: the two are compared."""

    AS_TOLD = "as_told"
    DIFFERENT = "different"
    NOT_TOLD = "not_told"
    #: The instruction could be read only after the close.
    TOLD_LATE = "told_late"
    ABSENT = "absent"


@dataclass(frozen=True)
class VoteLine:
    """One vote by name during her seat: ``told`` (an answer; empty: free or none) and ``marks`` (None: none cast)."""

    poll: Poll
    mandate: Mandate | None
    told: str
    marks: list[str] | None
    reasons: list[DelegateReport] = field(default_factory=list)
    #: Who stood in for her; None: she acted herself.
    stood_in: Member | None = None

    @property
    def verdict(self) -> Verdict:
        known_at = self.mandate.known_at if self.mandate else None
        if not self.told:
            return Verdict.NOT_TOLD if self.marks is not None else Verdict.ABSENT
        if known_at is None or known_at >= self.poll.closes_at:
            return Verdict.TOLD_LATE
        if self.marks is None:
            return Verdict.ABSENT
        return Verdict.AS_TOLD if self.marks == [self.told] else Verdict.DIFFERENT


def votes_of(seat: Seat) -> list[VoteLine]:
    """Declared votes by name on whose roll she, or who stood in for her, was for ``seat``; the latest first.

    As many queries for any number.
    """
    ends_at = min(seat.term_ends_at, seat.ended_at or seat.term_ends_at)
    declared = Poll.objects.filter(body=seat.body, secrecy=Secrecy.NAMED, state=PollState.DECLARED)
    stood_in = list(seat.replacements.select_related("member"))
    people = {seat.holder_id: seat.holder} | {row.member_id: row.member for row in stood_in}
    during = declared.filter(opens_at__gte=seat.term_begins_at, opens_at__lt=ends_at, roll__member__in=people)
    found = list(during.with_subject().distinct().order_by("-closes_at", "-pk"))
    rolls = _rolls(found, people)
    acted = {poll.pk: who_acted(seat, stood_in, poll, rolls.get(poll.pk, set())) for poll in found}
    polls = [poll for poll in found if acted[poll.pk] is not None]
    votes = NamedVote.objects.filter(poll__in=polls, member__in=people).values_list("poll", "member", "marks")
    said = {poll: marks for poll, member, marks in votes if acted[poll] == member}
    others = {poll: people[who] for poll, who in acted.items() if who is not None and who != seat.holder_id}
    reasons: dict[int, list[DelegateReport]] = {}
    for report in seat.reports.filter(poll__in=polls).order_by("at", "pk"):
        reasons.setdefault(report.poll_id or 0, []).append(report)
    told = told_to(seat, polls)
    return [
        VoteLine(p, *told.get(p.pk, (None, "")), said.get(p.pk), reasons.get(p.pk, []), others.get(p.pk)) for p in polls
    ]


def _rolls(polls: Iterable[Poll], people: Collection[int] | None = None) -> dict[int, set[int]]:
    """Poll → who of ``people`` (None: of everybody) stands on its frozen roll."""
    rows = RollEntry.objects.filter(poll__in=[poll.pk for poll in polls])
    rows = rows if people is None else rows.filter(member__in=people)
    rolls: dict[int, set[int]] = {}
    for poll_id, member_id in rows.values_list("poll", "member"):
        rolls.setdefault(poll_id, set()).add(member_id)
    return rolls


def told_to(seat: Seat, polls: Sequence[Poll]) -> dict[int, tuple[Mandate | None, str]]:
    """Poll → (mandate of those who elected her, her answer under it), shared among those on its roll once frozen."""
    holding = mandates_of([poll for poll in polls if poll.kind == PollKind.YES_NO])
    mandates = {poll.pk: holding[key] for poll in polls if (key := (poll.pk, seat.elected_by_id)) in holding}
    theirs = list(Seat.objects.in_body(seat.body).filter(elected_by=seat.elected_by_id).select_related("holder"))
    stood_in = list(Replacement.objects.filter(seat__in=theirs)) if mandates else []
    rolls = _rolls([poll for poll in polls if poll.pk in mandates])
    told: dict[int, tuple[Mandate | None, str]] = {}
    for poll in polls:
        mandate = mandates.get(poll.pk)
        if mandate is None:
            continue
        roll = rolls.get(poll.pk)
        there = [s for s in theirs if _sat(s, poll) and who_acted(s, stood_in, poll, roll) is not None]
        instruction = instructions(mandate, there).get(seat.pk)
        told[poll.pk] = (mandate, instruction.answer if instruction else "")
    return told


def _sat(seat: Seat, poll: Poll) -> bool:
    """Within its own term when the vote opened; the roll knows of the seats below."""
    return seat.term_begins_at <= poll.opens_at < min(seat.term_ends_at, seat.ended_at or seat.term_ends_at)


def report_back(*, seat: Seat, text: str, poll: Poll | None, by: Member, at: dt.datetime) -> DelegateReport:
    """Tell those who elected her; about ``poll``, her reason. What is said stays; the same again changes nothing.

    Raises ``Denied`` unless the seat is or was hers; ``Refused`` for an empty text or a vote that was not hers.
    """
    permissions.require("report_back", by=by, on=seat, at=at)
    text = clean(text).strip()
    if not says_something(text) or len(text) > REPORT_LIMIT:
        raise Refused(_("Write what you report."))
    if poll is not None and poll not in [line.poll for line in votes_of(seat)]:
        raise Refused(_("That is not a vote in which you sat there."))
    with transaction.atomic():
        Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
        before = DelegateReport.objects.filter(seat=seat, poll=poll, text=text).first()
        if before is not None:
            return before
        report = DelegateReport.objects.create(seat=seat, poll=poll, text=text, at=at)
        audit.record(verb="report_back", by=by, at=at, body=seat.body, subject=report, name=by.name)
    return report
