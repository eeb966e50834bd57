"""``manage.py rebuild_summaries [--check]``"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from councils.models import Territory
from production.domain import summary
from production.models import Indicator

SHOWN = 50


class Command(BaseCommand):
    """Compute every summary anew from the reports; or only compare."""

    help = "Compute every summary anew from the reports. With --check only compare: differences are listed and exit 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing (but finish roll-ups that are waiting); list differences; exit 1 if there are any",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"{summary.rebuild_summaries()} rows changed")
            return
        differences = summary.check_summaries(at=timezone.now())
        if not differences:
            self.stdout.write("every summary is what the reports say")
            return
        for difference in differences[:SHOWN]:
            key = difference.key
            place, what = Territory.objects.get(pk=key.territory), Indicator.objects.get(pk=key.indicator)
            self.stdout.write(
                f"{place} · {what} · sector {key.sector or 'all'} · {key.grain} {key.start}: "
                f"stored {difference.stored}, computed {difference.computed}"
            )
        if len(differences) > SHOWN:
            self.stdout.write(f"and {len(differences) - SHOWN} more")
        raise CommandError(f"{len(differences)} summaries differ from the reports")
