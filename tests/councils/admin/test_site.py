"""Who comes in, what has no page, and every list: set-up data, and nothing that could touch a vote."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from councils import models
from councils.enums import BodyKind
from councils.models import (
    Affiliation,
    AuditEvent,
    Body,
    Job,
    Member,
    Membership,
    RuleSet,
    Seat,
    Territory,
)
from tests import builders as b
from tests.admin_forms import inline, page, save
from tests.builders import NOW
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
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next={page(Territory, 'changelist')}"


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
    one_more(1)
    row = model.objects.first()
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
    assert row.split(",")[3:5] == ["sí", "no"]


def test_history_of_rules_is_the_versions_of_their_body(ana, cast):
    rules = RuleSet.objects.select_related("body").first()
    answer = ana.get(page(RuleSet, "history", rules.pk), follow=True)
    assert answer.status_code == 200
    assert {row.body_id for row in answer.context["cl"].result_list} == {rules.body_id}


@pytest.mark.parametrize(("in_force", "found"), [("yes", True), ("no", False)])
def test_rolls_are_sifted_by_whether_they_hold_today(ana, cast, now, in_force, found):
    rows = ana.get(page(Membership, "changelist"), {"in_force": in_force}).context["cl"].queryset
    assert rows.filter(member=cast.carmen).exists() is found


@pytest.mark.parametrize(("language", "heading", "yes"), [("es", "desde", "sí"), ("en", "from", "yes")])
def test_export_speaks_the_language_of_the_page_and_writes_days_plainly(ana, cast, language, heading, yes):
    row = Membership.objects.get(member=cast.carmen)
    ana.post(reverse("language"), {"language": language, "next": "/"})
    answer = ana.post(page(Membership, "changelist"), {"action": "export_csv", "_selected_action": [row.pk]})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, line = (text.split(",") for text in answer.content.decode("utf-8-sig").splitlines())
    told = dict(zip(header, line, strict=True))
    assert (told[heading], told[header[6]]) == (row.from_on.isoformat(), yes)


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


def test_history_shows_what_changed_and_has_no_way_back(ana, cast):
    cast.perlak.save()  # its history begins
    save(ana, page(Territory, "change", cast.perlak.pk), name="Perlak Sur", level_name="", **inline())
    text = ana.get(page(Territory, "history", cast.perlak.pk)).content.decode()
    assert "Perlak → Perlak Sur" in text and "Ana Ruiz" in text
    version = cast.perlak.history.last()
    url = reverse("admin:councils_territory_simple_history", args=[cast.perlak.pk, version.pk])
    assert ana.get(url).status_code == 404
    assert ana.post(url, {"name": "Perlak"}).status_code == 404
