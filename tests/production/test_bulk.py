"""The raw SQL of production gives the same on both engines as the ORM would."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from production.models import Figure, Report, Submission
from production.models.bulk import (
    CurrentFigure,
    LastSubmission,
    current_figures,
    insert_rows,
    lock_reports,
    reserve_ids,
    update_rows,
)
from tests import builders
from tests.conftest import Cast

DAY = dt.date(2026, 11, 2)


def fill(cast: Cast, remark: str = "") -> tuple[int, int, int]:
    """A report, a submission and a figure, by rows; their identifiers and the series."""
    series = builders.series(cast.perlak, cast.bottles)
    with transaction.atomic():
        report, submission = reserve_ids(Report, 1)[0], reserve_ids(Submission, 1)[0]
        names = ("id", "uuid", "workplace", "territory", "shift", "on")
        insert_rows(Report, names, [(report, uuid.uuid4(), cast.perlak.pk, cast.perlak.pk, "", DAY)])
        names = (
            *("id", "uuid", "report", "number", "at", "channel", "reason", "note", "stoppage", "stoppage_note"),
            *("current", "simulated"),
        )
        row = (submission, uuid.uuid4(), report, 1, builders.NOW, "file", "", "", "", "", True, False)
        insert_rows(Submission, names, [row])
        names = ("series", "start", "version", "value", "superseded", "submission", "remark")
        insert_rows(Figure, names, [(series.pk, DAY, 1, 12_500_000, False, submission, remark)])
    return report, submission, series.pk


def test_inserted_rows_are_what_the_orm_reads(cast: Cast):
    report, submission, series = fill(cast, "tab\there, “ñ”, back\\slash, 'quote'")
    figure = Figure.objects.select_related("submission__report").get()
    assert (figure.start, figure.value, figure.remark) == (DAY, Decimal("12.5"), "tab\there, “ñ”, back\\slash, 'quote'")
    assert (figure.series_id, figure.submission_id, figure.submission.report_id) == (series, submission, report)
    assert (figure.submission.at, figure.submission.report.on) == (builders.NOW, DAY)
    assert isinstance(figure.submission.uuid, uuid.UUID)


def test_reserved_identifiers_are_not_given_again(cast: Cast):
    with transaction.atomic():
        mine = list(reserve_ids(Report, 3))
        names = ("id", "uuid", "workplace", "territory", "shift", "on")
        place = cast.perlak.pk
        insert_rows(
            Report,
            names,
            [(i, uuid.uuid4(), place, place, "", DAY + dt.timedelta(days=n)) for n, i in enumerate(mine)],
        )
    assert Report.objects.create(workplace=cast.perlak, territory=cast.perlak, on=DAY, shift="x").pk not in mine


def test_current_figures_and_lock_reports_read_days_as_ordinals(cast: Cast):
    report, submission, series = fill(cast)
    figure = Figure.objects.get()
    assert list(current_figures([series], DAY, DAY)) == [
        CurrentFigure(series, DAY.toordinal(), figure.pk, 1, 12_500_000, "")
    ]
    assert list(current_figures([series], DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=9))) == []
    with transaction.atomic():
        locked = lock_reports([cast.perlak.pk], DAY, DAY)
    assert locked == [LastSubmission(report, cast.perlak.pk, DAY.toordinal(), submission, 1)]
    update_rows(Figure, [figure.pk], superseded=True)
    assert list(current_figures([series], DAY, DAY)) == []


def test_more_identifiers_than_one_question_may_hold(cast: Cast):
    _report, _submission, series = fill(cast)
    assert len(list(current_figures([*range(10_000, 12_000), series], DAY, DAY))) == 1
