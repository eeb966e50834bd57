"""Constituencies: each group of the roll elects its own, in an election of its own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.constituency import call_elections
from councils.domain.election import call_election
from councils.domain.franchise import Way, franchises
from councils.domain.group import without_group
from councils.domain.nomination import nominate
from councils.domain.objection import answer_objection, confirm_objection, object_to_roll
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll_tasks import nominations_open, not_on_roll
from councils.domain.recall import call_recall
from councils.domain.seat import end_seats
from councils.domain.terms import terms_in_a_row
from councils.domain.vacancy import vacant_seats
from councils.enums import ElectionState, RecallState, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, Election, Member, Poll, Recall, RuleSet, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import AFTER, DAY, NOMINATIONS_CLOSE, VOTING_CLOSES, at_hour, marked, standing

PARTS = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
LATER = AFTER + DAY


def of_group(cast: Cast, group: str, n: int) -> list[Member]:
    """``n`` more workers of Cristalerías, of ``group``."""
    people = [builders.member(f"{group[:4]}{i}", f"Obrera {group} {i}") for i in range(n)]
    for person in people:
        builders.membership(person, cast.cristalerias, group=group)
    return people


@pytest.fixture
def office(cast: Cast) -> list[Member]:
    """The committee is elected 2 + 1. Carmen, Pedro, Rosa and Hugo are of production, three others of the office."""
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": PARTS}})
    for person in (cast.carmen, cast.pedro, cast.rosa, cast.hugo):
        person.memberships.update(group="Produccion")  # as the roll wrote it: it is the same group
    return of_group(cast, "administración", 3)


def called(cast: Cast, body: Body | None = None, at: dt.datetime = NOW, **more: object) -> list[Election]:
    return call_elections(
        body=body or cast.committee,
        electorate=cast.assembly,
        nominations_close_at=at + (NOMINATIONS_CLOSE - NOW),
        by=cast.elena,
        at=at,
        **{"voting_closes_at": at + (VOTING_CLOSES - NOW), **more},  # type: ignore[arg-type]
    )


def elected(cast: Cast, office: list[Member], **rules: object) -> tuple[Election, Election]:
    """Carmen and Pedro by production; the first of the office by the office."""
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": PARTS}, **rules})
    production, administration = called(cast)
    standing(production, cast.carmen, cast.pedro, cast.rosa)
    standing(administration, office[0])
    production, administration = (at_hour(e, NOMINATIONS_CLOSE) for e in (production, administration))
    both = [cast.carmen, cast.pedro]
    marked(production, {cast.carmen: both, cast.pedro: both, cast.hugo: both, cast.rosa: [*both, cast.rosa]})
    marked(administration, {voter: [office[0]] for voter in office})
    return at_hour(production, AFTER), at_hour(administration, AFTER)


def holders(cast: Cast, at: dt.datetime = AFTER) -> dict[str, str]:
    seats = Seat.objects.held_at(at).in_body(cast.committee)
    return dict(seats.values_list("holder__username", "group"))


# --- the call -----------------------------------------------------------------------------------------------


def test_call_calls_one_election_of_each_group(cast: Cast, office: list[Member]):
    elections = called(cast)
    assert [(e.group, e.seats, e.state) for e in elections] == [
        ("producción", 2, ElectionState.NOMINATING),
        ("administración", 1, ElectionState.NOMINATING),
    ]
    assert elections[0].title.endswith(" · producción")
    assert set(AuditEvent.objects.filter(verb="call_election").values_list("detail__group", flat=True)) == {
        "producción",
        "administración",
    }


def test_call_of_a_body_that_everybody_elects_is_one(cast: Cast, office: list[Member]):
    assert [(e.group, e.seats) for e in called(cast, cast.council)] == [("", 2)]


def test_call_is_refused_with_the_names_of_groups_that_are_too_small(cast: Cast, office: list[Member]):
    office[0].memberships.update(can_vote=False)
    with pytest.raises(Refused) as refusal:
        called(cast)
    assert "administración (2)" in str(refusal.value)
    assert not Election.objects.exists()


def test_call_is_all_or_nothing(cast: Cast, office: list[Member]):
    called(cast, group="administración")
    with pytest.raises(Refused):
        called(cast)
    assert [e.group for e in Election.objects.all()] == ["administración"]
    assert [e.group for e in called(cast, group="PRODUCCION")] == ["producción"]


@pytest.mark.parametrize("group", ["", "técnica"])
def test_call_of_who_is_no_constituency_is_refused(cast: Cast, office: list[Member], group: str):
    with pytest.raises(Refused):
        call_election(
            body=cast.committee,
            electorate=cast.assembly,
            nominations_close_at=NOMINATIONS_CLOSE,
            voting_closes_at=VOTING_CLOSES,
            by=cast.elena,
            at=NOW,
            group=group,
        )
    with pytest.raises(Refused):
        called(cast, cast.council, group="producción")


def test_call_is_denied_to_who_does_not_sit_in_the_committee(cast: Cast, office: list[Member]):
    with pytest.raises(Denied):
        call_elections(body=cast.committee, electorate=cast.assembly, by=cast.carmen, at=NOW)


def test_one_live_election_of_a_group_by_constraint(cast: Cast, office: list[Member]):
    production, administration = called(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Election.objects.filter(pk=administration.pk).update(group=production.group)


def test_who_is_in_no_group_is_counted(cast: Cast, office: list[Member]):
    row = cast.elena.memberships.get()
    assert without_group(cast.assembly, ["producción", "administración"], NOW) == {row.pk}


# --- nominations and vote ---------------------------------------------------------------------------------------


def test_group_names_and_stands_alone(cast: Cast, office: list[Member]):
    production, _administration = called(cast)
    with pytest.raises(Denied):
        nominate(election=production, nominee=cast.carmen, by=office[0], at=NOW)
    with pytest.raises(Refused):
        nominate(election=production, nominee=office[0], by=cast.carmen, at=NOW)
    assert len(list(nominations_open(cast.carmen, NOW))) == len(list(nominations_open(office[0], NOW))) == 1
    assert list(nominations_open(cast.elena, NOW)) == []


def test_who_leaves_the_group_before_nominations_close_does_not_stand(cast: Cast, office: list[Member]):
    production, _administration = called(cast)
    standing(production, cast.carmen)
    cast.carmen.memberships.update(group="administración")
    production = at_hour(production, NOMINATIONS_CLOSE)
    assert (production.state, production.void_reason) == (ElectionState.VOID, "too_few")


def test_roll_is_frozen_by_group(cast: Cast, office: list[Member]):
    production, administration = called(cast)
    standing(production, cast.carmen)
    standing(administration, office[0])
    polls = [at_hour(e, NOMINATIONS_CLOSE).poll for e in (production, administration)]
    assert [poll.roll_size for poll in polls if poll] == [4, 3]
    assert set(polls[0].roll.values_list("member__username", flat=True)) == {"carmen", "pedro", "rosa", "hugo"}
    with pytest.raises(Denied):
        cast_ballot(poll=polls[0], by=office[0], marks=["1"], replaces=0, at=NOMINATIONS_CLOSE)
    ways = [f.way for f in franchises(polls=polls, member=cast.carmen).values()]
    assert ways == [Way.BOOTH, Way.NONE]
    assert list(not_on_roll(cast.carmen, NOMINATIONS_CLOSE)) == []


# --- seats --------------------------------------------------------------------------------------------------------


def test_seats_are_of_their_group_and_the_general_ones_end(cast: Cast, office: list[Member]):
    assert set(holders(cast, NOW)) == {"elena", "hugo"}
    elected(cast, office)
    assert holders(cast) == {"carmen": "producción", "pedro": "producción", office[0].username: "administración"}


def test_group_renews_only_its_own_seats(cast: Cast, office: list[Member]):
    elected(cast, office)
    (again,) = called_later(cast, group="producción")
    standing_at(again, LATER, cast.rosa)
    again = at_hour(again, again.nominations_close_at)
    voters = (cast.carmen, cast.pedro, cast.rosa)
    for voter in voters:
        cast_ballot(poll=again.poll, by=voter, marks=["1"], replaces=0, at=again.voting_opens_at)
    at_hour(again, again.voting_closes_at + DAY)
    assert holders(cast, again.voting_closes_at + DAY) == {"rosa": "producción", office[0].username: "administración"}


def test_everybody_renews_all_once_the_rules_have_no_groups(cast: Cast, office: list[Member]):
    elected(cast, office)
    RuleSet.objects.filter(body=cast.assembly).update(rules={})
    (again,) = called_later(cast)
    standing_at(again, LATER, cast.rosa)
    again = at_hour(again, again.nominations_close_at)
    for voter in (cast.carmen, cast.pedro, *office):
        cast_ballot(poll=again.poll, by=voter, marks=["1"], replaces=0, at=again.voting_opens_at)
    at_hour(again, again.voting_closes_at + DAY)
    assert holders(cast, again.voting_closes_at + DAY) == {"rosa": ""}


def called_later(cast: Cast, **more: object) -> list[Election]:
    """Called by Carmen, who sits in the committee by then."""
    return call_elections(
        body=cast.committee,
        electorate=cast.assembly,
        nominations_close_at=LATER + (NOMINATIONS_CLOSE - NOW),
        voting_closes_at=LATER + (VOTING_CLOSES - NOW),
        by=cast.carmen,
        at=LATER,
        **more,  # type: ignore[arg-type]
    )


def standing_at(election: Election, at: dt.datetime, *people: Member) -> None:
    for person in people:
        nominate(election=election, nominee=person, by=person, at=at)


def test_terms_in_a_row_pass_over_what_other_groups_elect(cast: Cast, office: list[Member]):
    production, administration = elected(cast, office)
    Election.objects.filter(pk=administration.pk).update(voting_closes_at=production.voting_closes_at + DAY)
    served = {
        who: terms_in_a_row(member=who, body=cast.committee, electorate=cast.assembly)
        for who in (cast.carmen, cast.rosa)
    }
    assert served == {cast.carmen: 1, cast.rosa: 0}


# --- vacancies and recall -------------------------------------------------------------------------------------------


def resign(who: Member, at: dt.datetime = LATER) -> Seat:
    seat = Seat.objects.exclude(election=None).get(holder=who, ended_at=None)
    end_seats(seats=[seat], reason=SeatEnd.RESIGNED, by=who, at=at)
    while job.run_due(at=at):
        pass
    return seat


def test_by_election_is_of_the_group_whose_seat_is_vacant(cast: Cast, office: list[Member]):
    elected(cast, office)
    gone = resign(office[0])
    assert list(vacant_seats(body=cast.committee, electorate=cast.assembly, at=LATER)) == [gone]
    (election,) = called_later(cast, vacancies_only=True)
    assert (election.group, election.seats) == ("administración", 1)
    with pytest.raises(Refused):
        nominate(election=election, nominee=cast.rosa, by=office[1], at=LATER)
    standing_at(election, LATER, office[1])
    election = at_hour(election, election.nominations_close_at)
    for voter in office:
        cast_ballot(poll=election.poll, by=voter, marks=["1"], replaces=0, at=election.voting_opens_at)
    election = at_hour(election, election.voting_closes_at + DAY)
    seat = election.seats_won.get()
    assert (seat.holder, seat.group, seat.fills) == (office[1], "administración", gone)


def test_next_by_votes_is_of_the_same_group(cast: Cast, office: list[Member]):
    more = of_group(cast, "producción", 12)
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": PARTS}, "vacancy": "next"})
    (production,) = called(cast, group="producción")
    standing(production, cast.carmen, cast.pedro, cast.rosa, cast.hugo)
    production = at_hour(production, NOMINATIONS_CLOSE)
    both = [cast.carmen, cast.pedro]
    marks = {voter: [*both, cast.rosa] if i < 5 else both for i, voter in enumerate([*more, *both, cast.rosa])}
    marked(production, marks | {cast.hugo: [cast.hugo, cast.carmen]})
    at_hour(production, AFTER)
    cast.rosa.memberships.update(group="administración")  # she votes and stands elsewhere now
    gone = resign(cast.carmen)
    seat = Seat.objects.get(fills=gone)
    assert (seat.holder, seat.group) == (cast.hugo, "producción")


def test_vacancy_of_everybody_is_over_once_groups_have_elected(cast: Cast, office: list[Member]):
    builders.seat(cast.rosa, cast.committee, cast.assembly, ended_at=NOW - DAY, end_reason=SeatEnd.RESIGNED)
    assert vacant_seats(body=cast.committee, electorate=cast.assembly, at=NOW).count() == 1
    elected(cast, office)
    assert vacant_seats(body=cast.committee, electorate=cast.assembly, at=LATER).count() == 0


def test_seat_of_one_group_is_no_less_vacant_when_another_has_elected(cast: Cast, office: list[Member]):
    elected(cast, office)
    gone = resign(office[0])
    (again,) = called_later(cast, group="producción")
    standing_at(again, LATER, cast.rosa)
    again = at_hour(again, again.nominations_close_at)
    for voter in (cast.carmen, cast.pedro, cast.rosa):
        cast_ballot(poll=again.poll, by=voter, marks=["1"], replaces=0, at=again.voting_opens_at)
    done = again.voting_closes_at + DAY
    at_hour(again, done)
    assert list(vacant_seats(body=cast.committee, electorate=cast.assembly, at=done)) == [gone]


def test_recall_is_of_the_group_that_gave_the_seat(cast: Cast, office: list[Member]):
    elected(cast, office)
    seat = Seat.objects.get(holder=cast.pedro, body=cast.committee)
    with pytest.raises(Denied):
        call_recall(seat=seat, reason="No rinde cuentas.", by=office[0], at=LATER)
    call_recall(seat=seat, reason="No rinde cuentas.", by=cast.carmen, at=LATER)
    recall = Recall.objects.get()
    assert (recall.roll_size, recall.needed, recall.state) == (4, 1, RecallState.VOTING)
    assert recall.poll is not None
    poll = bring_up_to_date(poll=recall.poll, at=LATER)
    assert (poll.group, poll.roll_size) == ("producción", 4)


def test_who_changes_group_while_the_rolls_are_closed_is_on_one_of_them(cast: Cast, office):
    given = {"constituencies": {"committee": PARTS}, "campaign_days": 2}
    RuleSet.objects.filter(body=cast.assembly).update(rules=given)
    both = called(cast, voting_closes_at=VOTING_CLOSES + 2 * DAY)
    standing(both[0], cast.carmen, cast.pedro)
    standing(both[1], office[0])
    production, administration = (at_hour(e, NOMINATIONS_CLOSE) for e in both)
    cast.rosa.memberships.update(group="administración")
    during = NOMINATIONS_CLOSE + dt.timedelta(hours=1)

    def upheld(election: Election, kind: str) -> None:
        said = {"person": cast.rosa, "text": "Cambió de sección.", "by": cast.carmen, "at": during}
        row = election.objections.first() or object_to_roll(election=election, kind=kind, **said)
        row = answer_objection(objection=row, verdict="upheld", reason="Consta.", by=cast.elena, at=during)
        confirm_objection(objection=row, answer=row.answers, by=cast.hugo, at=during)

    with pytest.raises(Refused):
        upheld(administration, "missing")
    upheld(production, "not_entitled")
    upheld(administration, "missing")
    rolls = Poll.objects.filter(roll__member=cast.rosa)
    assert list(rolls) == [administration.poll]
