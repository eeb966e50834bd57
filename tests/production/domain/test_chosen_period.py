"""Which period a territory's page opens on: one with sums that may be seen, and that a report moves."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.models import Territory
from production.domain.overview import Period, Snapshot, chosen_period, default_indicator
from production.domain.visibility import Gaze
from production.enums import Aggregation, Grain, IndicatorKind
from production.models import Sector
from tests import builders, sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY

pytestmark = pytest.mark.django_db
WEDNESDAY, AT = TODAY + dt.timedelta(days=2), NOW + dt.timedelta(days=2)


@pytest.fixture
def mills(cast: Cast) -> list[Territory]:
    """Six mills that all reported on Monday."""
    found = sums.mills(cast.cerrillos, 6, cast.bottles)
    sums.roll_up()
    return found


def opens_on(cast: Cast, grain: str | None = None, on: dt.date | None = None, at: dt.datetime = AT) -> Period:
    return chosen_period(place=cast.nation, grain=grain, on=on, gaze=Gaze(cast.olga, at), at=at)


def test_today_once_half_of_the_answers_are_in(cast: Cast, mills: list[Territory]):
    assert opens_on(cast, at=NOW) == Period(Grain.DAY, TODAY)
    for mill in mills[:3]:
        sums.say(mill, WEDNESDAY, 5, at=AT)
    sums.roll_up(AT)
    assert opens_on(cast) == Period(Grain.DAY, WEDNESDAY)


def test_before_that_the_week_that_runs(cast: Cast, mills: list[Territory]):
    sums.say(mills[0], WEDNESDAY, 5, at=AT)
    sums.roll_up(AT)
    assert opens_on(cast) == Period(Grain.WEEK, TODAY)


def test_without_a_sum_of_the_week_the_latest_day_that_has_one(cast: Cast, mills: list[Territory]):
    later = AT + dt.timedelta(days=7)
    sums.say(mills[0], WEDNESDAY + dt.timedelta(days=7), 5, at=later)
    sums.roll_up(later)
    assert opens_on(cast, at=later) == Period(Grain.DAY, TODAY)


def test_what_is_asked_for_is_what_is_seen(cast: Cast, mills: list[Territory]):
    sums.say(mills[0], WEDNESDAY, 5, at=AT)
    sums.roll_up(AT)
    assert opens_on(cast, grain=Grain.DAY) == Period(Grain.DAY, TODAY)
    assert opens_on(cast, grain=Grain.DAY, on=WEDNESDAY) == Period(Grain.DAY, WEDNESDAY)
    assert opens_on(cast, on=WEDNESDAY) == Period(Grain.DAY, WEDNESDAY)


def test_where_nobody_reported_today_is_shown_empty(cast: Cast):
    assert opens_on(cast) == Period(Grain.DAY, WEDNESDAY)


def test_line_of_what_is_made_and_added_up_before_any_that_more_workplaces_have(cast: Cast):
    sand = builders.indicator("Arena recibida", kind=IndicatorKind.INPUT)
    purity = builders.indicator("Pureza", "pct", aggregation=Aggregation.MEAN)
    snapshot = Snapshot(Gaze(cast.olga, NOW), Period(Grain.DAY, TODAY))
    assert default_indicator(snapshot.sums(cast.nation)) is None
    for indicator, count in ((purity, 6), (sand, 5), (cast.bottles, 3)):
        sums.mills(cast.cerrillos, count, indicator, sector=Sector.objects.create(name=indicator.name))
        sums.roll_up()
        snapshot = Snapshot(Gaze(cast.olga, NOW), Period(Grain.DAY, TODAY))
        assert default_indicator(snapshot.sums(cast.nation)) == indicator
