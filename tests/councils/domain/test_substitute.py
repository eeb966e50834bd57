"""Substitutes: named with the seats, and first to fill a vacancy."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from councils.domain.log import in_words
from councils.domain.seat import end_seats
from councils.enums import SeatEnd
from councils.models import AuditEvent, Election, RuleSet, Seat, Substitute
from tests import builders
from tests.conftest import Cast
from tests.councils.domain.test_vacancy import elected, holders, resign
from tests.elections import AFTER, at_hour, marked, voting

RULES = {"substitutes": 2, "vacancy": "next"}


def follow(election: Election) -> dict[str, list[str]]:
    rows = Substitute.objects.filter(seat__election=election).order_by("seat__holder__username", "rank")
    found: dict[str, list[str]] = {}
    for row in rows.select_related("seat__holder", "member"):
        found.setdefault(row.seat.holder.username, []).append(row.member.username)
    return found


def test_substitutes_follow_in_every_seat_by_votes(cast: Cast):
    assert follow(elected(cast, **RULES)) == {"rosa": ["carmen", "hugo"], "pedro": ["carmen", "hugo"]}


def test_substitutes_of_a_ranked_vote_follow_her_own_voters(cast: Cast):
    found = follow(elected(cast, ranked=True, **RULES))
    assert set(found) == {"rosa", "pedro"} and all(names[0] == "carmen" for names in found.values())


def test_no_substitutes_by_default_nor_among_few_ballots(cast: Cast):
    assert follow(elected(cast)) == {}


def test_few_ballots_name_nobody(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules=RULES)
    election = voting(cast)
    marked(election, {cast.carmen: [cast.rosa, cast.pedro], cast.hugo: [cast.rosa, cast.pedro, cast.carmen]})
    assert follow(at_hour(election, AFTER)) == {}
    resign(cast.rosa)
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "unpublished", "rules": 1}


@pytest.mark.parametrize("ranked", [False, True])
def test_the_first_able_substitute_takes_a_vacancy(cast: Cast, ranked):
    election = elected(cast, ranked=ranked, **RULES)
    gone = resign(cast.rosa)
    seat = Seat.objects.get(fills=gone)
    assert (seat.holder, seat.term_ends_at) == (cast.carmen, gone.term_ends_at)
    assert [row.member for row in seat.substitutes.order_by("rank")] == [cast.hugo]
    resign(cast.pedro)
    assert holders(cast, election) == ["carmen", "hugo"]
    resign(cast.carmen)
    assert holders(cast, election) == ["hugo"]
    event = AuditEvent.objects.select_related("actor", "body").get(verb="leave_vacant")
    assert event.detail == {"why": "no_substitute", "rules": 1} and in_words([event])[0].sentence


def test_who_may_not_stand_any_more_is_passed_over(cast: Cast):
    election = elected(cast, **RULES)
    cast.cristalerias.memberships.filter(member=cast.carmen).update(can_stand=False)
    resign(cast.rosa)
    assert holders(cast, election) == ["hugo", "pedro"]


def test_who_would_lose_another_seat_is_passed_over(cast: Cast):
    election = elected(cast, incompatible=[["committee", "cordon_council"]], **RULES)
    builders.seat(cast.carmen, cast.committee, cast.assembly)
    end_seats(seats=list(cast.hugo.seats.filter(body=cast.committee)), reason=SeatEnd.RESIGNED, by=None, at=AFTER)
    resign(cast.rosa)
    assert holders(cast, election) == ["hugo", "pedro"]


def test_a_tie_among_followers_names_nobody_and_waits_for_a_by_election(cast: Cast):
    election = elected(cast, {"rosa": 14, "pedro": 9, "carmen": 3, "hugo": 3}, **RULES)
    assert follow(election) == {}
    resign(cast.rosa)
    assert AuditEvent.objects.get(verb="leave_vacant").detail == {"why": "no_substitute", "rules": 1}


def test_ranks_are_kept_apart_by_the_database(cast: Cast):
    row = Substitute.objects.filter(seat__election=elected(cast, **RULES)).first()
    assert row is not None
    for change in (
        {"member": cast.olga, "rank": row.rank},
        {"member": row.member, "rank": 9},
        {"member": cast.olga, "rank": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Substitute.objects.create(seat=row.seat, **change)
