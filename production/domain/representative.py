"""Representative: who sits somewhere on behalf of a workplace, right now."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from councils.enums import BodyKind
from councils.models import Seat, Territory
from councils.names import sort_key


def representatives_of(*, workplace: Territory, at: dt.datetime) -> list[Seat]:
    """Seats in force: delegates that the workplace sent, then its committee; by body and name."""
    mine = Q(represents=workplace) | Q(body__territory=workplace, body__kind=BodyKind.COMMITTEE)
    held = Seat.objects.held_at(at).filter(mine).select_related("holder", "body__territory", "represents", "elected_by")
    return sorted(held, key=lambda seat: (seat.body.kind, sort_key(seat.holder.name), seat.pk))


def vacancies_of(*, workplace: Territory, at: dt.datetime) -> list[Seat]:
    """Seats of the workplace that ended before their term and that nobody holds."""
    mine = Q(represents=workplace) | Q(body__territory=workplace, body__kind=BodyKind.COMMITTEE)
    vacant = (
        Seat.objects.vacant_at(at).filter(mine).select_related("represents", "body__territory", "elected_by__territory")
    )
    return sorted(vacant, key=lambda seat: (seat.body.kind, seat.ended_at, seat.pk))
