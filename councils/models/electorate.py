"""Electorate: who votes in a body, by the dated memberships and seats."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from councils.clock import local_day
from councils.enums import COUNCIL_OF, BodyKind, TerritoryKind
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


def is_council(body: Body) -> bool:
    """The council of a cordón, a province or the nation."""
    return body.kind in COUNCIL_OF.values()


def bodies_voting_with(member: Member, at: dt.datetime) -> QuerySet[Body]:
    """Assemblies of hers, and councils in which she sits."""
    councils = Q(pk__in=Seat.objects.held_at(at).of(member).values("body"), kind__in=COUNCIL_OF.values())
    return Body.objects.filter(Q(pk__in=Body.objects.electing(member, local_day(at)).values("pk")) | councils)


def follows(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether she works under ``body``, and so reads what it votes."""
    return Body.objects.followed_by(member, local_day(at)).filter(pk=body.pk).exists()


def council_above(territory: Territory, day: dt.date) -> Body | None:
    """The nearest council over ``territory``: levels that an installation lacks are passed over."""
    above = [place.pk for place in Placement.objects.above(territory, day)]
    councils = Body.objects.filter(territory__in=above, kind__in=COUNCIL_OF.values())
    return min(councils, key=lambda body: above.index(body.territory_id or 0), default=None)


def bodies_elected_by(electorate: Body, day: dt.date) -> QuerySet[Body]:
    """What ``electorate`` elects: an assembly its committee; an assembly and a council, the nearest council above."""
    if electorate.territory is None or not (is_assembly(electorate) or is_council(electorate)):
        return Body.objects.none()
    above = council_above(electorate.territory, day)
    elected = Q(pk=above.pk) if above else Q(pk__in=[])
    if is_assembly(electorate):
        elected |= Q(territory=electorate.territory, kind=BodyKind.COMMITTEE)
    return Body.objects.filter(elected)


def may_stand(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether ``body`` may elect her: an assembly one of its members, a council one of its own delegates."""
    if not is_assembly(body):
        return is_elector(member, body, at)
    return memberships_of(body, local_day(at)).filter(member=member, can_stand=True).exists()
