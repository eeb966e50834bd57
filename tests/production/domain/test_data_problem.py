"""One fault across many series is told once, to its source alone, and opens no alert."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from councils.domain import job
from production.domain.data_problem import in_words, problems_of, problems_sent_by, sentence
from production.domain.judgement import analyse
from production.domain.report import submit_report
from production.enums import Channel, ProblemKind
from production.models import Alert, DataProblem, Series
from tests import builders as b
from tests import imports
from tests.builders import NOW
from tests.judgements import DAY, evening, quiet, reported, tell
from tests.sums import TODAY, stop

YESTERDAY = TODAY - DAY


@pytest.fixture
def five(cast) -> list[Series]:
    """Five figures of Cristalerías, eight quiet weeks until yesterday, judged."""
    every = [b.series(cast.cristalerias, b.indicator(f"Cifra {n}")) for n in range(5)]
    for n, one in enumerate(every):
        reported(one, quiet(56, seed=n, level=50 * (n + 1)))
    analyse(workplaces=[cast.cristalerias], day=YESTERDAY, at=evening(YESTERDAY))
    return every


def send(place, series, on, factor):
    """The evening of ``on``: every figure is ``factor`` times what it was a week ago."""
    figures = {}
    for one in series:
        last = one.figures.get(start=on - 7 * DAY, superseded=False).value
        figures[one] = (Decimal(f"{float(last) * factor:.2f}"), "")
    return submit_report(
        workplace=place, territory=place, on=on, figures=figures, by=None, at=evening(on), channel=Channel.COMMAND,
        reason="x",
    )  # fmt: skip


def run(on: dt.date) -> None:
    job.run_due(at=evening(on))


class TestWorkplace:
    def test_a_day_counted_twice_is_one_problem_and_no_alert(self, cast, five):
        send(cast.cristalerias, five, TODAY, 2)
        run(TODAY)
        problem = DataProblem.objects.get()
        assert (problem.kind, problem.workplace, problem.first_on) == (ProblemKind.DOUBLED, cast.cristalerias, TODAY)
        assert problem.series == sorted(s.pk for s in five)
        assert not Alert.objects.exists()
        assert problems_of(workplace=cast.cristalerias) == [problem]
        assert problems_of(workplace=cast.perlak) == []
        assert "5" in sentence(problem)
        assert in_words(problems=[problem])[0].figures == "Cifra 0, Cifra 1, Cifra 2, Cifra 3, Cifra 4"

    def test_its_page_and_its_home_tell_its_members_and_nobody_else(self, cast, five, client):
        send(cast.cristalerias, five, TODAY, 2)
        run(TODAY)
        words = sentence(DataProblem.objects.get())
        address = reverse("workplace", args=[cast.cristalerias.uuid])
        with time_machine.travel(evening(TODAY), tick=False):
            for who, sees in ((cast.carmen, True), (cast.nora, False), (cast.ana, False)):
                client.force_login(who)
                assert (words in client.get(address).text) is sees
                assert (words in client.get("/").text) is sees

    def test_it_closes_when_it_is_corrected(self, cast, five):
        send(cast.cristalerias, five, TODAY, 2)
        run(TODAY)
        send(cast.cristalerias, five, TODAY, 1)
        run(TODAY)
        assert DataProblem.objects.get().closed_at == evening(TODAY)
        assert not Alert.objects.exists()

    def test_it_stays_one_however_often_it_is_analysed(self, cast, five):
        send(cast.cristalerias, five, TODAY, 2)
        run(TODAY)
        for anew in (False, True):
            analyse(workplaces=[cast.cristalerias], day=TODAY, at=evening(TODAY), anew=anew)
        assert DataProblem.objects.filter(closed_at=None).count() == 1

    def test_a_unit_that_stays_switched_is_one_problem_and_its_figures_are_judged_on(self, cast, five):
        for n in range(7):
            send(cast.cristalerias, five, TODAY + n * DAY, 100)
            run(TODAY + n * DAY)
        problem = DataProblem.objects.get()
        assert (problem.kind, problem.factor) == (ProblemKind.UNIT, 100)
        assert (problem.first_on, problem.last_on) == (TODAY, TODAY + 6 * DAY)
        assert not Alert.objects.exists()
        assert "100" in sentence(problem)

    def test_a_day_of_which_nothing_came_is_told_until_something_does(self, cast, five):
        send(cast.cristalerias, five, TODAY + DAY, 1)
        run(TODAY + DAY)
        problem = DataProblem.objects.get()
        assert (problem.kind, problem.first_on) == (ProblemKind.MISSING, TODAY)
        stop(cast.cristalerias, TODAY)
        run(TODAY + DAY)
        problem.refresh_from_db()
        assert problem.closed_at is not None
        assert DataProblem.objects.count() == 1

    def test_a_day_not_worked_is_no_problem(self, cast, five):
        stop(cast.cristalerias, TODAY)
        send(cast.cristalerias, five, TODAY + DAY, 1)
        run(TODAY + DAY)
        assert not DataProblem.objects.exists()

    def test_one_figure_alone_that_doubles_is_a_change_of_the_figure(self, cast, five):
        others = {s: (s.figures.get(start=TODAY - 7 * DAY).value, "") for s in five[1:]}
        first = {five[0]: (five[0].figures.get(start=TODAY - 7 * DAY).value * 2, "")}
        submit_report(
            workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={**others, **first}, by=None,
            at=evening(TODAY), channel=Channel.COMMAND,
        )  # fmt: skip
        run(TODAY)
        assert Alert.objects.get().series == five[0]
        assert not DataProblem.objects.exists()


class TestFile:
    def sent(self, factor: float, first: dt.date, last: dt.date) -> imports.Outcome:
        """Ten weeks of every plant until yesterday, in a file in which the unit was switched for some days."""
        rows = []
        for n, place in enumerate(self.places):
            for k, value in enumerate(quiet(70, seed=n)):
                on = TODAY - (70 - k) * DAY
                told = float(value) / 100 * (factor if first <= on <= last else 1)
                rows.append(f"{place.name},{on},Factor de planta,t,{told:.4f}")
        outcome = imports.run(imports.file(*rows), imports.INDICATORS)
        job.run_due(at=NOW)
        return outcome

    @pytest.fixture(autouse=True)
    def plants(self, cast):
        self.places = [b.workplace(f"Central {n}", cast.cerrillos) for n in range(6)]

    def test_a_unit_switched_in_a_file_is_one_problem_of_who_sent_it(self, cast):
        outcome = self.sent(100, TODAY - 20 * DAY, TODAY)
        assert (outcome.stored, outcome.rejected) == (True, 0)
        problem = DataProblem.objects.get()
        assert (problem.kind, problem.factor, len(problem.series)) == (ProblemKind.UNIT, 100, 6)
        assert (problem.first_on, problem.last_on) == (TODAY - 20 * DAY, YESTERDAY)
        assert (problem.workplace, str(problem.import_batch.uuid)) == (None, outcome.batch)
        assert not Alert.objects.exists()
        assert problems_of(workplace=self.places[0]) == []
        # a correction of one of its workplaces is judged alone, and still raises nothing
        tell(self.places[0], TODAY, 100)
        run(TODAY)
        assert not Alert.objects.exists()
        assert DataProblem.objects.get().last_on == TODAY

    def test_only_who_sent_it_sees_it(self, cast):
        self.sent(100, TODAY - 20 * DAY, TODAY)
        problem = DataProblem.objects.get()
        problem.import_batch.uploaded_by = cast.ana
        problem.import_batch.save()
        assert problems_sent_by(member=cast.ana) == [problem]
        assert problems_sent_by(member=cast.elena) == []


@pytest.mark.django_db
def test_a_problem_has_one_source(cast):
    with pytest.raises(IntegrityError, match="data_problem_one_source"), transaction.atomic():
        DataProblem.objects.create(
            kind=ProblemKind.UNIT, frequency="day", first_on=TODAY, last_on=TODAY, found_at=NOW, series=[]
        )
