"""``manage.py summaries --level … --indicator … --from … --to …``"""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import fields
from typing import Any

from django.core.management.base import CommandError, CommandParser

from councils.csv_export import safe_cell
from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.management.command import ProjectCommand
from production.domain.summary_list import ListedSummary, list_summaries
from production.enums import Grain


class Command(ProjectCommand):
    """Print summaries as CSV or JSON."""

    help = (
        "Print summaries of one indicator. This command is the operator's: it shows every figure, also those that "
        "no page shows outside a workplace. Do not pass on what its assembly has not agreed to share."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--level", choices=TerritoryKind.values, required=True)
        parser.add_argument("--name", default="", help="only the territory of this name")
        parser.add_argument("--indicator", required=True, help="its name")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True, help="2024-01-01")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, help="2024-12-31, included")
        parser.add_argument("--by", choices=Grain.values, default=Grain.DAY)
        parser.add_argument("--sector", default="", help="only this branch; without it, all together")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [f.name for f in fields(ListedSummary)]
        try:
            rows = list_summaries(
                level=options["level"],
                name=options["name"],
                indicator=options["indicator"],
                first=options["first"],
                last=options["last"],
                grain=options["by"],
                sector=options["sector"],
            )
        except Refused as e:
            raise CommandError(str(e)) from e
        if options["format"] == "json":
            self.stdout.write(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1))
            return
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow(names)
        out.writerows([safe_cell(value) for value in row.as_dict().values()] for row in rows)
