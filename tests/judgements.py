"""Figures of a quiet place, for tests of what is judged: each line a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from councils.models import Territory
from production.models import EngineState, Figure, Report, Series, SeriesJudgement, Submission
from tests.sums import TODAY, say

DAY = dt.timedelta(days=1)
#: The first of eight weeks that end yesterday, a Monday.
BEGAN = TODAY - 56 * DAY


def quiet(n: int, seed: int = 1, level: float = 100.0) -> list[str]:
    """``n`` figures around ``level``, a little more on Fridays, that nobody would look at twice."""
    rng = np.random.default_rng(seed)
    noise = np.clip(rng.normal(0, 1, n), -2, 2)
    return [f"{level * (1 + 0.03 * noise[k]) + (5 if k % 7 == 4 else 0):.2f}" for k in range(n)]


def reported(series: Series, values: Sequence[str | None], first: dt.date = BEGAN) -> None:
    """One value a day from ``first`` on (None: no report), stored without the jobs of a report."""
    for n, value in enumerate(values):
        if value is None:
            continue
        on = first + n * DAY
        report, _made = Report.objects.get_or_create(
            territory=series.territory, on=on, shift="", defaults={"workplace": series.workplace}
        )
        number = report.submissions.count() + 1
        report.submissions.update(current=False)
        sent = Submission.objects.create(report=report, number=number, at=dt.datetime.combine(on, dt.time(20), dt.UTC))
        Figure.objects.create(series=series, start=on, value=Decimal(value), submission=sent)


def tell(place: Territory, on: dt.date, value: float | str, **extra: object) -> Submission:
    """The evening of ``on``: ``place`` reports ``value``."""
    return say(place, on, value, at=evening(on), **extra)


def evening(on: dt.date) -> dt.datetime:
    """Six o'clock in Santiago, in summer."""
    return dt.datetime.combine(on, dt.time(21), dt.UTC)


def everything() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """All that analyses left behind, to compare."""
    states = [
        (s.workplace_id, s.frequency, s.start, s.engine, s.series, bytes(s.packed))
        for s in EngineState.objects.order_by("workplace", "frequency", "start")
    ]
    rows = [
        (j.series_id, j.start, j.status, j.wanting, bytes(j.bands), j.told)
        for j in SeriesJudgement.objects.order_by("series")
    ]
    return states, rows
