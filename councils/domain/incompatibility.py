"""Incompatibility: seats that by the rules nobody holds together. The later one ends the earlier one.

The rules are those of the election that gives the later seat. Nobody loses a seat by something that she was not
elected to: who holds such a seat is passed over where a vacancy fills itself (``vacancy``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from councils.domain.seat import end_seats
from councils.enums import SeatEnd
from councils.models import Body, Election, Member, Seat
from councils.rules import Rules
from councils.seat_rules import incompatible_with


def seats_against(*, body: Body, rules: Rules, holders: Collection[int], at: dt.datetime) -> list[Seat]:
    """Seats that ``holders`` (member ids) hold at ``at`` and cannot hold together with one in ``body``."""
    kinds = incompatible_with(body.kind, rules.incompatible)
    if not kinds:
        return []
    held = Seat.objects.held_at(at).filter(holder__in=holders, body__kind__in=kinds)
    return list(held.select_related("holder", "body__territory").order_by("pk"))


def give_way(*, election: Election, at: dt.datetime) -> list[Seat]:
    """End what those whom ``election`` has seated held and cannot hold any more. Part of the verb that seats them."""
    rules = Rules.read(election.rule_set.rules)
    new = Seat.objects.held_at(at).filter(election=election).values_list("holder", flat=True)
    against = seats_against(body=election.body, rules=rules, holders=list(new), at=at)
    return end_seats(seats=against, reason=SeatEnd.INCOMPATIBLE, by=None, at=at)


def leaving_in_words(*, election: Election, people: Collection[Member], at: dt.datetime) -> list[str]:
    """What each of ``people`` would leave if she were elected: one sentence a seat, told before anybody votes."""
    rules = Rules.read(election.rule_set.rules)
    against = seats_against(body=election.body, rules=rules, holders=[person.pk for person in people], at=at)
    said = _("%(name)s holds another seat (%(body)s): whoever is elected here leaves that one.")
    return [said % {"name": seat.holder.name, "body": seat.body} for seat in against]
