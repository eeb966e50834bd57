"""Enrolment: a code becomes an account, a membership, or a new password. No e-mail is needed."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.codes import read_code
from councils.domain import audit
from councils.domain.code_batch import code_hash
from councils.domain.member import create_member, free_username, has_taken, username_in_use
from councils.domain.membership import lock_roll, make_membership, on_roll, record_roll
from councils.enums import CodePurpose
from councils.errors import Refused
from councils.models import Body, EnrolmentCode, Member, Membership
from councils.names import name_key


def find_code(*, typed: str, at: dt.datetime) -> EnrolmentCode:
    """The usable code meant by what was typed. Raises ``Refused`` with one sentence for every reason."""
    code = read_code(typed)
    rows = EnrolmentCode.objects.usable(at).select_related(
        "batch__territory", "batch__member", "membership__member", "membership__territory"
    )
    found = rows.filter(code_hash=code_hash(code)).first() if code else None
    if found is None:
        raise Refused(
            _(
                "This code is not valid: mistyped, already used, or out of date. "
                "If you have just enrolled, sign in. If not, ask the committee for another code."
            )
        )
    return found


def suggested_username(*, code: EnrolmentCode, name: str) -> str:
    """The user name made for the person on the roll, or one made from the name that was written."""
    return code.membership.member.username if code.membership else free_username(name)


def enrol(*, code: EnrolmentCode, name: str, username: str, password: str, at: dt.datetime) -> Member:
    """Use ``code`` once: a person of the roll takes her account, or a new person joins the roll.

    ``password`` has been validated by the form. A code without a name is deleted, so that nothing tells
    who took it. Raises ``Refused``: code used meanwhile, user name in use, name already on the roll.
    """
    if code.batch.purpose != CodePurpose.ENROL:
        raise Refused(_("This code is for a new password, not for enrolling."))
    with transaction.atomic():
        lock_roll(code.batch.territory)
        _claim(code, at)
        if code.membership is not None:
            member = _take_account(code, code.membership, username, password, at)
            membership = code.membership
        else:
            _refuse_known_name(code, name, at)
            member = create_member(name=name, at=at, username=username, password=password)
            membership = make_membership(member=member, workplace=code.batch.territory, at=at)
        record_roll(verb="enrol", by=member, at=at, membership=membership)
    return member


def join_workplace(*, code: EnrolmentCode, by: Member, at: dt.datetime) -> Membership:
    """Who has an account already belongs to one more workplace: one person, one account, one vote in each body.

    Raises ``Refused`` for a code with a name, or when she already belongs.
    """
    if code.batch.purpose != CodePurpose.ENROL or code.membership_id is not None:
        raise Refused(_("This code bears a name. Sign out first, and use it as that person."))
    with transaction.atomic():
        lock_roll(code.batch.territory)
        _claim(code, at)
        if on_roll(code.batch.territory, at).filter(member=by).exists():
            raise Refused(_("You already belong to %(workplace)s.") % {"workplace": code.batch.territory})
        membership = make_membership(member=by, workplace=code.batch.territory, at=at)
        record_roll(verb="enrol", by=by, at=at, membership=membership)
    return membership


def reset_password(*, code: EnrolmentCode, password: str, at: dt.datetime) -> Member:
    """Use a reset code: new password, no second factor, every session ended (they carry the old password's hash).

    ``reset_at`` is kept: in a vote opened before, she votes at the table. It appears in the log of each of
    her workplaces. Raises ``Refused``.
    """
    if code.batch.purpose != CodePurpose.RESET or code.batch.member_id is None:
        raise Refused(_("This code is for enrolling, not for a new password."))
    with transaction.atomic():
        _claim(code, at)
        member = Member.objects.select_for_update().get(pk=code.batch.member_id)
        if member.is_staff or member.is_superuser:
            raise Refused(_("This account keeps the installation. Whoever runs the server resets it there."))
        member.set_password(password)
        member.reset_at = at
        member.save(update_fields=["password", "reset_at"])
        Authenticator.objects.filter(user=member).delete()
        for membership in Membership.objects.valid_on(local_day(at)).filter(member=member).select_related("territory"):
            audit.record(
                verb="reset_account",
                by=member,
                at=at,
                body=Body.objects.committee_of(membership.territory),
                subject=member,
                name=member.name,
            )
    return member


def _claim(code: EnrolmentCode, at: dt.datetime) -> None:
    """Use the code if nobody has: one statement, so of two at once one wins."""
    row = EnrolmentCode.objects.usable(at).filter(pk=code.pk)
    keeps_row = code.membership_id is not None or code.batch.purpose == CodePurpose.RESET
    claimed = row.update(used_at=at) if keeps_row else row.delete()[0]
    if not claimed:
        raise Refused(_("This code has just been used. If it was you, sign in."))


def _take_account(code: EnrolmentCode, membership: Membership, username: str, password: str, at: dt.datetime) -> Member:
    if not on_roll(membership.territory, at).filter(pk=membership.pk).exists():
        raise Refused(_("%(name)s is no longer on the roll.") % {"name": membership.member})
    member = Member.objects.select_for_update().get(pk=membership.member_id)
    if has_taken(member):
        raise Refused(_("%(name)s has an account already. Sign in.") % {"name": member})
    chosen = username.strip().lower()
    if Member.objects.filter(username__iexact=chosen).exclude(pk=member.pk).exists():
        raise Refused(username_in_use(chosen))
    member.username = chosen
    member.set_password(password)
    # Handed out by a committee: see domain.member.was_reset_after.
    member.reset_at = code.batch.printed_at
    member.save(update_fields=["username", "password", "reset_at"])
    EnrolmentCode.objects.usable(at).filter(membership__member=member).update(expires_at=at)
    return member


def _refuse_known_name(code: EnrolmentCode, name: str, at: dt.datetime) -> None:
    names = on_roll(code.batch.territory, at).values_list("member__name", flat=True)
    if name_key(name) in {name_key(known) for known in names}:
        raise Refused(
            _(
                "%(name)s is already on the roll. If it is you, sign in or ask the committee for a code "
                "with your name. If it is somebody else, add your second surname."
            )
            % {"name": name}
        )
