"""Elections by lists, for tests."""

from __future__ import annotations

from councils.domain.candidate_list import put_forward_list
from councils.domain.nomination import accept_nomination, nominate
from councils.models import Body, CandidateList, Election, Member, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import NOMINATIONS_CLOSE, at_hour, called
from tests.votes import vote


def agreed(cast: Cast, method: str = "dhondt", **rules: object) -> None:
    """The council's delegates of Cristalerías are elected by lists, three of them."""
    given = {"methods": {"cordon_council": method}, "seats": {"cordon_council": 3}, **rules}
    RuleSet.objects.filter(body=cast.assembly).update(rules=given)


def put_forward(election: Election, name: str, *people: Member) -> CandidateList:
    """The first of ``people`` puts the list forward; each of them accepts, in this order."""
    made = put_forward_list(election=election, name=name, by=people[0], at=NOW)
    for person in people:
        nomination = nominate(election=election, nominee=person, by=people[0], at=NOW, on_list=made)
        if person != people[0]:
            accept_nomination(nomination=nomination, by=person, at=NOW)
    return made


def voting(cast: Cast, lists: dict[str, list[Member]], body: Body | None = None) -> Election:
    """The vote on these lists has just opened."""
    election = called(cast, body)
    for name, people in lists.items():
        put_forward(election, name, *people)
    return at_hour(election, NOMINATIONS_CLOSE)


def marked(election: Election, votes: dict[str, list[Member]]) -> None:
    """Each casts a ballot for the list of that name ("": a blank one)."""
    assert election.poll is not None
    ids = {option["label"]: [option["id"]] for option in election.poll.options} | {"": []}
    papers = {voter: ids[name] for name, voters in votes.items() for voter in voters}
    vote(election.poll, papers, at=NOMINATIONS_CLOSE)
