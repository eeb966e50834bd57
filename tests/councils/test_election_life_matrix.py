"""Role × verb × state: who objects to the roll and to the result, who decides it, who enters lots, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from councils.domain.lots import confirm_lots, enter_lots
from councils.domain.objection import answer_objection, confirm_objection, object_to_result, object_to_roll
from councils.enums import ElectionState as E
from councils.enums import ObjectionKind, ObjectionVerdict
from councils.models import Election, LotDraw, Member, Objection
from tests import builders
from tests.builders import NOW
from tests.campaigns import CAMPAIGN, DECLARED, OPENS, SEATED, called, campaigning, declared, give_days, open_now
from tests.conftest import Cast
from tests.councils.test_vote_matrix import ASSEMBLY, ROLES, undone
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour, standing

#: Elena and Hugo sit in the committee; Rosa and Pedro stand and are elected.
HOUR_OF = {
    E.NOMINATING: NOW,
    E.CAMPAIGN: NOMINATIONS_CLOSE,
    E.VOTING: OPENS,
    E.DECLARED: DECLARED,
    E.SEATED: SEATED,
    E.VOID: NOMINATIONS_CLOSE,
}


def in_state(cast: Cast, state: str) -> Election:
    if state in (E.NOMINATING, E.VOID):
        give_days(cast)
        election = called(cast)
        if state == E.NOMINATING:
            standing(election, cast.rosa, cast.pedro)
            return election
        return at_hour(election, HOUR_OF[E.VOID])
    if state == E.CAMPAIGN:
        return campaigning(cast, cast.rosa, cast.pedro)
    if state == E.VOTING:
        return open_now(cast, cast.rosa, cast.pedro)
    election = declared(cast, cast.rosa, cast.pedro)
    return at_hour(election, SEATED) if state == E.SEATED else election


def _waiting(cast: Cast, election: Election, kind: str, by: Member | None = None) -> Objection:
    """Carmen's objection (to Rosa on the roll), answered by ``by``; written straight, for in most states she cannot."""
    person = cast.rosa if kind == ObjectionKind.NOT_ENTITLED else None
    row = Objection.objects.create(
        election=election, kind=kind, objector=cast.carmen, person=person, text="No.", at=election.called_at
    )
    if by is not None:
        row.verdict, row.reason, row.answered_by, row.answered_at, row.answers = "dismissed", "No.", by, NOW, 1
        row.save()
    return row


def _roll(cast: Cast, election: Election, by: Member, at: dt.datetime) -> Any:
    kind = ObjectionKind.NOT_ENTITLED
    return object_to_roll(election=election, kind=kind, person=cast.rosa, text="Se jubiló.", by=by, at=at)


def _answer(kind: str) -> Callable[[Cast, Election, Member, dt.datetime], Any]:
    verdict = ObjectionVerdict.DISMISSED
    return lambda cast, election, by, at: answer_objection(
        objection=_waiting(cast, election, kind), verdict=verdict, reason="No.", by=by, at=at
    )


def _confirm(kind: str) -> Callable[[Cast, Election, Member, dt.datetime], Any]:
    return lambda cast, election, by, at: confirm_objection(
        objection=_waiting(cast, election, kind, cast.hugo), answer=1, by=by, at=at
    )


def _ids(election: Election) -> list[str]:
    return [option["id"] for option in election.poll.options] if election.poll else []


def _confirm_lots(cast: Cast, election: Election, by: Member, at: dt.datetime) -> Any:
    """What Hugo entered, written straight; before nominations close, or without candidates, there is nothing."""
    if election.poll is None:
        return enter_lots(election=election, order=[], by=by, at=at)
    draw = LotDraw.objects.create(poll=election.poll, order=_ids(election), entered_by=cast.hugo, entered_at=NOW)
    return confirm_lots(draw=draw, by=by, at=at)


ROLL, RESULT = ObjectionKind.NOT_ENTITLED, ObjectionKind.RESULT
VERBS: dict[str, Callable[[Cast, Election, Member, dt.datetime], Any]] = {
    "object to the roll": _roll,
    "object to the result": lambda c, e, by, at: object_to_result(election=e, text="La mesa cerró.", by=by, at=at),
    "answer about the roll": _answer(ROLL),
    "confirm about the roll": _confirm(ROLL),
    "answer about the result": _answer(RESULT),
    "confirm about the result": _confirm(RESULT),
    "enter lots": lambda c, e, by, at: enter_lots(election=e, order=_ids(e), by=by, at=at),
    "confirm lots": _confirm_lots,
}
#: verb → (states in which it is more than refused, who may then, who is told that others decide it)
MAY: dict[str, tuple[set[str], set[str], set[str]]] = {
    "object to the roll": ({E.CAMPAIGN}, ASSEMBLY, set()),
    "object to the result": ({E.DECLARED}, ASSEMBLY, set()),
    "answer about the roll": ({E.CAMPAIGN}, {"elena", "hugo"}, set()),
    "confirm about the roll": ({E.CAMPAIGN}, {"elena"}, {"hugo"}),
    "answer about the result": ({E.DECLARED}, {"elena", "hugo"}, set()),
    "confirm about the result": ({E.DECLARED}, {"elena"}, {"hugo"}),
    "enter lots": ({E.CAMPAIGN, E.VOTING}, {"elena", "hugo"}, set()),
    "confirm lots": ({E.CAMPAIGN, E.VOTING}, {"elena"}, {"hugo"}),
}


@pytest.mark.parametrize("state", HOUR_OF)
@pytest.mark.parametrize("verb", VERBS)
def test_act(cast: Cast, verb, state):
    election, at = in_state(cast, state), HOUR_OF[state]
    when, may, others_decide = MAY[verb]
    found = {who: undone(lambda who=who: VERBS[verb](cast, election, getattr(cast, who), at)) for who in ROLES}
    yes = "ok" if state in when else "refused"
    allowed = dict.fromkeys(may, yes) | dict.fromkeys(others_decide, "refused")
    if verb == "object to the result" and state in (E.NOMINATING, E.VOID):
        allowed = {}  # there is no roll on which anybody stands
    assert found == {who: allowed.get(who, "denied") for who in ROLES}


def test_days_of_the_cases(cast: Cast):
    """The matrix asks at hours at which each state holds."""
    assert HOUR_OF[E.VOTING] - HOUR_OF[E.CAMPAIGN] == CAMPAIGN * DAY
    for state in HOUR_OF:
        election = in_state(cast, state)
        assert election.state == state
        Election.objects.filter(pk=election.pk).update(state=E.VOID)


def test_whoever_is_concerned_is_told_that_others_decide(cast: Cast):
    election = campaigning(cast, cast.rosa, cast.pedro)
    builders.seat(cast.carmen, cast.committee, cast.assembly)
    builders.seat(cast.rosa, cast.committee, cast.assembly)
    answer = VERBS["answer about the roll"]
    found = {
        who: undone(lambda who=who: answer(cast, election, getattr(cast, who), NOMINATIONS_CLOSE)) for who in ROLES
    }
    yes = {"elena": "ok", "hugo": "ok", "carmen": "refused", "rosa": "refused"}
    assert found == {who: yes.get(who, "denied") for who in ROLES}
