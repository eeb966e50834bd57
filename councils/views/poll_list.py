"""Rows of the list of votes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from councils.domain.franchise import Franchise, Way
from councils.models import Poll
from councils.views.poll_parts import PollParts


@dataclass(frozen=True)
class Row:
    """One vote in a list."""

    title: str
    url: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    roll_closed_at: dt.datetime
    hers: Franchise
    words: str
    #: Its opening is still ahead.
    to_come: bool


_NOTHING = Franchise(Way.NONE)


def rows_of(polls: Iterable[Poll], hers: Mapping[int, Franchise], at: dt.datetime) -> list[Row]:
    """Needs election, its body, and proposal loaded; does no query."""
    return [_row(poll, hers.get(poll.pk, _NOTHING), at) for poll in polls]


def _row(poll: Poll, hers: Franchise, at: dt.datetime) -> Row:
    parts = PollParts(poll, at, None, hers.way, voted_so_far=None)
    booth = reverse("vote", args=[poll.uuid])
    words = _("Closed; the ballots are being counted") if parts.stage == "counting" else parts.outcome
    if parts.is_named and hers.way == Way.NONE and parts.stage in ("open", "opening"):
        words = _("Its delegates vote, by name.")
    elif poll.group and hers.way == Way.NONE and parts.stage in ("open", "opening"):
        words = _("The group “%(group)s” votes.") % {"group": poll.group}
    return Row(
        parts.title,
        booth if parts.stage in ("open", "opening") else parts.subject_url,
        poll.opens_at,
        poll.closes_at,
        poll.roll_closed_at,
        hers,
        words,
        parts.stage == "scheduled",
    )
