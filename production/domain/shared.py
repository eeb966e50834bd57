"""Shared: what a workplace lets out on its own, as its assembly agreed, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from councils.models import Member, Territory
from production.analysis import calendar
from production.domain.indices import Index
from production.domain.visibility import Gaze
from production.enums import Grain, Sharing
from production.models import Indicator, Series

_DAY = dt.timedelta(days=1)
#: How far back the latest shared figure may lie.
DAYS, WEEKS = 7, 5


@dataclass(frozen=True)
class SharedFigure:
    """The latest figure of ``indicator`` that may be seen: of a day or of a week, by ``grain``."""

    indicator: Indicator
    grain: str
    start: dt.date
    value: Decimal
    simulated: bool
    index: Index | None


def shared_figures(*, workplace: Territory, member: Member, today: dt.date, at: dt.datetime) -> list[SharedFigure]:
    """What ``member``, from outside, sees of ``workplace`` itself, by name. No judgement is part of it.

    The decision is ``visibility``'s; this only asks it for the latest day, or the latest week that has ended.
    """
    agreed = Series.objects.of_workplace(workplace).valid_on(today).exclude(sharing=Sharing.NO)
    indicators = {s.indicator_id: s.indicator for s in agreed.select_related("indicator")}
    if not indicators:
        return []
    gaze = Gaze(member, at)
    monday = calendar.period_start(calendar.WEEK, today)
    asked = {
        Grain.DAY: [today - n * _DAY for n in range(DAYS)],
        Grain.WEEK: [monday - 7 * n * _DAY for n in range(1, WEEKS + 1)],
    }
    latest: dict[int, SharedFigure] = {}
    for grain, starts in asked.items():
        for (pk, start), view in gaze.views(indicators=list(indicators), grain=grain, starts=starts).items():
            row = view.row(workplace.pk)
            if row is None or row.value is None or (pk in latest and latest[pk].start >= start):
                continue
            index = Index.of(indicators[pk], grain, view.compared(workplace.pk))
            latest[pk] = SharedFigure(indicators[pk], grain, start, row.value, row.simulated, index)
    return sorted(latest.values(), key=lambda figure: figure.indicator.name_key)
