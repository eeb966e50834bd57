"""Electorate: who votes in a body, by the dated memberships and seats."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from councils.clock import local_day
from councils.enums import BodyKind, TerritoryKind
from councils.models.body import Body
from councils.models.membership import Membership
from councils.models.seat import Seat
from councils.models.territory import Placement, Territory

if TYPE_CHECKING:
    from councils.models.member import Member


def workplaces_under(territory: Territory, day: dt.date) -> set[int]:
    """Ids of the workplaces in ``territory`` on ``day``; itself if it is one."""
    found: set[int] = set()
    level = {territory.pk}
    if territory.kind == TerritoryKind.WORKPLACE:
        return level
    while level:
        below = (
            set(Placement.objects.valid_on(day).filter(parent__in=level).values_list("territory", flat=True)) - found
        )
        found |= below
        level = below
    return set(Territory.objects.workplaces().filter(pk__in=found).values_list("pk", flat=True))


def memberships_of(body: Body, day: dt.date) -> QuerySet[Membership]:
    """Memberships in force in the workplaces over which ``body`` decides."""
    if body.territory is None:
        return Membership.objects.none()
    return Membership.objects.valid_on(day).filter(territory__in=workplaces_under(body.territory, day))


def is_assembly(body: Body) -> bool:
    """An assembly votes in secret, all its members; any other body votes by name, its seats."""
    return body.kind == BodyKind.ASSEMBLY


def electors(body: Body, at: dt.datetime) -> dict[int, bool]:
    """Member id → whether she counts for the quorum. Each person once, however many memberships she holds."""
    if not is_assembly(body):
        return dict.fromkeys(Seat.objects.held_at(at).in_body(body).values_list("holder", flat=True), True)
    able = memberships_of(body, local_day(at)).filter(can_vote=True, member__is_active=True)
    counting = set(able.filter(counts_for_quorum=True).values_list("member", flat=True))
    return {member: member in counting for member in able.values_list("member", flat=True)}


def is_elector(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether she votes in ``body`` at ``at``."""
    if not is_assembly(body):
        return Seat.objects.held_at(at).filter(holder=member, body=body).exists()
    return memberships_of(body, local_day(at)).filter(member=member, can_vote=True).exists()


def bodies_elected_by(assembly: Body, day: dt.date) -> QuerySet[Body]:
    """What ``assembly`` elects: the committee of its territory, and delegates to the councils of cordones above."""
    if assembly.territory_id is None or not is_assembly(assembly):
        return Body.objects.none()
    above = Placement.objects.above(assembly.territory, day) if assembly.territory else []
    own = Q(territory=assembly.territory_id, kind=BodyKind.COMMITTEE)
    return Body.objects.filter(own | Q(territory__in=above, kind=BodyKind.CORDON_COUNCIL))


def may_stand(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether ``body`` may elect her."""
    return memberships_of(body, local_day(at)).filter(member=member, can_stand=True).exists()
