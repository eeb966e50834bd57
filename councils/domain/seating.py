"""Seating: those whom an election elected take its seats. Part of the step that ends it, with its row locked."""

from __future__ import annotations

import datetime as dt

from councils.constituency_rules import same_group, written_as
from councils.domain import audit
from councils.domain.incompatibility import give_way
from councils.domain.seat import end_seats
from councils.domain.substitute import name_substitutes
from councils.domain.vacancy import take_vacancies
from councils.domain.winners import winners_of
from councils.enums import BodyKind, SeatEnd
from councils.models import Election, Member, Seat
from councils.models.electorate import is_assembly
from councils.rules import Rules


def seat_winners(*, election: Election, elected: list[str], at: dt.datetime) -> None:
    """The new term begins now; the seats that this electorate had filled there end as replaced.

    In a by-election nobody's does: the winners complete the terms of the vacant seats. ``elected``: ids of the ballot.
    """
    winners = winners_of(election, elected, at)
    if election.vacancies_only:
        take_vacancies(election=election, winners=winners, at=at)
    else:
        _seat_all(election, winners, at)
    name_substitutes(election=election)
    give_way(election=election, at=at)
    audit.record(
        verb="seat_winners",
        by=None,
        at=at,
        body=election.electorate,
        subject=election,
        seats=election.seats_won.count(),
    )


def _seat_all(election: Election, winners: list[Member], at: dt.datetime) -> None:
    represents = None if election.body.kind == BodyKind.COMMITTEE else election.electorate.territory
    before = Seat.objects.held_at(at).in_body(election.body).filter(elected_by=election.electorate)
    end_seats(seats=[seat for seat in before if _is_renewed(seat, election)], reason=SeatEnd.REPLACED, by=None, at=at)
    for holder in winners:
        below = _seat_below(election, holder, at)
        term_ends_at = max(election.term_ends_at, at + dt.timedelta(days=1))
        Seat.objects.create(
            body=election.body,
            holder=holder,
            elected_by=election.electorate,
            group=election.group,
            represents=represents,
            election=election,
            through=below,
            term_begins_at=at,
            term_ends_at=min(term_ends_at, below.term_ends_at) if below else term_ends_at,
        )


def _is_renewed(seat: Seat, election: Election) -> bool:
    """Everybody renews all seats, a constituency its own and those that none of the others renews any more."""
    others = [part.group for part in Rules.read(election.rule_set.rules).constituencies_of(election.body.kind)]
    known = written_as(seat.group, others)
    return not election.group or known is None or same_group(known, election.group)


def _seat_below(election: Election, holder: Member, at: dt.datetime) -> Seat | None:
    """The seat of ``holder`` in the council that elected her, the longest if she has two; None for an assembly."""
    if is_assembly(election.electorate):
        return None
    seats = Seat.objects.held_at(at).of(holder).in_body(election.electorate)
    return seats.order_by("-term_ends_at", "pk").first()
