"""Sectors, indicators, first series, imports; every list."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from councils.domain import job
from production.domain import summary
from production.models import (
    ClosedDay,
    ImportBatch,
    Indicator,
    PropertyStatus,
    Sector,
    Series,
    Summary,
)
from tests import builders as b
from tests import sums
from tests.admin_forms import page, save
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY

LISTS = sorted(model._meta.model_name for model in admin.site._registry if model._meta.app_label == "production")


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
