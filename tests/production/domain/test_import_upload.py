"""Trials, previews and long files: what waits for a job, and what becomes of it."""

import datetime as dt
from decimal import Decimal

import pytest

from councils.domain import job
from councils.errors import Refused
from councils.models import Job, Territory
from production.domain import import_progress, importing
from production.domain.import_options import ImportOptions, Outcome
from production.domain.importing import (
    forget_previews,
    keep_preview,
    look_over,
    store_preview,
    upload_reports,
)
from production.enums import ImportState
from production.models import Figure, ImportBatch
from tests import builders
from tests.conftest import Cast
from tests.imports import BOTTLES, CREATE, counts, file, run

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
    cast.elena.seats.update(ended_at=now, end_reason="resigned")
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
