"""Importing reports: created, corrected, unchanged, rejected; all or nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils.domain import job
from councils.enums import BodyKind, TerritoryKind
from councils.errors import Denied, Refused, SecondFactorNeeded
from councils.models import AuditEvent, Body, Job, Placement, Territory
from production.domain import import_progress, importing
from production.domain.import_options import ImportOptions, Outcome
from production.domain.importing import (
    Source,
    forget_previews,
    import_reports,
    keep_preview,
    look_over,
    scopes_of,
    store_preview,
    upload_reports,
)
from production.domain.reason import sentence_of_row, sentence_of_stated
from production.domain.report import submit_report
from production.enums import Channel, ImportState
from production.models import Factory, Figure, ImportBatch, Indicator, Report, SectorPlacement, Series, Submission
from tests import builders
from tests.conftest import Cast

HEADER = "factory,date,indicator,unit,value"
CREATE = ImportOptions(create=True)
INDICATORS = ImportOptions(create_indicators=True)
DAY = dt.date(2026, 11, 2)


def file(*rows: str, header: str = HEADER, name: str = "reports.csv") -> Source:
    return Source(name, "\n".join([header, *rows, ""]).encode())


def run(source: Source, options: ImportOptions = ImportOptions(), at=builders.NOW, **more) -> Outcome:  # noqa: B008
    return import_reports(source=source, options=options, by=more.pop("by", None), at=at, **more)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.corrected, outcome.unchanged, outcome.rejected


def reasons(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in outcome.errors]


BOTTLES = [
    "Perlak,2026-11-02,Envases buenos,miles,400",
    "Perlak,2026-11-03,Envases buenos,miles,401.5",
    "Perlak,2026-11-03,Arena sílice en bodega,t,300",
]


# --- created, unchanged, corrected ---------------------------------------------------------------


def test_import_stores_reports_submissions_and_figures(cast: Cast):
    outcome = run(file(*BOTTLES))
    assert (outcome.stored, counts(outcome)) == (True, (3, 0, 0, 0))
    figures = Figure.objects.order_by("start", "series__indicator__name_key")
    assert [(f.start.day, f.value, f.version, f.superseded) for f in figures] == [
        (2, Decimal(400), 1, False),
        (3, Decimal(300), 1, False),
        (3, Decimal("401.5"), 1, False),
    ]
    batch = ImportBatch.objects.get()
    submissions = Submission.objects.order_by("report__on")
    assert [(s.report.on.day, s.number, s.channel, s.current, s.reason) for s in submissions] == [
        (2, 1, Channel.COMMAND, True, ""),
        (3, 1, Channel.COMMAND, True, ""),
    ]
    assert {s.import_batch for s in submissions} == {batch}
    assert {s.report.territory for s in submissions} == {cast.perlak}
    assert {s.from_on for s in Series.objects.all()} == {DAY, DAY + dt.timedelta(days=1)}
    assert (batch.state, batch.rows_total, batch.content) == (ImportState.DONE, 3, None)
    assert AuditEvent.objects.get(verb="import_reports").detail["created"] == 3
    assert Job.objects.get(kind="roll_up").payload == {"import": str(batch.uuid)}


def test_import_of_the_same_file_changes_nothing_and_says_so(cast: Cast):
    run(file(*BOTTLES))
    before = list(Figure.objects.values_list()), Submission.objects.count(), Report.objects.count(), Job.objects.count()
    outcome = run(file(*BOTTLES))
    assert (outcome.stored, counts(outcome)) == (True, (0, 0, 3, 0))
    after = list(Figure.objects.values_list()), Submission.objects.count(), Report.objects.count(), Job.objects.count()
    assert before == after


def test_import_of_a_changed_value_is_a_correction_that_names_the_file(cast: Cast):
    run(file(*BOTTLES))
    outcome = run(file(BOTTLES[0], BOTTLES[1].replace("401.5", "390"), name="../fixed.csv"), by=cast.ana)
    assert counts(outcome) == (0, 1, 1, 0)
    versions = Figure.objects.filter(start=DAY + dt.timedelta(days=1), series__indicator=cast.bottles).order_by(
        "version"
    )
    assert [(f.version, f.value, f.superseded) for f in versions] == [
        (1, Decimal("401.5"), True),
        (2, Decimal(390), False),
    ]
    last = versions[1].submission
    assert (last.number, last.current, last.author, last.channel) == (2, True, cast.ana, Channel.FILE)
    assert "fixed.csv" in last.reason
    assert "/" not in last.reason
    assert Submission.objects.filter(report=last.report, current=True).count() == 1


def test_import_beside_a_report_sent_by_hand(cast: Cast, now):
    series = builders.series(cast.perlak, cast.bottles)
    submit_report(
        workplace=cast.perlak, territory=cast.perlak, on=DAY, figures={series: (Decimal(400), "")}, by=cast.nora, at=now
    )
    outcome = run(file(*BOTTLES[:1], "Perlak,2026-11-02,Arena sílice en bodega,t,7"))
    assert counts(outcome) == (1, 0, 1, 0)
    assert list(Submission.objects.order_by("number").values_list("number", "current", "reason")) == [
        (1, False, ""),
        (2, True, ""),
    ]


def test_a_figure_that_was_withdrawn_is_corrected(cast: Cast, now):
    run(file(*BOTTLES[:1]))
    series = Series.objects.get()
    submit_report(
        workplace=cast.perlak,
        territory=cast.perlak,
        on=DAY,
        figures={series: (None, "")},
        by=cast.nora,
        at=now,
        reason="not ours",
    )
    assert counts(run(file(*BOTTLES[:1]))) == (0, 1, 0, 0)
    assert Figure.objects.current().get().version == 3


def test_earlier_days_stretch_the_series_back(cast: Cast):
    run(file(*BOTTLES[:1]))
    run(file("Perlak,2020-01-31,Envases buenos,miles,1"))
    assert Series.objects.get().from_on == dt.date(2020, 1, 31)


def test_a_remark_travels_with_its_figure_and_alone_makes_a_correction(cast: Cast):
    header = HEADER + ",remark"
    run(file(BOTTLES[0] + ",late truck", header=header))
    assert Figure.objects.get().remark == "late truck"
    assert counts(run(file(BOTTLES[0] + ",", header=header))) == (0, 0, 1, 0)
    assert counts(run(file(BOTTLES[0] + ",no truck", header=header))) == (0, 1, 0, 0)


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


def test_an_accent_too_many_is_another_factory_even_when_creating(cast: Cast):
    row = "Ṕerlak,2026-11-02,Envases buenos,miles,1"
    assert reasons(run(file(row))) == [(2, "factory", "unknown_factory")]
    assert reasons(run(file(row), CREATE)) == [(2, "factory", "unknown_factory")]
    assert counts(run(file(BOTTLES[0].replace("Perlak", " PERLAK ")))) == (1, 0, 0, 0)


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


# --- trials, uploads, jobs -------------------------------------------------------------------------


def test_a_trial_tells_what_would_happen_and_stores_nothing(cast: Cast):
    run(file(*BOTTLES[:1]))
    options = ImportOptions(create=True, dry_run=True)
    outcome = run(file(BOTTLES[0].replace("400", "1"), "Nueva,2026-11-02,Panes,units,40"), options)
    assert (outcome.stored, counts(outcome)) == (False, (1, 1, 0, 0))
    assert (Figure.objects.count(), Territory.objects.filter(name="Nueva").count()) == (1, 0)


def test_look_over_shows_rows_as_they_were_read(cast: Cast, now):
    look = look_over(source=file('Perlak,31/10/2026,Envases buenos,miles,"12,5"'), options=CREATE, by=cast.ana, at=now)
    assert [(s.row, s.factory, s.on, s.indicator, s.value, s.unit) for s in look.first] == [
        (2, "Perlak", dt.date(2026, 10, 31), "Envases buenos", Decimal("12.5"), "miles")
    ]
    assert (look.rows, counts(look.outcome), Figure.objects.count()) == (1, (1, 0, 0, 0), 0)


LONG = [
    f"Perlak,{dt.date(2010, 1, 1) + dt.timedelta(days=n)},Envases buenos,miles,{n}" for n in range(importing.LONG + 1)
]


def test_a_long_upload_waits_for_a_job_that_tells_how_far_it_is(cast: Cast, now):
    batch = upload_reports(source=file(*LONG), options=ImportOptions(), by=cast.ana, at=now)
    assert isinstance(batch, ImportBatch)
    assert (batch.state, batch.rows_total, Figure.objects.count()) == (ImportState.WAITING, len(LONG), 0)
    assert importing.run_imports([Job.objects.get(kind=importing.KIND)], now) is None
    batch.refresh_from_db()
    outcome = Outcome.from_json(batch.outcome)
    assert (batch.state, batch.content, outcome.stored, outcome.created) == (ImportState.DONE, None, True, len(LONG))
    assert import_progress.step_of(str(batch.uuid)) == import_progress.Step("storing", 0, len(LONG))
    importing.run_imports([Job.objects.get(kind=importing.KIND)], now)
    assert Figure.objects.count() == len(LONG)


def test_a_long_upload_with_a_bad_row_is_refused_at_once(cast: Cast, now):
    outcome = upload_reports(source=file(*LONG, "x,x,x,x,x"), options=ImportOptions(), by=cast.ana, at=now)
    assert isinstance(outcome, Outcome)
    assert (outcome.stored, outcome.rejected, ImportBatch.objects.count()) == (False, 1, 0)


def test_an_upload_whose_sender_lost_her_seat_is_refused_when_its_turn_comes(cast: Cast, now):
    builders.series(cast.cristalerias, cast.bottles)
    source = file("Cristalerías de Chile,2026-11-02,Envases buenos,miles,1")
    batch = keep_preview(source=source, options=ImportOptions(), by=cast.elena, at=now, workplace=cast.cristalerias)
    store_preview(batch=batch, by=cast.elena, at=now)
    cast.elena.seats.update(ended_at=now)
    job.run_due(at=now + dt.timedelta(minutes=1))
    batch.refresh_from_db()
    assert (batch.state, Outcome.from_json(batch.outcome).refusal) == (ImportState.REFUSED, ("not_allowed", {}))
    assert Figure.objects.count() == 0


def test_a_preview_is_stored_once_and_forgotten_if_never_stored(cast: Cast, now):
    wanted = keep_preview(source=file(*BOTTLES), options=ImportOptions(), by=cast.ana, at=now)
    keep_preview(source=file(*BOTTLES), options=ImportOptions(), by=cast.ana, at=now)
    store_preview(batch=wanted, by=cast.ana, at=now)
    store_preview(batch=wanted, by=cast.ana, at=now)
    assert Job.objects.filter(kind=importing.KIND).count() == 1
    forget_previews([], now + dt.timedelta(days=3))
    assert list(ImportBatch.objects.all()) == [wanted]


def test_somebody_elses_preview_is_not_stored(cast: Cast, now):
    batch = keep_preview(source=file(*BOTTLES), options=ImportOptions(), by=cast.ana, at=now)
    admin = builders.member("other", is_staff=True, is_demo=True)
    with pytest.raises(Refused):
        store_preview(batch=batch, by=admin, at=now)


# --- who ---------------------------------------------------------------------------------------------


def test_a_committee_imports_for_its_own_workplace_only(cast: Cast, now):
    builders.series(cast.cristalerias, cast.bottles)
    rows = ["Cristalerías de Chile,2026-11-02,Envases buenos,miles,1", BOTTLES[0]]
    more = {"by": cast.elena, "workplace": cast.cristalerias}
    assert counts(run(file(rows[0]), **more)) == (1, 0, 0, 0)
    assert reasons(run(file(*rows), **more)) == [(3, "factory", "not_this_workplace")]
    assert scopes_of(member=cast.elena, at=now) == [cast.cristalerias]
    assert scopes_of(member=cast.carmen, at=now) == []


@pytest.mark.parametrize("who", ["carmen", "rosa", "nora", "olga"])
def test_others_do_not_import(cast: Cast, who):
    with pytest.raises(Denied):
        run(file(*BOTTLES), by=getattr(cast, who), workplace=cast.cristalerias)


def test_a_committee_does_not_import_for_everyone(cast: Cast):
    with pytest.raises(Denied):
        run(file(*BOTTLES), by=cast.elena)


def test_who_keeps_the_installation_needs_a_second_factor(cast: Cast):
    admin = builders.member("admin", is_staff=True)
    with pytest.raises(SecondFactorNeeded):
        run(file(*BOTTLES), by=admin)


# --- never half ---------------------------------------------------------------------------------------


def test_a_failure_while_storing_leaves_nothing(cast: Cast, monkeypatch):
    monkeypatch.setattr(importing, "_finish", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(file(*BOTTLES, "Nueva,2026-11-02,Panes,units,40"), CREATE)
    left = Figure, Report, Submission, ImportBatch, Job, Series
    assert [model.objects.count() for model in left] == [0] * 6
    assert not Territory.objects.filter(name="Nueva").exists()


def test_a_clash_with_somebody_else_is_tried_again_then_told(cast: Cast, monkeypatch):
    tries = []

    def clash(*args: object) -> None:
        tries.append(1)
        raise IntegrityError

    monkeypatch.setattr(importing, "compare", clash)
    with pytest.raises(Refused):
        run(file(*BOTTLES))
    assert (len(tries), Figure.objects.count()) == (3, 0)


values = st.integers(min_value=0, max_value=10**9).map(lambda n: Decimal(n) / 1000)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.integers(min_value=0, max_value=40), values, min_size=1, max_size=12), st.data())
def test_what_is_in_force_is_what_the_last_file_said(cast: Cast, first, data):
    Figure.objects.all().delete()
    second = data.draw(st.dictionaries(st.sampled_from(sorted(first)), values))
    for given_values in (first, second or first):
        run(
            file(
                *(f"Perlak,{DAY - dt.timedelta(days=n)},Envases buenos,miles,{v:f}" for n, v in given_values.items()),
                header=HEADER,
            ),
            ImportOptions(decimal="point"),
        )
    expected = {DAY - dt.timedelta(days=n): v for n, v in {**first, **second}.items()}
    assert dict(Figure.objects.current().values_list("start", "value")) == expected
    assert not Submission.objects.filter(current=True).exclude(report__submissions__current=True).exists()
