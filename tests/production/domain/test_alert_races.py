"""Alerts at once, on real PostgreSQL: threads with connections of their own, released by a barrier."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from councils.domain import job
from councils.models import AgendaItem
from production.domain.alert import acknowledge_alert, open_alert, settle_alert
from production.domain.alert_level import hand_back
from production.domain.alert_motion import ask_extension, confirm_motion
from production.domain.escalation import take_due_steps
from production.enums import AlertState
from production.models import Alert, AlertEntry, AlertHold
from tests.alerts import DAY, HOUR, evidence, finding, levels, opened, raised, sand
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.test_vote_race import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
FRIDAY = NOW + 4 * DAY


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def test_openings_of_one_series_at_once_are_one_alert(cast: Cast):
    series = sand(cast)
    said = at_once(
        *[lambda: open_alert(series=series, finding=finding(), evidence=evidence(), at=NOW) for _n in range(8)]
    )
    assert (said, Alert.objects.count(), AlertHold.objects.count()) == (Counter({"done": 8}), 1, 1)


def test_the_constraint_is_what_keeps_one_open_per_series(cast: Cast):
    """Red when it is dropped: then a second open alert on one series becomes possible."""
    alert = opened(cast)
    twin = {
        "workplace": alert.workplace, "place": alert.place, "series": alert.series, "origin": "engine", "kind": "step",
        "opened_at": NOW, "number": 2,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="alert_one_open_per_series"), transaction.atomic():
        Alert.objects.create(**twin)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX alert_one_open_per_series")
        Alert.objects.create(**twin)
        assert Alert.objects.open().count() == 2
        transaction.set_rollback(True)


def test_numbers_at_once_are_all_different(cast: Cast):
    people = (cast.carmen, cast.pedro, cast.rosa, cast.elena, cast.hugo)
    said = at_once(*[lambda who=who: raised(cast, by=who) for who in people])
    assert said == Counter({"done": 5})
    assert sorted(Alert.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_the_due_step_is_taken_once_by_pages_and_jobs_together(cast: Cast):
    levels(cast)
    alert = opened(cast)
    at_once(*[lambda: take_due_steps(at=FRIDAY)] * 4, *[lambda: job.run_due(at=FRIDAY)] * 4)
    job.run_due(at=FRIDAY)
    assert alert.entries.filter(kind="went_up").count() == 1
    assert AlertHold.objects.filter(alert=alert).count() == 2 and AgendaItem.objects.count() == 1


def test_a_settlement_and_the_escalation_at_the_due_moment_agree(cast: Cast):
    levels(cast)
    for day in range(6):
        begin = NOW + day * 20 * DAY
        alert = opened(cast, at=begin)
        due = AlertHold.objects.get(alert=alert).due_at
        assert due is not None
        said = at_once(
            lambda alert=alert, due=due: settle_alert(alert=alert, text="Está.", by=cast.elena, at=due),
            lambda due=due: take_due_steps(at=due),
            lambda alert=alert, due=due: acknowledge_alert(alert=alert, by=cast.carmen, at=due),
        )
        alert.refresh_from_db()
        kinds = list(alert.entries.exclude(kind="acknowledged").order_by("pk").values_list("kind", flat=True))
        # the moment itself is over: it went up, and then it was settled up there; never half of both
        assert (alert.state, kinds) == (AlertState.SETTLED, ["opened", "went_up", "settled"])
        assert not AlertHold.objects.current().filter(alert=alert).exists()
        assert set(said) <= {"done", "refused"}


def test_two_who_hand_it_back_at_once_do_it_once(cast: Cast):
    above = levels(cast)
    alert = opened(cast)
    take_due_steps(at=FRIDAY)
    said = at_once(
        *[
            lambda who=who: hand_back(alert=alert, text="Lo ven ustedes.", by=who, at=FRIDAY + HOUR)
            for who in (above.dora, cast.elena)
        ]
    )
    assert said == Counter({"done": 1, "refused": 1})
    assert AlertEntry.objects.filter(alert=alert, kind="handed_back").count() == 1


def test_one_motion_is_confirmed_once(cast: Cast):
    levels(cast)
    alert = opened(cast)
    motion = ask_extension(alert=alert, days=2, text="Falta poco.", by=cast.elena, at=NOW)
    said = at_once(*[lambda: confirm_motion(motion=motion, by=cast.hugo, at=NOW)] * 4)
    assert said == Counter({"done": 1, "refused": 3})
    assert AlertHold.objects.get(alert=alert).due_at == NOW + 6 * DAY
