"""What lists of seats add for the reader: the way to a recall, and seats that nobody holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.models import Body, Election, Member, Recall, Seat
from councils.models.electorate import is_elector


@dataclass(frozen=True)
class RecallLink:
    """Beside a seat."""

    url: str
    words: str


def recall_links(seats: Iterable[Seat], *, member: Member, at: dt.datetime) -> dict[int, RecallLink]:
    """By the key of each seat that ``member`` helped to fill. Needs ``elected_by`` loaded."""
    seats = list(seats)
    hers = _hers({seat.elected_by for seat in seats}, member, at)
    asked = {(seat.elected_by, seat.group) for seat in seats if seat.elected_by in hers}
    filling = {(body, group) for body, group in asked if is_elector(member, body, at, group)}
    mine = [seat for seat in seats if (seat.elected_by, seat.group) in filling]
    under_way = dict(Recall.objects.live().filter(seat__in=mine).values_list("seat", "uuid"))
    return {seat.pk: _link(seat, under_way) for seat in mine}


def _hers(bodies: set[Body], member: Member, at: dt.datetime) -> set[Body]:
    """Those to which she belongs: two queries, however many bodies fill the seats of a list."""
    if not bodies:
        return set()
    assemblies = Body.objects.electing(member, local_day(at)).values_list("pk", flat=True)
    councils = Seat.objects.held_at(at).of(member).values_list("body", flat=True)
    belongs = {*assemblies, *councils}
    return {body for body in bodies if body.pk in belongs}


def _link(seat: Seat, under_way: Mapping[int, UUID]) -> RecallLink:
    if seat.pk in under_way:
        return RecallLink(reverse("recall", args=[under_way[seat.pk]]), _("Recall under way"))
    return RecallLink(reverse("recall_call", args=[seat.uuid]), _("Ask for a recall"))


#: What ``vacant_rows`` and its template read of each seat.
VACANT_LOADED = ("represents", "body__territory", "elected_by__territory")


@dataclass(frozen=True)
class VacantRow:
    """A seat that nobody holds. ``url``: the page on which ``member`` calls its by-election, or the one under way."""

    seat: Seat
    url: str
    words: str


def vacant_rows(vacant: Iterable[Seat], *, member: Member, at: dt.datetime) -> list[VacantRow]:
    """Needs body and ``elected_by`` loaded."""
    vacant = list(vacant)
    live = Election.objects.live().filter(electorate__in={seat.elected_by_id for seat in vacant})
    under_way = {(e.body_id, e.electorate_id, e.group): e.uuid for e in live}
    filling = _hers({seat.elected_by for seat in vacant}, member, at)
    calls = {body for body in filling if permissions.may("call_election", by=member, on=body, at=at)}
    sees = {body for body in filling if body in calls or is_elector(member, body, at)}
    return [_vacant(seat, _election_of(seat, under_way), calls, sees) for seat in vacant]


def _election_of(seat: Seat, under_way: Mapping[tuple[int, int, str], UUID]) -> UUID | None:
    """The one that fills it: of its constituency, or of everybody."""
    found = (under_way.get((seat.body_id, seat.elected_by_id, group)) for group in (seat.group, ""))
    return next((uuid for uuid in found if uuid), None)


def _vacant(seat: Seat, election: UUID | None, calls: set[Body], sees: set[Body]) -> VacantRow:
    if election and seat.elected_by in sees:
        return VacantRow(seat, reverse("election", args=[election]), _("See its election"))
    if not election and seat.elected_by in calls:
        call = reverse("election_call", args=[seat.elected_by.uuid])
        preset = urlencode({"vacant": str(seat.body.uuid), **({"group": seat.group} if seat.group else {})})
        return VacantRow(seat, f"{call}?{preset}", _("Call a by-election"))
    return VacantRow(seat, "", "")
