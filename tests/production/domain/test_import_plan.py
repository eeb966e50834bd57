"""What a file's names stand for: rows that cannot be taken, places and indicators that are made."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from councils.enums import BodyKind, TerritoryKind
from councils.models import Body, Job, Placement, Territory
from production.domain.import_options import ImportOptions
from production.domain.importing import Source
from production.domain.reason import sentence_of_row, sentence_of_stated
from production.models import Factory, Figure, ImportBatch, Indicator, Report, SectorPlacement, Series
from tests import builders
from tests.conftest import Cast
from tests.imports import BOTTLES, CREATE, DAY, HEADER, INDICATORS, counts, file, reasons, run

# --- rejected ------------------------------------------------------------------------------------


def test_import_of_a_file_with_one_bad_row_stores_nothing(cast: Cast):
    outcome = run(file(*BOTTLES, "Perlak,2026-11-05,Envases buenos,miles,x"))
    assert (outcome.stored, outcome.rejected, reasons(outcome)) == (False, 1, [(5, "value", "not_a_number")])
    assert (Figure.objects.count(), Report.objects.count(), ImportBatch.objects.count(), Job.objects.count()) == (
        0,
        0,
        0,
        0,
    )


def test_accept_valid_stores_the_good_rows_and_lists_the_others(cast: Cast):
    rows = [*BOTTLES, "Perlak,2026-11-05,Envases buenos,miles,x", "Nobody,2026-11-05,Nothing,kg,1"]
    outcome = run(file(*rows), ImportOptions(accept_valid=True))
    assert (outcome.stored, counts(outcome)) == (True, (3, 0, 0, 2))
    assert {error.row for error in outcome.errors} == {5, 6}


def test_accept_valid_makes_nothing_for_rejected_rows(cast: Cast):
    rows = [*BOTTLES, "Nueva,2026-11-05,Panes,units,-1", "Otra,2026-11-05,Rejas,units,x"]
    outcome = run(file(*rows), ImportOptions(create=True, accept_valid=True))
    assert (counts(outcome), outcome.made) == ((3, 0, 0, 2), {})
    assert not Territory.objects.filter(name__in=["Nueva", "Otra"]).exists()
    assert not Indicator.objects.filter(name__in=["Panes", "Rejas"]).exists()


def test_accept_valid_of_a_file_without_a_good_row_stores_nothing(cast: Cast):
    outcome = run(file("Nobody,2026-11-05,Nothing,kg,1"), ImportOptions(accept_valid=True))
    assert (outcome.stored, outcome.rejected, ImportBatch.objects.count()) == (False, 1, 0)


def test_an_unknown_factory_is_told_with_the_nearest_names(cast: Cast):
    outcome = run(file("Perlac,2026-11-02,Envases buenos,miles,1"))
    assert [(e.column, e.code, e.params) for e in outcome.errors] == [
        ("factory", "unknown_factory", {"value": "Perlac", "near": "Perlak"})
    ]
    assert sentence_of_row(outcome.errors[0]).endswith("Perlak.")


def test_an_accent_too_many_is_no_new_factory_even_when_creating(cast: Cast):
    row = "Ṕerlak,2026-11-02,Envases buenos,miles,1"
    assert reasons(run(file(row))) == [(2, "factory", "spelt_otherwise")]
    outcome = run(file(row), CREATE)
    assert reasons(outcome) == [(2, "factory", "spelt_otherwise")]
    assert outcome.errors[0].params == {"value": "Ṕerlak", "known": "Perlak"}


def test_a_figure_below_zero_is_told_as_one_writes_it(cast: Cast):
    outcome = run(file("Perlak,2026-11-02,Envases buenos,miles,-1200"))
    assert [(e.code, e.params) for e in outcome.errors] == [("negative", {"value": "-1200"})]
    assert counts(run(file(BOTTLES[0].replace("Perlak", " PERLAK ")))) == (1, 0, 0, 0)


def test_half_a_person_or_piece_is_a_row_error_and_half_a_tonne_is_not(cast: Cast):
    rows = ["Perlak,2026-11-02,Presentes,personas,41.5", "Perlak,2026-11-03,Presentes,people,41"]
    rows += ["Perlak,2026-11-02,Arena,t,41.5", "Perlak,2026-11-02,Miles,miles,0.5"]
    outcome = run(file(*rows), INDICATORS)
    assert reasons(outcome) == [(2, "value", "fraction")]
    with translation.override("en"):
        assert (
            sentence_of_row(outcome.errors[0])
            == "Row 2, column value: 41.5 has decimals, and people are counted whole."
        )


def test_a_mean_of_persons_may_have_decimals(cast: Cast):
    mean = "date,factory,indicator,unit,value,aggregation\n2026-11-02,Perlak,Presentes en promedio,personas,41.5,mean"
    assert counts(run(Source("mean.csv", mean.encode()), INDICATORS)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Perlak,2026-11-02,Envases,miles,1", ("indicator", "unknown_indicator")),
        ("Perlak,2026-11-02,Envases buenos,kg,1", ("unit", "other_unit")),
        ("Perlak,2026-11-02,Envases buenos,miles,-1", ("value", "negative")),
        ("Perlak,2026-11-17,Envases buenos,miles,1", None),
        ("Perlak,2026-11-18,Envases buenos,miles,1", ("date", "future")),
    ],
)
def test_rows_that_this_installation_cannot_take(cast: Cast, row, reason):
    assert reasons(run(file(row))) == ([(2, *reason)] if reason else [])


def test_negatives_are_taken_by_an_indicator_that_may_be_negative(cast: Cast):
    builders.indicator("Saldo", "CLP", signed=True)
    assert counts(run(file("Perlak,2026-11-02,Saldo,CLP,-5.5"))) == (1, 0, 0, 0)
    assert Figure.objects.get().value == Decimal("-5.5")


def test_the_same_factory_day_and_indicator_twice_is_rejected(cast: Cast):
    outcome = run(file(BOTTLES[0], BOTTLES[1], BOTTLES[0].replace("400", "1"), BOTTLES[0].replace("Perlak", "PERLAK")))
    assert [(e.row, e.code, e.params) for e in outcome.errors] == [
        (4, "twice", {"before": 2}),
        (5, "twice", {"before": 2}),
    ]


def test_two_days_of_one_week_are_twice_in_a_weekly_series(cast: Cast):
    builders.series(cast.perlak, cast.bottles, frequency="week")
    outcome = run(file(BOTTLES[0], BOTTLES[1]))
    assert reasons(outcome) == [(3, "", "twice")]
    assert counts(run(file(BOTTLES[1]))) == (1, 0, 0, 0)
    assert Figure.objects.get().start == DAY


def test_a_ratio_is_not_imported(cast: Cast):
    Indicator.objects.create(
        name="Merma", unit="pct", aggregation="ratio", numerator=cast.sand, denominator=cast.bottles
    )
    assert reasons(run(file("Perlak,2026-11-02,Merma,%,5"))) == [(2, "indicator", "computed")]


def test_a_workplace_whose_sections_report_it_does_not_report_it_too(cast: Cast):
    builders.series(cast.cristalerias, cast.bottles, section=cast.hornos)
    outcome = run(file("Cristalerías de Chile,2026-11-02,Envases buenos,miles,1"))
    assert reasons(outcome) == [(2, "indicator", "told_by_sections")]


def test_a_series_that_ended_takes_no_more(cast: Cast):
    builders.series(cast.perlak, cast.bottles, until_on=DAY + dt.timedelta(days=1))
    assert reasons(run(file(*BOTTLES[:2]))) == [(3, "date", "series_ended")]


def test_one_figure_of_a_factory_has_one_unit(cast: Cast):
    rows = ["Perlak,2026-11-02,Flour,kg,5", "Perlak,2026-11-03,Flour,t,1"]
    assert reasons(run(file(*rows), INDICATORS)) == [(3, "unit", "two_units")]
    run(file(rows[0]), INDICATORS)
    assert reasons(run(file(rows[1]), INDICATORS)) == [(2, "unit", "two_units")]
    assert counts(run(file(rows[1].replace("Perlak", "Cristalerías de Chile")), INDICATORS)) == (1, 0, 0, 0)


def test_a_known_factory_is_not_moved_by_a_file(cast: Cast):
    header = HEADER + ",sector,cordon"
    rows = [f"{BOTTLES[0]},Vidrio,", f"{BOTTLES[1]},alimentos,Vicuña Mackenna"]
    assert reasons(run(file(*rows, header=header), CREATE)) == [
        (2, "sector", "other_sector"),
        (3, "cordon", "other_cordon"),
    ]


def test_the_frequency_in_the_file_is_that_of_the_series(cast: Cast):
    builders.series(cast.perlak, cast.bottles)
    outcome = run(file(f"{BOTTLES[0]},week", header=HEADER + ",frequency"))
    assert reasons(outcome) == [(2, "frequency", "other_frequency")]


# --- created with the file ------------------------------------------------------------------------


def test_create_makes_factories_with_all_that_a_workplace_has(cast: Cast):
    row = "Nueva,2026-11-02,Panes,units,40,Pan,Cerrillos-Maipú"
    outcome = run(file(row, header=HEADER + ",sector,cordon"), CREATE)
    assert outcome.made == {"factory": ["Nueva"], "sector": ["Pan"], "indicator": ["Panes"]}
    place = Territory.objects.get(name="Nueva")
    assert Factory.objects.filter(territory=place).exists()
    assert set(Body.objects.of_territory(place).values_list("kind", flat=True)) == {
        BodyKind.ASSEMBLY,
        BodyKind.COMMITTEE,
    }
    assert Placement.objects.get(territory=place).parent == cast.cerrillos
    assert Placement.objects.get(territory=place).from_on == DAY
    assert SectorPlacement.objects.get(workplace=place).sector.name == "Pan"


def test_cordon_from_sector_makes_a_cordon_for_each_and_the_nation(db):
    rows = ["A,Norte,2026-11-02,Panes,units,4", "B,Sur,2026-11-03,Panes,units,4", "C,norte,2026-11-01,Panes,units,1"]
    options = ImportOptions(create=True, cordon_from_sector=True)
    outcome = run(file(*rows, header="factory,sector,date,indicator,unit,value"), options)
    assert (counts(outcome), outcome.made["cordon"]) == ((3, 0, 0, 0), ["Norte", "Sur"])
    nation = Territory.objects.get(kind=TerritoryKind.NATION)
    placements = Placement.objects.order_by("territory__kind", "territory__name")
    assert [(p.territory.name, p.parent.name, p.from_on.day) for p in placements] == [
        ("Norte", nation.name, 1),
        ("Sur", nation.name, 3),
        ("A", "Norte", 2),
        ("B", "Sur", 3),
        ("C", "Norte", 1),
    ]
    again = run(file(*rows, header="factory,sector,date,indicator,unit,value"), options)
    assert (counts(again), again.made) == ((0, 0, 3, 0), {})


def test_a_new_factory_without_cordon_hangs_from_the_nation(cast: Cast):
    run(file("Nueva,2026-11-02,Panes,units,40"), CREATE)
    assert Placement.objects.get(territory__name="Nueva").parent == cast.nation


def test_two_sectors_of_one_factory_in_a_file_are_one_too_many(cast: Cast):
    rows = ["Nueva,2026-11-02,Panes,units,4,Pan", "Nueva,2026-11-03,Panes,units,4,Pasta"]
    assert reasons(run(file(*rows, header=HEADER + ",sector"), CREATE)) == [(3, "sector", "two_places")]


def test_what_is_not_told_is_inferred_and_stated(cast: Cast):
    week = [f"Perlak,{DAY + dt.timedelta(days=7 * n - 28)},Weekly,kg,1," for n in range(4)]
    rows = [
        *week,
        "Perlak,2026-11-02,Share,%,1,",
        "Perlak,2026-11-02,Coal stock,t,1,",
        "Perlak,2026-11-02,Limit,t,1,capacity",
    ]
    outcome = run(file(*rows, header=HEADER + ",kind"), INDICATORS)
    assert dict(
        Indicator.objects.exclude(pk__in=[cast.bottles.pk, cast.sand.pk]).values_list("name", "aggregation")
    ) == {
        "Weekly": "sum",
        "Share": "mean",
        "Coal stock": "last",
        "Limit": "mean",
    }
    assert dict(Series.objects.values_list("indicator__name", "frequency"))["Weekly"] == "week"
    assert ("frequency", {"frequency": "week", "names": "Weekly"}) in outcome.stated
    assert ("aggregation", {"aggregation": "last", "names": "Coal stock"}) in outcome.stated
    assert all(sentence_of_stated(stated) for stated in outcome.stated)


def test_aggregation_may_be_given(cast: Cast):
    run(file("Perlak,2026-11-02,Heat,degC,1,mean", header=HEADER + ",aggregation"), INDICATORS)
    assert Indicator.objects.get(name="Heat").aggregation == "mean"


def test_unknown_units_are_rejected_even_when_creating(cast: Cast):
    assert reasons(run(file("Perlak,2026-11-02,Heat,lbs-per-hour,1"), CREATE)) == [(2, "unit", "unknown_unit")]


def test_a_unit_outside_the_catalogue_is_taken_where_an_indicator_has_it(cast: Cast):
    builders.indicator("Presentes", "de 64")
    assert counts(run(file("Perlak,2026-11-02,Presentes,de 64,60"))) == (1, 0, 0, 0)
    assert reasons(run(file("Perlak,2026-11-02,Otros,de 64,60"), CREATE)) == [(2, "unit", "unknown_unit")]


def test_a_late_series_of_a_known_indicator_asks_for_the_sums_that_it_changes(cast: Cast):
    run(file(*BOTTLES[:1]))
    asked = Job.objects.get(kind="recompute_summaries")
    assert asked.payload["workplace"] == str(cast.perlak.uuid)
