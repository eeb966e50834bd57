"""``manage.py simulate_day``: a visitor of the demonstration watches a day pass."""

from __future__ import annotations

import random
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.management.command import ProjectCommand
from production.demo.build import is_built
from production.demo.pass_day import pass_day
from production.domain.escalation import name_of
from production.models import Alert


class Command(ProjectCommand):
    """Reports come, they are judged, alerts open and close; what happened is printed."""

    help = (
        "In the demonstration only: the reports of today come in, now and then with something odd, and are judged. "
        "When all are in, some are corrected. It names the alerts of every workplace, which no page does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, help="the same day again, for the same reports")

    def handle(self, *args: Any, seed: int | None, **options: Any) -> None:
        if settings.PRODUCTION or not is_built():
            raise CommandError(_("A day is simulated in the demonstration only: begin one with `make demo`."))
        # only what happens in an invented day hangs on this chance
        passed = pass_day(at=timezone.now(), rng=random.Random(seed))
        words = ngettext("%(n)s report of another place came.", "%(n)s reports of other places came.", passed.written)
        self.stdout.write(words % {"n": passed.written})
        for name in passed.reported:
            self.stdout.write(_("%(name)s sent its report.") % {"name": name})
        for name in passed.corrected:
            self.stdout.write(_("%(name)s corrected its report.") % {"name": name})
        for alert in passed.opened:
            self.stdout.write(_("An alert opened: %(alert)s") % {"alert": _named(alert)})
        for alert in passed.closed:
            said = {"alert": _named(alert), "state": alert.get_state_display()}
            self.stdout.write(_("An alert closed (%(state)s): %(alert)s") % said)
        if not passed.opened and not passed.closed:
            self.stdout.write(_("No alert opened or closed."))


def _named(alert: Alert) -> str:
    return f"{alert.workplace.name}, {name_of(alert)}"
