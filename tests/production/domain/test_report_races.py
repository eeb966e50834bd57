"""Several people send one report at one moment, on PostgreSQL: the constraints and the lock decide."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.models import Job, Member, Territory
from production.domain.report import declare_stoppage, submit_report
from production.enums import Frequency
from production.models import Figure, Report, Series, Submission
from tests import builders

TODAY = dt.date(2026, 11, 16)
SENDERS = 8

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgresql" not in connection.settings_dict["ENGINE"], reason="a race needs PostgreSQL"),
]


@pytest.fixture
def place() -> Territory:
    return builders.workplace("Cristalerías", builders.territory(TerritoryKind.CORDON, "Vicuña"))


@pytest.fixture
def people(place: Territory) -> list[Member]:
    everyone = [builders.member(f"p{n}") for n in range(SENDERS)]
    for person in everyone:
        builders.membership(person, place)
    return everyone


def at_once(act: Callable[[int], object]) -> list[str]:
    """Run ``act`` in eight threads from one barrier; "ok" or the name of what it raised."""
    barrier, said = threading.Barrier(SENDERS), [""] * SENDERS

    def run(n: int) -> None:
        try:
            barrier.wait()
            act(n)
            said[n] = "ok"
        except Exception as e:  # told to the assertion
            said[n] = type(e).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def send(place: Territory, series: Series, who: Member, value: int, on: dt.date = TODAY, **extra: object) -> Submission:
    figures = {series: (Decimal(value), "")}
    return submit_report(workplace=place, territory=place, on=on, figures=figures, by=who, at=builders.NOW, **extra)


def test_of_eight_first_reports_one_is_stored_and_the_others_are_told(place, people):
    series = builders.series(place, builders.indicator("Envases"))
    said = at_once(lambda n: send(place, series, people[n], n + 1))
    assert said == [Refused.__name__] * (SENDERS - 1) + ["ok"]
    assert (Report.objects.count(), Submission.objects.count(), Figure.objects.count()) == (1, 1, 1)
    assert sorted(Job.objects.values_list("kind", flat=True)) == ["analyse", "roll_up"]


def test_eight_corrections_make_eight_versions_and_one_is_in_force(place, people):
    series = builders.series(place, builders.indicator("Envases"))
    assert at_once(lambda n: send(place, series, people[n], n + 1, reason="counted again")) == ["ok"] * SENDERS
    assert sorted(Figure.objects.values_list("version", flat=True)) == list(range(1, SENDERS + 1))
    assert sorted(Submission.objects.values_list("number", flat=True)) == list(range(1, SENDERS + 1))
    assert Figure.objects.current().count() == Submission.objects.filter(current=True).count() == 1


def test_one_form_sent_eight_times_is_stored_once_and_answers_the_same(place, people):
    series, key = builders.series(place, builders.indicator("Envases")), uuid.uuid4()
    answers: list[int] = []
    assert at_once(lambda n: answers.append(send(place, series, people[0], 5, sender_key=key).pk)) == ["ok"] * SENDERS
    assert set(answers) == set(Submission.objects.values_list("pk", flat=True)) and Submission.objects.count() == 1


def test_a_week_reported_from_eight_days_is_stored_once(place, people):
    series = builders.series(place, builders.indicator("Reuniones"), frequency=Frequency.WEEK)
    monday = dt.date(2026, 11, 9)
    said = at_once(lambda n: send(place, series, people[n], n + 1, on=monday + dt.timedelta(days=n % 7)))
    assert said == [Refused.__name__] * (SENDERS - 1) + ["ok"]
    assert Figure.objects.count() == Submission.objects.count() == 1


def test_eight_taps_say_once_that_there_was_no_work(place, people):
    def tap(n: int) -> Submission:
        return declare_stoppage(workplace=place, territory=place, on=TODAY, why="strike", by=people[n], at=builders.NOW)

    assert at_once(tap) == ["ok"] * SENDERS
    assert Submission.objects.count() == 1
