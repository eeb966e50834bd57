"""Representative: who sits somewhere on behalf of a workplace, right now."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from councils.enums import BodyKind
from councils.models import Seat, Territory


def representatives_of(*, workplace: Territory, at: dt.datetime) -> QuerySet[Seat]:
    """Seats in force: delegates that the workplace sent, then its committee; by body and name."""
    mine = Q(represents=workplace) | Q(body__territory=workplace, body__kind=BodyKind.COMMITTEE)
    held = Seat.objects.held_at(at).filter(mine).select_related("holder", "body__territory", "represents")
    return held.order_by("body__kind", "holder__name")
