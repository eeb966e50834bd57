"""Membership: who belongs to a workplace, with which rights, from and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.domain import audit
from councils.domain.group import entered
from councils.domain.member import create_member
from councils.domain.seat import end_seats
from councils.enums import Category, SeatEnd, TerritoryKind
from councils.errors import Refused
from councils.models import Body, EnrolmentCode, Member, Membership, Placement, Poll, Seat, Territory
from councils.models.dated import DatedQuerySet


@dataclass(frozen=True)
class Rights:
    """What a membership carries besides its dates."""

    category: str = Category.DEFINITIVE
    can_vote: bool = True
    can_stand: bool = True
    counts_for_quorum: bool = True
    #: The constituency in which she votes and stands; of one workplace, so no transfer takes it along.
    group: str = ""


def admit_member(
    *,
    workplace: Territory,
    name: str,
    by: Member,
    at: dt.datetime,
    section: Territory | None = None,
    reference: str = "",
    rights: Rights = Rights(),
) -> Membership:
    """A new person on the roll of ``workplace``, with an account that waits for its code.

    Raises ``Denied``; ``Refused`` when the roll number is in use.
    """
    permissions.require("admit_member", by=by, on=workplace, at=at)
    with transaction.atomic():
        lock_roll(workplace)
        person = create_member(name=name, at=at)
        membership = make_membership(
            member=person, workplace=workplace, at=at, section=section, reference=reference, rights=rights
        )
        record_roll(verb="admit_member", by=by, at=at, membership=membership)
    return membership


def make_membership(
    *,
    member: Member,
    workplace: Territory,
    at: dt.datetime,
    section: Territory | None = None,
    reference: str = "",
    rights: Rights = Rights(),
) -> Membership:
    """Write the row; who may is the caller's question. Raises ``Refused``."""
    if workplace.kind != TerritoryKind.WORKPLACE:
        raise Refused(_("People belong to a workplace."))
    _refuse_foreign_section(workplace, section, local_day(at))
    reference = reference.strip()
    if reference and on_roll(workplace, at).filter(reference=reference).exists():
        raise Refused(reference_in_use(reference))
    group = entered(rights.group, workplace=workplace, at=at)
    try:
        with transaction.atomic():
            return Membership.objects.create(
                member=member,
                territory=workplace,
                section=section,
                reference=reference,
                from_on=local_day(at),
                category=rights.category,
                can_vote=rights.can_vote,
                can_stand=rights.can_stand,
                counts_for_quorum=rights.counts_for_quorum,
                group=group,
            )
    except IntegrityError as e:
        raise Refused(_("%(name)s already belongs to %(workplace)s.") % {"name": member, "workplace": workplace}) from e


def change_rights(
    *, membership: Membership, rights: Rights, section: Territory | None, reference: str, by: Member, at: dt.datetime
) -> Membership:
    """New category, rights, group, section or roll number from now on. A vote that is open keeps the roll it froze.

    Who is excluded or loses the right to stand loses the seats that this assembly gave her.
    Raises ``Denied`` or ``Refused``.
    """
    permissions.require("change_rights", by=by, on=membership, at=at)
    return _change(membership, rights, section, reference, by, at)


def _change(
    membership: Membership, rights: Rights, section: Territory | None, reference: str, by: Member, at: dt.datetime
) -> Membership:
    _refuse_foreign_section(membership.territory, section, local_day(at))
    reference = reference.strip()
    with transaction.atomic():
        lock_roll(membership.territory)
        membership = current(membership, at)
        others = on_roll(membership.territory, at).exclude(pk=membership.pk)
        if reference and others.filter(reference=reference).exists():
            raise Refused(reference_in_use(reference))
        was = as_detail(membership)
        if rights.group != membership.group:
            membership.group = entered(rights.group, workplace=membership.territory, at=at)
        membership.section, membership.reference = section, reference
        membership.category, membership.can_vote = rights.category, rights.can_vote
        membership.can_stand, membership.counts_for_quorum = rights.can_stand, rights.counts_for_quorum
        now = as_detail(membership)
        changed = {field: [was[field], now[field]] for field in now if was[field] != now[field]}
        if changed:
            membership.save()
            record_roll(verb="change_rights", by=by, at=at, membership=membership, changed=changed)
            end_seats_without_standing(membership=membership, changed=changed, by=by, at=at)
    return membership


def end_membership(*, membership: Membership, by: Member, at: dt.datetime) -> Membership:
    """She belongs no more, from today; seats that this assembly gave her end, and her printed codes are void.

    Who was admitted only today belongs until tomorrow: a period has at least one day. A vote that is
    open keeps the roll it froze. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("end_membership", by=by, on=membership, at=at)
    if membership.member_id == by.pk:
        raise Refused(_("Nobody takes herself off the roll. Another person of the committee does it."))
    return _leave(membership, by, at)


def _leave(membership: Membership, by: Member, at: dt.datetime) -> Membership:
    with transaction.atomic():
        lock_roll(membership.territory)
        membership = _end(current(membership, at), by, at)
        record_roll(verb="end_membership", by=by, at=at, membership=membership)
    return membership


def transfer_member(
    *, membership: Membership, to: Territory, by: Member, at: dt.datetime, section: Territory | None = None
) -> Membership:
    """She leaves one workplace and joins another on the same day, with the same category and rights.

    A vote that is open changes nothing: its frozen roll stands. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("transfer_member", by=by, on=membership, at=at)
    if to.pk == membership.territory_id:
        raise Refused(_("%(name)s already belongs to %(workplace)s.") % {"name": membership.member, "workplace": to})
    with transaction.atomic():
        for place in sorted((membership.territory, to), key=lambda p: p.pk):  # one order: no deadlock
            lock_roll(place)
        left = _end(current(membership, at), by, at)
        rights = Rights(left.category, left.can_vote, left.can_stand, left.counts_for_quorum)
        joined = make_membership(member=left.member, workplace=to, at=at, section=section, rights=rights)
        record_roll(verb="transfer_member", by=by, at=at, membership=left, to=to.name)
        record_roll(verb="transfer_member", by=by, at=at, membership=joined, to=to.name)
    return joined


# --- mended by who keeps the installation; the committee's log says so -----------------------------


def put_on_roll(
    *,
    member: Member,
    workplace: Territory,
    by: Member,
    at: dt.datetime,
    section: Territory | None = None,
    reference: str = "",
    rights: Rights = Rights(),
) -> Membership:
    """``member``, who has an account already, joins ``workplace`` today. Raises ``Denied`` or ``Refused``."""
    permissions.require("mend_roll", by=by, on=workplace, at=at)
    with transaction.atomic():
        lock_roll(workplace)
        _refuse_during_vote(workplace, at)
        membership = make_membership(
            member=member, workplace=workplace, at=at, section=section, reference=reference, rights=rights
        )
        record_roll(verb="admit_member", by=by, at=at, membership=membership)
    return membership


def keep_membership(
    *, membership: Membership, rights: Rights, section: Territory | None, reference: str, by: Member, at: dt.datetime
) -> Membership:
    """As ``change_rights``, by who keeps the installation. Raises ``Denied`` or ``Refused``."""
    permissions.require("mend_roll", by=by, on=membership, at=at)
    _refuse_during_vote(membership.territory, at)
    return _change(membership, rights, section, reference, by, at)


def leave_roll(*, membership: Membership, by: Member, at: dt.datetime) -> Membership:
    """As ``end_membership``, by who keeps the installation. Raises ``Denied`` or ``Refused``."""
    permissions.require("mend_roll", by=by, on=membership, at=at)
    _refuse_during_vote(membership.territory, at)
    return _leave(membership, by, at)


def _refuse_during_vote(workplace: Territory, at: dt.datetime) -> None:
    """Who does not belong to the workplace keeps off its roll while it votes; its committee may go on."""
    if Poll.objects.opening_or_open_at(at).filter(body__territory=workplace).exists():
        raise Refused(
            _("A vote is open in %(workplace)s. Its roll can be mended here after it.") % {"workplace": workplace}
        )


# --- shared by the verbs of the roll ------------------------------------------------------------


def on_roll(workplace: Territory, at: dt.datetime) -> DatedQuerySet:
    """Memberships of ``workplace`` in force, or about to be."""
    day = local_day(at)
    return Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), territory=workplace)


def lock_roll(workplace: Territory) -> None:
    """One change of a roll at a time. Inside a transaction."""
    Territory.objects.select_for_update().get(pk=workplace.pk)


def current(membership: Membership, at: dt.datetime) -> Membership:
    """The row as it is now, under the lock. Raises ``Refused`` when it has ended."""
    row: Membership = Membership.objects.select_related("member", "territory", "section").get(pk=membership.pk)
    if row.until_on is not None and row.until_on <= local_day(at):
        raise Refused(_("%(name)s is no longer on the roll.") % {"name": row.member})
    return row


def record_roll(*, verb: str, by: Member | None, at: dt.datetime, membership: Membership, **detail: object) -> None:
    """The act in the log of the workplace's committee, with the name that the roll shows."""
    audit.record(
        verb=verb,
        by=by,
        at=at,
        body=Body.objects.committee_of(membership.territory),
        subject=membership.member,
        name=membership.member.name,
        **detail,
    )


def as_detail(membership: Membership) -> dict[str, str | bool]:
    """What a change may touch, as JSON."""
    return {
        "section": membership.section.name if membership.section else "",
        "reference": membership.reference,
        "group": membership.group,
        "category": membership.category,
        "can_vote": membership.can_vote,
        "can_stand": membership.can_stand,
        "counts_for_quorum": membership.counts_for_quorum,
    }


def reference_in_use(reference: str) -> str:
    """The sentence for a roll number that somebody else has."""
    return _("The roll number %(reference)s is in use. Each person has her own.") % {"reference": reference}


def _end(membership: Membership, by: Member, at: dt.datetime) -> Membership:
    membership.until_on = max(local_day(at), membership.from_on + dt.timedelta(days=1))
    membership.save()
    end_seats(seats=_seats_given(membership, at), reason=SeatEnd.LEFT, by=by, at=at)
    EnrolmentCode.objects.usable(at).filter(membership=membership).update(expires_at=at)
    return membership


def _seats_given(membership: Membership, at: dt.datetime) -> list[Seat]:
    """Those that the assembly of this workplace gave her and she holds."""
    held = Seat.objects.held_at(at).of(membership.member)
    return list(held.filter(elected_by__territory=membership.territory))


def end_seats_without_standing(
    *, membership: Membership, changed: Collection[str], by: Member, at: dt.datetime
) -> list[Seat]:
    """Who was excluded, or lost the right to stand, holds no seat of that assembly any more. Part of the verb.

    Only a change ends seats: ``changed`` names the fields. Whoever could not stand before was seated all the same.
    """
    if "category" in changed and membership.category == Category.EXCLUDED:
        reason = SeatEnd.EXCLUDED
    elif "can_stand" in changed and not membership.can_stand:
        reason = SeatEnd.INELIGIBLE
    else:
        return []
    return end_seats(seats=_seats_given(membership, at), reason=reason, by=by, at=at)


def _refuse_foreign_section(workplace: Territory, section: Territory | None, day: dt.date) -> None:
    if section is None:
        return
    if not Placement.objects.valid_on(day).filter(territory=section, parent=workplace).exists():
        raise Refused(
            _("%(section)s is not a section of %(workplace)s.") % {"section": section, "workplace": workplace}
        )
