"""The committee's table: two people admit, a code casts once, and nothing says who cast or when."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from councils.domain.ballot import AlreadyCounted, cast_ballot
from councils.domain.code_batch import code_hash
from councils.domain.log import events_of, in_words
from councils.domain.poll import check_key, count_poll, key_store
from councils.domain.table import call_to_table, cast_at_table, confirm_at_table, find_admission
from councils.domain.waiting import waiting_for
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Member, Poll, RollEntry, Seat, TableAdmission
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import CLOSE, open_yes_no, sealed, vote

MINUTE = dt.timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE


def row_of(poll: Poll, member: Member) -> RollEntry:
    return RollEntry.objects.select_related("poll__body__territory", "member").get(poll=poll, member=member)


def code_for(cast: Cast, poll: Poll, member: Member, at: dt.datetime = NOW) -> str:
    """Elena calls, Hugo confirms."""
    admission = call_to_table(row=row_of(poll, member), by=cast.elena, at=at)
    return confirm_at_table(admission=admission, by=cast.hugo, at=at).code


def test_table_casts_one_sealed_vote_that_counts(cast: Cast):
    poll = open_yes_no(cast)
    receipt = cast_at_table(
        admission=find_admission(typed=code_for(cast, poll, cast.carmen), at=NOW), marks=["yes"], at=NOW
    )
    assert (receipt.version, row_of(poll, cast.carmen).voted) == (1, True)
    assert sealed(poll) == [(["yes"], receipt.code.replace("-", ""))]


def test_table_is_in_the_log_with_the_vote(cast: Cast):
    poll = open_yes_no(cast)
    code_for(cast, poll, cast.carmen)
    with translation.override("en"):
        said = [entry.sentence for entry in in_words(events_of(body=poll.body, by=cast.pedro, at=NOW))]
    assert said[:2] == [
        "Confirmed Carmen Soto at the committee's table, to vote on “¿Se aprueba?”.",
        "Called Carmen Soto to the committee's table, to vote on “¿Se aprueba?”.",
    ]


def test_table_serves_an_account_that_was_reset(cast: Cast):
    poll = open_yes_no(cast)
    Member.objects.filter(pk=cast.carmen.pk).update(reset_at=NOW + MINUTE)
    found = find_admission(typed=code_for(cast, poll, cast.carmen, NOW + 2 * MINUTE), at=NOW + 2 * MINUTE)
    assert cast_at_table(admission=found, marks=["no"], at=NOW + 3 * MINUTE).version == 1


def test_code_is_stored_as_a_keyed_hash_and_lives_half_an_hour(cast: Cast):
    poll = open_yes_no(cast)
    code = code_for(cast, poll, cast.carmen)
    admission = TableAdmission.objects.get()
    assert admission.code_hash == code_hash(code.replace("-", ""))
    assert find_admission(typed=code, at=NOW + HALF_AN_HOUR - MINUTE) == admission
    with pytest.raises(Refused):
        find_admission(typed=code, at=NOW + HALF_AN_HOUR)
    with pytest.raises(AlreadyCounted):
        cast_at_table(admission=admission, marks=["yes"], at=NOW + HALF_AN_HOUR)
    assert not RollEntry.objects.voted().exists()


@pytest.mark.parametrize("typed", ["", "x", "K7TM4-Q2XRB"])
def test_code_that_is_none_is_refused(cast: Cast, typed):
    with pytest.raises(Refused):
        find_admission(typed=typed, at=NOW)


def test_code_is_dead_after_its_cast(cast: Cast):
    poll = open_yes_no(cast)
    code = code_for(cast, poll, cast.carmen)
    admission = find_admission(typed=code, at=NOW)
    cast_at_table(admission=admission, marks=["yes"], at=NOW)
    with pytest.raises(Refused):
        find_admission(typed=code, at=NOW)
    with pytest.raises(AlreadyCounted):
        cast_at_table(admission=admission, marks=["no"], at=NOW)
    assert row_of(poll, cast.carmen).envelope_version == 1


def test_code_is_dead_once_she_has_voted_from_her_own_account(cast: Cast):
    poll = open_yes_no(cast)
    code = code_for(cast, poll, cast.carmen)
    admission = find_admission(typed=code, at=NOW)
    vote(poll, {cast.carmen: ["yes"]})
    with pytest.raises(Refused):
        find_admission(typed=code, at=NOW)
    with pytest.raises(AlreadyCounted):
        cast_at_table(admission=admission, marks=["no"], at=NOW)
    assert not TableAdmission.objects.get().used


def test_whoever_was_voted_for_at_the_table_in_her_name_replaces_it_from_her_account(cast: Cast):
    poll = open_yes_no(cast)
    cast_at_table(admission=find_admission(typed=code_for(cast, poll, cast.carmen), at=NOW), marks=["yes"], at=NOW)
    assert cast_ballot(poll=poll, by=cast.carmen, marks=["no"], replaces=1, at=NOW).version == 2


def test_call_anew_makes_the_code_before_void(cast: Cast):
    poll = open_yes_no(cast)
    first = code_for(cast, poll, cast.carmen)
    second = code_for(cast, poll, cast.carmen)
    assert find_admission(typed=second, at=NOW).elector == cast.carmen
    with pytest.raises(Refused):
        find_admission(typed=first, at=NOW)


def test_call_of_who_has_voted_is_refused(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    with pytest.raises(Refused):
        call_to_table(row=row_of(poll, cast.carmen), by=cast.elena, at=NOW)


def test_call_of_oneself_is_refused(cast: Cast):
    with pytest.raises(Refused):
        call_to_table(row=row_of(open_yes_no(cast), cast.elena), by=cast.elena, at=NOW)


def test_call_twice_is_one_call_and_a_second_person_confirms_it(cast: Cast):
    row = row_of(open_yes_no(cast), cast.carmen)
    first = call_to_table(row=row, by=cast.elena, at=NOW)
    assert call_to_table(row=row, by=cast.elena, at=NOW) == first
    with pytest.raises(Refused, match="Elena"):
        call_to_table(row=row, by=cast.hugo, at=NOW)


def test_call_by_a_committee_of_one_is_refused(cast: Cast):
    Seat.objects.filter(body=cast.committee, holder=cast.hugo).update(ended_at=NOW, end_reason="resigned")
    with pytest.raises(Refused):
        call_to_table(row=row_of(open_yes_no(cast), cast.carmen), by=cast.elena, at=NOW)


def test_confirm_by_who_called_or_by_the_elector_is_refused(cast: Cast):
    poll = open_yes_no(cast)
    with pytest.raises(Refused):
        confirm_at_table(
            admission=call_to_table(row=row_of(poll, cast.carmen), by=cast.elena, at=NOW), by=cast.elena, at=NOW
        )
    with pytest.raises(Refused):
        confirm_at_table(
            admission=call_to_table(row=row_of(poll, cast.hugo), by=cast.elena, at=NOW), by=cast.hugo, at=NOW
        )


def test_confirm_twice_gives_one_code(cast: Cast):
    admission = call_to_table(row=row_of(open_yes_no(cast), cast.carmen), by=cast.elena, at=NOW)
    confirm_at_table(admission=admission, by=cast.hugo, at=NOW)
    with pytest.raises(Refused):
        confirm_at_table(admission=admission, by=cast.hugo, at=NOW)


def test_confirm_of_a_call_by_who_left_the_committee_is_refused(cast: Cast):
    admission = call_to_table(row=row_of(open_yes_no(cast), cast.carmen), by=cast.elena, at=NOW)
    Seat.objects.filter(body=cast.committee, holder=cast.elena).update(ended_at=NOW, end_reason="resigned")
    with pytest.raises(Refused, match="Elena"):
        confirm_at_table(admission=admission, by=cast.hugo, at=NOW)


def test_confirm_waits_on_the_page_of_the_second_person_alone(cast: Cast):
    poll = open_yes_no(cast)
    call_to_table(row=row_of(poll, cast.carmen), by=cast.elena, at=NOW)
    address = f"/votes/{poll.uuid}/table/"
    waits = {name for name in ("elena", "hugo", "pedro", "nora")
             if address in [t.url for t in waiting_for(member=getattr(cast, name), at=NOW)]}  # fmt: skip
    assert waits == {"hugo"}


@pytest.mark.parametrize(
    ("who", "constraint"),
    [
        ({"called_by": "elena", "confirmed_by": "elena"}, "table_admission_two_people"),
        ({"called_by": "carmen", "confirmed_by": "hugo"}, "table_admission_not_for_oneself"),
        ({"called_by": "elena", "confirmed_by": "carmen"}, "table_admission_not_for_oneself"),
    ],
)
def test_the_database_itself_wants_two_others(cast: Cast, who, constraint):
    row = row_of(open_yes_no(cast), cast.carmen)
    people = {role: getattr(cast, name) for role, name in who.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TableAdmission.objects.create(row=row, elector=cast.carmen, code_hash="x", expires_at=NOW, **people)


def test_the_database_gives_no_code_to_who_was_only_called(cast: Cast):
    row = row_of(open_yes_no(cast), cast.carmen)
    with pytest.raises(IntegrityError, match="table_admission_code_when_confirmed"), transaction.atomic():
        TableAdmission.objects.create(row=row, elector=cast.carmen, called_by=cast.elena, code_hash="x", expires_at=NOW)


def test_table_knows_no_vote_by_name_and_no_closed_one(cast: Cast):
    poll = open_yes_no(cast)
    code = code_for(cast, poll, cast.carmen, CLOSE - MINUTE)
    with pytest.raises(Refused):
        find_admission(typed=code, at=CLOSE)
    with pytest.raises(Refused):
        call_to_table(row=row_of(poll, cast.pedro), by=cast.elena, at=CLOSE)
    with pytest.raises(Denied):  # a council has no committee that keeps a table
        named = open_yes_no(cast, cast.council)
        call_to_table(row=row_of(named, cast.elena), by=cast.hugo, at=NOW)


def test_admissions_are_gone_with_the_envelopes(cast: Cast):
    poll = open_yes_no(cast)
    code_for(cast, poll, cast.carmen)
    count_poll(poll=poll, at=CLOSE)
    assert not TableAdmission.objects.exists()
    lost = open_yes_no(cast)
    code_for(cast, lost, cast.carmen)
    (key_store().directory / lost.uuid.hex / "half").unlink()
    check_key(poll=lost, at=NOW)
    assert not TableAdmission.objects.exists()


def test_audit_names_who_called_and_confirmed_and_never_the_cast(cast: Cast):
    poll = open_yes_no(cast)
    code = code_for(cast, poll, cast.carmen)
    said = list(AuditEvent.objects.filter(verb__endswith="table").order_by("pk").values_list("verb", "actor", "detail"))
    named = {"name": "Carmen Soto", "vote": "¿Se aprueba?"}
    assert said == [("call_to_table", cast.elena.pk, named), ("confirm_at_table", cast.hugo.pk, named)]
    before = AuditEvent.objects.count()
    cast_at_table(admission=find_admission(typed=code, at=NOW), marks=["yes"], at=NOW)
    assert AuditEvent.objects.count() == before
