"""A file that ends long ago is history: its series end with it, and a later file goes on with them."""

import datetime as dt

import pytest
from django.utils import translation

from councils.domain import job
from councils.errors import Refused
from production.domain.day import days_of
from production.domain.indicator import end_series
from production.domain.reason import sentence_of_stated
from production.domain.summary import check_summaries
from production.models import Figure, Series, Summary
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.imports import CREATE, HEADER, counts, file, reasons, run

TODAY = dt.date(2026, 11, 16)
NEW_YEAR = dt.date(2025, 1, 1)
OLD = ["Perlak,2024-12-30,Envases buenos,miles,400", "Perlak,2024-12-31,Arena sílice en bodega,t,300"]


def row(on: str, value: int = 1) -> str:
    return f"Perlak,{on},Envases buenos,miles,{value}"


def ends() -> dict[str, tuple[dt.date | None, bool]]:
    return {name: (until, by_file) for name, until, by_file in
            Series.objects.order_by("from_on").values_list("indicator__name", "until_on", "ended_by_file")}  # fmt: skip


def stated(outcome) -> list[str]:
    with translation.override("en"):
        return [sentence_of_stated(s) for s in outcome.stated if s[0] in ("history", "goes_on", "goes_on_until")]


def test_history_ends_with_the_last_day_of_its_file_and_says_so(cast: Cast):
    outcome = run(file(*OLD))
    assert ends() == dict.fromkeys(("Envases buenos", "Arena sílice en bodega"), (NEW_YEAR, True))
    assert stated(outcome) == [
        "The file is history: its figures ended on 31 December 2024, and no report is asked of: Perlak."
    ]
    assert days_of(workplace=cast.perlak, on=TODAY) == []  # nothing is missing there today
    again = run(file(*OLD))
    assert (counts(again), stated(again)) == ((0, 0, 2, 0), [])


@pytest.mark.parametrize(("days_ago", "ended"), [(31, False), (32, True)])
def test_a_file_of_the_last_31_days_goes_on(cast: Cast, days_ago, ended):
    run(file(row(str(TODAY - dt.timedelta(days=days_ago)))))
    assert (Series.objects.get().until_on is not None) is ended


def test_the_coverage_of_the_imported_time_counts_who_missed_its_last_days(cast: Cast):
    run(file(row("2024-12-02"), row("2024-12-04"), "Cristalerías de Chile,2024-12-06,Envases buenos,miles,9"))
    job.run_due(at=NOW)
    rows = Summary.objects.filter(indicator=cast.bottles, territory=cast.perlak, start=dt.date(2024, 12, 1))
    assert [(r.reported, r.expected) for r in rows.filter(sector__is_all=True)] == [(2, 5)]  # 2 to 6 December
    assert check_summaries(at=NOW) == []


def test_a_later_file_goes_on_with_the_series(cast: Cast):
    run(file(*OLD))
    outcome = run(file(row("2025-03-31")))
    assert (counts(outcome), ends()["Envases buenos"]) == ((1, 0, 0, 0), (dt.date(2025, 4, 1), True))
    assert stated(outcome) == ["Figures that had ended with an earlier file now end on 31 March 2025: Perlak."]
    outcome = run(file(row("2026-11-10")))
    assert ends() == {"Envases buenos": (None, False), "Arena sílice en bodega": (NEW_YEAR, True)}
    assert stated(outcome) == ["Figures that had ended with an earlier file go on, and reports are asked of: Perlak."]
    job.run_due(at=NOW)
    assert check_summaries(at=NOW) == []
    assert Series.objects.count() == 2


def test_an_earlier_file_stretches_it_back_and_leaves_its_end(cast: Cast):
    run(file(row("2024-12-31")))
    run(file(row("2023-06-30")))
    series = Series.objects.get()
    assert (series.from_on, series.until_on) == (dt.date(2023, 6, 30), NEW_YEAR)


def test_a_file_fills_the_gap_before_a_series_that_was_begun_anew(cast: Cast):
    run(file(row("2024-12-31")))
    builders.series(cast.perlak, cast.bottles, since=dt.date(2026, 1, 1))
    outcome = run(file(row("2025-06-30", 7), row("2026-11-10", 8)))
    assert counts(outcome) == (2, 0, 0, 0)
    assert list(Figure.objects.order_by("start").values_list("series__from_on", "start")) == [
        (dt.date(2024, 12, 31), dt.date(2024, 12, 31)),
        (dt.date(2024, 12, 31), dt.date(2025, 6, 30)),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 10)),
    ]
    assert list(Series.objects.order_by("from_on").values_list("until_on", flat=True)) == [dt.date(2025, 7, 1), None]


def test_what_a_committee_ended_stays_ended(cast: Cast, now):
    series = builders.series(cast.cristalerias, cast.bottles)
    end_series(series=series, by=cast.elena, at=now, until_on=dt.date(2025, 1, 1))
    late = "Cristalerías de Chile,2025-03-31,Envases buenos,miles,1"
    assert reasons(run(file(late))) == [(2, "date", "series_ended")]


@pytest.mark.parametrize(("chosen", "ended"), [("2025-06-01", "2025-01-01"), ("2024-12-31", "2024-12-31")])
def test_what_a_file_ended_and_then_a_committee_stays_ended(cast: Cast, now, chosen, ended):
    file_of = "Cristalerías de Chile,{},Envases buenos,miles,1".format
    run(file(file_of("2024-12-30"), "Perlak,2024-12-31,Envases buenos,miles,1"))
    series = Series.objects.get(workplace=cast.cristalerias)
    end_series(series=series, by=cast.elena, at=now, until_on=dt.date.fromisoformat(chosen))
    series.refresh_from_db()
    assert (str(series.until_on), series.ended_by_file) == (ended, False)
    assert reasons(run(file(file_of("2025-03-31")))) == [(2, "date", "series_ended")]
    with pytest.raises(Refused):
        end_series(series=series, by=cast.elena, at=now, until_on=dt.date(2024, 12, 31))
    job.run_due(at=NOW)
    assert check_summaries(at=NOW) == []


def test_a_week_that_holds_the_last_day_is_whole(cast: Cast):
    weekly = [f"Perlak,2024-{day},Reuniones,horas,2,week" for day in ("11-18", "11-25", "12-02")]
    run(file(*weekly, header=HEADER + ",frequency"), CREATE)
    assert Series.objects.get().until_on == dt.date(2024, 12, 9)
