"""``manage.py verify_election FILE``: check the export of a finished vote, without the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from councils.management.command import ProjectCommand
from councils.signed_file import fingerprint
from councils.verification import Verdict, verify
from councils.verification_words import fault_in_words, verdict_in_words

LARGEST_FILE = 1_000_000_000


class Command(ProjectCommand):
    help = (
        "Check the exported file of a finished vote: its exact form, the hash of each part, the signature, and that "
        "its published ballots, counted anew, give its result. Exit code 0 if all of it holds, else 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fingerprint", default="", help="of the key, as it stands in the minutes of the vote")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(_content(options["file"]), fingerprint=options["fingerprint"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_dict(verdict), ensure_ascii=False, indent=1))
        elif verdict.holds:
            assert verdict.document is not None
            self.stdout.write("\n".join([verdict.document["subject"]["title"], *verdict_in_words(verdict)]))
        if not verdict.holds:
            raise CommandError("\n".join([_("The file is refused."), *verdict_in_words(verdict)]))


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "holds": verdict.holds,
        "fingerprint": fingerprint(verdict.key) if verdict.key else None,
        "recounted": verdict.holds and verdict.recounted,
        "faults": [
            {"code": fault.code, "what": fault.what, "sentence": fault_in_words(fault)} for fault in verdict.faults
        ],
    }


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CommandError(_("The file is larger than any election of this world: %(path)s") % {"path": path})
        return path.read_bytes()
    except OSError as e:
        raise CommandError(_("The file cannot be read: %(path)s (%(why)s)") % {"path": path, "why": e.strerror}) from e
