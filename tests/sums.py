"""Workplaces that report, for tests of sums: each line a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from councils.domain import job
from councils.models import Territory
from production.domain.report import declare_stoppage, submit_report
from production.enums import Channel, Sharing
from production.models import Indicator, Sector, Series, Submission
from tests import builders as b
from tests.builders import NOW

TODAY = dt.date(2026, 11, 16)
YESTERDAY = TODAY - dt.timedelta(days=1)


def say(
    place: Territory, on: dt.date, value: float | str, what: Indicator | None = None, **extra: object
) -> Submission:
    """``place`` reports ``value`` of ``what`` (None: of everything it measures) on ``on``."""
    series = Series.objects.filter(territory=place).select_related("indicator", "workplace")
    if what is not None:
        series = series.filter(indicator=what)
    figures = {s: (Decimal(str(value)), "") for s in series}
    workplace = next(iter(figures)).workplace
    return submit_report(
        workplace=workplace, territory=place, on=on, figures=figures, by=None, channel=Channel.COMMAND,
        **{"reason": "x", "at": NOW, **extra},  # type: ignore[arg-type]
    )  # fmt: skip


def stop(place: Territory, on: dt.date) -> Submission:
    """``place`` did not work."""
    return declare_stoppage(
        workplace=place, territory=place, on=on, why="power_cut", by=None, at=NOW, channel=Channel.COMMAND
    )


def roll_up(at: dt.datetime = NOW) -> None:
    """Everything that waits is rolled up."""
    job.run_due(at=at)


def mills(
    cordon: Territory,
    n: int,
    what: Indicator,
    value: int = 100,
    sector: Sector | None = None,
    sharing: str = Sharing.NO,
) -> list[Territory]:
    """``n`` workplaces in ``cordon`` that report ``value``, ``value`` + 1, … today."""
    found = []
    for k in range(n):
        place = b.workplace(f"Taller {cordon.name} {sector or ''} {k}", cordon, sector)
        b.series(place, what, sharing=sharing)
        say(place, TODAY, value + k)
        found.append(place)
    return found
