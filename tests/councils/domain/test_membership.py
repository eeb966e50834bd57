"""The roll: admitting, changing, ending, transferring."""

from __future__ import annotations

import datetime as dt

import pytest

from councils import permissions
from councils.domain.membership import Rights, admit_member, change_rights, end_membership, transfer_member
from councils.enums import Category, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, EnrolmentCode, Membership, RuleSet, Seat
from councils.models.electorate import may_stand
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


@pytest.mark.parametrize(
    ("rights", "reason"),
    [
        (Rights(category=Category.EXCLUDED, can_stand=False), SeatEnd.EXCLUDED),
        (Rights(category=Category.EXCLUDED), SeatEnd.EXCLUDED),
        (Rights(can_stand=False), SeatEnd.INELIGIBLE),
        (Rights(can_vote=False), ""),
        (Rights(category=Category.ON_LEAVE), ""),
    ],
)
def test_change_rights_ends_the_seats_of_who_may_no_longer_sit(cast, now, rights, reason):
    row = of(cast.elena, cast.cristalerias)
    change_rights(membership=row, rights=rights, section=None, reference="", by=cast.hugo, at=now)
    assert list(cast.elena.seats.values_list("end_reason", flat=True)) == [reason, reason]
    assert may_stand(cast.elena, cast.assembly, now) is not bool(reason)


def test_change_rights_leaves_seats_that_another_assembly_gave(cast, now):
    builders.membership(cast.elena, cast.perlak)
    other = builders.seat(cast.elena, Body.objects.committee_of(cast.perlak), Body.objects.assembly_of(cast.perlak))
    row = of(cast.elena, cast.cristalerias)
    change_rights(membership=row, rights=Rights(can_stand=False), section=None, reference="", by=cast.hugo, at=now)
    assert list(Seat.objects.held_at(now).of(cast.elena)) == [other]


def test_change_of_something_else_leaves_the_seat_of_who_could_not_stand(cast, now):
    row = of(cast.elena, cast.cristalerias)
    row.can_stand = False
    row.save()
    rights = Rights(can_stand=False)
    change_rights(membership=row, rights=rights, section=cast.hornos, reference="7", by=cast.hugo, at=now)
    assert Seat.objects.held_at(now).of(cast.elena).count() == 2


def name_groups(cast) -> None:
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": parts}})


def test_group_is_free_until_the_rules_name_some(cast, now):
    row = of(cast.carmen, cast.cristalerias)
    given = {"section": None, "reference": "", "by": cast.elena, "at": now}
    row = change_rights(membership=row, rights=Rights(group="Prodution"), **given)
    assert row.group == "Prodution"
    name_groups(cast)
    with pytest.raises(Refused) as refusal:
        change_rights(membership=of(cast.pedro, cast.cristalerias), rights=Rights(group="Prodution"), **given)
    assert "producción" in str(refusal.value)
    change_rights(membership=row, rights=Rights(group="Prodution", can_stand=False), **given)  # it was there before
    assert change_rights(membership=row, rights=Rights(group="PRODUCCION"), **given).group == "producción"
    assert AuditEvent.objects.filter(verb="change_rights").latest("pk").detail["changed"]["group"] == [
        "Prodution", "producción",
    ]  # fmt: skip


def test_admit_member_refuses_a_group_that_the_rules_do_not_name(cast, now):
    name_groups(cast)
    with pytest.raises(Refused):
        admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now, rights=Rights(group="cocina"))
    assert not Membership.objects.filter(member__name="Eva Paz").exists()
