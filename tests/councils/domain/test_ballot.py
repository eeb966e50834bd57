"""Casting: one member, one vote, counted once; changeable until the close; refused outside it."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.ballot import AlreadyCounted, cast_ballot, cast_named_vote
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import key_store
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Ballot, CheckCode, NamedVote, RollEntry
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import CLOSE, count, open_approval, open_yes_no, scheduled, sealed, vote

SECOND = dt.timedelta(seconds=1)


def test_cast_is_counted_once_and_its_code_is_listed(cast: Cast, now):
    poll = open_yes_no(cast)
    receipt = cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now)
    vote(poll, {cast.pedro: ["no"], cast.rosa: ["no"]})
    count(poll)
    said = list(Ballot.objects.filter(poll=poll).values_list("marks", "spoilt"))
    assert sorted(said) == [(["no"], False), (["no"], False), (["yes"], False)]
    codes = list(CheckCode.objects.values_list("code", flat=True))
    assert (len(codes), codes.count(receipt.code.replace("-", ""))) == (3, 1)


def test_cast_again_replaces_with_a_new_code_and_only_the_last_counts(cast: Cast, now):
    poll = open_yes_no(cast)
    first = cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now)
    second = cast_ballot(poll=poll, by=cast.carmen, marks=["no"], replaces=1, at=now)
    assert (first.version, second.version, first.code == second.code) == (1, 2, False)
    assert sealed(poll) == [(["no"], second.code.replace("-", ""))]


@pytest.mark.parametrize("replaces", [0, 2, 2**31 - 1])
def test_cast_over_another_version_is_already_counted(cast: Cast, now, replaces):
    poll = open_yes_no(cast)
    cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now)
    with pytest.raises(AlreadyCounted):
        cast_ballot(poll=poll, by=cast.carmen, marks=["no"], replaces=replaces, at=now)
    assert [marks for marks, _code in sealed(poll)] == [["yes"]]


def test_cast_holds_the_deadline_by_the_clock_with_no_job_run(cast: Cast):
    poll = open_yes_no(cast)
    cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=CLOSE - SECOND)
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.pedro, marks=["yes"], replaces=0, at=CLOSE)
    assert RollEntry.objects.voted().count() == 1


def test_cast_that_arrived_in_time_is_let_in_until_the_count_and_not_after(cast: Cast):
    poll = open_yes_no(cast)
    bring_up_to_date(poll=poll, at=CLOSE + SECOND)  # a page read at once does not count yet
    cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=CLOSE - SECOND)
    assert count(poll).result["present"] == 1
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.pedro, marks=["yes"], replaces=0, at=CLOSE - SECOND)


def test_cast_before_the_hour_is_refused_to_electors_and_denied_to_others(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + SECOND)
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now)
    with pytest.raises(Denied):
        cast_ballot(poll=poll, by=cast.nora, marks=["yes"], replaces=0, at=now)


def test_cast_by_who_came_after_the_opening_is_denied(cast: Cast, now):
    poll = open_yes_no(cast)
    builders.membership(cast.olga, cast.cristalerias)
    with pytest.raises(Denied, match="padrón"):
        cast_ballot(poll=poll, by=cast.olga, marks=["yes"], replaces=0, at=now)


def test_cast_by_who_left_after_the_opening_stands_the_roll_is_frozen(cast: Cast, now):
    poll = open_yes_no(cast)
    cast.carmen.memberships.update(until_on=dt.date(2026, 11, 17))
    cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=now + dt.timedelta(days=2))
    assert count(poll).result["present"] == 1


def test_cast_from_an_account_reset_after_the_opening_is_refused_and_its_envelope_stands(cast: Cast, now):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    cast.carmen.reset_at = now + SECOND
    with pytest.raises(Refused):
        cast_ballot(poll=poll, by=cast.carmen, marks=["no"], replaces=1, at=now + 2 * SECOND)
    assert [marks for marks, _code in sealed(poll)] == [["yes"]]


def test_cast_from_an_account_reset_before_the_opening_is_welcome(cast: Cast, now):
    cast.carmen.reset_at = now - SECOND
    assert cast_ballot(poll=open_yes_no(cast), by=cast.carmen, marks=["no"], replaces=0, at=now).version == 1


@pytest.mark.parametrize("marks", [[], ["maybe"], ["yes", "no"], ["yes", "yes"], ["1"]])
def test_cast_of_marks_that_a_yes_no_paper_does_not_have_is_refused(cast: Cast, now, marks):
    with pytest.raises(Refused):
        cast_ballot(poll=open_yes_no(cast), by=cast.carmen, marks=marks, replaces=0, at=now)


@pytest.mark.parametrize("marks", [["9"], ["1", "1"], ["yes"]])
def test_cast_of_marks_that_an_approval_paper_does_not_have_is_refused(cast: Cast, now, marks):
    with pytest.raises(Refused):
        cast_ballot(poll=open_approval(cast, ["A", "B"]), by=cast.carmen, marks=marks, replaces=0, at=now)


def test_cast_writes_no_audit_event(cast: Cast, now):
    poll = open_yes_no(cast)
    before = AuditEvent.objects.count()
    vote(poll, {cast.carmen: ["yes"]})
    assert AuditEvent.objects.count() == before


def test_cast_is_noted_in_the_key_store_after_commit(cast: Cast, now, django_capture_on_commit_callbacks):
    poll = open_yes_no(cast)
    with django_capture_on_commit_callbacks(execute=True):
        vote(poll, {cast.carmen: ["yes"], cast.pedro: ["no"]})
    assert key_store().casts(poll.uuid) == 2


def test_cast_named_vote_stands_beside_the_name_and_the_last_one_counts(cast: Cast, now):
    poll = open_yes_no(cast, cast.council)
    cast_named_vote(poll=poll, by=cast.elena, marks=["no"], at=now)
    receipt = cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=now)
    assert list(NamedVote.objects.values_list("member", "marks")) == [(cast.elena.pk, ["yes"])]
    assert (receipt.code, count(poll).result["outcome"]) == ("", "adopted")


@pytest.mark.parametrize("who", ["carmen", "rosa", "nora", "ana"])
def test_cast_named_vote_is_for_those_who_sit_there(cast: Cast, now, who):
    with pytest.raises(Denied):
        cast_named_vote(poll=open_yes_no(cast, cast.council), by=getattr(cast, who), marks=["yes"], at=now)


def test_cast_goes_neither_by_urn_into_a_named_vote_nor_the_reverse(cast: Cast, now):
    with pytest.raises(Refused):
        cast_ballot(poll=open_yes_no(cast, cast.council), by=cast.elena, marks=["yes"], replaces=0, at=NOW)
    with pytest.raises(Refused):
        cast_named_vote(poll=open_yes_no(cast), by=cast.elena, marks=["yes"], at=NOW)
