"""``manage.py pulse worker``: whether work goes round, for whoever restarts what does not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.domain import heartbeat
from councils.management.command import ProjectCommand


class Command(ProjectCommand):
    """Exits 0 while the pulse beats, 1 when three minutes went without."""

    help = "Exit 1 when the pulse of beat or worker has not been felt for three minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pulse", choices=[heartbeat.BEAT, heartbeat.WORKER])

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["pulse"]
        pulse = heartbeat.feel(at=timezone.now())[name]
        last = _("never") if pulse.last_at is None else pulse.last_at.isoformat(timespec="seconds")
        words = {"name": name, "last": last}
        if not pulse.ok:
            raise CommandError(_("%(name)s: last beat %(last)s. Restart it.") % words)
        self.stdout.write(_("%(name)s: last beat %(last)s.") % words)
