"""Places and bodies: a new one comes with all that it needs; it moves from a day on."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.enums import BodyKind, TerritoryKind
from councils.models import (
    Affiliation,
    AuditEvent,
    Body,
    Job,
    Placement,
    RuleSet,
    Territory,
)
from tests import builders as b
from tests.admin_forms import inline, page, save


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


def test_section_is_added_under_its_workplace(ana, cast):
    data = {"kind": TerritoryKind.SECTION, "name": "Bodega", "level_name": "", "parent": cast.perlak.pk}
    assert save(ana, page(Territory, "add"), **data) == ""
    assert Body.objects.filter(territory__name="Bodega", kind=BodyKind.SECTION_COMMITTEE).count() == 1
