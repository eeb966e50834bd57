"""Lists beside what else a vote can have: files that verify, lots, votes on paper, substitutes, constituencies."""

from __future__ import annotations

import json

import pytest

from councils.counting.paper import HandCount
from councils.domain.constituency import call_elections
from councils.domain.election_export import export_poll, signing_fingerprint
from councils.domain.lots import confirm_lots, enter_lots
from councils.domain.outcome import bring_up_to_date
from councils.domain.paper_count import countersign_count, enter_count
from councils.enums import ElectionState
from councils.models import Election, Member, Poll
from councils.verification import verify
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour
from tests.lists import agreed, marked, put_forward, voting
from tests.votes import crowd


def file_of(poll: Poll) -> dict[str, object]:
    content = export_poll(poll=Poll.objects.get(pk=poll.pk))
    verdict = verify(content, fingerprint=signing_fingerprint())
    assert verdict.faults == ()
    told: dict[str, object] = json.loads(content)
    return told


@pytest.mark.parametrize(("votes", "shown"), [((3, 2), "outcome"), ((12, 5), "totals"), ((70, 35), "ballots")])
@pytest.mark.parametrize("method", ["dhondt", "sainte_lague"])
def test_file_of_an_election_by_lists_verifies(cast: Cast, method: str, votes: tuple[int, int], shown: str):
    agreed(cast, method, election_quorum={"base": "roll", "share": "0/1"})
    people = crowd(cast, sum(votes))
    election = voting(cast, {"Unidad": [cast.carmen, cast.pedro], "Base": [cast.hugo, cast.rosa]})
    marked(election, {"Unidad": people[: votes[0]], "Base": people[votes[0] :]})
    election = at_hour(election, AFTER)
    assert election.poll is not None
    told = file_of(election.poll)
    assert told["result"]["shown"] == shown  # type: ignore[index]
    lists = {option["name"]: option["people"] for option in told["options"]}  # type: ignore[attr-defined]
    assert lists == {"Unidad": ["Carmen Soto", "Pedro Rojas"], "Base": ["Hugo Tapia", "Rosa Marín"]}


def tie(cast: Cast) -> Election:
    agreed(cast, seats={"cordon_council": 1})
    return voting(cast, {"Unidad": [cast.carmen], "Base": [cast.pedro]})


def cast_a_tie(cast: Cast, election: Election) -> Election:
    marked(election, {"Unidad": [cast.carmen, cast.rosa], "Base": [cast.pedro, cast.hugo]})
    return at_hour(election, AFTER)


@pytest.mark.parametrize("first", ["Unidad", "Base"])
def test_a_tie_of_lists_goes_by_the_lots_drawn(cast: Cast, first: str):
    election = tie(cast)
    assert election.poll is not None
    ids = {option["label"]: option["id"] for option in election.poll.options}
    order = [ids.pop(first), *ids.values()]
    draw = enter_lots(election=election, order=order, by=cast.elena, at=NOMINATIONS_CLOSE)
    confirm_lots(draw=draw, by=cast.hugo, at=NOMINATIONS_CLOSE)
    election = cast_a_tie(cast, election)
    holder = election.seats_won.get().holder
    assert (election.state, holder) == (ElectionState.SEATED, {"Unidad": cast.carmen, "Base": cast.pedro}[first])


def test_lists_are_counted_on_paper(cast: Cast):
    agreed(cast, secrecy="paper")
    election = voting(cast, {"Unidad": [cast.carmen, cast.rosa], "Base": [cast.pedro]})
    poll = election.poll
    assert poll is not None
    ids = {option["label"]: option["id"] for option in poll.options}
    count = HandCount(5, 5, 0, 0, {ids["Unidad"]: 4, ids["Base"]: 1})
    after = VOTING_CLOSES
    bring_up_to_date(poll=poll, at=after)
    entered = enter_count(poll=poll, count=count, by=cast.elena, at=after)
    poll = countersign_count(count=entered, by=cast.hugo, at=after)
    bring_up_to_date(poll=poll, at=after)
    election.refresh_from_db()
    seated = set(election.seats_won.values_list("holder__username", flat=True))
    assert seated == {"carmen", "rosa", "pedro"}
    assert file_of(poll)["result"]["count"]["stages"][0]["list"] == ids["Unidad"]  # type: ignore[index]


def test_substitutes_are_those_who_come_next_on_the_list(cast: Cast):
    agreed(cast, substitutes=1, seats={"cordon_council": 2})
    people = crowd(cast, 16)
    election = voting(cast, {"Unidad": [cast.carmen, cast.rosa, cast.hugo], "Base": [cast.pedro]})
    marked(election, {"Unidad": people[:6], "Base": people[6:10]})
    election = at_hour(election, AFTER)
    follow = {
        seat.holder.username: [row.member.username for row in seat.substitutes.select_related("member")]
        for seat in election.seats_won.select_related("holder")
    }
    assert follow == {"carmen": ["rosa"], "pedro": []}


def test_constituencies_elect_by_lists(cast: Cast):
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    agreed(cast, methods={"committee": "sainte_lague"}, constituencies={"committee": parts})
    office: list[Member] = crowd(cast, 3)
    for group, members in (("producción", [cast.carmen, cast.pedro, cast.rosa]), ("administración", office)):
        for person in members:
            person.memberships.update(group=group)
    production, _administration = call_elections(
        body=cast.committee, electorate=cast.assembly, by=cast.elena, at=NOW,
        nominations_close_at=NOMINATIONS_CLOSE, voting_closes_at=VOTING_CLOSES,
    )  # fmt: skip
    put_forward(production, "Unidad", cast.carmen, cast.pedro)
    production = at_hour(production, NOMINATIONS_CLOSE)
    marked(production, {"Unidad": [cast.carmen, cast.pedro, cast.rosa]})
    production = at_hour(production, AFTER)
    assert dict(production.seats_won.values_list("holder__username", "group")) == {
        "carmen": "producción",
        "pedro": "producción",
    }
