"""Polls and voters for tests."""

from __future__ import annotations

import datetime as dt

from councils.domain.ballot import cast_ballot
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import key_store, schedule_poll
from councils.enums import PollKind
from councils.models import Body, Member, Poll, RuleSet
from councils.urn.envelope import open_envelope
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast

OPEN_FOR = dt.timedelta(days=3)
CLOSE = NOW + OPEN_FOR
AFTER = CLOSE + dt.timedelta(hours=1)


def rules_of(body: Body) -> RuleSet:
    """The rules in force now."""
    found = RuleSet.objects.in_force(body, NOW)
    assert found is not None
    return found


def scheduled(body: Body, opens_at: dt.datetime = NOW, **extra: object) -> Poll:
    """A yes/no poll of ``body`` that opens at ``opens_at`` for three days."""
    given = {"kind": PollKind.YES_NO, "question": "¿Se aprueba?", "closes_at": opens_at + OPEN_FOR, **extra}
    return schedule_poll(body=body, rule_set=rules_of(body), opens_at=opens_at, at=NOW, **given)  # type: ignore[arg-type]


def open_yes_no(cast: Cast, body: Body | None = None) -> Poll:
    """A yes/no poll of the assembly of Cristalerías, open now: five electors."""
    return bring_up_to_date(poll=scheduled(body or cast.assembly), at=NOW)


def open_approval(cast: Cast, names: list[str], seats: int = 1) -> Poll:
    """An approval poll of the same assembly on ``names``, with ids "1", "2"…"""
    options = [{"id": str(i), "label": name} for i, name in enumerate(names, 1)]
    poll = scheduled(cast.assembly, kind=PollKind.APPROVAL, options=options, seats=seats)
    return bring_up_to_date(poll=poll, at=NOW)


def crowd(cast: Cast, n: int) -> list[Member]:
    """``n`` more workers of Cristalerías."""
    people = [builders.member(f"w{i}", f"Obrera {i}") for i in range(n)]
    for person in people:
        builders.membership(person, cast.cristalerias)
    return people


def vote(poll: Poll, marks: dict[Member, list[str]], at: dt.datetime = NOW) -> None:
    """Each casts her first vote."""
    for member, said in marks.items():
        cast_ballot(poll=poll, by=member, marks=said, replaces=0, at=at)


def sealed(poll: Poll) -> list[tuple[list[str], str]]:
    """Marks and check code of each envelope in the urn, opened as the count would, in order of their codes."""
    key = key_store().private_key(poll.uuid)
    rows = poll.roll.filter(envelope__isnull=False).values_list("uuid", "envelope")
    opened = [open_envelope(private_key=key, poll=poll.uuid, row=row, envelope=bytes(sealed)) for row, sealed in rows]
    return sorted(((list(p.marks), p.code) for p in opened if p), key=lambda said: said[1])


def count(poll: Poll) -> Poll:
    """An hour after the close, as a page would."""
    return bring_up_to_date(poll=poll, at=AFTER)


def open_ranked(cast: Cast, names: list[str], seats: int = 1) -> Poll:
    """A poll of the same assembly by single transferable vote, with ids "1", "2"…"""
    options = [{"id": str(i), "label": name} for i, name in enumerate(names, 1)]
    poll = scheduled(cast.assembly, kind=PollKind.STV, options=options, seats=seats)
    return bring_up_to_date(poll=poll, at=NOW)
