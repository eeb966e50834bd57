"""Lots: the order drawn in public is entered by one and confirmed by another before the close, and settles a tie."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from councils.domain.election import call_election
from councils.domain.election_export import export_poll
from councils.domain.log import events_of, in_words
from councils.domain.lots import confirm_lots, enter_lots
from councils.domain.nomination import nominate
from councils.domain.waiting import waiting_for
from councils.enums import ElectionState
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, LotDraw, Member, Poll, RuleSet, Seat
from councils.verification import verify
from tests import builders
from tests.campaigns import OPENS, campaigning
from tests.conftest import Cast
from tests.elections import AFTER, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour, called, marked, standing, voting

SECOND = dt.timedelta(seconds=1)
LAST = VOTING_CLOSES - SECOND


def one_seat(cast: Cast, *people: Member) -> Election:
    """The vote on ``people`` (or Rosa and Pedro) for one seat has just opened."""
    RuleSet.objects.filter(body=cast.assembly).update(rules={"seats": {"cordon_council": 1}})
    return voting(cast, *(people or (cast.rosa, cast.pedro)))


def order_of(election: Election, *people: Member) -> list[str]:
    assert election.poll is not None
    ids = {option["nominee"]: option["id"] for option in election.poll.options}
    return [ids[str(person.uuid)] for person in people]


def entered(
    cast: Cast, election: Election, *people: Member, by: Member | None = None, at: dt.datetime = LAST
) -> LotDraw:
    return enter_lots(election=election, order=order_of(election, *people), by=by or cast.elena, at=at)


def tied(cast: Cast, election: Election) -> Election:
    """Rosa and Pedro have a vote each, and the vote is counted."""
    marked(election, {cast.carmen: [cast.rosa], cast.hugo: [cast.pedro]})
    return at_hour(election, AFTER)


def seated(election: Election) -> set[str]:
    return set(Election.objects.get(pk=election.pk).seats_won.values_list("holder__username", flat=True))


@pytest.mark.parametrize("first", ["rosa", "pedro"])
def test_a_tie_goes_by_the_order_that_was_drawn(cast: Cast, first):
    election = one_seat(cast)
    last = "pedro" if first == "rosa" else "rosa"
    draw = entered(cast, election, getattr(cast, first), getattr(cast, last))
    assert (Poll.objects.get().lots, draw.confirmed_at) == ([], None)
    confirm_lots(draw=draw, by=cast.hugo, at=LAST)
    assert Poll.objects.get().lots == draw.order
    assert (tied(cast, election).state, seated(election)) == (ElectionState.SEATED, {first})


def test_an_order_that_nobody_confirmed_settles_nothing(cast: Cast):
    election = one_seat(cast)
    entered(cast, election, cast.rosa, cast.pedro)
    election = tied(cast, election)
    assert (election.state, election.void_reason, seated(election)) == ("void", "tie", set())


def test_an_order_changes_nothing_where_there_is_no_tie(cast: Cast):
    election = one_seat(cast)
    confirm_lots(draw=entered(cast, election, cast.rosa, cast.pedro), by=cast.hugo, at=LAST)
    marked(election, {cast.carmen: [cast.pedro], cast.hugo: [cast.pedro], cast.elena: [cast.rosa]})
    at_hour(election, AFTER)
    assert seated(election) == {"pedro"}


def test_both_acts_are_in_the_log_with_the_order(cast: Cast):
    election = one_seat(cast)
    confirm_lots(draw=entered(cast, election, cast.pedro, cast.rosa), by=cast.hugo, at=LAST)
    confirmed, written = in_words(events_of(body=cast.assembly, by=cast.carmen, at=LAST))[:2]
    assert [entry.who for entry in (written, confirmed)] == ["Elena Paillán", "Hugo Tapia"]
    assert written.more == confirmed.more == ["Bajo la versión 1 de las reglas.", "1. Pedro Rojas", "2. Rosa Marín"]


@pytest.mark.parametrize("order", [[], ["1"], ["1", "1"], ["1", "2", "2"], ["1", "2", "3"], ["1", "x"]])
def test_every_name_has_one_place(cast: Cast, order):
    election = one_seat(cast)
    with pytest.raises(Refused):
        enter_lots(election=election, order=order, by=cast.elena, at=LAST)


def test_lots_before_nominations_close_are_refused(cast: Cast):
    election = called(cast)
    standing(election, cast.rosa)
    with pytest.raises(Refused):
        enter_lots(election=election, order=[], by=cast.elena, at=NOMINATIONS_CLOSE - SECOND)


def test_lots_in_the_campaign_are_taken(cast: Cast):
    election = campaigning(cast, cast.rosa, cast.pedro)
    draw = entered(cast, election, cast.rosa, cast.pedro, at=NOMINATIONS_CLOSE)
    confirm_lots(draw=draw, by=cast.hugo, at=NOMINATIONS_CLOSE)
    assert at_hour(election, OPENS).poll.lots == draw.order


def test_lots_after_the_close_are_refused_by_the_clock_alone(cast: Cast):
    """Nothing is counted yet and no job has run; even so nobody draws who knows, or may know, how it went."""
    election = one_seat(cast)
    draw = entered(cast, election, cast.rosa, cast.pedro)
    with pytest.raises(Refused):
        entered(cast, election, cast.pedro, cast.rosa, at=VOTING_CLOSES)
    with pytest.raises(Refused):
        confirm_lots(draw=draw, by=cast.hugo, at=VOTING_CLOSES)
    assert Poll.objects.get().lots == []


def test_nothing_changes_a_confirmed_order(cast: Cast):
    election = one_seat(cast)
    draw = confirm_lots(draw=entered(cast, election, cast.rosa, cast.pedro), by=cast.hugo, at=LAST)
    with pytest.raises(Refused):
        entered(cast, election, cast.pedro, cast.rosa, by=cast.hugo)
    confirm_lots(draw=draw, by=cast.hugo, at=LAST)
    assert (Poll.objects.get().lots, AuditEvent.objects.filter(verb="confirm_lots").count()) == (draw.order, 1)


def test_who_entered_does_not_confirm(cast: Cast):
    election = one_seat(cast)
    draw = entered(cast, election, cast.rosa, cast.pedro)
    with pytest.raises(Refused):
        confirm_lots(draw=draw, by=cast.elena, at=LAST)


def test_who_stands_neither_enters_nor_confirms(cast: Cast):
    election = one_seat(cast, cast.rosa, cast.elena)
    with pytest.raises(Refused):
        entered(cast, election, cast.elena, cast.rosa)
    draw = entered(cast, election, cast.rosa, cast.elena, by=cast.hugo)
    with pytest.raises(Refused):
        confirm_lots(draw=draw, by=cast.elena, at=LAST)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    assert confirm_lots(draw=draw, by=cast.pedro, at=LAST).confirmed_by == cast.pedro


def test_an_order_that_another_replaced_is_not_confirmed(cast: Cast):
    election = one_seat(cast)
    wrong = entered(cast, election, cast.rosa, cast.pedro)
    right = entered(cast, election, cast.pedro, cast.rosa)
    with pytest.raises(Refused):
        confirm_lots(draw=wrong, by=cast.hugo, at=LAST)
    confirm_lots(draw=right, by=cast.hugo, at=LAST)
    assert Poll.objects.get().lots == right.order


def test_an_order_of_who_no_longer_sits_there_is_not_confirmed(cast: Cast):
    election = one_seat(cast)
    draw = entered(cast, election, cast.rosa, cast.pedro, at=NOMINATIONS_CLOSE)
    Seat.objects.filter(holder=cast.elena).update(ended_at=NOMINATIONS_CLOSE, end_reason="resigned")
    with pytest.raises(Refused):
        confirm_lots(draw=draw, by=cast.hugo, at=LAST)


def test_the_database_refuses_one_person_twice_and_two_confirmed_orders(cast: Cast):
    election = one_seat(cast)
    draw = entered(cast, election, cast.rosa, cast.pedro)
    other = entered(cast, election, cast.pedro, cast.rosa)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDraw.objects.filter(pk=draw.pk).update(confirmed_by=cast.elena, confirmed_at=LAST)
    LotDraw.objects.filter(pk=draw.pk).update(confirmed_by=cast.hugo, confirmed_at=LAST)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDraw.objects.filter(pk=other.pk).update(confirmed_by=cast.hugo, confirmed_at=LAST)


def test_the_export_carries_the_order_and_a_changed_one_is_refused(cast: Cast):
    election = one_seat(cast)
    draw = entered(cast, election, cast.rosa, cast.pedro)
    confirm_lots(draw=draw, by=cast.hugo, at=LAST)
    poll = tied(cast, election).poll
    assert poll is not None
    content = export_poll(poll=poll)
    told = json.loads(content)
    acts = [entry["act"] for entry in told["log"]]
    assert (told["lots"], verify(content).faults) == (draw.order, ())
    assert acts.index("enter_lots") < acts.index("confirm_lots") < acts.index("count_poll")
    written, turned = (
        b'"lots":' + json.dumps(order, separators=(",", ":")).encode() for order in (draw.order, draw.order[::-1])
    )
    assert written in content
    assert [fault.code for fault in verify(content.replace(written, turned)).faults] == ["hash"]


def test_a_council_takes_it_from_two_of_its_delegates(cast: Cast):
    cerrillos = cast.cerrillos.bodies.get(kind="cordon_council")
    national = cast.nation.bodies.get(kind="national_council")
    for person in (cast.nora, cast.olga, cast.hugo, cast.pedro):
        builders.seat(person, cerrillos, cast.assembly)
    now = NOMINATIONS_CLOSE - dt.timedelta(days=7)
    windows = {"nominations_close_at": NOMINATIONS_CLOSE, "voting_closes_at": VOTING_CLOSES}
    election = call_election(body=national, electorate=cerrillos, by=cast.nora, at=now, **windows)
    for person in (cast.olga, cast.pedro):
        nominate(election=election, nominee=person, by=person, at=now)
    election = at_hour(election, NOMINATIONS_CLOSE)
    with pytest.raises(Denied):
        entered(cast, election, cast.olga, cast.pedro, by=cast.carmen)
    draw = entered(cast, election, cast.olga, cast.pedro, by=cast.nora)
    assert confirm_lots(draw=draw, by=cast.hugo, at=LAST).confirmed_by == cast.hugo


def test_the_other_of_the_committee_is_asked_to_confirm(cast: Cast):
    election = one_seat(cast)
    url = f"/elections/{election.uuid}/lots/"

    def asked(at: dt.datetime) -> set[str]:
        people = (cast.carmen, cast.elena, cast.hugo, cast.nora)
        return {p.username for p in people if url in [t.url for t in waiting_for(member=p, at=at)]}

    assert asked(LAST) == set()
    draw = entered(cast, election, cast.rosa, cast.pedro)
    assert (asked(LAST), asked(VOTING_CLOSES)) == ({"hugo"}, set())
    confirm_lots(draw=draw, by=cast.hugo, at=LAST)
    assert asked(LAST) == set()
