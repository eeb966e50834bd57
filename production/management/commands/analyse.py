"""``manage.py analyse --day D [--backfill]``"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.clock import local_day
from councils.management.command import ProjectCommand
from councils.models import Territory
from production.domain.judgement import analyse


class Command(ProjectCommand):
    """Judge every figure up to a day. It happens by itself after each report; this is for after an outage."""

    help = (
        "Judge every figure up to a day against its own past. It happens by itself after each report; twice changes "
        "nothing. An alert is opened only for what still stands today."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", help="YYYY-MM-DD; today if it is left out")
        parser.add_argument(
            "--backfill", action="store_true", help="from the first figure on, not from the saved state of the engine"
        )

    def handle(self, *args: Any, day: str | None, backfill: bool, **options: Any) -> None:
        now = timezone.now()
        done = analyse(workplaces=list(Territory.objects.workplaces()), day=_day(day, now), at=now, anew=backfill)
        self.stdout.write(ngettext("%(n)s series judged", "%(n)s series judged", done.series) % {"n": done.series})
        # nobody's business outside the workplace: neither how many alerts, nor where


def _day(given: str | None, now: dt.datetime) -> dt.date:
    """Raises ``CommandError`` for what is no day, or one that has not begun."""
    if given is None:
        return local_day(now)
    try:
        day = dt.date.fromisoformat(given)
    except ValueError as e:
        raise CommandError(_("A day is written like this: 2026-11-16.")) from e
    if day > local_day(now):
        raise CommandError(_("That day has not begun."))
    return day
