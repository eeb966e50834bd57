"""The roll: admitting, changing, ending, transferring."""

from __future__ import annotations

import datetime as dt

import pytest

from councils import permissions
from councils.domain.membership import Rights, admit_member, change_rights, end_membership, transfer_member
from councils.enums import Category, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, EnrolmentCode, Membership, Seat
from tests import builders

TODAY = dt.date(2026, 11, 16)


def of(member, place) -> Membership:
    return Membership.objects.get(member=member, territory=place)


def test_admit_member_waits_for_a_code(cast, now):
    row = admit_member(workplace=cast.cristalerias, name="Eva  Paz Mora", section=cast.hornos, by=cast.elena, at=now)
    assert (row.member.name, row.member.username) == ("Eva Paz Mora", "eva.mora")
    assert (row.member.has_usable_password(), row.section, row.from_on) == (False, cast.hornos, TODAY)
    event = AuditEvent.objects.get(verb="admit_member")
    assert (event.actor, event.body, event.detail) == (cast.elena, cast.committee, {"name": "Eva Paz Mora"})


def test_admit_member_makes_user_names_that_differ(cast, now):
    rows = [admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now) for _n in range(3)]
    assert [row.member.username for row in rows] == ["eva.paz", "eva.paz2", "eva.paz3"]


def test_admit_member_refuses_a_number_in_use_and_a_foreign_section(cast, now):
    admit_member(workplace=cast.cristalerias, name="Eva Paz", reference="117", by=cast.elena, at=now)
    foreign = builders.territory("section", "Patio", cast.perlak)
    for extra in ({"reference": "117"}, {"section": foreign}):
        with pytest.raises(Refused):
            admit_member(workplace=cast.cristalerias, name="Ana Gil", by=cast.elena, at=now, **extra)
    assert Membership.objects.filter(member__name="Ana Gil").count() == 0


def test_change_rights_says_in_the_log_what_changed(cast, now):
    rights = Rights(category=Category.ON_LEAVE)
    change_rights(
        membership=of(cast.carmen, cast.cristalerias), rights=rights, section=cast.hornos, reference="7",
        by=cast.elena, at=now,
    )  # fmt: skip
    assert AuditEvent.objects.get(verb="change_rights").detail == {
        "name": "Carmen Soto",
        "changed": {"section": ["", "Hornos"], "reference": ["", "7"], "category": ["definitive", "on_leave"]},
    }


def test_change_rights_without_a_change_leaves_no_trace(cast, now):
    row = of(cast.carmen, cast.cristalerias)
    change_rights(membership=row, rights=Rights(), section=None, reference="", by=cast.elena, at=now)
    assert AuditEvent.objects.filter(verb="change_rights").count() == 0


def test_end_membership_ends_seats_and_codes(cast, now):
    row = of(cast.hugo, cast.cristalerias)
    batch = cast.cristalerias.code_batches.create(
        purpose="enrol", count=1, requested_by=cast.elena, requested_at=now, for_roll=True
    )
    code = EnrolmentCode.objects.create(
        batch=batch, code_hash="x" * 64, membership=row, expires_at=now + dt.timedelta(days=1)
    )
    assert end_membership(membership=row, by=cast.elena, at=now).until_on == TODAY
    seat = Seat.objects.get(holder=cast.hugo)
    assert (seat.ended_at, seat.end_reason) == (now, SeatEnd.LEFT)
    assert not EnrolmentCode.objects.usable(now).filter(pk=code.pk).exists()
    assert not permissions.may("admit_member", by=cast.hugo, on=cast.cristalerias, at=now)
    with pytest.raises(Refused):
        end_membership(membership=row, by=cast.elena, at=now)


def test_end_membership_on_the_first_day_lasts_until_tomorrow(cast, now):
    row = admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now)
    assert end_membership(membership=row, by=cast.elena, at=now).until_on == TODAY + dt.timedelta(days=1)


def test_end_membership_is_not_for_oneself(cast, now):
    with pytest.raises(Refused):
        end_membership(membership=of(cast.elena, cast.cristalerias), by=cast.elena, at=now)


def test_transfer_member_moves_on_one_day(cast, now):
    row = of(cast.elena, cast.cristalerias)
    joined = transfer_member(membership=row, to=cast.perlak, by=cast.ana, at=now)
    row.refresh_from_db()
    assert (row.until_on, joined.from_on, joined.member) == (TODAY, TODAY, cast.elena)
    assert Seat.objects.held_at(now).of(cast.elena).count() == 0
    assert AuditEvent.objects.filter(verb="transfer_member").count() == 2


def test_transfer_member_is_not_for_a_committee(cast, now):
    for by in (cast.elena, cast.carmen):
        with pytest.raises(Denied):
            transfer_member(membership=of(cast.carmen, cast.cristalerias), to=cast.perlak, by=by, at=now)


def test_transfer_member_refuses_where_she_is(cast, now):
    with pytest.raises(Refused):
        transfer_member(membership=of(cast.carmen, cast.cristalerias), to=cast.cristalerias, by=cast.ana, at=now)
