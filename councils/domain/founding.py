"""Founding: the first place of an installation, and a workplace that begins alone.

The two acts that nobody is there to authorise: the operator's command, and a worker at the open page.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from councils.domain import audit
from councils.domain.member import create_member
from councils.domain.membership import make_membership
from councils.domain.territory import make_territory
from councils.enums import TerritoryKind
from councils.models import Body, Member, Seat, Territory
from councils.names import name_key

#: The founder's seat in the committee: long enough to enrol everyone and hold an election, no longer.
PROVISIONAL_TERM = dt.timedelta(days=90)


@dataclass(frozen=True)
class Founding:
    """What came to be. ``seat`` is provisional."""

    workplace: Territory
    founder: Member
    seat: Seat


def found_workplace(*, name: str, founder: str, username: str, password: str, at: dt.datetime) -> Founding:
    """A workplace that hangs from nothing, its assembly and committee, and its founder, provisionally alone in it.

    ``password`` has been validated by the form. Raises ``Refused`` when the name or the user name is taken.
    """
    with transaction.atomic():
        workplace = make_territory(kind=TerritoryKind.WORKPLACE, name=name, parent=None, at=at)
        person = create_member(name=founder, at=at, username=username, password=password)
        make_membership(member=person, workplace=workplace, at=at)
        committee = Body.objects.committee_of(workplace)
        seat = Seat.objects.create(
            body=committee,
            holder=person,
            elected_by=Body.objects.assembly_of(workplace),
            term_begins_at=at,
            term_ends_at=at + PROVISIONAL_TERM,
        )
        audit.record(
            verb="found_workplace",
            by=person,
            at=at,
            body=committee,
            subject=workplace,
            name=workplace.name,
            until=seat.term_ends_at.isoformat(),
        )
    return Founding(workplace, person, seat)


def found_installation(
    *, level: str, name: str, admin: str, password: str | None, at: dt.datetime
) -> tuple[Territory | None, Member | None]:
    """The first place with its body, and the account that keeps the installation.

    What is there already stays as it is, its password too, and comes back as None.
    Raises ``Refused`` for a level that cannot stand alone or an empty name.
    """
    with transaction.atomic():
        place = None
        if not Territory.objects.filter(kind=level, name_key=name_key(name)).exists():
            place = make_territory(kind=level, name=name, parent=None, at=at)
            body = Body.objects.of_territory(place).order_by("kind").last()
            audit.record(verb="found_territory", by=None, at=at, body=body, subject=place, name=place.name)
        keeper = None
        if not Member.objects.filter(username__iexact=admin).exists():
            keeper = create_member(
                name=admin, at=at, username=admin, password=password, is_staff=True, is_superuser=True
            )
            audit.record(verb="create_admin", by=None, at=at, body=None, subject=keeper, name=keeper.username)
    return place, keeper
