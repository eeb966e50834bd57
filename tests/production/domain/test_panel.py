"""Panels: what is expected is the same on the page of the day and on the form."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from production.domain.panel import Panel, panels_of
from production.domain.report import submit_report
from production.domain.sheet import sheet_of
from production.enums import Frequency
from production.models import Series
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


def send(cast: Cast, series: Series, on: dt.date, value: int) -> None:
    at = builders.NOW
    place = cast.cristalerias
    submit_report(workplace=place, territory=place, on=on, figures={series: (Decimal(value), "")}, by=cast.pedro, at=at)


def panel(cast: Cast) -> Panel:
    return panels_of(workplace=cast.cristalerias, on=TODAY)[0]


@pytest.mark.parametrize(("frequency", "days"), [(Frequency.DAY, 1), (Frequency.WEEK, 7)])
def test_what_is_expected_is_the_same_as_on_the_form_before_and_after_the_report(cast: Cast, frequency, days):
    series = builders.series(cast.cristalerias, cast.bottles, frequency=frequency)
    for n in range(12, 0, -1):
        send(cast, series, TODAY - n * dt.timedelta(days=days), 400 + 7 * n)
    form = sheet_of(workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY).lines[0].usual
    assert form is not None and panel(cast).usual == form
    send(cast, series, TODAY, 900)
    assert panel(cast).usual == form


def test_a_figure_is_judged_by_those_before_it(cast: Cast):
    series = builders.series(cast.cristalerias, cast.bottles)
    for n in range(12, 1, -1):
        send(cast, series, TODAY - dt.timedelta(days=n), 400)
    send(cast, series, TODAY - dt.timedelta(days=1), 390)
    assert (panel(cast).is_odd, panel(cast).is_low) == (True, True)
