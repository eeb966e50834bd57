"""Vacancy: a seat that ended before its term, and how it is filled for the rest of it.

By the rules under which it was elected: a by-election (``election.call_election``), or at once from the ballots
of its own election (``fill_vacancy``): ``countback`` counts them again without who is gone, ``next`` takes the first
of its substitutes, or, where the rules have none, whoever had most votes after those elected. Where the ballots
cannot say it, the log says why, and it is a by-election.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from councils.counting.marks import count_marks
from councils.counting.record import rankings
from councils.counting.stv import count_stv
from councils.domain import audit
from councils.domain.incompatibility import seats_against
from councils.domain.substitute import first_able, inherit_substitutes
from councils.domain.winners import next_on_list, nominees_of
from councils.enums import BY_LISTS, PollKind, VacancyRule
from councils.errors import Refused
from councils.models import Body, Election, Job, Member, Poll, Seat
from councils.models.electorate import is_assembly, may_stand
from councils.models.seat import SeatQuerySet
from councils.rules import Rules


def vacant_seats(*, body: Body, electorate: Body, at: dt.datetime, group: str | None = None) -> SeatQuerySet:
    """Those that ``electorate`` filled in ``body``, or ``group`` of it, and nobody holds; the longest term first."""
    vacant = Seat.objects.vacant_at(at).filter(body=body, elected_by=electorate).order_by("-term_ends_at", "pk")
    return vacant if group is None else vacant.filter(group=group)


def rules_of_seat(seat: Seat) -> Rules:
    """Those of the election that gave it; the defaults where none did. Needs the election's rules loaded."""
    return Rules.read(seat.election.rule_set.rules) if seat.election else Rules()


def seats_to_fill(*, body: Body, electorate: Body, until: dt.datetime, at: dt.datetime, group: str = "") -> list[Seat]:
    """What a by-election whose vote closes at ``until`` fills. Raises ``Refused`` where there is nothing to fill."""
    vacant = list(vacant_seats(body=body, electorate=electorate, group=group, at=at))
    if not vacant:
        raise Refused(_("No seat is vacant there. Call an election of all seats."))
    lasting = [seat for seat in vacant if seat.term_ends_at > until]
    if not lasting:
        raise Refused(_("The term of the vacant seats ends before that vote would. Call an election of all seats."))
    return lasting


def sits_there(member: Member, election: Election, at: dt.datetime) -> bool:
    """Whether she holds a seat of the body already, so that a by-election has nothing to give her."""
    return Seat.objects.held_at(at).filter(holder=member, body=election.body).exists()


def take_vacancies(*, election: Election, winners: Sequence[Member], at: dt.datetime) -> None:
    """Seat ``winners`` of a by-election, in their order, each for the rest of a term; nobody who sits loses a seat."""
    vacant = vacant_seats(body=election.body, electorate=election.electorate, group=election.group, at=at)
    free = [winner for winner in winners if not sits_there(winner, election, at)]
    for holder, gone in zip(free, vacant, strict=False):
        _take(gone, holder, election, at)


def _take(gone: Seat, holder: Member, election: Election, at: dt.datetime) -> Seat:
    through = None
    if not is_assembly(gone.elected_by):
        through = Seat.objects.held_at(at).filter(holder=holder, body=gone.elected_by).first()
    return Seat.objects.create(
        body=gone.body,
        holder=holder,
        elected_by=gone.elected_by,
        group=gone.group,
        represents=gone.represents,
        election=election,
        through=through,
        fills=gone,
        term_begins_at=at,
        term_ends_at=gone.term_ends_at,
    )


def fill_vacancy(*, seat: Seat, at: dt.datetime) -> Seat | None:
    """Fill ``seat`` from the ballots of its election where the rules of that election say so; twice changes nothing.

    Returns the new seat; None where it waits for a by-election, and then the log says why.
    """
    with transaction.atomic():
        seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
        election = seat.election
        if election is None or not Seat.objects.vacant_at(at).filter(pk=seat.pk).exists():
            return None
        rules = Rules.read(election.rule_set.rules)
        if rules.vacancy_for(election.method) == VacancyRule.BY_ELECTION:
            return None
        version = election.rule_set.version
        if election.method in BY_LISTS:
            holder, why = _next_on_list(seat, election, rules, at)
        elif rules.vacancy == VacancyRule.NEXT and rules.substitutes > 0:
            holder, why = _substitute(seat, election, rules, at)
        else:
            holder, why = _next(election, rules, at)
        if holder is None:
            audit.record(
                verb="leave_vacant", by=None, at=at, body=seat.elected_by, subject=seat, why=why, rules=version
            )
            return None
        filled = _take(seat, holder, election, at)
        inherit_substitutes(gone=seat, new=filled)
        told = {"name": holder.name, "rules": version}
        audit.record(verb="fill_vacancy", by=None, at=at, body=seat.elected_by, subject=filled, **told)
    return filled


def _substitute(seat: Seat, election: Election, rules: Rules, at: dt.datetime) -> tuple[Member | None, str]:
    """Its first able substitute, or None and why there is none."""
    if election.poll is None or election.poll.result.get("shown") not in ("totals", "ballots"):
        return None, "unpublished"
    return first_able(seat=seat, election=election, rules=rules, at=at), "no_substitute"


def _next(election: Election, rules: Rules, at: dt.datetime) -> tuple[Member | None, str]:
    """Who the ballots say comes next, or None and why they do not say it.

    Where only the decision of an election was published, nothing more of its ballots may come out.
    """
    poll = election.poll
    if poll is None or poll.result.get("shown") not in ("totals", "ballots"):
        return None, "unpublished"
    if poll.kind == PollKind.STV and rules.vacancy == VacancyRule.NEXT:
        return None, "ranked"
    sitting = set(Seat.objects.held_at(at).in_body(election.body).values_list("holder", flat=True))
    gone = set(election.seats_won.values_list("holder", flat=True)) - sitting
    nominees = {o["id"]: o["nominee"] for o in poll.options}
    people = {str(m.uuid): m for m in Member.objects.filter(uuid__in=nominees.values())}
    against = seats_against(body=election.body, rules=rules, holders=[m.pk for m in people.values()], at=at)
    gone |= {seat.holder_id for seat in against}
    able = {
        id: person
        for id, uuid in nominees.items()
        if (person := people[uuid]).pk not in gone and may_stand(person, election.electorate, at, election.group)
    }
    free = {id for id, person in able.items() if person.pk not in sitting}
    found, tied = _ranked(poll, list(able)) if poll.kind == PollKind.STV else _marked(poll, sorted(free))
    new = [id for id in found if id in free]
    if new:
        return able[new[0]], ""
    return None, "tie" if tied else "nobody"


def _next_on_list(seat: Seat, election: Election, rules: Rules, at: dt.datetime) -> tuple[Member | None, str]:
    """Who follows on the list of ``seat``, passing over whoever sits there, was seated by it already, or may not.

    The order of a list was public before anybody voted, so there is no floor.
    """
    assert election.poll is not None
    on_lists = [id for option in election.poll.options for id in nominees_of(option)]
    holders = list(Member.objects.filter(uuid__in=on_lists).values_list("pk", flat=True))
    against = seats_against(body=election.body, rules=rules, holders=holders, at=at)
    passed_over = {
        *Seat.objects.held_at(at).in_body(election.body).values_list("holder", flat=True),
        *election.seats_won.values_list("holder", flat=True),
        *(other.holder_id for other in against),
    }
    holder = next_on_list(seat, election, passed_over, at)
    return holder, "" if holder else "nobody"


def _ranked(poll: Poll, able: list[str]) -> tuple[list[str], bool]:
    """The ballots counted again for as many seats, without those who are gone: (elected in order, whether tied)."""
    papers = rankings(poll.ballots.filter(spoilt=False).exclude(marks=[]).values_list("marks", flat=True))
    candidates, lots = [int(id) for id in able], [int(id) for id in poll.lots if id in able]
    count = count_stv(candidates=candidates, papers=papers, seats=poll.seats or 1, lots=lots)
    return [str(c) for c in count.elected], bool(count.tied)


def _marked(poll: Poll, free: list[str]) -> tuple[list[str], bool]:
    """Most votes of those who neither sit nor are gone: taking a name off changes no other's votes."""
    papers: dict[tuple[str, ...], int] = {(id,): poll.result["tally"].get(id, 0) for id in free}
    count = count_marks(candidates=free, papers=papers, seats=1, lots=poll.lots)
    return list(count.elected), bool(count.tied)


def run_due(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Handler of ``seat.FILL_VACANCY``."""
    for seat in Seat.objects.filter(uuid__in=[j.payload["seat"] for j in jobs]):
        fill_vacancy(seat=seat, at=at)
