"""The alerts of the demonstration, made by the verbs themselves at their times."""

from __future__ import annotations

import datetime as dt

from django.test import TestCase

from councils.enums import BodyKind
from councils.models import Body, Member
from production.demo.accounts import HOME
from production.demo.build import build
from production.demo.disturb import ABOVE, DISTURBANCES, days_of
from production.demo.report import plants
from production.enums import AlertState, EntryKind
from production.models import Alert, AlertEntry, AlertHold, Figure, SeriesJudgement, Threshold
from tests.builders import NOW

FEW = {HOME, "Perlak", "Lucchetti", "Fensa"}


class TestAlertsOfTheDemonstration(TestCase):
    """Built once, over nine weeks."""

    @classmethod
    def setUpTestData(cls) -> None:
        build(at=NOW, say=lambda step: None, past=dt.timedelta(days=63), only=FEW)

    def test_every_series_is_judged(self):
        assert SeriesJudgement.objects.count() == 6 * len(FEW)
        assert SeriesJudgement.objects.filter(status="watching").count() == 6 * len(FEW)

    def test_what_was_invented_stands_in_the_reports(self):
        told = {plant.name: (pk, plant) for pk, plant in plants().items()}
        for one in DISTURBANCES:
            pk, plant = told[one.plant]
            for on in days_of(one, plant, NOW.date()):
                assert Figure.objects.filter(series__workplace=pk, start=on).exists()

    def test_one_is_new_at_home_and_its_clock_runs(self):
        alert = Alert.objects.open().get(workplace__name=HOME, series__indicator__name="Energía eléctrica")
        hold = AlertHold.objects.current().get(alert=alert)
        assert (hold.body.kind, hold.due_at > NOW) == (BodyKind.COMMITTEE, True)
        assert Alert.objects.inside(Member.objects.get(username="carmen"), NOW).filter(pk=alert.pk).exists()

    def test_one_is_explained_and_help_is_asked(self):
        alert = Alert.objects.open().get(workplace__name=HOME, series__indicator__name="Materia prima en bodega")
        kinds = list(AlertEntry.objects.filter(alert=alert).order_by("pk").values_list("kind", flat=True))
        assert {EntryKind.EXPLAINED, EntryKind.PLANNED, EntryKind.ASKED_HELP} <= set(kinds)

    def test_one_came_up_to_the_cordon_with_the_answer_that_was_marked(self):
        alert = Alert.objects.open().get(workplace__name=ABOVE, entries__kind=EntryKind.WENT_UP)
        council = Body.objects.get(kind=BodyKind.CORDON_COUNCIL, territory=alert.workplace.placements.get().parent)
        assert AlertHold.objects.current().get(alert=alert).body == council
        assert alert.entries.filter(kind=EntryKind.MARKED).exists()

    def test_one_returned_and_one_was_a_false_alarm_and_taught_its_threshold(self):
        states = set(Alert.objects.filter(workplace__name=HOME).values_list("state", flat=True))
        assert {AlertState.RETURNED, AlertState.FALSE_ALARM, AlertState.OPEN} <= states
        assert Threshold.objects.get().series is not None
