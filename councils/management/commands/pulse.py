"""``manage.py pulse worker``: whether work goes round, for whoever restarts what does not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from councils.domain import heartbeat


class Command(BaseCommand):
    """Exits 0 while the pulse beats, 1 when three minutes went without."""

    help = "Exit 1 when the pulse of beat or worker has not been felt for three minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pulse", choices=[heartbeat.BEAT, heartbeat.WORKER])

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["pulse"]
        pulse = heartbeat.feel(at=timezone.now())[name]
        last = "never" if pulse.last_at is None else pulse.last_at.isoformat(timespec="seconds")
        if not pulse.ok:
            raise CommandError(f"{name}: last beat {last}. Restart it.")
        self.stdout.write(f"{name}: last beat {last}.")
