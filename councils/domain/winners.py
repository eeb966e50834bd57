"""Winners: from what a count elected to the people who take the seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from councils.models import Election, Member, Nomination, Seat
from councils.models.electorate import may_stand


def nominees_of(option: Mapping[str, Any]) -> list[str]:
    """Ids of the people behind one option of a ballot: the candidate, or those of the list in its order."""
    return [person["nominee"] for person in option["people"]] if "people" in option else [option["nominee"]]


def options_of(candidates: Iterable[Nomination]) -> list[dict[str, Any]]:
    """What the ballot of an election offers, in the order of ``candidates`` (drawn): one by one, or by their lists.

    A list whose people all declined or left is on no ballot.
    """
    lists: dict[int, list[Nomination]] = {}
    options: list[dict[str, Any]] = []
    for nomination in candidates:
        if nomination.candidate_list is None:
            who = nomination.nominee
            options.append({"label": who.name[:120], "line": nomination.statement, "nominee": str(who.uuid)})
        else:
            lists.setdefault(nomination.candidate_list.pk, []).append(nomination)
    for people in lists.values():
        in_order = sorted(people, key=lambda n: (n.place, n.pk))
        told = [{"name": n.nominee.name, "nominee": str(n.nominee.uuid)} for n in in_order]
        options.append({"label": str(in_order[0].candidate_list), "line": "", "people": told})
    return [{"id": str(i), **option} for i, option in enumerate(options, 1)]


def winners_of(election: Election, elected: Sequence[str], at: dt.datetime) -> list[Member]:
    """Who takes the seats, in order. Who left meanwhile leaves hers vacant; on a list the next one takes it.

    Who was moved to another group of the roll does not lose what hers gave her.
    """
    assert election.poll is not None
    left = {option["id"]: nominees_of(option) for option in election.poll.options}
    people = {str(m.uuid): m for m in Member.objects.filter(uuid__in=[id for ids in left.values() for id in ids])}
    winners = []
    for option in elected:
        while left[option]:
            person = people[left[option].pop(0)]
            if may_stand(person, election.electorate, at):
                winners.append(person)
                break
    return winners


def next_on_list(seat: Seat, election: Election, passed_over: set[int], at: dt.datetime) -> Member | None:
    """Who follows on the list that gave ``seat``: the first of it who may stand and is not ``passed_over``."""
    assert election.poll is not None
    lists = [nominees_of(option) for option in election.poll.options]
    hers = next((ids for ids in lists if str(seat.holder.uuid) in ids), [])
    people = {str(m.uuid): m for m in Member.objects.filter(uuid__in=hers)}
    able = (
        person
        for id in hers
        if (person := people[id]).pk not in passed_over and may_stand(person, election.electorate, at, election.group)
    )
    return next(able, None)
