"""What the page of a cordón (or a province) shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from councils.clock import local_day
from councils.domain.replacement import now_standing_in
from councils.models import Member, Territory
from councils.models.electorate import follows, workplaces_under
from councils.views.seat_list import recall_links, vacant_rows
from production.domain.alert_list import came_up_to
from production.domain.overview import (
    Run,
    Snapshot,
    chosen_period,
    council_of,
    default_indicator,
    is_simulated,
    tiles_of,
    vacancies_in,
    withheld_of,
    workers_of,
)
from production.domain.visibility import Gaze
from production.enums import Grain
from production.forms.period import PeriodForm

#: How many sums stand beside the map; the table below has them all.
FIRST = 6


def context_of(*, place: Territory, member: Member, look: PeriodForm, at: dt.datetime) -> dict[str, Any]:
    """Its workplaces today, its sums in the period looked at, its council now."""
    gaze = Gaze(member, at)
    workplaces = list(Territory.objects.filter(pk__in=workplaces_under(place, local_day(at))))
    tiles = tiles_of(workplaces=workplaces, gaze=gaze, at=at)
    period = chosen_period(place=place, grain=look.grain, on=look.day, gaze=gaze, at=at)
    snapshot = Snapshot(gaze, period)
    sums = snapshot.sums(place)
    shown = [line for line in sums if line.shown]
    indicator = look.chosen([line.indicator for line in sums]) or default_indicator(sums)
    run = Run(gaze, indicator, period) if indicator else None
    shared = snapshot.shared(workplaces)
    values = run.of(place) if run else []
    branches = run.branches(place) if run else []
    council, seats = council_of(place=place, at=at)
    return {
        "place": place,
        "grains": Grain.choices,
        "period": period,
        "tiles": tiles,
        "reported": sum(tile.reported for tile in tiles),
        "workers": workers_of(workplaces),
        "sums": sums,
        "first": shown[:FIRST],
        "withheld": withheld_of(sums),
        "shared": shared,
        "run": run,
        "values": values,
        "branches": branches,
        "index": run.index(place) if run else None,
        "index_withheld": run is not None and run.is_index_withheld(place),
        "council": council,
        "alerts": came_up_to(council=council, member=member, at=at) if council else [],
        "now": at,
        "council_seen": council is not None and follows(member, council, at),
        "seats": seats,
        "stand_ins": now_standing_in(seats, at),
        "recall_links": recall_links(seats, member=member, at=at),
        "vacant": vacant_rows(vacancies_in(body=council, at=at), member=member, at=at) if council else [],
        "simulated": is_simulated(
            [line.shown for line in sums],
            [line.shown for line in shared],
            [line.shown for line in branches],
            values,
        ),
    }
