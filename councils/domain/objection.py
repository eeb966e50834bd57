"""Objection: to the roll of an election while it is closed and the vote is not open, to a result while it may be.

Anybody of the electorate objects, in public; one of the committee answers with a public reason, and another confirms
the answer (in a council, delegates). Upheld, it adds or takes off exactly that person, or voids the election; what is
not decided in time changes nothing: the roll stands, the elected take their seats.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.domain import audit
from councils.domain.election import current, void_election
from councils.domain.electoral_roll import add_to_roll, take_off_roll
from councils.domain.winners import nominees_of
from councils.enums import ElectionState, ObjectionKind, ObjectionVerdict
from councils.errors import Refused
from councils.models import Election, Member, Objection, locks
from councils.models.electorate import is_assembly, is_elector, memberships_of
from councils.models.objection import TEXT_LIMIT
from councils.text import clean, says_something

#: Of one person in one election, so that nobody keeps the committee from its work.
MOST_EACH = 5


def object_to_roll(
    *, election: Election, kind: str, person: Member, text: str, by: Member, at: dt.datetime
) -> Objection:
    """Say that ``person`` is missing from the closed roll, or should not be on it; it may be oneself.

    Raises ``Denied``; ``Refused`` outside the days of campaign, where it is not so, or an objection about her waits.
    """
    permissions.require("object_to_roll", by=by, on=election, at=at)
    if kind not in (ObjectionKind.MISSING, ObjectionKind.NOT_ENTITLED):
        raise Refused(_("Say whether that person is missing or should not be on the roll."))
    text = _text(text)
    with transaction.atomic():
        row = current(election, at)
        _refuse_unless_contestable(row, kind, at)
        assert row.poll is not None  # the campaign begins with it
        on_roll = row.poll.roll.filter(member=person).exists()
        if on_roll and kind == ObjectionKind.MISSING:
            raise Refused(_("%(name)s is on the roll already.") % {"name": person})
        if not on_roll and (kind == ObjectionKind.NOT_ENTITLED or not belongs(person, row, at)):
            raise Refused(_("%(name)s is not on the roll, nor among the people here.") % {"name": person})
        if row.objections.undecided().filter(kind=kind, person=person).exists():
            raise Refused(_("Somebody has objected to that already; it waits for its answer."))
        objection = _object(row, kind, person, text, by, at)
        told = {"name": person.name, "objection": str(kind)}
        audit.record(verb="object_to_roll", by=by, at=at, body=row.electorate, subject=row, **told)
    return objection


def object_to_result(*, election: Election, text: str, by: Member, at: dt.datetime) -> Objection:
    """Say why the declared result does not hold. Whoever was on the roll may.

    Raises ``Denied``; ``Refused`` outside its days, or while another objection of hers waits.
    """
    permissions.require("object_to_result", by=by, on=election, at=at)
    text = _text(text)
    with transaction.atomic():
        row = current(election, at)
        _refuse_unless_contestable(row, ObjectionKind.RESULT, at)
        if row.objections.undecided().to_result().filter(objector=by).exists():
            raise Refused(_("You have objected already; it waits for its answer."))
        objection = _object(row, ObjectionKind.RESULT, None, text, by, at)
        audit.record(verb="object_to_result", by=by, at=at, body=row.electorate, subject=row)
    return objection


def answer_objection(*, objection: Objection, verdict: str, reason: str, by: Member, at: dt.datetime) -> Objection:
    """Uphold or dismiss, with a reason that everybody reads; it holds once another person confirms it.

    A later answer replaces one that nobody has confirmed. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("answer_objection", by=by, on=objection.election.electorate, at=at)
    reason = _text(reason)
    if verdict not in ObjectionVerdict.values:
        raise Refused(_("Uphold or dismiss the objection."))
    with transaction.atomic():
        election, row = _locked(objection, at)
        _refuse_concerned(row, election, by)
        if row.confirmed_at is not None:
            raise Refused(_("This objection is decided already."))
        row.verdict, row.reason, row.answered_by, row.answered_at = verdict, reason, by, at
        row.answers += 1
        row.save(update_fields=["verdict", "reason", "answered_by", "answered_at", "answers"])
        told = {"verdict": str(verdict)}
        audit.record(verb="answer_objection", by=by, at=at, body=election.electorate, subject=election, **told)
    return row


def confirm_objection(*, objection: Objection, answer: int, by: Member, at: dt.datetime) -> Objection:
    """Another person agrees with answer number ``answer``, and it takes effect. Twice changes nothing.

    Raises ``Denied``; ``Refused`` for who answered, objected or is concerned, where the answer is another by now or
    its author sits there no longer, and when the time is over.
    """
    permissions.require("confirm_objection", by=by, on=objection.election.electorate, at=at)
    with transaction.atomic():
        election, row = _locked(objection, at)
        _refuse_concerned(row, election, by)
        if row.confirmed_at is not None:
            return row
        if row.answered_by is None or row.answers != answer:
            raise Refused(_("The answer is another one by now. Read it before you confirm it."))
        if row.answered_by == by:
            raise Refused(_("You answered it yourself. Another person confirms."))
        if not permissions.may("answer_objection", by=row.answered_by, on=election.electorate, at=at):
            raise Refused(_("%(name)s, who answered, may not do it any more. Answer anew.") % {"name": row.answered_by})
        row.confirmed_by, row.confirmed_at = by, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        told = {"verdict": row.verdict}
        audit.record(verb="confirm_objection", by=by, at=at, body=election.electorate, subject=election, **told)
        if row.verdict == ObjectionVerdict.UPHELD:
            _uphold(row, election, at)
    return row


def belongs(person: Member, election: Election, at: dt.datetime) -> bool:
    """Whether she may be missing from its roll: she works there, or sits in the council, today."""
    if is_assembly(election.electorate):
        return memberships_of(election.electorate, local_day(at)).filter(member=person).exists()
    return is_elector(person, election.electorate, at)


def is_contestable(election: Election, kind: str, at: dt.datetime) -> bool:
    """Whether by the clock its roll, or its result, may be objected to."""
    if kind == ObjectionKind.RESULT:
        until = election.objections_until
        return election.state == ElectionState.DECLARED and until is not None and at < until
    return election.state == ElectionState.CAMPAIGN and at < election.voting_opens_at


def is_concerned(member: Member, objection: Objection, election: Election) -> bool:
    """Whether she objected, is whom it is about, or of a result: stood for it. She decides nothing then."""
    if member.pk in (objection.objector_id, objection.person_id):
        return True
    options = election.poll.options if election.poll and objection.kind == ObjectionKind.RESULT else []
    return any(str(member.uuid) in nominees_of(option) for option in options)


def _object(election: Election, kind: str, person: Member | None, text: str, by: Member, at: dt.datetime) -> Objection:
    if election.objections.filter(objector=by).count() >= MOST_EACH:
        raise Refused(_("You have objected %(n)s times in this election; more is not possible.") % {"n": MOST_EACH})
    return Objection.objects.create(election=election, kind=kind, objector=by, person=person, text=text, at=at)


def _locked(objection: Objection, at: dt.datetime) -> tuple[Election, Objection]:
    """Poll, election and objection as they are now, locked in the order in which opening and declaring lock them."""
    if objection.election.poll_id is not None:
        locks.exclusive(objection.election.poll_id)
    election = current(objection.election, at)
    _refuse_unless_contestable(election, objection.kind, at)
    rows = Objection.objects.select_for_update(of=("self",)).select_related("objector", "person", "answered_by")
    return election, rows.get(pk=objection.pk)


def _uphold(objection: Objection, election: Election, at: dt.datetime) -> None:
    if objection.kind == ObjectionKind.RESULT:
        void_election(election, "objected", at)
        return
    assert objection.person is not None and election.poll is not None  # the constraint, and the campaign
    verb, change = {
        str(ObjectionKind.MISSING): ("add_to_roll", add_to_roll),
        str(ObjectionKind.NOT_ENTITLED): ("take_off_roll", take_off_roll),
    }[objection.kind]
    if objection.kind == ObjectionKind.MISSING:
        _refuse_on_another_roll(objection.person, election)
    change(poll=election.poll, member=objection.person, at=at)
    told = {"name": objection.person.name, "roll": election.poll.roll_size}
    audit.record(verb=verb, by=None, at=at, body=election.electorate, subject=election, **told)


def _refuse_on_another_roll(person: Member, election: Election) -> None:
    """Constituencies close their rolls together: who changes group afterwards votes where she is, or is moved."""
    others = Election.objects.live().filter(body=election.body, electorate=election.electorate).exclude(pk=election.pk)
    if others.filter(poll__roll__member=person).exists():
        raise Refused(
            _("%(name)s is on the closed roll of another group, and nobody votes in two. Object to that one first.")
            % {"name": person}
        )


def _text(text: str) -> str:
    text = clean(text).strip()
    if not says_something(text) or len(text) > TEXT_LIMIT:
        raise Refused(_("Write why, in at most %(n)s characters.") % {"n": TEXT_LIMIT})
    return text


def _refuse_unless_contestable(election: Election, kind: str, at: dt.datetime) -> None:
    if is_contestable(election, kind, at):
        return
    if kind == ObjectionKind.RESULT:
        raise Refused(_("The result may be objected to only in the days after its declaration that the rules give."))
    raise Refused(_("The roll stands: it changes only between its closing and the opening of the vote."))


def _refuse_concerned(objection: Objection, election: Election, by: Member) -> None:
    if is_concerned(by, objection, election):
        raise Refused(_("You objected, or it concerns you. Others decide it."))
