"""The span of a figure that is looked at."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from production.domain.course import Zoom, course_of, zooms_of
from production.domain.report import submit_report
from production.enums import Frequency
from production.models import Series
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)


def send(cast: Cast, series: Series, on: dt.date, value: int) -> None:
    place = cast.cristalerias
    figures = {series: (Decimal(value), "")}
    submit_report(workplace=place, territory=place, on=on, figures=figures, by=cast.pedro, at=builders.NOW)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles)


def test_four_weeks_end_today_and_missing_is_missing(cast: Cast, bottles: Series):
    send(cast, bottles, TODAY - 2 * DAY, 400)
    seen = course_of(series=bottles, zoom=None, until=None, today=TODAY)
    assert (seen.zoom, len(seen.starts), seen.starts[-1]) == (Zoom.WEEKS, 28, TODAY)
    assert (seen.values[-3:], seen.known) == ([Decimal(400), None, None], 1)
    assert (seen.lowest, seen.highest) == (400, 400)
    assert (seen.earlier, seen.later) == (None, None)


def test_one_steps_back_to_the_first_figure_and_forward_to_today(cast: Cast, bottles: Series):
    send(cast, bottles, TODAY - 60 * DAY, 390)
    send(cast, bottles, TODAY, 400)
    seen, steps = course_of(series=bottles, zoom=Zoom.WEEKS, until=None, today=TODAY), 0
    while seen.earlier is not None:
        seen, steps = course_of(series=bottles, zoom=Zoom.WEEKS, until=seen.earlier, today=TODAY), steps + 1
    assert steps == 2
    assert seen.values[seen.starts.index(TODAY - 60 * DAY)] == 390
    while seen.later is not None:
        seen = course_of(series=bottles, zoom=Zoom.WEEKS, until=seen.later, today=TODAY)
    assert seen.starts[-1] == TODAY


def test_a_day_beyond_either_end_is_read_as_that_end(cast: Cast, bottles: Series):
    send(cast, bottles, TODAY - 60 * DAY, 390)
    future = course_of(series=bottles, zoom=Zoom.WEEKS, until=dt.date(8000, 1, 1), today=TODAY)
    past = course_of(series=bottles, zoom=Zoom.WEEKS, until=dt.date(1000, 1, 1), today=TODAY)
    assert (future.starts[-1], past.starts[-1]) == (TODAY, TODAY - 60 * DAY)


def test_all_its_years_begin_with_its_first_figure(cast: Cast, bottles: Series):
    Series.objects.filter(pk=bottles.pk).update(from_on=dt.date(1996, 1, 1))
    bottles.refresh_from_db()
    send(cast, bottles, dt.date(1996, 3, 4), 1)
    seen = course_of(series=bottles, zoom=Zoom.ALL, until=None, today=TODAY)
    assert (seen.starts[0], seen.starts[-1]) == (dt.date(1996, 3, 4), TODAY)
    assert len(seen.starts) == (TODAY - dt.date(1996, 3, 4)).days + 1


def test_a_withdrawn_figure_is_not_there(cast: Cast, bottles: Series):
    send(cast, bottles, TODAY, 400)
    place, gone = cast.cristalerias, {bottles: (None, "")}
    submit_report(
        workplace=place, territory=place, on=TODAY, figures=gone, by=cast.pedro, at=builders.NOW, reason="otro horno"
    )
    seen = course_of(series=bottles, zoom=Zoom.ALL, until=None, today=TODAY)
    assert (seen.known, seen.first_ever) == (0, None)


@pytest.mark.parametrize(
    ("frequency", "offered"),
    [
        (Frequency.DAY, [Zoom.WEEKS, Zoom.QUARTER, Zoom.YEAR, Zoom.ALL]),
        (Frequency.WEEK, [Zoom.QUARTER, Zoom.YEAR, Zoom.ALL]),
        (Frequency.MONTH, [Zoom.YEAR, Zoom.ALL]),
    ],
)
def test_spans_of_a_few_points_are_not_offered(cast: Cast, frequency: Frequency, offered: list[Zoom]):
    series = builders.series(cast.cristalerias, cast.bottles, frequency=frequency)
    assert zooms_of(series) == offered
    assert course_of(series=series, zoom=Zoom.WEEKS, until=None, today=TODAY).zoom == offered[0]


def test_years_cost_as_many_queries_as_weeks(cast: Cast, bottles: Series, django_assert_num_queries):
    send(cast, bottles, TODAY - 400 * DAY, 400)
    for zoom in zooms_of(bottles):
        with django_assert_num_queries(4):
            course_of(series=bottles, zoom=zoom, until=None, today=TODAY)
