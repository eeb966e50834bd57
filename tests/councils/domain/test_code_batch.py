"""Codes: one asks, another approves, printed once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.domain import code_batch
from councils.domain.code_batch import approve_codes, print_codes, request_codes, request_reset, void_codes
from councils.domain.membership import admit_member
from councils.enums import CodePurpose
from councils.errors import Denied, Refused
from councils.models import AuditEvent, CodeBatch, EnrolmentCode, Seat
from tests import builders

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def key_store(settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path


def asked(cast, now, count: int | None = 3) -> CodeBatch:
    return request_codes(workplace=cast.cristalerias, count=count, by=cast.elena, at=now)


def approved(cast, now, count: int | None = 3) -> CodeBatch:
    return approve_codes(batch=asked(cast, now, count), by=cast.hugo, at=now)


def test_request_codes_waits_for_another_person(cast, now):
    batch = asked(cast, now)
    assert (batch.approved_at, batch.founding, batch.count) == (None, False, 3)
    with pytest.raises(Refused):
        print_codes(batch=batch, by=cast.elena, at=now)
    with pytest.raises(Refused):
        approve_codes(batch=batch, by=cast.elena, at=now)
    assert approve_codes(batch=batch, by=cast.hugo, at=now).approved_by == cast.hugo


def test_two_people_is_a_rule_of_the_database(cast, now):
    batch = asked(cast, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeBatch.objects.filter(pk=batch.pk).update(approved_by=cast.elena, approved_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeBatch.objects.filter(pk=batch.pk).update(printed_at=now)


def test_request_codes_of_a_committee_of_one_founds_once(cast, now):
    Seat.objects.filter(holder=cast.hugo).update(ended_at=now - DAY, end_reason="resigned")
    first, second = asked(cast, now), asked(cast, now)
    assert (first.founding, first.approved_by, second.founding, second.approved_by) == (True, cast.elena, False, None)


def test_request_codes_counts_who_has_no_account(cast, now):
    with pytest.raises(Refused):
        asked(cast, now, None)
    for name in ("Eva Paz", "Ana Gil"):
        admit_member(workplace=cast.cristalerias, name=name, by=cast.elena, at=now)
    batch = asked(cast, now, None)
    assert (batch.count, batch.for_roll) == (2, True)


def test_request_codes_founds_anew_when_the_first_sheet_was_withdrawn_unused(cast, now):
    Seat.objects.filter(holder=cast.hugo).update(ended_at=now - DAY, end_reason="resigned")
    first = asked(cast, now)
    print_codes(batch=first, by=cast.elena, at=now)
    void_codes(batch=first, by=cast.elena, at=now)
    second = asked(cast, now)
    print_codes(batch=second, by=cast.elena, at=now)
    EnrolmentCode.objects.filter(batch=second).first().delete()  # as the use of a code without a name does
    void_codes(batch=second, by=cast.elena, at=now)
    assert [b.founding for b in (first, second, asked(cast, now))] == [True, True, False]


@pytest.mark.parametrize("count", [0, -1, code_batch.MAX_CODES + 1])
def test_request_codes_refuses_odd_numbers(cast, now, count):
    with pytest.raises(Refused):
        asked(cast, now, count)


def test_approve_codes_asks_that_who_asked_still_sits(cast, now):
    batch = asked(cast, now)
    Seat.objects.filter(holder=cast.elena).update(ended_at=now, end_reason="recalled")
    with pytest.raises(Refused):
        approve_codes(batch=batch, by=cast.hugo, at=now)


def test_approve_codes_once(cast, now):
    batch = approved(cast, now)
    with pytest.raises(Refused):
        approve_codes(batch=batch, by=cast.hugo, at=now)


def test_print_codes_shows_them_once_and_keeps_only_hashes(cast, now):
    batch = approved(cast, now)
    printed = print_codes(batch=batch, by=cast.elena, at=now)
    plain = {p.code.replace("-", "") for p in printed}
    stored = set(EnrolmentCode.objects.values_list("code_hash", flat=True))
    assert (len(plain), stored) == (3, {code_batch.code_hash(code) for code in plain})
    assert {p.expires_at for p in printed} == {now + code_batch.ENROL_LIFE}
    with pytest.raises(Refused):
        print_codes(batch=batch, by=cast.elena, at=now)


def test_print_codes_of_the_roll_bear_names_and_replace_older_ones(cast, now):
    for name in ("Eva Paz", "Ana Gil"):
        admit_member(workplace=cast.cristalerias, name=name, by=cast.elena, at=now)
    first = print_codes(batch=approved(cast, now, None), by=cast.elena, at=now)
    again = print_codes(batch=approved(cast, now, None), by=cast.elena, at=now + DAY)
    assert [p.name for p in first] == ["Ana Gil", "Eva Paz"] == [p.name for p in again]
    usable = EnrolmentCode.objects.usable(now + DAY).values_list("code_hash", flat=True)
    assert set(usable) == {code_batch.code_hash(p.code.replace("-", "")) for p in again}


def test_print_codes_of_the_founding_sheet_anew_until_one_is_used(cast, now):
    Seat.objects.filter(holder=cast.hugo).update(ended_at=now - DAY, end_reason="resigned")
    batch = asked(cast, now)
    lost = print_codes(batch=batch, by=cast.elena, at=now)
    kept = print_codes(batch=batch, by=cast.elena, at=now)
    assert ({p.code for p in lost} & {p.code for p in kept}, EnrolmentCode.objects.count()) == (set(), 3)
    EnrolmentCode.objects.order_by("pk").first().delete()  # as the use of a code without a name does
    with pytest.raises(Refused):
        print_codes(batch=batch, by=cast.elena, at=now)


def test_void_codes_ends_what_was_not_used(cast, now):
    batch = approved(cast, now)
    print_codes(batch=batch, by=cast.elena, at=now)
    void_codes(batch=batch, by=cast.hugo, at=now)
    assert EnrolmentCode.objects.usable(now).count() == 0
    assert AuditEvent.objects.get(verb="void_codes").detail == {"count": 3}
    with pytest.raises(Refused):
        void_codes(batch=batch, by=cast.hugo, at=now)
    waiting = asked(cast, now)
    void_codes(batch=waiting, by=cast.elena, at=now)
    with pytest.raises(Refused):
        approve_codes(batch=waiting, by=cast.hugo, at=now)


# --- resets -----------------------------------------------------------------------------------


def test_request_reset_needs_two_others(cast, now):
    batch = request_reset(workplace=cast.cristalerias, member=cast.carmen, by=cast.elena, at=now)
    assert (batch.purpose, batch.member, batch.count) == (CodePurpose.RESET, cast.carmen, 1)
    approve_codes(batch=batch, by=cast.hugo, at=now)
    (ticket,) = print_codes(batch=batch, by=cast.elena, at=now)
    assert (ticket.name, ticket.expires_at) == ("Carmen Soto", now + code_batch.RESET_LIFE)
    verbs = AuditEvent.objects.filter(body=cast.committee).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["request_reset", "approve_reset", "print_codes"]


def test_request_reset_is_not_for_oneself_nor_approved_by_oneself(cast, now):
    with pytest.raises(Refused):
        request_reset(workplace=cast.cristalerias, member=cast.elena, by=cast.elena, at=now)
    batch = request_reset(workplace=cast.cristalerias, member=cast.hugo, by=cast.elena, at=now)
    with pytest.raises(Refused):
        approve_codes(batch=batch, by=cast.hugo, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeBatch.objects.filter(pk=batch.pk).update(approved_by=cast.hugo, approved_at=now)


def test_request_reset_refuses_a_second_one_while_the_first_waits(cast, now):
    request_reset(workplace=cast.cristalerias, member=cast.carmen, by=cast.elena, at=now)
    with pytest.raises(Refused):
        request_reset(workplace=cast.cristalerias, member=cast.carmen, by=cast.hugo, at=now)


def test_request_reset_refuses_who_is_elsewhere_without_account_or_keeper(cast, now):
    untaken = admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now).member
    builders.membership(cast.ana, cast.cristalerias)
    for member in (cast.nora, untaken, cast.ana):
        with pytest.raises(Refused):
            request_reset(workplace=cast.cristalerias, member=member, by=cast.elena, at=now)


def test_request_reset_is_not_won_by_dating_a_membership_back(cast, now):
    """A committee may correct since when she belongs; that gives it no hand on her account."""
    builders.membership(cast.nora, cast.cristalerias, since=builders.LONG_AGO - 9000 * DAY)
    with pytest.raises(Refused):
        request_reset(workplace=cast.cristalerias, member=cast.nora, by=cast.elena, at=now)


def test_request_reset_is_for_the_workplace_of_longest_standing(cast, now):
    """A committee that she joined later, perhaps a sham one, has no hand on her account."""
    builders.membership(cast.nora, cast.cristalerias, since=dt.date(2026, 1, 1))
    with pytest.raises(Refused):
        request_reset(workplace=cast.cristalerias, member=cast.nora, by=cast.elena, at=now)


def test_to_approve_waits_for_the_second_person_only(cast, now):
    asked(cast, now)
    request_reset(workplace=cast.cristalerias, member=cast.hugo, by=cast.elena, at=now)
    titles = {
        who: [t.title for t in code_batch.to_approve(getattr(cast, who), now)] for who in ("elena", "hugo", "nora")
    }
    assert {who: len(found) for who, found in titles.items()} == {"elena": 0, "hugo": 1, "nora": 0}


@pytest.mark.parametrize("who", ["carmen", "rosa", "nora", "olga", "ana"])
def test_verbs_of_codes_are_for_the_committee(cast, now, who):
    batch, by = asked(cast, now), getattr(cast, who)
    acts = [
        lambda: request_codes(workplace=cast.cristalerias, count=1, by=by, at=now),
        lambda: request_reset(workplace=cast.cristalerias, member=cast.pedro, by=by, at=now),
        lambda: approve_codes(batch=batch, by=by, at=now),
        lambda: print_codes(batch=batch, by=by, at=now),
        lambda: void_codes(batch=batch, by=by, at=now),
    ]
    for act in acts:
        with pytest.raises(Denied):
            act()
