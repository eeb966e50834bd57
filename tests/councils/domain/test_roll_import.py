"""A list compared with the roll, looked at, stored whole or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from councils.domain.roll_import import preview_roll, store_roll
from councils.domain.roll_plan import Plan
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Member, Membership, RuleSet, Seat, Territory
from tests import builders

FILE = """name,number,section,category,may vote,may stand,since,e-mail
Eva Paz,201,Hornos,definitive,yes,yes,2020-03-01,eva@example.org
Ana Gil,202,,temporary,yes,no,15/04/2021,
Luis Ríos,203,Hornos,excluded,,,,
"""


def plan_of(cast, now, text: str, create_sections: bool = False) -> Plan:
    return preview_roll(
        workplace=cast.cristalerias, content=text.encode(), create_sections=create_sections, by=cast.elena, at=now
    )


def store(cast, now, text: str, create_sections: bool = False, confirmed: bool = False, digest: str = "") -> Plan:
    plan = plan_of(cast, now, text, create_sections)
    assert plan.faults == []
    return store_roll(
        workplace=cast.cristalerias, rows=plan.rows, create_sections=create_sections, confirmed=confirmed,
        digest=digest or plan.digest, by=cast.elena, at=now,
    )  # fmt: skip


def counts(plan: Plan) -> tuple[int, int, int]:
    return len(plan.added), len(plan.changed), plan.unchanged


def faults(cast, now, text: str) -> list[str]:
    with translation.override("en"):
        return [str(fault) for fault in plan_of(cast, now, text).faults]


def test_preview_roll_stores_nothing(cast, now):
    before = Membership.objects.count()
    assert counts(plan_of(cast, now, FILE)) == (3, 0, 0)
    assert Membership.objects.count() == before


def test_store_roll_adds_people_who_wait_for_their_codes(cast, now):
    store(cast, now, FILE)
    eva, ana, luis = (Membership.objects.get(reference=r) for r in ("201", "202", "203"))
    assert (eva.member.username, eva.member.email, eva.member.has_usable_password()) == (
        "eva.paz", "eva@example.org", False,
    )  # fmt: skip
    assert (eva.section, eva.from_on) == (cast.hornos, dt.date(2020, 3, 1))
    assert (ana.section, ana.category, ana.can_stand, ana.from_on) == (None, "temporary", False, dt.date(2021, 4, 15))
    assert (luis.category, luis.can_vote, luis.can_stand, luis.counts_for_quorum) == ("excluded", False, False, False)
    assert eva.history.count() == 1


def test_store_roll_again_changes_nothing(cast, now):
    store(cast, now, FILE)
    history = Membership.history.count()
    again = store(cast, now, FILE)
    assert (counts(again), again.changes_nothing, Membership.history.count()) == ((0, 0, 3), True, history)
    assert AuditEvent.objects.filter(verb="import_roll").count() == 1


def test_store_roll_without_numbers_again_changes_nothing(cast, now):
    text = "nombre;sección\nEva Paz;Hornos\nCarmen Soto;\n"
    assert counts(store(cast, now, text)) == (1, 0, 1)
    assert counts(store(cast, now, text)) == (0, 0, 2)


def test_store_roll_changes_what_the_file_states_and_leaves_the_rest(cast, now):
    store(cast, now, FILE)
    plan = store(cast, now, "number,name,section,may vote\n201,Eva Paz Mora,,no\n202,Ana Gil,hornos,\n")
    assert counts(plan) == (0, 2, 0)
    eva, ana = Membership.objects.get(reference="201"), Membership.objects.get(reference="202")
    assert (eva.member.name, eva.section, eva.can_vote) == ("Eva Paz Mora", cast.hornos, False)
    assert (ana.section, ana.can_stand) == (cast.hornos, False)
    assert eva.history.count() == 2


def test_store_roll_leaves_names_and_mail_of_who_has_an_account(cast, now):
    store(cast, now, "name,number,e-mail\nCARMEN SOTO,9,other@example.org\n", confirmed=True)
    carmen = Membership.objects.get(reference="9").member
    assert (carmen, carmen.name, carmen.email) == (cast.carmen, "Carmen Soto", "")


def test_store_roll_can_make_the_sections(cast, now):
    plan = store(cast, now, "name,section\nEva Paz,Bodega\nAna Gil,bodega\n", create_sections=True)
    assert plan.new_sections == ["Bodega"]
    assert {m.section for m in Membership.objects.filter(section__name="Bodega")} == {
        Territory.objects.get(name="Bodega")
    }


def test_store_roll_asks_for_a_yes_about_the_same_name(cast, now):
    text = "name,number\nEva Paz,1\nEVA PAZ,2\n"
    with pytest.raises(Refused):
        store(cast, now, text)
    assert Member.objects.filter(name__iexact="eva paz").count() == 0
    assert counts(store(cast, now, text, confirmed=True)) == (2, 0, 0)
    assert sorted(Member.objects.filter(name__iexact="eva paz").values_list("username", flat=True)) == [
        "eva.paz",
        "eva.paz2",
    ]


def test_store_roll_takes_an_unnumbered_namesake_for_the_same_person_and_says_so(cast, now):
    plan = plan_of(cast, now, "name,number\nCarmen Soto,44\n")
    assert (counts(plan), len(plan.warnings)) == ((0, 1, 0), 1)
    store(cast, now, "name,number\nCarmen Soto,44\n", confirmed=True)
    plan = plan_of(cast, now, "name,number\nCarmen Soto,45\n")
    assert (counts(plan), len(plan.warnings)) == ((1, 0, 0), 1)


def test_store_roll_refuses_when_the_roll_changed_meanwhile(cast, now):
    digest = plan_of(cast, now, FILE).digest
    store(cast, now, "name,number\nEva Paz,201\n")
    with pytest.raises(Refused):
        store(cast, now, FILE, digest=digest)


def test_store_roll_stores_nothing_of_a_file_with_a_fault(cast, now):
    plan = plan_of(cast, now, "name,section\nEva Paz,Hornos\nAna Gil,Nowhere\n")
    with pytest.raises(Refused):
        store_roll(
            workplace=cast.cristalerias, rows=plan.rows, create_sections=False, digest=plan.digest, confirmed=True,
            by=cast.elena, at=now,
        )  # fmt: skip
    assert Member.objects.filter(name="Eva Paz").count() == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,section\nEva Paz,Horno\n", "Row 2, column section: there is no section “Horno”. Perhaps: Hornos."),
        ("name\n\n \n123\n", "Row 4, column name: “123” is not a name."),
        ("name,may vote\nEva Paz,perhaps\n", "Row 2, column may vote: “perhaps” is neither yes nor no."),
        (
            "name,since\nEva Paz,2026-02-30\n",
            "Row 2, column since: “2026-02-30” is not a day. Write 2026-03-31 or 31/03/2026.",
        ),
        ("name,since\nEva Paz,2030-01-01\n", "Row 2, column since: 2030-01-01 is after today."),
        ("name,since\nEva Paz,1066-01-01\n", "Row 2, column since: 1066-01-01 is too long ago."),
        ("name,e-mail\nEva Paz,eva@\n", "Row 2, column e-mail: “eva@” is not an e-mail address."),
        ("name,number\nEva Paz,1\nAna Gil,1\n", "Row 3, column number: 1 is already in row 2."),
        ("name,section\nEva Paz,Hornos,9\n", "Row 2: it has more cells than the header has columns."),
        ("name,section\nEva Paz\n", "Row 2: it has fewer cells than the header has columns."),
        ("name\nTOTAL\n", "Row 2, column name: “TOTAL” is not a name."),
        ("name\n<b>Eva</b>\n", "Row 2, column name: “<b>Eva</b>” is not a name."),
        ("name,number\nEva Paz,#N/A\n", "Row 2, column number: “#N/A” is not a roll number."),
        (
            "name,since\nEva Paz,2025-01-01-01\n",
            "Row 2, column since: “2025-01-01-01” is not a day. Write 2026-03-31 or 31/03/2026.",
        ),
        ("name\nEva Paz\nname\n", "Row 3: the header is repeated here. Delete this row."),
        ("name\n" + "E" * 121 + "\n", "Row 2, column name: it is longer than 120 characters."),
        ("name,number\n,7\n", "Row 2, column name: the name is missing."),
        (
            "name,e-mail\nEva Paz,a@example.org\nAna Gil,A@example.org\n",
            "Row 3, column e-mail: a@example.org is already in row 2.",
        ),
    ],
)
def test_preview_roll_names_row_and_column(cast, now, text, expected):
    assert faults(cast, now, text) == [expected]


def test_preview_roll_names_them_in_spanish(cast, now):
    with translation.override("es"):
        (fault,) = plan_of(cast, now, "nombre,sección\nEva Paz,Horno\n").faults
        assert str(fault) == "Fila 2, columna sección: no hay una sección «Horno». Quizás: Hornos."


def test_preview_roll_lists_every_bad_row(cast, now):
    text = "name,may vote\n" + "".join(f"Eva P{chr(97 + n)}z,maybe\n" for n in range(20))
    assert len(faults(cast, now, text)) == 20


def test_preview_roll_refuses_two_without_numbers_of_one_name(cast, now):
    assert len(faults(cast, now, "name\nEva Paz\nEva Paz\n")) == 2
    builders.membership(builders.member("c2", "Carmen Soto"), cast.cristalerias)
    assert len(faults(cast, now, "name\nCarmen Soto\n")) == 1


def test_preview_roll_refuses_another_name_under_the_number_of_an_account(cast, now):
    Membership.objects.filter(member=cast.carmen).update(reference="9")
    assert len(faults(cast, now, "name,number\nEva Paz,9\n")) == 1


def test_preview_roll_refuses_the_mail_of_somebody_else(cast, now):
    Member.objects.filter(pk=cast.nora.pk).update(email="nora@example.org")
    assert len(faults(cast, now, "name,e-mail\nEva Paz,nora@example.org\n")) == 1


def test_preview_roll_refuses_a_return_dated_before_she_left(cast, now):
    row = Membership.objects.get(member=cast.carmen)
    Membership.objects.filter(pk=row.pk).update(until_on=dt.date(2025, 1, 1))
    builders.membership(cast.carmen, cast.cristalerias, since=dt.date(2026, 1, 1), reference="9")
    assert len(faults(cast, now, "name,number,since\nCarmen Soto,9,2024-06-01\n")) == 1


def test_import_roll_is_for_the_committee(cast, now):
    for who in (cast.carmen, cast.nora, cast.olga, cast.ana):
        with pytest.raises(Denied):
            preview_roll(workplace=cast.cristalerias, content=b"name\nEva\n", create_sections=False, by=who, at=now)
        with pytest.raises(Denied):
            store_roll(
                workplace=cast.cristalerias, rows=[], create_sections=False, digest="", confirmed=True, by=who, at=now
            )


def test_store_roll_does_not_ask_more_of_the_database_for_more_rows(cast, now, django_assert_max_num_queries):
    text = "name,number\n" + "".join(f"Persona {n // 10}x{n % 10} Paz,{n + 500}\n" for n in range(300))
    with django_assert_max_num_queries(40):
        assert len(store(cast, now, text).added) == 300


def test_store_roll_ends_the_seats_of_who_is_excluded(cast, now):
    Membership.objects.filter(member=cast.hugo).update(reference="9")
    store(cast, now, "name,number,category\nHugo Tapia,9,excluded\n")
    assert Seat.objects.get(holder=cast.hugo).end_reason == "excluded"


def test_store_roll_writes_the_group_as_the_rules_spell_it(cast, now):
    parts = [{"group": "producción", "seats": 2}, {"group": "administración", "seats": 1}]
    RuleSet.objects.filter(body=cast.assembly).update(rules={"constituencies": {"committee": parts}})
    cast.pedro.memberships.update(group="vieja")
    text = "nombre,grupo\nEva Paz,PRODUCCION\nCarmen Soto,Administracion\nHugo Tapia,\nPedro Rojas,Vieja\n"
    assert counts(plan_of(cast, now, text)) == (1, 1, 2)
    store(cast, now, text)
    assert dict(Membership.objects.filter(territory=cast.cristalerias).values_list("member__name", "group")) == {
        "Eva Paz": "producción", "Carmen Soto": "administración", "Hugo Tapia": "", "Pedro Rojas": "vieja",
        "Elena Paillán": "", "Rosa Marín": "",
    }  # fmt: skip
    assert counts(plan_of(cast, now, text)) == (0, 0, 4)
    told = faults(cast, now, "name,group\nEva Paz,producion\nAna Gil,###\n")
    assert told == [
        "Row 2, column group: The rules name no group “producion”. Perhaps: producción.",
        "Row 3, column group: “###” is not the name of a group.",
    ]
