"""``manage.py allocate_seats FILE.csv --method dhondt|sainte-lague``: seats for lists, without the database."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from councils.count_words import listed
from councils.counting.apportionment import METHODS, Allocation, allocate_seats
from councils.management.command import ProjectCommand
from councils.names import name_key

#: One seat takes one step; more seats than this are a mistake.
MOST_SEATS = 100_000


class Command(ProjectCommand):
    help = "Share seats among lists. The file has the columns list and votes, and seats where --seats is not given."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--method", choices=METHODS, default="dhondt")
        parser.add_argument("--seats", type=int)
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        votes, told = _read(options["file"])
        seats = options["seats"] if options["seats"] is not None else told
        if seats is None:
            raise CommandError(_("How many seats? Say --seats N, or give the file a column seats."))
        if not 1 <= seats <= MOST_SEATS:
            raise CommandError(_("There are from 1 to %(most)s seats.") % {"most": MOST_SEATS})
        allocation = allocate_seats(votes, seats=seats, method=options["method"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_dict(allocation), ensure_ascii=False, indent=1))
            return
        for name, n in allocation.seats.items():
            self.stdout.write(f"{n:>6}  {name}")
        if allocation.tied:
            self.stdout.write(
                _("Tie: %(names)s have the same average for the last seats (%(n)s). Nobody was given them.")
                % {"names": listed(allocation.tied), "n": allocation.open_seats}
            )


def _as_dict(allocation: Allocation) -> dict[str, Any]:
    return {
        "seats": dict(allocation.seats),
        "ties": [{"lists": allocation.tied, "seats": allocation.open_seats}] if allocation.tied else [],
        "awards": [{"list": award.name, "average": str(award.average)} for award in allocation.awards],
    }


def _read(path: Path) -> tuple[dict[str, int], int | None]:
    """Votes by list, and the number of seats where a column says it. A row that cannot be read refuses the file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise CommandError(_("The file cannot be read: %(path)s (%(why)s)") % {"path": path, "why": e.strerror}) from e
    except UnicodeDecodeError as e:
        raise CommandError(_("The file is not UTF-8 text.")) from e
    first_line = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first_line.count), strict=True)
    try:
        columns = {name_key(name): name for name in reader.fieldnames or ()}
        if not {"list", "votes"} <= columns.keys():
            raise CommandError(_("Row 1: the file needs the columns list and votes."))
        votes: dict[str, int] = {}
        seats: int | None = None
        for row in reader:
            number = reader.line_num
            name = (row[columns["list"]] or "").strip()
            if not name or name in votes:
                raise CommandError(
                    _("Row %(row)s, column list: “%(name)s” is empty or there twice.")
                    % {"row": number, "name": name[:60]}
                )
            votes[name] = _whole(row[columns["votes"]], number, "votes")
            if "seats" in columns:
                said = _whole(row[columns["seats"]], number, "seats")
                if seats is not None and said != seats:
                    raise CommandError(
                        _("Row %(row)s, column seats: all rows must say the same number.") % {"row": number}
                    )
                seats = said
    except csv.Error as e:
        raise CommandError(_("Row %(row)s cannot be read: %(why)s") % {"row": reader.line_num, "why": e}) from e
    if not votes:
        raise CommandError(_("The file has no row with a list."))
    return votes, seats


def _whole(cell: str | None, row: int, column: str) -> int:
    text = (cell or "").strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise CommandError(
            _("Row %(row)s, column %(column)s: “%(found)s” is no whole number.")
            % {"row": row, "column": column, "found": text[:60]}
        )
    return int(text)
