"""``manage.py import_reports FILE``: figures from CSV (also gzipped), XLSX or JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.domain import job
from councils.errors import Refused
from councils.management.command import ProjectCommand
from production.domain.import_options import ImportOptions, Outcome
from production.domain.importing import Source, import_reports
from production.domain.reason import sentence_of_cell, sentence_of_file, sentence_of_row, sentence_of_stated


class Command(ProjectCommand):
    help = "Import reports from a file. All of it or nothing, unless --accept-valid. Exit 0 stored, 1 refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--create", action="store_true", help="make missing factories and indicators")
        parser.add_argument("--create-indicators", action="store_true", help="make missing indicators only")
        parser.add_argument(
            "--cordon-from",
            choices=["sector"],
            help="a factory that is made stands in the cordón named like its sector",
        )
        parser.add_argument("--accept-valid", action="store_true", help="store good rows although others are rejected")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument(
            "--decimal",
            choices=["auto", "comma", "point"],
            default="auto",
            help="decimal mark where it could be either",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = ImportOptions(
            create=options["create"],
            create_indicators=options["create_indicators"],
            cordon_from_sector=options["cordon_from"] == "sector",
            accept_valid=options["accept_valid"],
            dry_run=options["dry_run"],
            decimal=options["decimal"],
        )
        as_json = options["format"] == "json"
        try:
            outcome = import_reports(
                source=_source(options["file"]),
                options=asked,
                by=None,
                at=timezone.now(),
                progress=None if as_json or not sys.stderr.isatty() else self._tell,
            )
        except Refused as e:
            raise CommandError(str(e)) from e
        if outcome.stored and settings.CELERY_BROKER_URL.startswith("memory"):
            job.run_due(at=timezone.now())
        self.stdout.write(_json(outcome) if as_json else _text(outcome, dry_run=asked.dry_run))
        if not (outcome.stored or (asked.dry_run and not outcome.rejected and outcome.refusal is None)):
            sys.exit(1)

    def _tell(self, phase: str, done: int, total: int) -> None:
        of = f" / {total}" if total else ""
        self.stderr.write(f"\r{phase} {done}{of}   ", ending="")


def _source(path: Path) -> Source:
    try:
        size = path.stat().st_size
        if size > settings.IMPORT_MAX_BYTES:
            raise CommandError(
                sentence_of_file(("too_many_bytes", {"megabytes": settings.IMPORT_MAX_BYTES // 1_000_000}))
            )
        return Source(path.name, path.read_bytes())
    except (OSError, ValueError) as e:
        raise CommandError(_("The file %(file)s cannot be opened.") % {"file": path}) from e


def _json(outcome: Outcome) -> str:
    return json.dumps(
        {
            "stored": outcome.stored,
            "created": outcome.created,
            "corrected": outcome.corrected,
            "unchanged": outcome.unchanged,
            "rejected": outcome.rejected,
            "refused": sentence_of_file(outcome.refusal) if outcome.refusal else "",
            "errors": [
                {"row": e.row, "column": e.column, "code": e.code, "reason": sentence_of_cell(e.code, e.params)}
                for e in outcome.errors
            ],
            "stated": [sentence_of_stated(s) for s in outcome.stated],
            "made": outcome.made,
        },
        ensure_ascii=False,
    )


def _text(outcome: Outcome, *, dry_run: bool) -> str:
    lines = [sentence_of_row(error) for error in outcome.errors]
    if outcome.rejected and len({error.row for error in outcome.errors}) < outcome.rejected:
        lines.append("…")
    if outcome.refusal is not None:
        lines.append(sentence_of_file(outcome.refusal))
    lines += [sentence_of_stated(stated) for stated in outcome.stated]
    lines.append(
        _("%(created)s created, %(corrected)s corrected, %(unchanged)s unchanged, %(rejected)s rejected.")
        % {
            "created": outcome.created,
            "corrected": outcome.corrected,
            "unchanged": outcome.unchanged,
            "rejected": outcome.rejected,
        }
    )
    if not outcome.stored:
        lines.append(_("Nothing was stored: this was a trial.") if dry_run else _("Nothing was stored."))
    elif not outcome.created and not outcome.corrected:
        lines.append(_("Everything in this file was already stored."))
    return "\n".join(lines)
