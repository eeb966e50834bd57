"""Importing reports: created, corrected, unchanged; all or nothing; who may."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils.errors import Denied, Refused, SecondFactorNeeded
from councils.models import AuditEvent, Job, Territory
from production.domain import importing
from production.domain.import_options import ImportOptions
from production.domain.importing import (
    scopes_of,
)
from production.domain.report import submit_report
from production.enums import Channel, ImportState
from production.models import Figure, ImportBatch, Report, Series, Submission
from tests import builders
from tests.conftest import Cast
from tests.imports import BOTTLES, CREATE, DAY, HEADER, counts, file, reasons, run

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


def test_who_works_there_no_more_does_not_import_though_her_seat_lasts(cast: Cast, now):
    cast.elena.memberships.update(until_on=now.date())
    with pytest.raises(Denied):
        run(file(*BOTTLES), by=cast.elena, workplace=cast.cristalerias)
    assert scopes_of(member=cast.elena, at=now) == []


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
