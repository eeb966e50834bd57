"""Factories and calendars; sums follow what was changed."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from councils.enums import BodyKind
from councils.models import AuditEvent, Body, Job, Placement, Territory
from production.domain import summary
from production.models import (
    ClosedDay,
    Factory,
    SectorPlacement,
    Series,
    Summary,
)
from tests import builders as b
from tests import sums
from tests.admin_forms import inline, page, save
from tests.builders import NOW
from tests.sums import TODAY

CALENDAR = {"working_week": ["0", "1", "2", "3", "4", "5"], "day_starts_at": "00:00", "report_due_at": "18:00"}


def recomputed() -> list[tuple[str | None, str | None, str | None]]:
    """What waits to be computed anew: workplace, first and last day."""
    rows = Job.objects.filter(kind="recompute_summaries").order_by("pk")
    return [(row.payload["workplace"], row.payload["first"], row.payload["last"]) for row in rows]


# --- a new factory ---------------------------------------------------------------------------------


def test_add_factory_on_one_form(ana, cast):
    data = {
        "name": " Madeco  S.A. ",
        "parent": cast.vicuna.pk,
        "sector": cast.glass.pk,
        "indicators": [cast.bottles.pk, cast.sand.pk],
        "product": "Cables",
        "workers": 80,
        **CALENDAR,
    }
    assert save(ana, page(Factory, "add"), **data) == ""
    place = Territory.objects.get(name="Madeco S.A.")
    assert place.placements.get().parent == cast.vicuna
    assert set(place.bodies.values_list("kind", flat=True)) == {BodyKind.ASSEMBLY, BodyKind.COMMITTEE}
    assert (place.factory.product, place.factory.workers, place.factory.simulated) == ("Cables", 80, False)
    assert place.sector_placements.get().sector == cast.glass
    assert set(place.series.values_list("indicator", "from_on", "sharing")) == {
        (cast.bottles.pk, TODAY, "no"),
        (cast.sand.pk, TODAY, "no"),
    }
    verbs = AuditEvent.objects.filter(actor=cast.ana, body=Body.objects.committee_of(place))
    assert AuditEvent.objects.get(verb="found_territory").body == cast.council
    assert set(verbs.values_list("verb", flat=True)) == {"place_sector", "start_series"}
    shown = ana.get(page(Factory, "change", place.pk)).content.decode()
    assert "Madeco S.A." in shown and page(Series, "changelist") in shown


def test_add_factory_alone_needs_only_a_name(ana, cast):
    assert save(ana, page(Factory, "add"), name="Sola", **CALENDAR) == ""
    assert not Placement.objects.filter(territory__name="Sola").exists()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Perlak", {}),
        ("  ", {}),
        ("a\x00b", {}),
        ("x" * 161, {}),
        ("Nueva", {"working_week": ["7"]}),
        ("Nueva", {"working_week": []}),
        ("Nueva", {"workers": "-1"}),
        ("Nueva", {"workers": "9" * 30}),
        ("Nueva", {"report_due_at": "25:00"}),
        ("Nueva", {"sector": "0"}),
        ("Nueva", {"parent": "x"}),
        ("Nueva", {"indicators": ["999999"]}),
    ],
)
def test_add_factory_refuses_on_the_form_and_stores_nothing(ana, cast, name, more):
    places, factories = Territory.objects.count(), Factory.objects.count()
    assert save(ana, page(Factory, "add"), **{"name": name, **CALENDAR, **more}) != ""
    assert (Territory.objects.count(), Factory.objects.count()) == (places, factories)


def test_add_factory_offers_neither_workplaces_as_cordon_nor_all_sectors(ana, cast):
    summary.all_sectors()
    form = ana.get(page(Factory, "add")).context["adminform"].form
    assert set(form.fields["parent"].queryset) == {cast.nation, cast.vicuna, cast.cerrillos}
    assert set(form.fields["sector"].queryset) == {cast.glass, cast.food}


# --- sums follow ------------------------------------------------------------------------------------


def test_change_of_sector_counts_from_its_day(ana, cast):
    b.series(cast.perlak, cast.bottles)
    sums.say(cast.perlak, TODAY, 5)
    sums.say(cast.perlak, TODAY - dt.timedelta(days=7), 3)
    sums.roll_up()
    assert save(ana, page(Factory, "change", cast.perlak.pk), sector=cast.glass.pk, **CALENDAR) == ""
    assert list(cast.perlak.sector_placements.order_by("from_on").values_list("sector", "until_on")) == [
        (cast.food.pk, TODAY),
        (cast.glass.pk, None),
    ]
    sums.roll_up()
    found = Summary.objects.filter(territory=cast.nation, grain="day", sector__is_all=False)
    assert {(row.sector_id, row.start): row.value for row in found} == {
        (cast.glass.pk, TODAY): 5,
        (cast.food.pk, TODAY - dt.timedelta(days=7)): 3,
    }
    assert summary.check_summaries(at=NOW) == []


def test_change_of_working_week_changes_what_is_expected(ana, cast):
    b.series(cast.perlak, cast.bottles, since=TODAY - dt.timedelta(days=6))
    sums.say(cast.perlak, TODAY, 5)
    sums.roll_up()
    url = page(Factory, "change", cast.perlak.pk)
    assert save(ana, url, sector=cast.food.pk, **CALENDAR | {"working_week": ["0"]}) == ""
    assert recomputed() == [(str(cast.perlak.uuid), None, None)]
    sums.roll_up()
    assert summary.check_summaries(at=NOW) == []
    assert Factory.objects.get(pk=cast.perlak.pk).working_week == "1000000"
    assert AuditEvent.objects.get(verb="keep_factory").detail == {"fields": ["working_week"]}
    assert save(ana, url, sector=cast.food.pk, **CALENDAR | {"working_week": ["0"]}) == ""
    assert len(recomputed()) == 1


def test_move_of_a_workplace_moves_its_sums(ana, cast):
    b.series(cast.perlak, cast.bottles)
    sums.say(cast.perlak, TODAY, 5)
    sums.roll_up()
    placement = cast.perlak.placements.get()
    row = {"id": placement.pk, "territory": cast.perlak.pk, "from_on": placement.from_on, "until_on": ""}
    data = {"name": "Perlak", "level_name": "", "parent": cast.vicuna.pk, "moves_on": TODAY.isoformat()}
    assert save(ana, page(Territory, "change", cast.perlak.pk), **data, **inline("placements", row)) == ""
    sums.roll_up()
    assert Summary.objects.get(territory=cast.vicuna, grain="day", sector__is_all=True).value == 5
    assert not Summary.objects.filter(territory=cast.cerrillos, grain="day").exists()
    assert summary.check_summaries(at=NOW) == []


def test_closed_day_is_recomputed_when_added_changed_and_deleted(ana, cast):
    data = {"on": "2026-11-13", "territory": cast.perlak.pk, "reason": "Aniversario"}
    assert save(ana, page(ClosedDay, "add"), **data) == ""
    day = ClosedDay.objects.get()
    assert save(ana, page(ClosedDay, "change", day.pk), **data | {"on": "2026-11-12"}) == ""
    ana.post(page(ClosedDay, "delete", day.pk), {"post": "yes"})
    perlak = str(cast.perlak.uuid)
    assert recomputed() == [(perlak, on, on) for on in ("2026-11-13", "2026-11-12", "2026-11-13", "2026-11-12")]
    verbs = AuditEvent.objects.filter(body=Body.objects.committee_of(cast.perlak)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["set_up_add", "set_up_change", "set_up_delete"]


def test_closed_day_for_all_is_recomputed_for_all(ana, cast):
    assert save(ana, page(ClosedDay, "add"), on="2026-11-13", reason="Feriado") == ""
    assert recomputed() == [(None, "2026-11-13", "2026-11-13")]
    assert save(ana, page(ClosedDay, "add"), on="2026-11-13", reason="Otra vez") != ""
    assert save(ana, page(ClosedDay, "add"), on="2026-11-14", reason="x", territory=cast.vicuna.pk) != ""


def test_sector_placement_ends_the_one_before_and_can_be_undone(ana, cast):
    data = {"workplace": cast.perlak.pk, "sector": cast.glass.pk, "from_on": "2026-11-01"}
    assert save(ana, page(SectorPlacement, "add"), **data) == ""
    assert save(ana, page(SectorPlacement, "add"), **data) != ""
    assert save(ana, page(SectorPlacement, "add"), **data | {"from_on": "2026-01-01"}) != ""
    newest = SectorPlacement.objects.get(workplace=cast.perlak, until_on=None)
    ana.post(page(SectorPlacement, "delete", newest.pk), {"post": "yes"})
    before = SectorPlacement.objects.get(workplace=cast.perlak)
    data = {"sector": cast.food.pk, "from_on": before.from_on, "until_on": ""}
    assert save(ana, page(SectorPlacement, "change", before.pk), **data) == ""
    assert len(recomputed()) == 3


def test_working_week_is_said_in_days_and_marked_in_boxes(ana, cast):
    Factory.objects.filter(pk=cast.perlak.pk).update(working_week="1111100")
    text = ana.get(page(Factory, "changelist")).content.decode()
    assert "lun, mar, mié, jue, vie<" in text.lower() and "cada día" in text
    for url, worked in ((page(Factory, "change", cast.perlak.pk), 5), (page(Factory, "add"), 7)):
        boxes = re.findall(r'<input type="checkbox" name="working_week"[^>]*>', ana.get(url).content.decode())
        assert ["checked" in box for box in boxes] == [True] * worked + [False] * (7 - worked)


def test_places_to_choose_from_say_their_level_and_what_they_hang_from(ana, cast, django_assert_max_num_queries):
    text = ana.get(page(Factory, "add")).content.decode()
    assert ">Cerrillos-Maipú · cordón · país Chile<" in text
    for number in range(20):
        b.territory("cordon", f"Nuevo {number}", cast.nation)
    with django_assert_max_num_queries(20):
        ana.get(page(Factory, "add"))
