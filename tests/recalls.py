"""Recalls in each of their states, for tests."""

from __future__ import annotations

import datetime as dt

from councils.domain import outcome
from councils.domain.recall import bring_up_to_date, call_recall, support_recall
from councils.domain.seat import end_seats
from councils.enums import RecallState, SeatEnd
from councils.models import Member, Recall, RuleSet, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import vote

DAY = dt.timedelta(days=1)
#: Two of the five electors of Cristalerías bring a recall to a vote.
SHARE = "2/5"
VOTE_CLOSES = NOW + 7 * DAY
AFTER = VOTE_CLOSES + dt.timedelta(hours=1)
#: Each outcome of the vote, by what five people cast.
PAPERS = {
    RecallState.RECALLED: {"carmen": ["yes"], "pedro": ["yes"], "elena": ["no"]},
    RecallState.KEPT: {"carmen": ["yes"], "pedro": ["no"], "elena": ["no"]},
}


def agree(cast: Cast, **rules: object) -> None:
    """The assembly's rules of recalls, with ``SHARE`` unless another is given."""
    RuleSet.objects.filter(body=cast.assembly).update(rules={"recall": {"share": SHARE, **rules}})


def seat_of(cast: Cast) -> Seat:
    """Elena's in the council of the cordón."""
    return Seat.objects.get(holder=cast.elena, body=cast.council)


def called(cast: Cast, by: Member | None = None, seat: Seat | None = None, at: dt.datetime = NOW) -> Recall:
    """Carmen asks for the recall of Elena: one of the two that are needed."""
    return call_recall(seat=seat or seat_of(cast), reason="No rinde cuentas.", by=by or cast.carmen, at=at)


def voting(cast: Cast, at: dt.datetime = NOW) -> Recall:
    """Pedro supports it too, and the vote opens."""
    recall = support_recall(recall=called(cast, at=at), by=cast.pedro, at=at)
    return at_hour(recall, at)


def at_hour(recall: Recall, at: dt.datetime) -> Recall:
    """As a page would find it at ``at``."""
    recall = bring_up_to_date(recall=recall, at=at)
    if recall.poll is not None:
        outcome.bring_up_to_date(poll=recall.poll, at=at)
    return Recall.objects.select_related("seat__elected_by", "seat__body__territory", "poll").get(pk=recall.pk)


def voted(cast: Cast, papers: dict[str, list[str]]) -> Recall:
    """Each casts hers, and the vote is over."""
    recall = voting(cast)
    assert recall.poll is not None
    vote(recall.poll, {getattr(cast, who): marks for who, marks in papers.items()})
    return at_hour(recall, AFTER)


def in_state(cast: Cast, state: str) -> Recall:
    """A recall of Elena in ``state``."""
    agree(cast)
    if state == RecallState.COLLECTING:
        return called(cast)
    if state == RecallState.EXPIRED:
        return at_hour(called(cast), NOW + 30 * DAY)
    if state == RecallState.VOTING:
        return voting(cast)
    if state == RecallState.VOID:  # two ballots are never opened
        RuleSet.objects.filter(body=cast.assembly).update(
            rules={"recall": {"share": SHARE, "quorum": {"base": "present", "share": "0/1"}}}
        )
        return voted(cast, {"carmen": ["yes"], "pedro": ["yes"]})
    if state == RecallState.LAPSED:
        recall = called(cast)
        end_seats(seats=[recall.seat], reason=SeatEnd.RESIGNED, by=cast.elena, at=NOW)
        return at_hour(recall, NOW)
    return voted(cast, PAPERS[RecallState(state)])
