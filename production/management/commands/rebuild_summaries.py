"""``manage.py rebuild_summaries [--check]``"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.management.command import ProjectCommand
from councils.models import Territory
from production.domain import summary
from production.models import Indicator

SHOWN = 50


class Command(ProjectCommand):
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
            rows = summary.rebuild_summaries()
            self.stdout.write(ngettext("%(n)s row changed", "%(n)s rows changed", rows) % {"n": rows})
            return
        differences = summary.check_summaries(at=timezone.now())
        if not differences:
            self.stdout.write(_("every summary is what the reports say"))
            return
        for difference in differences[:SHOWN]:
            key = difference.key
            place, what = Territory.objects.get(pk=key.territory), Indicator.objects.get(pk=key.indicator)
            words = _("stored %(stored)s, computed %(computed)s") % {
                "stored": difference.stored,
                "computed": difference.computed,
            }
            self.stdout.write(f"{place} · {what} · {key.sector or '*'} · {key.grain} {key.start}: {words}")
        if len(differences) > SHOWN:
            self.stdout.write(_("and %(n)s more") % {"n": len(differences) - SHOWN})
        n = len(differences)
        raise CommandError(
            ngettext("%(n)s summary differs from the reports", "%(n)s summaries differ from the reports", n) % {"n": n}
        )
