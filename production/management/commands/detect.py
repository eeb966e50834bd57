"""``manage.py detect FILE.csv[.gz] [--holidays FILE] [--threshold P] --output OUT.csv``"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils.management.command import ProjectCommand
from production.analysis.cyberstride import DEFAULT, Kind, Settings, advance, start
from production.analysis.cyberstride.settings import PROFILES
from production.intake.long_file import LongTable, period_of, read_days, read_long
from production.intake.trouble import BadFile

SENTENCES = {
    "bad_date": gettext_lazy("Row %(row)s: “%(value)s” is not a date like 2024-12-31."),
    "bad_value": gettext_lazy("Row %(row)s: “%(value)s” is not a number."),
    "cells": gettext_lazy("Row %(row)s has %(cells)s cells instead of %(wanted)s."),
    "columns": gettext_lazy("The first row must name the columns %(columns)s once each; it says “%(found)s”."),
    "double_period": gettext_lazy("Row %(row)s: %(series)s has a value for the period of %(date)s already."),
    "no_csv": gettext_lazy("%(file)s is not a text file with columns (CSV)."),
    "no_rows": gettext_lazy("The file has no figures."),
    "no_series": gettext_lazy("Row %(row)s does not say which series it belongs to."),
    "too_long": gettext_lazy("%(series)s series over %(periods)s periods are too many for one file: split it."),
    "unopened": gettext_lazy("The file %(file)s cannot be opened."),
}


class Command(ProjectCommand):
    """The engine on a file: what it would have said on each day, knowing nothing of the days after."""

    help = "Judge the series of a file day by day. One row for each day on which an alarm is raised or revised."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, also gzipped: series,date,value; no row: no value")
        parser.add_argument("--holidays", type=Path, help="CSV with a column date: days on which nothing is due")
        parser.add_argument(
            "--threshold", type=float, help=f"probability of an alarm, 0 to 1 (default {DEFAULT.threshold})"
        )
        parser.add_argument("--frequency", choices=list(PROFILES), default="day")
        parser.add_argument("--output", type=Path, required=True, help="CSV to write: series,date,kind,probability")

    def handle(self, *args: Any, **options: Any) -> None:
        threshold = options["threshold"]
        if threshold is not None and not 0 <= threshold <= 1:
            raise CommandError(_("The threshold is a probability between 0 and 1."))
        settings = DEFAULT if threshold is None else replace(DEFAULT, threshold=threshold)
        try:
            table = read_long(options["file"], options["frequency"])
            holidays = read_days(options["holidays"]) if options["holidays"] else set()
        except BadFile as e:
            raise CommandError(str(SENTENCES[e.code]) % e.params) from e
        off = [options["frequency"] == "day" and day in holidays for day in table.dates]
        try:
            with options["output"].open("w", newline="", encoding="utf-8") as out:
                rows = _judge(table, off, options["frequency"], settings, out)
        except OSError as e:
            raise CommandError(_("The file %(file)s cannot be written.") % {"file": options["output"]}) from e
        self.stdout.write(ngettext("%(n)s row written", "%(n)s rows written", rows) % {"n": rows})


def _judge(table: LongTable, off: list[bool], frequency: Any, settings: Settings, out: IO[str]) -> int:
    """Write the alarms of ``table`` day by day; how many rows."""
    writer = csv.writer(out)
    writer.writerow(["series", "date", "kind", "probability"])
    state = start(len(table.series), frequency=frequency, settings=settings)
    rows = 0
    for day, values, closed in zip(table.dates, table.values, off, strict=True):
        judgement = advance(
            state,
            day=period_of(day, frequency),
            values=values,
            off=np.full(len(values), closed),
            settings=settings,
        )
        for i in np.flatnonzero(judgement.raised):
            kind = Kind(int(judgement.kind[i])).name.lower()
            writer.writerow([table.series[i], day.isoformat(), kind, f"{judgement.probability[i]:.6f}"])
            rows += 1
    return rows
