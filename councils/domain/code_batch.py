"""Batches of one-time codes: one person of the committee asks, another approves, the sheet is printed once.

Codes are stored as HMACs whose key is outside the database (``councils.secrets_store``): who steals
the database cannot enrol. In readable form they exist once, in the answer that prints them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.clock import local_day
from councils.codes import new_code, readable
from councils.domain import audit
from councils.domain.member import UNTAKEN, has_taken
from councils.domain.membership import on_roll
from councils.domain.person import first_workplace
from councils.domain.waiting import WaitingTask
from councils.enums import BodyKind, CodePurpose
from councils.errors import Refused
from councils.models import Body, CodeBatch, EnrolmentCode, Member, Membership, Seat, Territory
from councils.models.dated import DatedQuerySet
from councils.names import sort_key
from councils.secrets_store import key_named, keyed_hash

ENROL_LIFE = dt.timedelta(days=30)
RESET_LIFE = dt.timedelta(days=2)
MAX_CODES = 1000


@dataclass(frozen=True)
class PrintedCode:
    """One ticket. ``name``: for whom it is, empty for a code that anyone of the workplace may take."""

    code: str
    name: str
    expires_at: dt.datetime


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return keyed_hash(key_named(settings.KEY_STORE_DIR, "codes"), code)


# --- asking ----------------------------------------------------------------------------------


def request_codes(*, workplace: Territory, count: int | None, by: Member, at: dt.datetime) -> CodeBatch:
    """Ask for ``count`` codes that anyone may take, or (None) for one for each person on the roll without an account.

    The first batch of a workplace whose committee has one person needs no second one (``founding``);
    nor does the one that replaces it, if it was withdrawn before anybody used a code of it.
    Raises ``Denied`` or ``Refused``.
    """
    permissions.require("request_codes", by=by, on=workplace, at=at)
    number = min(without_account(workplace, at).count(), MAX_CODES) if count is None else count
    if number < 1:
        raise Refused(_("Everyone on the roll has an account. There is nobody to make codes for."))
    if number > MAX_CODES:
        raise Refused(_("At most %(limit)s codes at a time.") % {"limit": MAX_CODES})
    alone = is_alone(workplace, by, at) and not _has_handed_out(workplace)
    with transaction.atomic():
        batch = _create(
            CodeBatch(
                territory=workplace,
                purpose=CodePurpose.ENROL,
                count=number,
                for_roll=count is None,
                founding=alone,
                requested_by=by,
                requested_at=at,
                approved_by=by if alone else None,
                approved_at=at if alone else None,
            )
        )
        _record("request_codes", batch, by, at, count=number, for_roll=batch.for_roll, founding=alone)
    return batch


def request_reset(*, workplace: Territory, member: Member, by: Member, at: dt.datetime) -> CodeBatch:
    """Ask for a code with which ``member`` chooses a new password.

    Only the committee of the workplace that had her on its roll here first may: no committee that she joined
    later, or that was founded to get at her account, has a hand on it. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("request_reset", by=by, on=workplace, at=at)
    if member.pk == by.pk:
        raise Refused(_("Nobody asks for her own reset. Two other people of the committee do it."))
    if member.is_staff or member.is_superuser:
        raise Refused(_("This account keeps the installation. Whoever runs the server resets it there."))
    first = first_workplace(member, at)
    if first is None or not permissions.holds_membership(member, workplace, at):
        raise Refused(_("%(name)s is no longer on the roll.") % {"name": member})
    if first.pk != workplace.pk:
        raise Refused(_("Her account is reset by the committee of %(workplace)s.") % {"workplace": first})
    if not has_taken(member):
        raise Refused(_("%(name)s has no account yet. Print an enrolment code for her.") % {"name": member})
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=workplace.pk)
        if CodeBatch.objects.of_workplace(workplace).waiting().filter(member=member).exists():
            raise Refused(_("A reset for %(name)s already waits for a second person.") % {"name": member})
        batch = _create(
            CodeBatch(
                territory=workplace, purpose=CodePurpose.RESET, count=1, member=member, requested_by=by, requested_at=at
            )
        )
        _record("request_reset", batch, by, at, name=member.name)
    return batch


def approve_codes(*, batch: CodeBatch, by: Member, at: dt.datetime) -> CodeBatch:
    """The second person agrees. Neither the one who asked nor, for a reset, the member herself.

    Raises ``Denied`` or ``Refused``.
    """
    permissions.require("approve_codes", by=by, on=batch, at=at)
    if batch.requested_by_id == by.pk:
        raise Refused(_("You asked for these codes. Another person of the committee approves them."))
    if batch.member_id == by.pk:
        raise Refused(_("This is your own account. Two other people of the committee reset it."))
    if not permissions.may("request_codes", by=batch.requested_by, on=batch.territory, at=at):
        raise Refused(_("%(name)s, who asked, is no longer in the committee. Ask anew.") % {"name": batch.requested_by})
    with transaction.atomic():
        rows = CodeBatch.objects.filter(pk=batch.pk, approved_at__isnull=True, voided_at__isnull=True)
        if not rows.update(approved_by=by, approved_at=at):
            raise Refused(_("These codes are already approved, or were withdrawn."))
        batch.refresh_from_db()
        verb = "approve_reset" if batch.purpose == CodePurpose.RESET else "approve_codes"
        _record(verb, batch, by, at, count=batch.count, **({"name": batch.member.name} if batch.member else {}))
    return batch


# --- printing ---------------------------------------------------------------------------------


def print_codes(*, batch: CodeBatch, by: Member, at: dt.datetime) -> list[PrintedCode]:
    """Make the codes and return them, this once. The founding sheet may be printed anew while nobody has used it.

    A new code with a name makes the earlier ones of that person void. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("print_codes", by=by, on=batch, at=at)
    with transaction.atomic():
        batch = CodeBatch.objects.select_for_update(of=("self",)).select_related("territory", "member").get(pk=batch.pk)
        if batch.voided_at is not None:
            raise Refused(_("These codes were withdrawn. Ask for new ones."))
        if batch.approved_at is None:
            raise Refused(_("Another person of the committee has to approve these codes first."))
        if batch.printed_at is not None:
            _discard_founding_sheet(batch)
        printed = _write_codes(batch, at)
        CodeBatch.objects.filter(pk=batch.pk).update(printed_at=at, count=len(printed))
        _record("print_codes", batch, by, at, count=len(printed))
    return printed


def void_codes(*, batch: CodeBatch, by: Member, at: dt.datetime) -> CodeBatch:
    """Withdraw a request, or make void the unused codes of a lost sheet. Raises ``Denied`` or ``Refused``."""
    permissions.require("void_codes", by=by, on=batch, at=at)
    with transaction.atomic():
        if not CodeBatch.objects.filter(pk=batch.pk, voided_at__isnull=True).update(voided_at=at):
            raise Refused(_("These codes were already withdrawn."))
        left = EnrolmentCode.objects.usable(at).filter(batch=batch).update(expires_at=at)
        batch.refresh_from_db()
        _record("void_codes", batch, by, at, count=left)
    return batch


def _discard_founding_sheet(batch: CodeBatch) -> None:
    if not (batch.founding and _is_untouched(batch)):
        raise Refused(_("These codes were already printed. If the sheet is lost, withdraw it and ask for new ones."))
    EnrolmentCode.objects.filter(batch=batch).delete()


def _write_codes(batch: CodeBatch, at: dt.datetime) -> list[PrintedCode]:
    """For whom: the member of a reset, each person of the roll without an account, or nobody in particular."""
    bound: list[Membership | None] = [None] * batch.count
    names = [batch.member.name if batch.member else ""] * batch.count
    expires_at = at + (RESET_LIFE if batch.purpose == CodePurpose.RESET else ENROL_LIFE)
    if batch.for_roll:
        live = EnrolmentCode.objects.usable(at).filter(membership=OuterRef("pk"))
        waiting = without_account(batch.territory, at).annotate(has_live=Exists(live))
        people = sorted(waiting.select_related("section"), key=_on_sheet)[:MAX_CODES]
        if not people:
            raise Refused(_("Everyone on the roll has an account. There is nobody to make codes for."))
        EnrolmentCode.objects.usable(at).filter(membership__in=people).update(expires_at=at)
        bound, names = [*people], [m.member.name for m in people]
    if batch.member_id is not None:
        EnrolmentCode.objects.usable(at).filter(batch__member=batch.member_id).update(expires_at=at)
    hashes = _fresh_codes(len(bound))
    rows = [
        EnrolmentCode(batch=batch, code_hash=hashed, membership=person, expires_at=expires_at)
        for hashed, person in zip(hashes.values(), bound, strict=True)
    ]
    EnrolmentCode.objects.bulk_create(rows, batch_size=500)
    return [PrintedCode(readable(code), name, expires_at) for code, name in zip(hashes, names, strict=True)]


def _on_sheet(row: Membership) -> tuple[object, ...]:
    """Who has no live code first, then by section and name."""
    section = sort_key(row.section.name) if row.section else ("", "")
    return row.has_live, section, sort_key(row.member.name), row.pk  # type: ignore[attr-defined]


def _fresh_codes(count: int) -> dict[str, str]:
    """``count`` codes with their hashes, none of them in use."""
    found: dict[str, str] = {}
    while len(found) < count:
        drawn = {code: code_hash(code) for code in (new_code() for _n in range(count - len(found)))}
        known = set(EnrolmentCode.objects.filter(code_hash__in=drawn.values()).values_list("code_hash", flat=True))
        found |= {code: hashed for code, hashed in drawn.items() if hashed not in known}
    return found


# --- questions ---------------------------------------------------------------------------------


def without_account(workplace: Territory, at: dt.datetime) -> DatedQuerySet:
    """People on the roll for whom nobody has used a code yet."""
    taken_by = {f"member__{field}": value for field, value in UNTAKEN.items()}
    return on_roll(workplace, at).filter(from_on__lte=local_day(at), **taken_by).select_related("member")


def to_approve(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Codes and resets that wait for a second person of her committees."""
    seats = Seat.objects.held_at(at).of(member).filter(body__kind=BodyKind.COMMITTEE)
    batches = CodeBatch.objects.waiting().filter(territory__in=seats.values("body__territory"))
    others = batches.exclude(requested_by=member).exclude(member=member)
    for batch in others.select_related("territory", "member", "requested_by").order_by("requested_at", "pk"):
        if batch.member is not None:
            title = _("Reset the account of %(name)s") % {"name": batch.member}
        else:
            title = ngettext("Approve %(n)s enrolment code", "Approve %(n)s enrolment codes", batch.count) % {
                "n": batch.count
            }
        yield WaitingTask(
            icon="people",
            title=title,
            url=reverse("people", args=[batch.territory.uuid]) + "#codes",
            button=_("Look and approve"),
            sentence=_("Asked for by %(name)s. It needs a second person of the committee.")
            % {"name": batch.requested_by},
        )


def _is_untouched(batch: CodeBatch) -> bool:
    """Nobody has used a code of it: all of them are there, and none is marked."""
    return EnrolmentCode.objects.filter(batch=batch, used_at__isnull=True).count() == batch.count


def _has_handed_out(workplace: Territory) -> bool:
    """Whether any batch was asked for but founding sheets that were withdrawn unused."""
    batches = CodeBatch.objects.of_workplace(workplace)
    withdrawn = batches.filter(founding=True, voided_at__isnull=False)
    return batches.exclude(pk__in=withdrawn.values("pk")).exists() or not all(_is_untouched(b) for b in withdrawn)


def is_alone(workplace: Territory, by: Member, at: dt.datetime) -> bool:
    """Whether ``by`` is the only person of the committee."""
    committee = Body.objects.committee_of(workplace)
    return set(Seat.objects.held_at(at).in_body(committee).values_list("holder", flat=True)) == {by.pk}


def _create(batch: CodeBatch) -> CodeBatch:
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as e:  # two tabs asked for the founding sheet at once
        raise Refused(_("These codes were asked for a moment ago. Look at the list.")) from e
    return batch


def _record(verb: str, batch: CodeBatch, by: Member, at: dt.datetime, **detail: object) -> None:
    audit.record(verb=verb, by=by, at=at, body=Body.objects.committee_of(batch.territory), subject=batch, **detail)
