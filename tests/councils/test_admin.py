"""The admin of councils: set-up data, and nothing that could touch a vote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import override

from councils import models
from councils.enums import BodyKind, JobState, TerritoryKind
from councils.models import (
    Affiliation,
    AuditEvent,
    Body,
    Job,
    Member,
    Membership,
    Placement,
    RollEntry,
    RuleSet,
    Seat,
    Territory,
)
from tests import builders as b
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import open_yes_no

#: All that decides or identifies a vote; and keys to accounts.
SEALED = [
    models.Poll,
    models.RollEntry,
    models.Ballot,
    models.CheckCode,
    models.NamedVote,
    models.EnrolmentCode,
    models.CodeBatch,
    models.Election,
    models.Nomination,
    models.Proposal,
]
CHANGELISTS = sorted((model._meta.app_label, model._meta.model_name) for model in admin.site._registry)


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is NOW: pages read the clock."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana(client: Client, cast: Cast) -> Client:
    """The keeper, signed in."""
    client.force_login(cast.ana)
    return client


def save(client: Client, url: str, **data: object) -> str:
    """Post a form of the admin; the errors it shows, or nothing when it was stored."""
    answer = client.post(url, {name: value for name, value in data.items() if value is not None})
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 200
    errors = [str(e) for found in answer.context["errors"] for e in (found if isinstance(found, list) else [found])]
    assert errors
    return " ".join(errors)


def inline(prefix: str = "placements", *rows: dict[str, object]) -> dict[str, object]:
    """The management form of an inline, and its rows."""
    found: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": len(rows),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        found |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return found


# --- who comes in ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["carmen", "elena", "rosa", "nora", "olga"])
@pytest.mark.parametrize("path", ["admin:index", "admin:councils_member_changelist", "admin:login"])
def test_admin_shows_the_403_page_to_who_does_not_keep_the_installation(client, cast, who, path):
    client.force_login(getattr(cast, who))
    answer = client.get(reverse(path), follow=True)
    assert answer.status_code == 403
    assert "mantienen la instalación" in answer.content.decode()


def test_admin_sends_a_stranger_to_the_one_sign_in_form(client, db):
    answer = client.get(page(Territory, "changelist"), follow=True)
    wanted = urlencode({"next": page(Territory, "changelist")})
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?{wanted}"


def test_admin_has_no_sign_in_form_for_who_is_in(ana):
    assert ana.get(reverse("admin:login")).url == reverse("admin:index")


def test_admin_sends_staff_without_second_factor_to_set_one_up(client, cast):
    keeper = b.member("berta", is_staff=True)
    client.force_login(keeper)
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("second_factor_needed")


def test_admin_lets_staff_in_without_further_permissions(client, cast):
    client.force_login(b.member("berta", is_staff=True, is_demo=True))
    assert client.get(page(Territory, "changelist")).status_code == 200


def test_admin_has_no_password_form_of_its_own(ana):
    assert ana.get(reverse("admin:password_change")).url == reverse("account_change_password")


# --- what has no page --------------------------------------------------------------------------


def test_admin_knows_nothing_of_votes_and_codes():
    assert not set(SEALED) & set(admin.site._registry)
    assert {model._meta.app_label for model in admin.site._registry} == {"councils", "production"}
    for model in SEALED:
        with pytest.raises(NoReverseMatch):
            page(model, "changelist")


def test_admin_links_no_form_to_a_vote(ana, cast):
    """No registered model has an inline, a field or a column that is a vote or a code."""
    for model, options in admin.site._registry.items():
        columns = {name.split("__")[0] for name in (*options.list_display, *options.search_fields) if name[:2] != "__"}
        inlines = {line.model for line in options.inlines}
        related = {f.related_model for f in model._meta.get_fields() if f.name in columns}
        assert not (related | inlines) & set(SEALED), model


@pytest.mark.parametrize("model", [Territory, Body, Member, Membership, RuleSet, Seat, AuditEvent, Job, Affiliation])
def test_admin_deletes_nothing_from_which_votes_hang(ana, cast, model):
    open_yes_no(cast)
    row = model.objects.first() or Job.objects.create(kind="x", key="x", due_at=NOW, created_at=NOW)
    if not isinstance(row, model):
        pytest.skip("nothing to delete")
    assert ana.get(page(model, "delete", row.pk)).status_code == 403
    count = model.objects.count()
    answer = ana.post(
        page(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert answer.status_code in (200, 302)
    assert model.objects.count() == count


def test_history_and_recent_acts_name_no_vote(ana, cast):
    open_yes_no(cast)
    save(ana, page(Territory, "change", cast.perlak.pk), name="Perlak Sur", level_name="", **inline())
    for url in (page(Territory, "history", cast.perlak.pk), reverse("admin:index"), page(Member, "history", 1)):
        text = ana.get(url).content.decode().lower()
        assert "ballot" not in text and "rollentry" not in text
    assert set(LogEntry.objects.values_list("content_type__model", flat=True)) == {"territory"}


@pytest.mark.parametrize("model", [Seat, AuditEvent, Job])
def test_admin_only_looks_at(ana, cast, model, now):
    Job.objects.create(kind="x", key="x", due_at=now, created_at=now)
    AuditEvent.objects.create(verb="x", at=now)
    row = model.objects.first()
    assert ana.get(page(model, "add")).status_code == 403
    shown = ana.get(page(model, "change", row.pk))
    assert shown.status_code == 200
    assert b'name="_save"' not in shown.content
    assert ana.post(page(model, "change", row.pk), {}).status_code == 403


# --- every page --------------------------------------------------------------------------------


@pytest.mark.parametrize(("app", "name"), CHANGELISTS)
def test_changelist_searches_and_exports(ana, cast, app, name, now):
    url = reverse(f"admin:{app}_{name}_changelist")
    assert ana.get(url, {"q": "perlak"}).status_code == 200
    assert ana.get(url, {"q": "\x00" * 3 + "%'"}).status_code in (200, 302)
    model = next(m for m in admin.site._registry if (m._meta.app_label, m._meta.model_name) == (app, name))
    keys = list(model._default_manager.values_list("pk", flat=True)[:5])
    if keys:
        answer = ana.post(url, {"action": "export_csv", "_selected_action": keys})
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert len(lines) >= 1 + len(keys)


def test_export_has_the_columns_of_the_list_and_no_formula(ana, cast):
    evil = b.member("evil", "=HYPERLINK(1)")
    answer = ana.post(page(Member, "changelist"), {"action": "export_csv", "_selected_action": [evil.pk]})
    header, row = answer.content.decode("utf-8-sig").splitlines()
    assert header.split(",")[:2] == ["nombre", "nombre de usuario"]
    assert row.startswith("'=HYPERLINK(1),evil,")
    assert evil.password not in answer.content.decode()


def one_more(number: int) -> None:
    """A row more in every list of councils."""
    place = b.workplace(f"Fábrica {number}", None)
    person = b.member(f"persona{number}")
    b.membership(person, place)
    b.seat(person, Body.objects.committee_of(place), Body.objects.assembly_of(place), place)
    branch = Body.objects.create(kind=BodyKind.BRANCH, name=f"Rama {number}")
    Affiliation.objects.create(workplace=place, body=branch, from_on=NOW.date())
    Job.objects.create(kind="x", key=f"x{number}", due_at=NOW, created_at=NOW)
    AuditEvent.objects.create(verb="x", at=NOW, actor=person, body=branch)


@pytest.mark.parametrize("name", [name for app, name in CHANGELISTS if app == "councils"])
def test_changelist_asks_as_often_for_30_rows_as_for_1(ana, cast, name, django_assert_num_queries):
    url = reverse(f"admin:councils_{name}_changelist")
    one_more(1)
    ana.get(url)
    with django_assert_num_queries(200, exact=False) as few:
        ana.get(url)
    for number in range(2, 31):
        one_more(number)
    with django_assert_num_queries(len(few.captured_queries)):
        ana.get(url)


def test_words_of_the_admin_are_spanish(ana, cast):
    with override("es"):
        for model in admin.site._registry:
            for field in model._meta.fields:
                if field.editable and not field.auto_created:
                    label = str(field.verbose_name)
                    with override("en"):
                        english = str(field.verbose_name)
                    assert label != english or label in {"sector", "cordón", "total"}, (model, field.name, label)
    index = ana.get(reverse("admin:index")).content.decode()
    assert "Preparación" in index and "Consejos" in index


# --- places and bodies ------------------------------------------------------------------------------


def test_add_territory_makes_its_bodies_and_rules(ana, cast, now):
    url = page(Territory, "add")
    assert save(ana, url, kind="workplace", name="Madeco", level_name="", parent=cast.vicuna.pk) == ""
    place = Territory.objects.get(name="Madeco")
    assert place.placements.get().parent == cast.vicuna
    assert set(place.bodies.values_list("kind", flat=True)) == {BodyKind.ASSEMBLY, BodyKind.COMMITTEE}
    assert RuleSet.objects.filter(body__territory=place).count() == 2
    assert AuditEvent.objects.filter(verb="found_territory", actor=cast.ana, subject=place.uuid).count() == 1
    assert place.history.get().history_user == cast.ana


@pytest.mark.parametrize(
    ("kind", "name", "parent", "says"),
    [
        ("workplace", "perlak ", "vicuna", "Ya hay"),
        ("section", "Hornos", None, "sección"),
        ("cordon", "Otro", "perlak", "no puede"),
        ("workplace", "   ", "vicuna", ""),
        ("ward", "Otro", None, ""),
        ("workplace", "a\x00b", None, ""),
        ("workplace", "x" * 161, None, ""),
    ],
)
def test_add_territory_refuses_on_the_form(ana, cast, kind, name, parent, says):
    before = Territory.objects.count()
    data = {"kind": kind, "name": name, "level_name": "", "parent": getattr(cast, parent).pk if parent else ""}
    assert says in save(ana, page(Territory, "add"), **data)
    assert Territory.objects.count() == before


def test_move_territory_keeps_its_past_and_recomputes(ana, cast):
    url = page(Territory, "change", cast.perlak.pk)
    placement = cast.perlak.placements.get()
    row = {"id": placement.pk, "territory": cast.perlak.pk, "from_on": placement.from_on, "until_on": ""}
    data = {"name": "Perlak", "level_name": "", "parent": cast.vicuna.pk, "moves_on": "2026-11-01"}
    assert save(ana, url, **data, **inline("placements", row)) == ""
    assert list(cast.perlak.placements.order_by("from_on").values_list("parent", "until_on")) == [
        (cast.cerrillos.pk, dt.date(2026, 11, 1)),
        (cast.vicuna.pk, None),
    ]
    job = Job.objects.get(kind="recompute_summaries")
    assert (job.payload["workplace"], job.payload["first"]) == (str(cast.perlak.uuid), "2026-11-01")
    assert AuditEvent.objects.get(verb="place_territory").actor == cast.ana


def test_move_territory_under_itself_is_refused(ana, cast):
    data = {"name": "Vicuña Mackenna", "level_name": "", "parent": cast.cristalerias.pk}
    assert save(ana, page(Territory, "change", cast.vicuna.pk), **data, **inline()) != ""
    assert cast.vicuna.placements.get().parent == cast.nation


def test_mend_placement_recomputes_and_is_logged(ana, cast):
    placement = cast.perlak.placements.get()
    row = {"id": placement.pk, "territory": cast.perlak.pk, "from_on": "2025-01-01", "until_on": ""}
    url = page(Territory, "change", cast.perlak.pk)
    assert save(ana, url, name="Perlak", level_name="", parent=cast.cerrillos.pk, **inline("placements", row)) == ""
    assert Placement.objects.get(pk=placement.pk).from_on == dt.date(2025, 1, 1)
    assert Job.objects.get(kind="recompute_summaries").payload["first"] is None
    assert AuditEvent.objects.get(verb="set_up_change").body == Body.objects.committee_of(cast.perlak)


def test_rename_territory_refuses_a_taken_name(ana, cast):
    data = {"name": "Cristalerías de Chile", "level_name": "", "parent": cast.cerrillos.pk}
    assert "Ya hay" in save(ana, page(Territory, "change", cast.perlak.pk), **data, **inline())


def test_add_body_makes_its_rules(ana, cast):
    url = page(Body, "add")
    assert save(ana, url, kind="federation", name="Federación del vidrio") == ""
    assert RuleSet.objects.get(body__name="Federación del vidrio").version == 1
    assert save(ana, url, kind="federation", name="") != ""
    assert save(ana, url, kind="assembly", territory=cast.perlak.pk, name="") != ""


def test_affiliate_workplace_once(ana, cast):
    branch = b.body(BodyKind.BRANCH, None)
    data = {"workplace": cast.perlak.pk, "body": branch.pk, "from_on": "2026-11-01"}
    assert save(ana, page(Affiliation, "add"), **data) == ""
    assert save(ana, page(Affiliation, "add"), **data) != ""
    assert Affiliation.objects.count() == 1


# --- rules: inserted, never changed ----------------------------------------------------------------


def test_add_rules_makes_the_next_version_from_now_on(ana, cast):
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules='{"voting_days": 2}') == ""
    rules = RuleSet.objects.in_force(cast.assembly, NOW)
    assert (rules.version, rules.rules) == (2, {"voting_days": 2})
    shown = ana.get(page(RuleSet, "change", rules.pk)).content.decode()
    assert "2 días" in shown
    assert AuditEvent.objects.get(verb="set_rules").detail == {"version": 2}


@pytest.mark.parametrize("rules", ['{"voting_days": 0}', '{"no_such": 1}', "[]", "{", '"x"', "1e999"])
def test_add_rules_refuses_what_cannot_be_read(ana, cast, rules):
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules=rules) != ""
    assert RuleSet.objects.filter(body=cast.assembly).count() == 1


def test_add_rules_never_reaches_back(ana, cast):
    past = {"in_force_from_0": "2024-01-01", "in_force_from_1": "10:00:00"}
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules="{}", **past) != ""


def test_rules_are_never_changed(ana, cast):
    rules = RuleSet.objects.get(body=cast.assembly)
    assert ana.post(page(RuleSet, "change", rules.pk), {"rules": "{}"}).status_code == 403


def test_rules_of_an_open_vote_stay(ana, cast):
    poll = open_yes_no(cast)
    save(
        ana, page(RuleSet, "add"), body=cast.assembly.pk, rules='{"proposal_quorum": {"base": "roll", "share": "0/1"}}'
    )
    poll.refresh_from_db()
    assert poll.rule_set.version == 1


# --- people ------------------------------------------------------------------------------------------


def test_membership_edits_leave_the_frozen_roll(ana, cast):
    poll = open_yes_no(cast)
    before = set(RollEntry.objects.filter(poll=poll).values_list("member", "counts_for_quorum"))
    row = Membership.objects.get(member=cast.carmen)
    url = page(Membership, "change", row.pk)
    assert save(ana, url, category="excluded", reference="17") == ""
    row.refresh_from_db()
    assert (row.category, row.can_vote, row.reference) == ("excluded", False, "17")
    ana.post(page(Membership, "changelist"), {"action": "take_off", "_selected_action": [row.pk]})
    assert (
        save(ana, page(Membership, "add"), member=cast.olga.pk, territory=cast.cristalerias.pk, category="definitive")
        == ""
    )
    assert set(RollEntry.objects.filter(poll=poll).values_list("member", "counts_for_quorum")) == before
    verbs = set(AuditEvent.objects.filter(body=cast.committee, actor=cast.ana).values_list("verb", flat=True))
    assert verbs == {"change_rights", "end_membership", "admit_member"}


def test_take_off_ends_the_seats_that_the_assembly_gave(ana, cast):
    row = Membership.objects.get(member=cast.hugo)
    ana.post(page(Membership, "changelist"), {"action": "take_off", "_selected_action": [row.pk, row.pk]})
    assert Membership.objects.get(pk=row.pk).until_on is not None
    assert Seat.objects.get(holder=cast.hugo).ended_at is not None


@pytest.mark.parametrize(
    "data",
    [
        {"member": "carmen", "territory": "cristalerias"},
        {"member": "olga", "territory": "vicuna"},
        {"member": "olga", "territory": "perlak", "section": "hornos"},
    ],
)
def test_add_membership_refuses_on_the_form(ana, cast, data):
    before = Membership.objects.count()
    found = {name: getattr(cast, who).pk for name, who in data.items()}
    assert save(ana, page(Membership, "add"), category="definitive", **found) != ""
    assert Membership.objects.count() == before


def test_member_has_no_password_form_and_is_not_closed_during_a_vote(ana, cast):
    url = page(Member, "change", cast.carmen.pk)
    assert b'name="password' not in ana.get(url).content
    poll = open_yes_no(cast)
    data = {"name": "Carmen Soto", "email": "", "language": ""}
    assert "votación abierta" in save(ana, url, **data)
    poll.state = "declared"
    poll.save()
    assert save(ana, url, **data) == ""
    assert not Member.objects.get(pk=cast.carmen.pk).is_active
    assert AuditEvent.objects.get(verb="change_member").actor == cast.ana


def test_ask_again_revives_parked_jobs_alone(ana, cast, now):
    parked = Job.objects.create(kind="x", key="a", due_at=now, created_at=now, state=JobState.PARKED, attempts=5)
    done = Job.objects.create(kind="x", key="b", due_at=now, created_at=now, state=JobState.DONE)
    ana.post(page(Job, "changelist"), {"action": "ask_again", "_selected_action": [parked.pk, done.pk]})
    parked.refresh_from_db()
    done.refresh_from_db()
    assert (parked.state, parked.attempts, done.state) == (JobState.PENDING, 0, JobState.DONE)


def test_history_shows_what_changed_and_has_no_way_back(ana, cast):
    save(ana, page(Territory, "change", cast.perlak.pk), name="Perlak Sur", level_name="", **inline())
    text = ana.get(page(Territory, "history", cast.perlak.pk)).content.decode()
    assert "Perlak → Perlak Sur" in text and "Ana Ruiz" in text
    version = cast.perlak.history.last()
    url = reverse("admin:councils_territory_simple_history", args=[cast.perlak.pk, version.pk])
    assert ana.get(url).status_code == 404
    assert ana.post(url, {"name": "Perlak"}).status_code == 404


def test_section_is_added_under_its_workplace(ana, cast):
    data = {"kind": TerritoryKind.SECTION, "name": "Bodega", "level_name": "", "parent": cast.perlak.pk}
    assert save(ana, page(Territory, "add"), **data) == ""
    assert Body.objects.filter(territory__name="Bodega", kind=BodyKind.SECTION_COMMITTEE).count() == 1
