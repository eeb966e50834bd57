"""The roll-up of reports: what the jobs do. (Its arithmetic: analysis/test_rollup; any history: properties.)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest

from councils.domain import job
from councils.domain.territory import place_territory
from councils.models import Job, Placement
from production.domain import roll_up, summary
from production.domain.indicator import end_series
from production.models import ClosedDay, Figure, Indicator, Pulse, Series, Summary
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY, YESTERDAY


def value(place, what: Indicator, grain: str, start: dt.date, sector=None) -> Decimal | None:
    rows = Summary.objects.filter(territory=place, indicator=what, grain=grain, start=start)
    found = rows.filter(sector=sector) if sector else rows.filter(sector__is_all=True)
    return found.get().value


@pytest.fixture
def reporting(cast: Cast) -> Cast:
    """Cristalerías makes bottles and Perlak too."""
    b.series(cast.cristalerias, cast.bottles)
    b.series(cast.perlak, cast.bottles)
    return cast


def test_report_reaches_every_level_in_every_grain(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.say(reporting.perlak, TODAY, "8.5")
    sums.roll_up()
    for grain, start in (("day", TODAY), ("week", TODAY), ("month", TODAY.replace(day=1))):
        assert value(reporting.vicuna, reporting.bottles, grain, start) == 400
        assert value(reporting.nation, reporting.bottles, grain, start) == Decimal("408.5")
        assert value(reporting.nation, reporting.bottles, grain, start, reporting.food) == Decimal("8.5")


def test_correction_replaces_and_withdrawal_removes(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    sums.say(reporting.cristalerias, TODAY, 410)
    sums.roll_up()
    assert value(reporting.nation, reporting.bottles, "month", TODAY.replace(day=1)) == 410
    Figure.objects.current().update(value=None)
    job.enqueue(kind="roll_up", key="again", payload=Job.objects.filter(kind="roll_up").latest("pk").payload, at=NOW)
    sums.roll_up()
    assert not Summary.objects.exists()


def test_missing_report_shows_in_the_coverage(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    row = Summary.objects.get(territory=reporting.nation, grain="day", sector__is_all=True)
    assert (row.reported, row.expected, row.workplaces) == (1, 2, 1)


def test_stoppage_is_answered_and_adds_nothing(reporting: Cast):
    sums.stop(reporting.cristalerias, TODAY)
    sums.roll_up()
    row = Summary.objects.get(territory=reporting.nation, grain="day", sector__is_all=True)
    assert (row.value, row.reported, row.workplaces) == (None, 1, 0)


def test_closed_day_is_not_expected(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    ClosedDay.objects.create(territory=reporting.perlak, on=TODAY, reason="Aniversario")
    roll_up.recompute_for(workplace=reporting.perlak, first=TODAY, last=TODAY, at=NOW)
    sums.roll_up()
    row = Summary.objects.get(territory=reporting.nation, grain="day", sector__is_all=True)
    assert (row.reported, row.expected) == (1, 1)


def test_running_twice_changes_nothing_and_tells_no_page(reporting: Cast):
    sent = sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    before, pulse = list(Summary.objects.order_by("pk").values_list()), Pulse.objects.get()
    job.enqueue(kind="roll_up", key="again", payload={"submission": str(sent.uuid)}, at=NOW)
    sums.roll_up()
    assert list(Summary.objects.order_by("pk").values_list()) == before
    assert (Pulse.objects.get().count, Pulse.objects.get().token) == (pulse.count, pulse.token)


def test_roll_up_beats_the_pulse_when_something_changed(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    first = Pulse.objects.get()
    sums.say(reporting.cristalerias, YESTERDAY, 400)
    sums.roll_up()
    assert (Pulse.objects.get().count, Pulse.objects.get().token == first.token) == (first.count + 1, False)


def test_unknown_submission_is_nothing_to_do(db: None):
    job.enqueue(kind="roll_up", key="x", payload={"submission": "6f1c1f86-7a5e-4f0b-9d2e-1f5b5f5f0a01"}, at=NOW)
    sums.roll_up()
    assert Job.objects.get(key="x").state == "done"


def test_many_figures_take_the_way_of_the_rebuild(reporting: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roll_up, "MANY", 2)
    for n in range(4):
        sums.say(reporting.cristalerias, TODAY - dt.timedelta(days=n), 10)
    sums.roll_up()
    assert value(reporting.nation, reporting.bottles, "month", TODAY.replace(day=1)) == 40
    assert summary.check_summaries(at=NOW) == []


def test_recompute_follows_a_placement_that_was_corrected(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    Placement.objects.filter(territory=reporting.cristalerias).update(parent=reporting.cerrillos)
    roll_up.recompute_for(workplace=reporting.cristalerias, first=None, last=None, at=NOW)
    sums.roll_up()
    assert not Summary.objects.filter(territory=reporting.vicuna).exists()
    assert value(reporting.cerrillos, reporting.bottles, "day", TODAY) == 400


def test_recompute_where_nothing_was_reported_is_harmless(reporting: Cast):
    roll_up.recompute_for(workplace=reporting.perlak, first=TODAY, last=None, at=NOW)
    sums.roll_up()
    assert not Summary.objects.exists()


def test_simulated_figures_mark_their_rows(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400, simulated=True)
    sums.say(reporting.perlak, TODAY, 3)
    sums.roll_up()
    marked = Summary.objects.filter(grain="day", sector__is_all=True, simulated=True)
    assert {s.territory for s in marked} == {reporting.cristalerias, reporting.vicuna, reporting.nation}


def test_check_lists_what_was_tampered_with_and_rebuild_mends_it(reporting: Cast):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    Summary.objects.filter(territory=reporting.nation, grain="day", sector__is_all=True).update(numerator=Decimal(1))
    Summary.objects.filter(territory=reporting.vicuna, grain="week").delete()
    found = summary.check_summaries(at=NOW)
    assert {(d.key.territory, d.key.grain) for d in found} == {
        (reporting.nation.pk, "day"),
        (reporting.vicuna.pk, "week"),
    }
    assert summary.rebuild_summaries() == 3  # the week has a row for its branch too
    assert summary.check_summaries(at=NOW) == []


def test_nightly_check_writes_an_error(reporting: Cast, caplog: pytest.LogCaptureFixture):
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    Summary.objects.all().delete()
    job.enqueue(kind="check_summaries", key="night", at=NOW)
    sums.roll_up()
    assert [r.levelname for r in caplog.records if "summaries differ" in r.getMessage()] == ["ERROR"]


def test_nightly_check_waits_for_roll_ups(reporting: Cast):
    jobs = [job.enqueue(kind="check_summaries", key="night", at=NOW)]
    sums.say(reporting.cristalerias, TODAY, 400)
    with pytest.raises(job.NotYet):
        summary.check_nightly(jobs, NOW)


def test_sums_follow_a_territory_that_moves(
    reporting: Cast, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]]
):
    sums.say(reporting.cristalerias, YESTERDAY, 5)
    sums.say(reporting.cristalerias, TODAY, 400)
    sums.roll_up()
    with django_capture_on_commit_callbacks(execute=True):
        place_territory(
            territory=reporting.cristalerias, parent=reporting.cerrillos, on_day=TODAY, by=reporting.ana, at=NOW
        )
    sums.roll_up()
    assert value(reporting.vicuna, reporting.bottles, "month", TODAY.replace(day=1)) == 5
    assert value(reporting.cerrillos, reporting.bottles, "month", TODAY.replace(day=1)) == 400


def test_series_that_ends_is_no_longer_expected(reporting: Cast):
    sums.say(reporting.perlak, TODAY, 3)
    sums.roll_up()
    series = Series.objects.get(territory=reporting.cristalerias)
    end_series(series=series, by=reporting.elena, at=NOW, until_on=TODAY)
    sums.roll_up()
    row = Summary.objects.get(territory=reporting.nation, grain="day", sector__is_all=True)
    assert (row.reported, row.expected) == (1, 1)
