"""``manage.py simulate_day`` and ``manage.py analyse``: what they do, and where they refuse."""

from __future__ import annotations

import datetime as dt
import io
import random

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import translation

from councils.models import Job
from production.demo.accounts import HOME
from production.demo.build import build
from production.demo.pass_day import pass_day
from production.models import Alert, Figure, Report, SeriesJudgement
from tests import builders as b
from tests.builders import NOW
from tests.judgements import quiet, reported
from tests.sums import TODAY

FEW = {HOME, "Perlak", "Lucchetti", "Fensa"}


class TestPassDay(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        build(at=NOW, say=lambda step: None, past=dt.timedelta(days=56), only=FEW)

    def test_first_the_report_of_home_comes_then_others_correct_theirs(self):
        assert not Report.objects.filter(territory__name=HOME, on=TODAY).exists()
        first = pass_day(at=NOW, rng=random.Random(1))
        assert first.reported == [HOME]
        assert Report.objects.filter(territory__name=HOME, on=TODAY).exists()
        assert not Job.objects.due(NOW).exists()
        corrected = set()
        for seed in range(4):
            corrected |= set(pass_day(at=NOW, rng=random.Random(seed)).corrected)
        assert corrected
        assert corrected <= FEW - {HOME}
        assert Figure.objects.filter(start=TODAY, version__gt=1).exists()

    def test_something_odd_opens_an_alert(self):
        class Unlucky(random.Random):
            def random(self) -> float:
                return 0.0

        passed = pass_day(at=NOW, rng=Unlucky(1))
        opened = [alert for alert in passed.opened if alert.workplace.name == HOME]
        assert [alert.series.indicator.name for alert in opened if alert.series] == ["Envases buenos"]

    def test_the_command_prints_what_happened(self):
        out = io.StringIO()
        with time_machine.travel(NOW, tick=False), translation.override("en"):
            call_command("simulate_day", seed=1, stdout=out)
        assert f"{HOME} sent its report." in out.getvalue()


def test_simulate_day_refuses_outside_the_demonstration(db):
    with translation.override("en"), pytest.raises(CommandError, match="demonstration only"):
        call_command("simulate_day")


class TestAnalyse:
    def run(self, capsys, **options: object) -> str:
        with time_machine.travel(NOW, tick=False), translation.override("en"):
            call_command("analyse", **options)
        return str(capsys.readouterr().out)

    def test_it_judges_every_workplace_and_says_nothing_of_alerts(self, cast, capsys):
        reported(b.series(cast.cristalerias, cast.sand), [*quiet(56), "20"])
        assert self.run(capsys) == "1 series judged\n"
        assert Alert.objects.count() == SeriesJudgement.objects.count() == 1
        assert self.run(capsys, backfill=True, day="2026-11-16") == "1 series judged\n"
        assert Alert.objects.count() == 1

    @pytest.mark.parametrize(("day", "said"), [("16.11.2026", "written like this"), ("2026-11-17", "has not begun")])
    def test_it_refuses_what_is_no_day_or_is_to_come(self, db, capsys, day, said):
        with pytest.raises(CommandError, match=said):
            self.run(capsys, day=day)
