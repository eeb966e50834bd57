"""Elections in each of their states, for tests."""

from __future__ import annotations

import datetime as dt

from councils.domain import outcome
from councils.domain.election import bring_up_to_date, call_election
from councils.domain.nomination import accept_nomination, nominate
from councils.enums import ElectionState
from councils.models import Body, Election, Member, Nomination
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import vote

DAY = dt.timedelta(days=1)
NOMINATIONS_CLOSE = NOW + 7 * DAY
VOTING_CLOSES = NOW + 10 * DAY
AFTER = VOTING_CLOSES + dt.timedelta(hours=1)


def called(cast: Cast, body: Body | None = None) -> Election:
    """Elena calls the election of the delegates to the council (two seats)."""
    return call_election(
        body=body or cast.council,
        electorate=cast.assembly,
        nominations_close_at=NOMINATIONS_CLOSE,
        voting_closes_at=VOTING_CLOSES,
        by=cast.elena,
        at=NOW,
    )


def standing(election: Election, *people: Member) -> None:
    """Each names herself."""
    for person in people:
        nominate(election=election, nominee=person, by=person, at=NOW)


def asked(election: Election, nominee: Member, by: Member, accepts: bool = False) -> Nomination:
    """``by`` names ``nominee``."""
    nomination = nominate(election=election, nominee=nominee, by=by, at=NOW)
    return accept_nomination(nomination=nomination, by=nominee, at=NOW) if accepts else nomination


def voting(cast: Cast, *people: Member, body: Body | None = None) -> Election:
    """The vote on ``people`` (or Rosa, Pedro and Carmen) has just opened."""
    election = called(cast, body)
    standing(election, *(people or (cast.rosa, cast.pedro, cast.carmen)))
    return at_hour(election, NOMINATIONS_CLOSE)


def at_hour(election: Election, at: dt.datetime) -> Election:
    """As a page would find it at ``at``."""
    election = bring_up_to_date(election=election, at=at)
    if election.poll is not None:
        outcome.bring_up_to_date(poll=election.poll, at=at)
    return Election.objects.get(pk=election.pk)


def marked(election: Election, marks: dict[Member, list[Member]], at: dt.datetime = NOMINATIONS_CLOSE) -> None:
    """Each casts a ballot that marks the people named; up to three, others cast a blank one, so that it is counted."""
    assert election.poll is not None
    others = Member.objects.filter(pk__in=election.poll.roll.values("member")).exclude(pk__in=[m.pk for m in marks])
    marks = marks | {other: [] for other in others.order_by("pk")[: max(0, 3 - len(marks))]}
    ids = {o["nominee"]: o["id"] for o in election.poll.options}
    papers = {voter: [ids[str(p.uuid)] for p in people] for voter, people in marks.items()}
    vote(election.poll, papers, at=at)


def in_state(cast: Cast, state: str) -> Election:
    """An election of the council in ``state``, with Rosa asked by Pedro and Carmen standing while it is nominating."""
    if state == ElectionState.NOMINATING:
        election = called(cast)
        asked(election, cast.rosa, cast.pedro)
        standing(election, cast.carmen)
        return election
    if state == ElectionState.VOID:
        return at_hour(called(cast), NOMINATIONS_CLOSE)
    election = voting(cast)
    if state == ElectionState.SEATED:
        marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa, cast.pedro]})
        return at_hour(election, AFTER)
    return election
