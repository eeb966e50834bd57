"""From figures to findings: what is judged, from which state, and that it comes to the same whatever the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from councils.domain import job
from councils.models import Job
from production.analysis.finding import Finding
from production.domain.analysis_job import ANALYSE, analyse_since
from production.domain.judgement import analyse
from production.domain.judgement_read import expected_on, judged_of
from production.domain.report import submit_report
from production.domain.sheet import sheet_of
from production.enums import AlertState, Channel, Frequency, SeriesStatus
from production.models import Alert, ClosedDay, EngineState, Factory, Series, SeriesJudgement
from tests import builders as b
from tests.builders import NOW
from tests.judgements import BEGAN, DAY, evening, everything, quiet, reported, tell
from tests.sums import TODAY, stop

YESTERDAY = TODAY - DAY


@pytest.fixture
def sand(cast) -> Series:
    """Eight quiet weeks until yesterday, judged."""
    series = b.series(cast.cristalerias, cast.sand)
    reported(series, quiet(56))
    analyse(workplaces=[cast.cristalerias], day=YESTERDAY, at=evening(YESTERDAY))
    return series


def judge(place, day=TODAY, **more):
    return analyse(workplaces=[place], day=day, at=evening(day), **more)


def run(at: dt.datetime) -> None:
    job.run_due(at=at)


class TestAnalyse:
    def test_quiet_weeks_are_watched_and_open_nothing(self, cast, sand):
        judged = judged_of(series=[sand])[sand.pk]
        assert (judged.start, judged.status, judged.wanting) == (YESTERDAY, SeriesStatus.WATCHING, 0)
        assert judged.points() == []
        band = judged.band_on(YESTERDAY)
        assert band is not None
        assert 85 < band.low < band.expected < band.high < 115
        assert not Alert.objects.exists()

    def test_a_new_series_learns_and_says_for_how_long(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        reported(series, quiet(10))
        judge(cast.cristalerias)
        judged = judged_of(series=[series])[series.pk]
        assert (judged.status, judged.wanting, judged.bands) == (SeriesStatus.LEARNING, 14, [])

    def test_twice_changes_nothing(self, cast, sand):
        before = everything()
        done = judge(cast.cristalerias, YESTERDAY)
        assert everything() == before
        assert (done.opened, done.revised, done.closed) == ((), 0, 0)
        judge(cast.cristalerias, YESTERDAY, anew=True)
        assert everything() == before

    def test_an_earlier_day_forgets_nothing(self, cast, sand):
        before = everything()
        judge(cast.cristalerias, TODAY - 20 * DAY)
        assert everything() == before

    def test_a_figure_far_out_opens_one_alert_with_its_evidence(self, cast, sand):
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        alert = Alert.objects.get()
        finding = Finding.from_json(alert.finding)
        assert (alert.series, finding.judged_on, finding.began_on) == (sand, TODAY, TODAY)
        assert finding.probability > 0.9
        assert finding.value == 55
        assert finding.band_low < finding.expected < finding.band_high
        assert (finding.size < 0, finding.size_low <= finding.size <= finding.size_high) == (True, True)
        points = alert.evidence["points"]
        assert (points[-1]["start"], points[-1]["value"]) == (TODAY.isoformat(), "55")
        assert (points[-1]["low"], points[-1]["high"]) == (finding.band_low, finding.band_high)
        assert points[0]["start"] == BEGAN.isoformat()

    def test_a_figure_that_is_back_the_next_day_closes_its_alert(self, cast, sand):
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        tell(cast.cristalerias, TODAY + DAY, 101)
        run(evening(TODAY + DAY))
        alert = Alert.objects.get()
        assert (alert.state, alert.closed_by) == (AlertState.RETURNED, None)
        run(evening(TODAY + DAY))
        judge(cast.cristalerias, TODAY + DAY)
        assert Alert.objects.count() == 1

    def test_a_level_that_stays_is_judged_anew_and_stays_open(self, cast, sand):
        for n in range(5):
            tell(cast.cristalerias, TODAY + n * DAY, 70 + n % 2)
            run(evening(TODAY + n * DAY))
        alert = Alert.objects.get()
        finding = Finding.from_json(alert.finding)
        assert (alert.state, alert.kind, finding.began_on) == (AlertState.OPEN, "step", TODAY)
        assert -40 < finding.size < -20

    def test_what_people_settled_is_not_opened_again(self, cast, sand):
        for n in range(3):
            tell(cast.cristalerias, TODAY + n * DAY, 70 + n % 2)
            run(evening(TODAY + n * DAY))
        alert = Alert.objects.get()
        assert alert.kind in ("step", "slope")
        Alert.objects.update(state=AlertState.SETTLED, closed_at=evening(TODAY + 2 * DAY), closed_by=cast.elena)
        tell(cast.cristalerias, TODAY + 3 * DAY, 71)
        run(evening(TODAY + 3 * DAY))
        assert Alert.objects.count() == 1

    def test_a_threshold_that_people_moved_is_asked_for(self, cast, sand, monkeypatch):
        monkeypatch.setattr("production.domain.judgement_alerts.steps_of", lambda series: {s.pk: 60 for s in series})
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        assert not Alert.objects.exists()

    def test_an_alert_by_hand_is_left_alone(self, cast, sand):
        from production.domain.alert import raise_alert

        raised = raise_alert(place=cast.cristalerias, title="Arena húmeda", by=cast.carmen, at=NOW, series=sand)
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        tell(cast.cristalerias, TODAY + DAY, 100)
        run(evening(TODAY + DAY))
        assert list(Alert.objects.values_list("pk", "state")) == [(raised.pk, AlertState.OPEN)]

    def test_a_place_without_committee_and_assembly_is_judged_and_told_to_nobody(self, cast, sand):
        from councils.models import Body

        place = b.territory("workplace", "Sin organización", cast.vicuna)
        Factory.objects.create(territory=place)
        series = b.series(place, cast.sand)
        reported(series, [*quiet(56), "10"])
        judge(place)
        assert not Body.objects.filter(territory=place).exists()
        assert judged_of(series=[series])[series.pk].points() != []
        assert not Alert.objects.exists()


class TestHistory:
    """What was found while older days were replayed has become history."""

    def test_backfill_opens_nothing_for_days_past(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        values = quiet(56)
        values[40] = "40"
        reported(series, values)
        judge(cast.cristalerias, YESTERDAY, anew=True)
        assert not Alert.objects.exists()
        assert [point.began for point in judged_of(series=[series])[series.pk].points()] == [BEGAN + 40 * DAY]

    def test_backfill_opens_what_still_stands(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        reported(series, [*quiet(52), "70", "71", "69", "70"])
        judge(cast.cristalerias, YESTERDAY, anew=True)
        assert Finding.from_json(Alert.objects.get().finding).kind == "step"

    def test_a_figure_of_long_ago_opens_nothing(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        reported(series, [*quiet(56), "40"], first=BEGAN - 200 * DAY)
        judge(cast.cristalerias)
        assert not Alert.objects.exists()


class TestSameWhateverTheWay:
    """Late, corrected, at once, day by day: the same as if all had been known from the first day."""

    def by_cold_replay(self, place):
        before = everything()
        judge(place, TODAY, anew=True)
        assert everything() == before

    def test_a_late_report(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        values = quiet(56)
        values[50] = None
        reported(series, values)
        judge(cast.cristalerias, YESTERDAY)
        tell(cast.cristalerias, BEGAN + 50 * DAY, 60)
        run(NOW)
        self.by_cold_replay(cast.cristalerias)

    def test_a_report_later_than_every_saved_state(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        values = quiet(56)
        values[3] = None
        reported(series, values)
        judge(cast.cristalerias, YESTERDAY)
        tell(cast.cristalerias, BEGAN + 3 * DAY, 99)
        run(NOW)
        self.by_cold_replay(cast.cristalerias)

    def test_a_correction_of_the_figure_that_opened_an_alert(self, cast, sand):
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        tell(cast.cristalerias, TODAY, 99)
        run(evening(TODAY))
        assert Alert.objects.get().state == AlertState.RETURNED
        self.by_cold_replay(cast.cristalerias)

    def test_a_month_at_once(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        values = quiet(56)
        reported(series, values[:26])
        judge(cast.cristalerias, YESTERDAY)
        for n in range(26, 56):
            tell(cast.cristalerias, BEGAN + n * DAY, values[n])
        run(NOW)
        self.by_cold_replay(cast.cristalerias)
        assert judged_of(series=[series])[series.pk].start == YESTERDAY

    def test_day_by_day_over_the_end_of_a_year_and_a_change_of_the_clocks(self, cast):
        series = b.series(cast.cristalerias, cast.sand)
        first = dt.date(2026, 8, 31)  # the clocks of Chile go forward in the night to the sixth of September
        values = quiet(140)
        reported(series, values[:100], first=first)
        judge(cast.cristalerias, first + 99 * DAY)
        for n in range(100, 140):
            reported(series, [values[n]], first=first + n * DAY)
            analyse(workplaces=[cast.cristalerias], day=first + n * DAY, at=NOW + n * DAY, since=first + n * DAY)
        before = everything()
        analyse(workplaces=[cast.cristalerias], day=first + 139 * DAY, at=NOW + 140 * DAY, anew=True)
        assert everything() == before
        assert (first + 139 * DAY).year == 2027

    def test_a_shard_alone_and_all_at_once(self, cast):
        for n, place in enumerate([cast.cristalerias, cast.perlak]):
            reported(b.series(place, cast.sand), quiet(50 + n, seed=n))
        both = [cast.cristalerias, cast.perlak]
        analyse(workplaces=both, day=TODAY, at=NOW)
        together = everything()
        EngineState.objects.all().delete()
        SeriesJudgement.objects.all().delete()
        for place in both:
            judge(place)
        assert everything() == together

    def test_a_series_that_begins_later(self, cast, sand):
        other = b.series(cast.cristalerias, cast.bottles)
        reported(other, ["5", "6"], first=TODAY - 3 * DAY)
        judge(cast.cristalerias, since=TODAY - 3 * DAY)
        states, rows = everything()
        judge(cast.cristalerias, anew=True)
        assert [row[0:4] for row in everything()[1]] == [row[0:4] for row in rows]
        assert [sorted(state[4]) for state in everything()[0]] == [sorted(state[4]) for state in states]


class TestCalendar:
    def test_closed_days_and_the_working_week_owe_nothing(self, cast):
        Factory.objects.filter(territory=cast.cristalerias).update(working_week="1111100")
        series = b.series(cast.cristalerias, cast.sand)
        values = [v if n % 7 < 5 else None for n, v in enumerate(quiet(56))]
        values[37] = None
        ClosedDay.objects.create(territory=cast.cristalerias, on=BEGAN + 37 * DAY, reason="Fiesta")
        reported(series, values)
        judge(cast.cristalerias, YESTERDAY)
        judged = judged_of(series=[series])[series.pk]
        assert (judged.status, judged.points()) == (SeriesStatus.WATCHING, [])
        assert not Alert.objects.exists()

    def test_a_stoppage_is_an_answer_without_value(self, cast, sand):
        stop(cast.cristalerias, TODAY)
        run(evening(TODAY))
        judged = judged_of(series=[sand])[sand.pk]
        assert (judged.start, judged.points()) == (TODAY, [])
        assert not Alert.objects.exists()

    def test_a_day_closed_afterwards_is_no_longer_judged(self, cast, sand):
        tell(cast.cristalerias, TODAY, 55)
        run(evening(TODAY))
        assert judged_of(series=[sand])[sand.pk].points() != []
        ClosedDay.objects.create(territory=cast.cristalerias, on=TODAY, reason="Fiesta")
        analyse_since(workplace=cast.cristalerias, first=TODAY, at=evening(TODAY))
        run(evening(TODAY))
        assert judged_of(series=[sand])[sand.pk].points() == []

    @pytest.mark.parametrize(("frequency", "step"), [(Frequency.WEEK, 7), (Frequency.MONTH, 0)])
    def test_weeks_and_months_have_states_of_their_own(self, cast, frequency, step):
        series = b.series(cast.cristalerias, cast.sand, frequency=frequency, since=dt.date(2022, 1, 3))
        starts = (
            [dt.date(2025, 10, 6) + n * 7 * DAY for n in range(58)]
            if step
            else [dt.date(2022 + n // 12, n % 12 + 1, 1) for n in range(58)]
        )
        values = quiet(58)
        values[-1] = "30"
        for start, value in zip(starts, values, strict=True):
            reported(series, [value], first=start)
        judge(cast.cristalerias, TODAY)
        judged = judged_of(series=[series])[series.pk]
        assert (judged.start, judged.status) == (starts[-1], SeriesStatus.WATCHING)
        assert judged.points()[-1].began == starts[-1]
        assert EngineState.objects.filter(frequency=frequency).count() == 6
        assert Alert.objects.get().series == series


class TestSections:
    def test_a_section_that_reports_later_is_judged_with_its_day(self, cast, sand):
        section = cast.hornos
        other = b.series(cast.cristalerias, cast.bottles, section=section)
        reported(other, quiet(56, seed=2))
        judge(cast.cristalerias, YESTERDAY, anew=True)
        submit_report(
            workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={sand: (Decimal(101), "")},
            by=None, at=evening(TODAY), channel=Channel.COMMAND,
        )  # fmt: skip
        run(evening(TODAY))
        assert not Alert.objects.exists()
        submit_report(
            workplace=cast.cristalerias, territory=section, on=TODAY, figures={other: (Decimal(40), "")},
            by=None, at=evening(TODAY), channel=Channel.COMMAND,
        )  # fmt: skip
        run(evening(TODAY))
        assert Alert.objects.get().series == other


class TestExpected:
    def test_expected_on_a_day_to_come_and_on_a_day_gone_by(self, cast, sand):
        found = expected_on(series=[sand], on=TODAY)[sand.pk]
        assert Decimal(85) < found.low < Decimal(100) < found.high < Decimal(115)
        band = judged_of(series=[sand])[sand.pk].band_on(YESTERDAY)
        gone = expected_on(series=[sand], on=YESTERDAY)[sand.pk]
        assert band is not None
        assert float(gone.low) <= band.low < band.high <= float(gone.high)

    def test_nothing_is_expected_where_the_engine_learns_or_all_is_long_ago(self, cast, sand):
        new = b.series(cast.cristalerias, cast.bottles)
        assert list(expected_on(series=[sand, new], on=TODAY)) == [sand.pk]
        assert expected_on(series=[sand], on=TODAY + 100 * DAY) == {}

    def test_the_form_shows_what_the_engine_expects_and_asks_by_it(self, cast, sand):
        line = sheet_of(workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY).lines[0]
        expected = expected_on(series=[sand], on=TODAY)[sand.pk]
        assert line.usual == expected
        assert (line.is_odd(expected.low - 1), line.is_odd(expected.low)) == (True, False)
        SeriesJudgement.objects.all().delete()
        learning = sheet_of(workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY).lines[0]
        assert learning.usual not in (None, expected)


class TestJob:
    def test_a_report_writes_its_job_with_it(self, cast, sand):
        sent = tell(cast.cristalerias, TODAY, 100)
        found = Job.objects.get(kind=ANALYSE)
        assert (found.key, found.payload) == (f"analyse:submission:{sent.uuid}", {"submission": str(sent.uuid)})
        assert found not in job.shown_to_keepers(Job.objects.all())

    def test_states_of_another_engine_are_not_carried_on(self, cast, sand):
        EngineState.objects.update(engine="another", packed=b"")
        tell(cast.cristalerias, TODAY, 100)
        run(evening(TODAY))
        assert not EngineState.objects.filter(engine="another").exists()
        before = everything()
        judge(cast.cristalerias, anew=True)
        assert everything() == before
