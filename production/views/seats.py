"""Who represents a workplace, as home and its page list them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from councils.domain.replacement import now_standing_in
from councils.models import Member, Territory
from councils.views.seat_list import recall_links, vacant_rows
from production.domain.representative import representatives_of, vacancies_of


def seats_of(workplace: Territory, *, member: Member, at: dt.datetime) -> dict[str, Any]:
    """Context of ``production/workplace/_representatives.html``."""
    seats = representatives_of(workplace=workplace, at=at)
    return {
        "seats": seats,
        "stand_ins": now_standing_in(seats, at),
        "recall_links": recall_links(seats, member=member, at=at),
        "vacant": vacant_rows(vacancies_of(workplace=workplace, at=at), member=member, at=at),
    }
