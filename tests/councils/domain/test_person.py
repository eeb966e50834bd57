"""A name of the roll, corrected."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.person import correct_name
from councils.domain.poll import count_poll
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, Membership, Nomination, RuleSet
from tests import builders as b
from tests.builders import NOW
from tests.votes import CLOSE, open_yes_no, scheduled


def row_of(person) -> Membership:
    return Membership.objects.get(member=person)


def test_correct_name_is_written_with_both_names(cast):
    row = correct_name(membership=row_of(cast.carmen), name=" Carmen  Soto Vera ", by=cast.elena, at=NOW)
    cast.carmen.refresh_from_db()
    assert (row.member.name, cast.carmen.name, cast.carmen.username) == ("Carmen Soto Vera",) * 2 + ("carmen",)
    event = AuditEvent.objects.get(verb="correct_name")
    assert (event.body, event.actor, event.subject) == (cast.committee, cast.elena, cast.carmen.uuid)
    assert event.detail == {"before": "Carmen Soto", "name": "Carmen Soto Vera"}


def test_correct_name_with_the_same_name_writes_nothing(cast):
    correct_name(membership=row_of(cast.carmen), name="Carmen Soto", by=cast.elena, at=NOW)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("who", ["carmen", "pedro", "rosa", "nora", "olga", "ana"])
def test_correct_name_is_for_the_committee_and_not_for_herself(cast, who):
    with pytest.raises(Denied):
        correct_name(membership=row_of(cast.carmen), name="Otra", by=getattr(cast, who), at=NOW)


@pytest.mark.parametrize("name", ["", "  ", "123", "<b>Ana</b>"])
def test_correct_name_refuses_what_is_no_name(cast, name):
    with pytest.raises(Refused):
        correct_name(membership=row_of(cast.carmen), name=name, by=cast.elena, at=NOW)


def test_correct_name_is_refused_to_a_committee_that_she_joined_later(cast):
    b.membership(cast.nora, cast.cristalerias)
    with pytest.raises(Refused, match="Perlak"):
        correct_name(membership=Membership.objects.get(member=cast.nora, territory=cast.cristalerias), name="Nora Otra",
                     by=cast.elena, at=NOW)  # fmt: skip


def test_correct_name_is_refused_for_who_keeps_the_installation(cast):
    row = b.membership(cast.ana, cast.cristalerias)
    with pytest.raises(Refused):
        correct_name(membership=row, name="Ana Otra", by=cast.elena, at=NOW)


@pytest.mark.parametrize(
    ("election", "nomination", "refused"),
    [
        ("nominating", "proposed", True),
        ("voting", "accepted", True),
        ("voting", "declined", False),
        ("seated", "accepted", False),
    ],
)
def test_correct_name_waits_while_her_name_is_on_a_ballot(cast, election, nomination, refused):
    """Else two candidates could be given each other's names."""
    hours = ["called_at", "nominations_open_at", "nominations_close_at", "voting_opens_at", "voting_closes_at"]
    called = Election.objects.create(
        body=cast.council, electorate=cast.assembly, rule_set=RuleSet.objects.get(body=cast.assembly), seats=1,
        state=election, called_by=cast.elena, term_ends_at=NOW + dt.timedelta(days=365),
        **{name: NOW + dt.timedelta(hours=n) for n, name in enumerate(hours)},
    )  # fmt: skip
    Nomination.objects.create(election=called, nominee=cast.carmen, proposed_by=cast.pedro, state=nomination, at=NOW)
    if refused:
        with pytest.raises(Refused):
            correct_name(membership=row_of(cast.carmen), name="Hugo Tapia", by=cast.elena, at=NOW)
    else:
        correct_name(membership=row_of(cast.carmen), name="Carmen Soto Vera", by=cast.elena, at=NOW)


def test_correct_name_waits_while_she_is_on_the_roll_of_an_open_vote(cast):
    """Else two electors could be given each other's names before the second person of the table looks."""
    poll = open_yes_no(cast)
    with pytest.raises(Refused):
        correct_name(membership=row_of(cast.carmen), name="Carmen Soto Vera", by=cast.elena, at=NOW)
    count_poll(poll=poll, at=CLOSE)
    correct_name(membership=row_of(cast.carmen), name="Carmen Soto Vera", by=cast.elena, at=CLOSE)


def test_correct_name_waits_for_a_vote_that_nobody_has_opened_yet_and_not_for_others(cast):
    scheduled(cast.assembly)
    before = NOW - dt.timedelta(seconds=1)
    correct_name(membership=row_of(cast.carmen), name="Carmen Soto Vera", by=cast.elena, at=before)
    with pytest.raises(Refused):
        correct_name(membership=row_of(cast.carmen), name="Carmen Soto", by=cast.elena, at=NOW)
    Membership.objects.filter(member=cast.pedro).update(can_vote=False)
    correct_name(membership=row_of(cast.pedro), name="Pedro Rojas Lara", by=cast.elena, at=NOW)


@pytest.mark.parametrize(
    ("hers", "his", "refused"), [("", "", True), ("7", "", True), ("", "8", True), ("7", "8", False)]
)
def test_correct_name_refuses_the_name_of_another_unless_numbers_tell_them_apart(cast, hers, his, refused):
    Membership.objects.filter(member=cast.carmen).update(reference=hers)
    Membership.objects.filter(member=cast.pedro).update(reference=his)
    if refused:
        with pytest.raises(Refused, match="Pedro Rojas"):
            correct_name(membership=row_of(cast.carmen), name="PEDRO  Rójas", by=cast.elena, at=NOW)
    else:
        correct_name(membership=row_of(cast.carmen), name="Pedro Rojas", by=cast.elena, at=NOW)


def test_correct_name_of_one_who_left_is_free(cast):
    Membership.objects.filter(member=cast.pedro).update(until_on=NOW.date())
    correct_name(membership=row_of(cast.carmen), name="Pedro Rojas", by=cast.elena, at=NOW)


@pytest.mark.parametrize("name", ["P\u0435dro Rojas", "\u041f\u0435\u0434\u0440\u043e Rojas"])
def test_correct_name_refuses_letters_of_two_alphabets(cast, name):
    with pytest.raises(Refused):
        correct_name(membership=row_of(cast.carmen), name=name, by=cast.elena, at=NOW)
