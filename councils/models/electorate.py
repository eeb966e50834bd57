"""Electorate: who votes in a body, by the dated memberships and seats."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from councils.clock import local_day
from councils.constituency_rules import same_group
from councils.enums import COUNCIL_OF, BodyKind, Category, TerritoryKind
from councils.models.body import Body
from councils.models.membership import Membership
from councils.models.replacement import Replacement
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


def of_group(memberships: QuerySet[Membership], group: str) -> QuerySet[Membership]:
    """Those of ``group``, however the roll writes it; all where it is empty: everybody elects."""
    if not group:
        return memberships
    written = set(memberships.order_by().values_list("group", flat=True).distinct())
    return memberships.filter(group__in=[name for name in written if same_group(name, group)])


def electors(body: Body, at: dt.datetime, group: str = "") -> dict[int, bool]:
    """Member id → whether she counts for the quorum. Each person once, however many memberships she holds.

    With ``group``, those of that constituency of an assembly.
    """
    if not is_assembly(body):
        away = stand_ins(body, at)
        present = Seat.objects.held_at(at).in_body(body).exclude(pk__in=away)
        return dict.fromkeys([*present.values_list("holder", flat=True), *away.values()], True)
    able = memberships_of(body, local_day(at)).filter(can_vote=True, member__is_active=True)
    able = of_group(able, group)
    counting = set(able.filter(counts_for_quorum=True).values_list("member", flat=True))
    return {member: member in counting for member in able.values_list("member", flat=True)}


def is_elector(member: Member, body: Body, at: dt.datetime, group: str = "") -> bool:
    """Whether she votes in ``body`` at ``at``; with ``group``, in that constituency of an assembly."""
    if not is_assembly(body):
        away = stand_ins(body, at)
        seats = Seat.objects.held_at(at).filter(holder=member, body=body).exclude(pk__in=away)
        return member.pk in away.values() or seats.exists()
    return _has(memberships_of(body, local_day(at)).filter(member=member, can_vote=True), group)


def stand_ins(body: Body, at: dt.datetime) -> dict[int, int]:
    """Seat id → id of the substitute who acts instead of its holder, while she could be elected to it."""
    held = Seat.objects.held_at(at).in_body(body)
    rows = Replacement.objects.valid_on(local_day(at)).filter(seat__in=held)
    rows = rows.select_related("seat__elected_by__territory", "member")
    return {r.seat_id: r.member_id for r in rows if may_stand(r.member, r.seat.elected_by, at, r.seat.group)}


def _has(hers: QuerySet[Membership], group: str) -> bool:
    """Whether there is one, of ``group`` where it is given. One query."""
    if not group:
        return hers.exists()
    return any(same_group(name, group) for name in hers.values_list("group", flat=True))


def is_council(body: Body) -> bool:
    """The council of a cordón, a province or the nation."""
    return body.kind in COUNCIL_OF.values()


def bodies_voting_with(member: Member, at: dt.datetime) -> QuerySet[Body]:
    """Assemblies of hers, and councils in which she sits or stands in for somebody."""
    held = Seat.objects.held_at(at)
    away = Replacement.objects.valid_on(local_day(at)).filter(member=member, seat__in=held).values("seat__body")
    councils = Q(Q(pk__in=held.of(member).values("body")) | Q(pk__in=away), kind__in=COUNCIL_OF.values())
    return Body.objects.filter(Q(pk__in=Body.objects.electing(member, local_day(at)).values("pk")) | councils)


def follows(member: Member, body: Body, at: dt.datetime) -> bool:
    """Whether she works under ``body``, and so reads what it votes."""
    return Body.objects.followed_by(member, local_day(at)).filter(pk=body.pk).exists()


def councils_above(territory: Territory, day: dt.date) -> list[Body]:
    """Every council over ``territory``, nearest first: levels that an installation lacks are passed over."""
    above = [place.pk for place in Placement.objects.above(territory, day)]
    councils = Body.objects.filter(territory__in=above, kind__in=COUNCIL_OF.values()).select_related("territory")
    return sorted(councils, key=lambda body: above.index(body.territory_id or 0))


def council_above(territory: Territory, day: dt.date) -> Body | None:
    """The nearest of them, or None."""
    return next(iter(councils_above(territory, day)), None)


def bodies_elected_by(electorate: Body, day: dt.date) -> QuerySet[Body]:
    """What ``electorate`` elects: an assembly its committee; an assembly and a council, the nearest council above."""
    if electorate.territory is None or not (is_assembly(electorate) or is_council(electorate)):
        return Body.objects.none()
    above = council_above(electorate.territory, day)
    elected = Q(pk=above.pk) if above else Q(pk__in=[])
    if is_assembly(electorate):
        elected |= Q(territory=electorate.territory, kind=BodyKind.COMMITTEE)
    return Body.objects.filter(elected)


def may_stand(member: Member, body: Body, at: dt.datetime, group: str = "") -> bool:
    """Whether ``body`` may elect her: an assembly one of its members, a council one of its own delegates.

    With ``group``, one of that constituency of an assembly.
    """
    if not is_assembly(body):
        return Seat.objects.held_at(at).filter(holder=member, body=body).exists()
    able = memberships_of(body, local_day(at)).exclude(category=Category.EXCLUDED)
    return _has(able.filter(member=member, can_stand=True), group)
