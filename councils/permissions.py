"""One table: verb → predicate(member, act). Verbs authorise here; views ask it only to decide what to show.

A predicate sees the member and an ``Act`` (the object and the moment), because seats and
memberships hold by the clock. No predicate makes an exception for superusers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import rules
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.enums import BodyKind, TerritoryKind
from councils.errors import Denied, SecondFactorNeeded
from councils.models import Body, Member, Membership, Seat, Territory


@dataclass(frozen=True)
class Act:
    """What a verb is about to be done to, and when."""

    on: Any
    at: dt.datetime


TABLE = rules.RuleSet()
#: Verbs that besides the right itself ask for a second factor.
SECOND_FACTOR: set[str] = set()


def permit(verb: str, predicate: Any, *, second_factor: bool = False) -> None:
    """Enter ``verb`` into the table."""
    TABLE.add_rule(verb, predicate)
    if second_factor:
        SECOND_FACTOR.add(verb)


def may(verb: str, *, by: Member | AnonymousUser, on: Any, at: dt.datetime) -> bool:
    """Whether ``by`` may do ``verb`` to ``on`` at ``at`` (the second factor is asked for on the way)."""
    return isinstance(by, Member) and by.is_active and bool(TABLE.test_rule(verb, by, Act(on, at)))


def require(verb: str, *, by: Member | AnonymousUser, on: Any, at: dt.datetime) -> None:
    """Raise ``Denied`` unless ``by`` may; ``SecondFactorNeeded`` when only that is missing."""
    if not may(verb, by=by, on=on, at=at):
        raise Denied(_("This is not among what you may do here."))
    if verb in SECOND_FACTOR and not has_second_factor(by):
        raise SecondFactorNeeded(_("This act needs a second factor on your account."))


def has_second_factor(member: Member | AnonymousUser) -> bool:
    """A demo account, or one protected by a second factor."""
    return isinstance(member, Member) and (member.is_demo or bool(is_mfa_enabled(member)))


# --- who she is, at that moment ---------------------------------------------------------


def workplace_of(thing: Any) -> Territory | None:
    """The workplace that ``thing`` belongs to: itself, its workplace, its body's territory."""
    if isinstance(thing, Territory):
        return thing if thing.kind == TerritoryKind.WORKPLACE else None
    for name in ("workplace", "territory", "electorate", "body"):
        inner = getattr(thing, name, None)
        if inner is not None:
            return workplace_of(inner)
    return None


def holds_membership(member: Member, workplace: Territory | None, at: dt.datetime) -> bool:
    """A membership in force in ``workplace``."""
    if workplace is None:
        return False
    return Membership.objects.valid_on(local_day(at)).filter(member=member, territory=workplace).exists()


def holds_seat(member: Member, body: Body, at: dt.datetime) -> bool:
    """A seat in force in ``body``."""
    return Seat.objects.held_at(at).filter(holder=member, body=body).exists()


@rules.predicate
def belongs_to_workplace(member: Member, act: Act) -> bool:
    """She works there today."""
    return holds_membership(member, workplace_of(act.on), act.at)


@rules.predicate
def sits_in_committee(member: Member, act: Act) -> bool:
    """She holds a seat of the workplace's committee."""
    workplace = workplace_of(act.on)
    return (
        workplace is not None
        and Seat.objects.held_at(act.at)
        .filter(holder=member, body__kind=BodyKind.COMMITTEE, body__territory=workplace)
        .exists()
    )


@rules.predicate
def is_delegate_of_workplace(member: Member, act: Act) -> bool:
    """She holds a seat in a council on the workplace's behalf."""
    workplace = workplace_of(act.on)
    return workplace is not None and Seat.objects.held_at(act.at).filter(holder=member, represents=workplace).exists()


@rules.predicate
def sits_in_body(member: Member, act: Act) -> bool:
    """She holds a seat in the body itself (``act.on`` is a Body)."""
    return isinstance(act.on, Body) and holds_seat(member, act.on, act.at)


@rules.predicate
def is_staff(member: Member, act: Act) -> bool:
    """She keeps the installation (admin)."""
    return member.is_staff
