"""The days between: at NEIGHBOUR the roll is closed and objected to; the council above it has declared a result."""

from __future__ import annotations

import datetime as dt

from councils.domain import job
from councils.domain.ballot import cast_named_vote
from councils.domain.membership import end_membership
from councils.domain.nomination import nominate
from councils.domain.objection import answer_objection, confirm_objection, object_to_roll
from councils.enums import BodyKind, ObjectionKind, ObjectionVerdict
from councils.models import Body, Membership, Seat
from production.demo.accounts import NEIGHBOUR
from production.demo.deliberate import COUNTED, agree, call, moment, opened
from production.demo.establish import Country

HOUR = dt.timedelta(hours=1)
#: Who is said not to belong on the roll, why, what is answered, and whether another has confirmed it.
OBJECTIONS = (
    (30, "Se jubiló en agosto y ya no viene.", ObjectionVerdict.UPHELD, "Consta su retiro del 31 de agosto.", True),
    (31, "Es jefe de turno.", ObjectionVerdict.DISMISSED, "Es jefe de línea elegido, no de la gerencia.", False),
)


def between(*, country: Country, at: dt.datetime) -> None:
    """After ``deliberate``, which has agreed on the days at NEIGHBOUR."""
    council = Body.objects.get(
        territory=country.workplaces[NEIGHBOUR].placements.get().parent, kind=BodyKind.CORDON_COUNCIL
    )
    _campaign(country, council, at)
    _declared(council, at)


def _campaign(country: Country, council: Body, at: dt.datetime) -> None:
    """NEIGHBOUR elects its delegates to ``council``: nominations are closed, the vote opens in some days."""
    roll = country.members[NEIGHBOUR]
    assembly = Body.objects.assembly_of(country.workplaces[NEIGHBOUR])
    election = call(council, roll[1], moment(at, 9, "10:00"), electorate=assembly)
    for person in (roll[1], roll[7], roll[12], roll[18]):
        nominate(election=election, nominee=person, by=person, at=moment(election.called_at, -1, "11:15"))
    job.run_due(at=election.nominations_close_at)
    election.refresh_from_db()
    said_at = moment(at, 1, "09:15")
    for number, text, verdict, reason, confirmed in OBJECTIONS:
        objection = object_to_roll(
            election=election,
            kind=ObjectionKind.NOT_ENTITLED,
            person=roll[number],
            text=text,
            by=roll[number + 5],
            at=said_at,
        )
        answer = answer_objection(objection=objection, verdict=verdict, reason=reason, by=roll[1], at=said_at + HOUR)
        if confirmed:
            gone = Membership.objects.get(member=roll[number], territory=assembly.territory)
            end_membership(membership=gone, by=roll[1], at=said_at + HOUR)
            confirm_objection(objection=answer, answer=answer.answers, by=roll[2], at=said_at + 2 * HOUR)


def _declared(council: Body, at: dt.datetime) -> None:
    """``council`` has elected, by name, those to the council above; it may be objected to for some days more."""
    agree(council, {"objection_days": 5})
    assert council.territory is not None
    above = Body.objects.get(territory=council.territory.placements.get().parent, kind=BodyKind.PROVINCIAL_COORDINATION)
    begun = moment(at, 12, "10:00")
    delegates = [s.holder for s in Seat.objects.held_at(begun).in_body(council).select_related("holder").order_by("pk")]
    election = call(above, delegates[0], begun, electorate=council)
    for person in delegates[:3]:
        nominate(election=election, nominee=person, by=person, at=moment(begun, -1, "10:30"))
    poll = opened(election)
    options = {option["nominee"]: option["id"] for option in poll.options}
    first, second, third = (options[str(person.uuid)] for person in delegates[:3])
    for n, voter in enumerate(delegates):
        marks = sorted([first, second] if n else [first, third])
        cast_named_vote(poll=poll, by=voter, marks=marks, at=poll.opens_at + HOUR)
    job.run_due(at=election.voting_closes_at + COUNTED)
