"""Role × verb × state: who may do what to an election and to a vote, and when. The permission spec of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from councils.domain.ballot import cast_ballot
from councils.domain.election import call_election
from councils.domain.nomination import accept_nomination, decline_nomination, nominate, withdraw_nomination
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import key_store
from councils.domain.table import call_to_table, confirm_at_table
from councils.enums import ElectionState as E
from councils.enums import PollState as P
from councils.errors import Denied, Refused
from councils.models import Election, Member, Nomination, Poll, RollEntry, TableAdmission
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, VOTING_CLOSES, in_state
from tests.votes import CLOSE, count, open_yes_no, scheduled

ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]


class _Undo(Exception):
    """Rolls back what one role did, so that the next finds the same state."""


def answer_of(act: Callable[[], Any]) -> str:
    try:
        act()
    except Denied:
        return "denied"
    except Refused:
        return "refused"
    return "ok"


def undone(act: Callable[[], Any]) -> str:
    """The answer, with nothing left of what was done."""
    said = ""
    try:
        with transaction.atomic():
            said = answer_of(act)
            raise _Undo
    except _Undo:
        return said


# --- elections: Rosa was asked by Pedro, Carmen stands; Elena and Hugo sit in the committee ----------------


def _nomination(election: Election, name: str) -> Nomination:
    return Nomination.objects.get(election=election, nominee__username=name)


def _call(election: Election, by: Member, at: dt.datetime) -> None:
    windows = {"nominations_close_at": at + (NOMINATIONS_CLOSE - NOW), "voting_closes_at": at + (VOTING_CLOSES - NOW)}
    call_election(body=election.body, electorate=election.electorate, by=by, at=at, **windows)


ELECTION_VERBS: dict[str, Callable[[Cast, Election, Member, dt.datetime], Any]] = {
    "call another": lambda c, e, by, at: _call(e, by, at),
    "nominate": lambda c, e, by, at: nominate(election=e, nominee=c.hugo, by=by, at=at),
    "accept": lambda c, e, by, at: accept_nomination(nomination=_nomination(e, "rosa"), by=by, at=at),
    "decline": lambda c, e, by, at: decline_nomination(nomination=_nomination(e, "rosa"), by=by, at=at),
    "withdraw": lambda c, e, by, at: withdraw_nomination(nomination=_nomination(e, "carmen"), by=by, at=at),
}
ASSEMBLY = {"carmen", "pedro", "elena", "hugo", "rosa"}
MAY = {
    "call another": {"elena", "hugo"},
    "nominate": ASSEMBLY,
    "accept": {"rosa"},
    "decline": {"rosa"},
    "withdraw": {"carmen"},
}
#: In which states the verb is more than refused.
WHEN = {
    "call another": {E.SEATED, E.VOID},
    "nominate": {E.NOMINATING},
    "accept": {E.NOMINATING},
    "decline": {E.NOMINATING},
    "withdraw": {E.NOMINATING},
}
HOUR_OF = {E.NOMINATING: NOW, E.VOTING: NOMINATIONS_CLOSE, E.SEATED: AFTER, E.VOID: AFTER}


@pytest.mark.parametrize("state", HOUR_OF)
@pytest.mark.parametrize("verb", ELECTION_VERBS)
def test_election(cast: Cast, verb, state):
    election = in_state(cast, state)
    for name in ("rosa", "carmen"):  # each state has both nominations, so that only the state says no
        Nomination.objects.get_or_create(
            election=election, nominee=getattr(cast, name), defaults={"proposed_by": cast.pedro, "at": NOW}
        )
    act = ELECTION_VERBS[verb]
    found = {who: undone(lambda who=who: act(cast, election, getattr(cast, who), HOUR_OF[state])) for who in ROLES}
    said_yes = "ok" if state in WHEN[verb] else "refused"
    assert found == {who: said_yes if who in MAY[verb] else "denied" for who in ROLES}


# --- the table of a vote: Pedro has been called by Hugo, Carmen by nobody --------------------------------------


def _called(poll: Poll, cast: Cast) -> TableAdmission:
    """As Hugo would have called Pedro while it was open; written straight, because in most states he cannot."""
    row, _new = RollEntry.objects.get_or_create(poll=poll, member=cast.pedro)
    RollEntry.objects.get_or_create(poll=poll, member=cast.carmen)
    return TableAdmission.objects.get_or_create(row=row, defaults={"elector": cast.pedro, "called_by": cast.hugo})[0]


TABLE_VERBS: dict[str, Callable[[TableAdmission, RollEntry, Member, dt.datetime], Any]] = {
    "call": lambda admission, row, by, at: call_to_table(row=row, by=by, at=at),
    "confirm": lambda admission, row, by, at: confirm_at_table(admission=admission, by=by, at=at),
}


@pytest.mark.parametrize("state", [*P, "closed"])
@pytest.mark.parametrize("verb", TABLE_VERBS)
def test_table(cast: Cast, verb, state):
    poll, at = _poll_in(cast, state)
    admission, row = _called(poll, cast), poll.roll.get(member=cast.carmen)
    act = TABLE_VERBS[verb]
    found = {who: undone(lambda who=who: act(admission, row, getattr(cast, who), at)) for who in ROLES}
    committee = {"elena": "ok", "hugo": "ok" if verb == "call" else "refused"}
    if state != P.OPEN:
        committee = dict.fromkeys(committee, "refused")
    assert found == {who: committee.get(who, "denied") for who in ROLES}


# --- votes: the roll is the assembly of Cristalerías ---------------------------------------------------------


def _poll_in(cast: Cast, state: str) -> tuple[Poll, dt.datetime]:
    """A poll in ``state`` and an hour at which it is so."""
    if state == P.SCHEDULED:
        return scheduled(cast.assembly, opens_at=NOW + dt.timedelta(days=1)), NOW
    poll = open_yes_no(cast)
    if state == P.OPEN:
        return poll, NOW
    if state == "closed":
        return poll, CLOSE
    if state == P.COUNTED:
        poll = count(poll)
        Poll.objects.update(state=P.COUNTED)
    elif state == P.VOID:
        (key_store().directory / poll.uuid.hex / "half").unlink()
        poll = count(poll)
    elif state == P.INTERRUPTED:
        Poll.objects.update(epoch="0")
        poll = count(poll)
    else:
        poll = count(poll)
    poll.refresh_from_db()
    assert poll.state == state
    return poll, NOW  # even a ballot said to have come in time is late now


@pytest.mark.parametrize("state", [*P, "closed"])
@pytest.mark.parametrize("verb", ["cast", "cast again"])
def test_vote(cast: Cast, verb, state):
    poll, at = _poll_in(cast, state)
    replaces = 0 if verb == "cast" else 1
    found = {  # a vote is never undone: each role has a row of her own, or none
        who: answer_of(
            lambda who=who: cast_ballot(poll=poll, by=getattr(cast, who), marks=["yes"], replaces=replaces, at=at)
        )
        for who in ROLES
    }
    said_yes = "ok" if state == P.OPEN and verb == "cast" else "refused"
    assert found == {who: said_yes if who in ASSEMBLY else "denied" for who in ROLES}
    assert bring_up_to_date(poll=poll, at=at).uuid == poll.uuid
