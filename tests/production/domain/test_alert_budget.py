"""Budget of false alarms: what a workplace and a council count, and when the keeper is told that the engine is mad."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain import vital
from production.domain.alert import explain_alert, mark_false_alarm, settle_alert
from production.domain.alert_budget import (
    LEAST_SERIES,
    MAD,
    alarms_per_hundred,
    madness,
    months_of,
    months_of_council,
    vital_sign,
)
from production.domain.alert_level import answer_alert
from production.domain.escalation import take_due_steps
from production.models import Alert
from tests import builders
from tests.alerts import DAY, HOUR, levels, opened, raised, sand
from tests.builders import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_workplace_counts_its_alarms_and_those_of_use_by_month(cast: Cast):
    mark_false_alarm(alert=opened(cast, at=NOW - 40 * DAY), text="Contador.", by=cast.elena, at=NOW - 39 * DAY)
    settle_alert(alert=opened(cast), text="Está.", by=cast.elena, at=NOW + HOUR)
    explain_alert(alert=opened(cast, at=NOW + 2 * HOUR), text="Faltó vapor.", by=cast.carmen, at=NOW + 3 * HOUR)
    raised(cast)
    counted = {month.first: (month.opened, month.useful, month.false) for month in months_of(
        workplace=cast.cristalerias, at=NOW + DAY
    ) if month.opened}  # fmt: skip
    assert counted == {dt.date(2026, 11, 1): (2, 2, 0), dt.date(2026, 10, 1): (1, 0, 1)}
    assert len(months_of(workplace=cast.cristalerias, at=NOW)) == 12
    assert alarms_per_hundred(workplace=cast.cristalerias, at=NOW + DAY) == 200
    assert alarms_per_hundred(workplace=cast.perlak, at=NOW) is None


def test_a_council_counts_what_came_up_to_it_and_what_it_answered(cast: Cast):
    above = levels(cast)
    first, _second = opened(cast), raised(cast)
    take_due_steps(at=NOW + 5 * DAY)
    answer_alert(alert=first, body=cast.council, text="Vamos.", by=above.dora, at=NOW + 5 * DAY)
    month = months_of_council(council=cast.council, at=NOW + 5 * DAY)[0]
    assert (month.opened, month.useful) == (2, 1)
    assert months_of_council(council=above.national, at=NOW + 5 * DAY)[0].opened == 0


def test_the_keeper_is_told_only_of_many_alarms_among_many_indicators(cast: Cast):
    opened(cast)
    assert madness(at=NOW) is None and vital_sign(NOW) == {"ok": True}
    series = [builders.series(cast.perlak, builders.indicator(f"Cifra {n}")) for n in range(LEAST_SERIES - 1)]
    assert madness(at=NOW) is None
    for n, each in enumerate(series[: MAD + 1]):
        Alert.objects.create(
            workplace=cast.perlak, number=n + 1, place=cast.perlak, series=each, origin="engine", kind="step",
            opened_at=NOW,
        )  # fmt: skip
    assert madness(at=NOW) == MAD + 2
    assert vital.felt(at=NOW)["engine"] == {"ok": False, "alarms_per_100": MAD + 2}
    assert madness(at=NOW + 2 * DAY) is None
    assert sand(cast).alerts.count() == 1
