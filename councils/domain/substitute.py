"""Substitute: those who follow the elected, seat by seat, as the result of the election publishes them."""

from __future__ import annotations

import datetime as dt

from councils.domain.incompatibility import seats_against
from councils.domain.winners import nominees_of
from councils.enums import BY_LISTS
from councils.models import Election, Member, Seat, Substitute
from councils.models.electorate import may_stand
from councils.rules import Rules


def name_substitutes(*, election: Election) -> list[Substitute]:
    """Write who follows in each seat that ``election`` has just given. Part of the verb that seats the winners.

    Nobody follows where the result says only who is elected: an order of followers would tell more.
    """
    assert election.poll is not None
    follow = _on_lists(election) if election.method in BY_LISTS else _by_votes(election)
    if not follow:
        return []
    wanted = {uuid for uuids in follow.values() for uuid in uuids}
    people = {str(member.uuid): member for member in Member.objects.filter(uuid__in=wanted)}
    lists = {one: [people[uuid] for uuid in uuids] for one, uuids in follow.items()}
    rows = [
        Substitute(seat=seat, member=member, rank=rank)
        for seat in election.seats_won.select_related("holder")
        for rank, member in enumerate(lists.get(str(seat.holder.uuid), []), 1)
    ]
    return Substitute.objects.bulk_create(rows)


def _by_votes(election: Election) -> dict[str, list[str]]:
    """Each of the elected → who follows her, as the result says; ids of people."""
    assert election.poll is not None
    nominees = {option["id"]: option["nominee"] for option in election.poll.options}
    follow: dict[str, list[str]] = election.poll.result.get("substitutes", {})
    return {nominees[one]: [nominees[id] for id in ids] for one, ids in follow.items()}


def _on_lists(election: Election) -> dict[str, list[str]]:
    """The same by lists: whoever comes next on hers and has no seat. Its order was public before the vote."""
    assert election.poll is not None
    most = Rules.read(election.rule_set.rules).substitutes
    seated = {str(uuid) for uuid in election.seats_won.values_list("holder__uuid", flat=True)}
    lists = [nominees_of(option) for option in election.poll.options]
    rests = [(ids, [id for id in ids if id not in seated][:most]) for ids in lists]
    return {id: rest for ids, rest in rests for id in ids if id in seated and rest}


def first_able(*, seat: Seat, election: Election, rules: Rules, at: dt.datetime) -> Member | None:
    """The first substitute of the vacant ``seat`` who may sit there.

    Passed over: who may not stand any more, sits there already, has left a seat of this election, or would lose
    another seat by it.
    """
    followers = [row.member for row in seat.substitutes.select_related("member").order_by("rank")]
    sitting = set(Seat.objects.held_at(at).in_body(election.body).values_list("holder", flat=True))
    gone = set(election.seats_won.values_list("holder", flat=True)) - sitting
    against = seats_against(body=election.body, rules=rules, holders=[m.pk for m in followers], at=at)
    passed_over = sitting | gone | {other.holder_id for other in against}
    able = (m for m in followers if m.pk not in passed_over and may_stand(m, election.electorate, at, election.group))
    return next(able, None)


def inherit_substitutes(*, gone: Seat, new: Seat) -> None:
    """Those of ``gone`` follow in the seat that completes its term, but for who took it."""
    others = gone.substitutes.exclude(member=new.holder_id).order_by("rank").values_list("member", flat=True)
    Substitute.objects.bulk_create(
        Substitute(seat=new, member_id=member, rank=rank) for rank, member in enumerate(others, 1)
    )
