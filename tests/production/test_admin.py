"""The admin of production: factories, sectors, the catalogue, calendars; sums follow what was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from councils.domain import job
from councils.enums import BodyKind
from councils.models import AuditEvent, Body, Job, Placement, Territory
from production.domain import summary
from production.models import (
    ClosedDay,
    Factory,
    ImportBatch,
    Indicator,
    PropertyStatus,
    Sector,
    SectorPlacement,
    Series,
    Summary,
)
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.test_admin import inline, page, save
from tests.sums import TODAY

CALENDAR = {"working_week": "1111110", "day_starts_at": "00:00", "report_due_at": "18:00"}
LISTS = sorted(model._meta.model_name for model in admin.site._registry if model._meta.app_label == "production")


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
    assert set(verbs.values_list("verb", flat=True)) == {"found_territory", "place_sector", "start_series"}
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
        ("Nueva", {"working_week": "11"}),
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
    assert save(ana, url, sector=cast.food.pk, **CALENDAR | {"working_week": "1000000"}) == ""
    assert recomputed() == [(str(cast.perlak.uuid), None, None)]
    sums.roll_up()
    assert summary.check_summaries(at=NOW) == []
    assert AuditEvent.objects.get(verb="keep_factory").detail == {"fields": ["working_week"]}
    assert save(ana, url, sector=cast.food.pk, **CALENDAR | {"working_week": "1000000"}) == ""
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


# --- sectors and the catalogue -------------------------------------------------------------------------


def test_sector_has_a_name_of_its_own(ana, cast):
    assert save(ana, page(Sector, "add"), name="Textil") == ""
    for name in ("TEXTIL", "vidrio ", "", " ", "*", "a\x00b", "x" * 121):
        assert save(ana, page(Sector, "add"), name=name) != "", name
    assert Sector.objects.filter(is_all=False).count() == 3


def test_sector_in_use_is_not_deleted(ana, cast):
    unused = Sector.objects.create(name="Textil")
    assert ana.post(page(Sector, "delete", cast.food.pk), {"post": "yes"}).status_code == 403
    assert ana.post(page(Sector, "delete", unused.pk), {"post": "yes"}).status_code == 302
    assert not Sector.objects.filter(name="Textil").exists()


INDICATOR = {"name": "Cable", "unit": "t", "kind": "output", "aggregation": "sum", "direction": "more"}


def test_add_indicator_stores_the_symbol_of_its_unit(ana, cast):
    assert save(ana, page(Indicator, "add"), **INDICATOR | {"unit": "toneladas"}) == ""
    assert Indicator.objects.get(name="Cable").unit == "t"


def test_add_ratio_is_computed_for_what_was_reported(ana, cast):
    b.series(cast.perlak, cast.bottles)
    b.series(cast.perlak, cast.sand)
    sums.say(cast.perlak, TODAY, 8)
    sums.roll_up()
    parts = {"numerator": cast.bottles.pk, "denominator": cast.sand.pk}
    assert save(ana, page(Indicator, "add"), **INDICATOR | {"unit": "%", "aggregation": "ratio", **parts}) == ""
    job.run_due(at=NOW)
    assert (
        Summary.objects.get(indicator__name="Cable", territory=cast.nation, grain="day", sector__is_all=True).value == 1
    )
    assert summary.check_summaries(at=NOW) == []


@pytest.mark.parametrize(
    "data",
    [
        {"name": "envases  BUENOS", "unit": "miles"},
        {"unit": "furlongs"},
        {"unit": ""},
        {"name": " "},
        {"name": "a\x00b"},
        {"aggregation": "ratio"},
        {"kind": "nothing"},
    ],
)
def test_add_indicator_refuses_on_the_form(ana, cast, data):
    assert save(ana, page(Indicator, "add"), **INDICATOR | data) != ""
    assert Indicator.objects.count() == 2


def test_add_indicator_that_is_no_ratio_has_no_parts(ana, cast):
    assert save(ana, page(Indicator, "add"), **INDICATOR, numerator=cast.bottles.pk) != ""


def test_reported_indicator_keeps_its_meaning(ana, cast):
    b.series(cast.perlak, cast.bottles)
    data = {**INDICATOR, "name": "Botellas", "unit": "t", "aggregation": "last"}
    assert save(ana, page(Indicator, "change", cast.bottles.pk), **data) == ""
    cast.bottles.refresh_from_db()
    assert (cast.bottles.name, cast.bottles.unit, cast.bottles.aggregation) == ("Botellas", "miles", "sum")
    assert ana.post(page(Indicator, "delete", cast.bottles.pk), {"post": "yes"}).status_code == 403
    assert ana.post(page(Indicator, "delete", cast.sand.pk), {"post": "yes"}).status_code == 302


# --- what is the committee's or nobody's to change -------------------------------------------------------


def test_first_series_until_there_is_a_committee(ana, cast):
    data = {"indicator": cast.bottles.pk, "frequency": "day", "from_on": "2026-11-01"}
    assert save(ana, page(Series, "add"), workplace=cast.perlak.pk, **data) == ""
    assert save(ana, page(Series, "add"), workplace=cast.perlak.pk, **data) != ""
    assert ana.post(page(Series, "add"), {"workplace": cast.cristalerias.pk, **data}).status_code == 403
    series = Series.objects.get()
    assert ana.post(page(Series, "change", series.pk), {"sharing": "daily"}).status_code == 403
    assert ana.post(page(Series, "delete", series.pk), {"post": "yes"}).status_code == 403


def test_import_shows_neither_content_nor_rows(ana, cast, now):
    batch = ImportBatch.objects.create(
        at=now, file_name="x.csv", sha256="0" * 64, content=b"secret", outcome={"rejected": ["fila 3: 4711"]}
    )
    shown = ana.get(page(ImportBatch, "change", batch.pk)).content.decode()
    assert "x.csv" in shown and "secret" not in shown and "4711" not in shown
    answer = ana.post(page(ImportBatch, "changelist"), {"action": "export_csv", "_selected_action": [batch.pk]})
    assert "secret" not in answer.content.decode() and "4711" not in answer.content.decode()


def one_more(number: int, cast: Cast) -> None:
    """A row more in every list of production."""
    place = b.workplace(f"Fábrica {number}", cast.vicuna, Sector.objects.create(name=f"Rama {number}"))
    b.series(place, b.indicator(f"Cosa {number}"))
    PropertyStatus.objects.create(workplace=place, status="private", from_on=TODAY)
    ClosedDay.objects.create(territory=place, on=TODAY, reason="x")
    ImportBatch.objects.create(at=NOW, file_name="x", sha256="0" * 64, uploaded_by=cast.ana, workplace=place)


@pytest.mark.parametrize("name", LISTS)
def test_changelist_asks_as_often_for_30_rows_as_for_1(ana, cast, name, django_assert_num_queries):
    url = reverse(f"admin:production_{name}_changelist")
    one_more(1, cast)
    ana.get(url)
    with django_assert_num_queries(200, exact=False) as few:
        ana.get(url)
    for number in range(2, 31):
        one_more(number, cast)
    with django_assert_num_queries(len(few.captured_queries)):
        ana.get(url)
