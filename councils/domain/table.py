"""Table: the committee admits to an open vote whoever cannot cast it from an account of her own.

Two people of the committee of the workplace, neither of them the elector: one calls her, the other
confirms. Then a code, shown once, opens her ballot on any device; what it casts is the same sealed
envelope on the same row as from the booth. Only rows without an envelope are admitted: an earlier one
stands. Calling and confirming are in the log with names; casting is nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from councils import permissions
from councils.codes import new_code, read_code, readable
from councils.domain import audit
from councils.domain.ballot import AlreadyCounted, Receipt, lay_envelope, refuse_unless_open
from councils.domain.code_batch import code_hash
from councils.domain.waiting import WaitingTask
from councils.enums import BodyKind, Secrecy
from councils.errors import Refused
from councils.models import Body, Member, Poll, RollEntry, Seat, TableAdmission, locks

CODE_LIFE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class TableCode:
    """Shown once, in the answer that confirms."""

    code: str
    name: str
    expires_at: dt.datetime


def call_to_table(*, row: RollEntry, by: Member, at: dt.datetime) -> TableAdmission:
    """Call the elector of ``row`` to the table; a code that was not used is void from now on.

    Raises ``Denied``, or ``Refused``: her vote is in the urn, she is ``by``, the committee has one person,
    another one has called her already, or the vote is not open.
    """
    permissions.require("call_to_table", by=by, on=row.poll, at=at)
    _refuse_unless_urn(row.poll, at)
    if row.member_id == by.pk:
        raise Refused(_("Nobody admits herself. Two other people of the committee do it."))
    if len(_committee(row.poll, at)) < 2:
        raise Refused(_("The committee has one person, and the table needs two. An election gives it the second one."))
    with transaction.atomic():
        row = _locked_row(row, at)
        _refuse_if_voted(row)
        before = TableAdmission.objects.filter(row=row).select_related("called_by").first()
        if before is not None and before.confirmed_by_id is None:
            if before.called_by_id == by.pk:
                return before
            if permissions.may("call_to_table", by=before.called_by, on=row.poll, at=at):
                raise Refused(_("%(name)s has called this person already. Confirm it.") % {"name": before.called_by})
        nobody = {"confirmed_by": None, "code_hash": "", "expires_at": None, "used": False}
        admission, _new = TableAdmission.objects.update_or_create(
            row=row, defaults={"elector": row.member, "called_by": by, **nobody}
        )
        told = {"name": row.member.name, "vote": row.poll.question}
        audit.record(verb="call_to_table", by=by, at=at, body=row.poll.body, subject=row, **told)
    return admission


def confirm_at_table(*, admission: TableAdmission, by: Member, at: dt.datetime) -> TableCode:
    """The second person agrees: a code for this one ballot, valid for ``CODE_LIFE`` and returned this once.

    Raises ``Denied``, or ``Refused``: ``by`` called her or is she, who called no longer sits there, somebody
    has confirmed already, her vote is in the urn, or the vote is not open.
    """
    poll = admission.row.poll
    permissions.require("confirm_at_table", by=by, on=poll, at=at)
    _refuse_unless_urn(poll, at)
    if admission.called_by_id == by.pk:
        raise Refused(_("You called this person. Another person of the committee confirms."))
    if admission.elector_id == by.pk:
        raise Refused(_("Nobody admits herself. Two other people of the committee do it."))
    if not permissions.may("call_to_table", by=admission.called_by, on=poll, at=at):
        raise Refused(
            _("%(name)s, who called, is no longer in the committee. Call anew.") % {"name": admission.called_by}
        )
    code, expires_at = new_code(), at + CODE_LIFE
    with transaction.atomic():
        row = _locked_row(admission.row, at)
        _refuse_if_voted(row)
        waiting = TableAdmission.objects.filter(
            pk=admission.pk, called_by=admission.called_by, confirmed_by__isnull=True
        )
        if not waiting.update(confirmed_by=by, code_hash=code_hash(code), expires_at=expires_at):
            raise Refused(_("Somebody has confirmed this already. If the code was lost, call the person anew."))
        told = {"name": row.member.name, "vote": poll.question}
        audit.record(verb="confirm_at_table", by=by, at=at, body=poll.body, subject=row, **told)
    return TableCode(readable(code), row.member.name, expires_at)


def find_admission(*, typed: str, at: dt.datetime) -> TableAdmission:
    """The admission whose code was typed. Raises ``Refused`` with one sentence for every reason."""
    code = read_code(typed)
    rows = TableAdmission.objects.usable(at).select_related("row__poll__body__territory", "row__poll__rule_set")
    found = rows.filter(code_hash=code_hash(code)).first() if code else None
    if found is None or not found.row.poll.is_open(at):
        raise Refused(
            _("This code is not valid: mistyped, already used, or older than half an hour. Ask the table for another.")
        )
    return found


def cast_at_table(*, admission: TableAdmission, marks: Sequence[str], at: dt.datetime) -> Receipt:
    """Cast the one ballot of ``admission``, whose code the voter has just shown; afterwards the code is dead.

    The code and the row are used by conditional updates in one transaction: of two casts at once one
    wins. Raises ``AlreadyCounted`` or ``Refused``.
    """

    def use_code(poll: Poll) -> None:
        refuse_unless_open(poll, at)
        _lock_row(admission.row_id)
        # no join here: the row's own condition is in the update that lays the envelope
        unused = TableAdmission.objects.filter(pk=admission.pk, code_hash=admission.code_hash, used=False)
        if not unused.filter(expires_at__gt=at).update(used=True):
            raise AlreadyCounted(
                _("This code was used already, or is out of date. If you voted with it, your vote counts.")
            )

    return lay_envelope(row=admission.row, poll=admission.row.poll, marks=marks, replaces=0, before=use_code)


def to_confirm(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """People called to the table of her committee who wait for a second person."""
    seats = Seat.objects.held_at(at).of(member).filter(body__kind=BodyKind.COMMITTEE)
    called = TableAdmission.objects.filter(
        confirmed_by__isnull=True,
        row__poll__in=Poll.objects.open_at(at).filter(body__territory__in=seats.values("body__territory")),
    )
    others = called.exclude(called_by=member).exclude(elector=member)
    for admission in others.select_related("row__poll", "elector", "called_by").order_by("pk"):
        yield WaitingTask(
            icon="people",
            title=_("At the table: %(name)s") % {"name": admission.elector},
            url=reverse("vote_table", args=[admission.row.poll.uuid]),
            button=_("Look and confirm"),
            sentence=_("Called by %(name)s. It needs a second person of the committee.")
            % {"name": admission.called_by},
            pressing=True,
        )


def _committee(poll: Poll, at: dt.datetime) -> set[int]:
    assert poll.body.territory is not None  # require() has found its workplace
    committee = Body.objects.committee_of(poll.body.territory)
    return set(Seat.objects.held_at(at).in_body(committee).values_list("holder", flat=True))


def _locked_row(row: RollEntry, at: dt.datetime) -> RollEntry:
    """The row as it is now, inside a transaction: until its end nobody counts, and nobody admits or casts here.

    All that touch a row lock in one order, or they would wait for each other: poll, row, admission.
    """
    refuse_unless_open(locks.shared(row.poll_id), at)
    _lock_row(row.pk)
    return RollEntry.objects.select_related("member", "poll__body").get(pk=row.pk)


def _lock_row(row_id: int) -> None:
    RollEntry.objects.select_for_update().only("pk").get(pk=row_id)


def _refuse_unless_urn(poll: Poll, at: dt.datetime) -> None:
    refuse_unless_open(poll, at)
    if poll.secrecy == Secrecy.PAPER:
        raise Refused(_("This vote is held on paper: nothing is cast here."))
    if poll.secrecy != Secrecy.URN:
        raise Refused(_("This body votes by name."))


def _refuse_if_voted(row: RollEntry) -> None:
    if row.envelope_version:
        raise Refused(_("The vote of %(name)s is in the urn, and an earlier envelope stands.") % {"name": row.member})
