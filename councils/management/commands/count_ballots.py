"""``manage.py count_ballots FILE.blt --method …``: count a file of ranked ballots, without the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from councils.count_words import blt_problem, quota_in_words, stage_in_words, tie_in_words, votes
from councils.counting.blt import BltError, BltFile, read_blt
from councils.counting.marks import MarksCount, count_marks
from councils.counting.stv import Ranking, Stage, StvCount, count_stv
from councils.management.command import ProjectCommand

METHODS = ("scottish-stv", "irv", "approval", "plurality", "block")
LARGEST_FILE = 500_000_000


class Command(ProjectCommand):
    help = (
        "Count a BLT file. scottish-stv: the single transferable vote by the Scottish rules; irv: the same with one "
        "seat; approval: every name on a paper is a mark; plurality: the first name; block: as many of the first "
        "names as there are seats. Exit code 0, also where a tie is reported."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--method", choices=METHODS, default="scottish-stv")
        parser.add_argument("--seats", type=int, help="instead of what the file says")
        parser.add_argument(
            "--lots", type=Path,
            help="file with the candidates' numbers in the order drawn before the count: the first wins a tie",
        )  # fmt: skip
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ballots = read_blt(_text(options["file"]))
        except BltError as e:
            raise CommandError(blt_problem(e)) from e
        seats = options["seats"] or ballots.seats
        if seats < 1:
            raise CommandError(_("There must be at least one seat."))
        lots = _lots(options["lots"], ballots) if options["lots"] else ()
        method: str = options["method"]
        if method in ("scottish-stv", "irv"):
            ranked = count_stv(
                candidates=ballots.candidates, papers=ballots.papers, seats=1 if method == "irv" else seats, lots=lots
            )
            told = _ranked_as_dict(ranked, ballots) if options["format"] == "json" else _ranked_as_text(ranked, ballots)
        else:
            marked = count_marks(
                candidates=ballots.candidates, papers=_marks(ballots, method, seats), seats=seats, lots=lots
            )
            told = _marked_as_dict(marked, ballots) if options["format"] == "json" else _marked_as_text(marked, ballots)
        self.stdout.write(
            told if isinstance(told, str) else json.dumps({"method": method} | told, ensure_ascii=False, indent=1)
        )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CommandError(_("The file is larger than any election of this world: %(path)s") % {"path": path})
        content = path.read_bytes()
    except OSError as e:
        raise CommandError(_("The file cannot be read: %(path)s (%(why)s)") % {"path": path, "why": e.strerror}) from e
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # names in files of old Windows programs


def _lots(path: Path, ballots: BltFile) -> tuple[int, ...]:
    words = _text(path).replace(",", " ").split()
    known = {str(c): c for c in ballots.candidates}
    unknown = [word for word in words if word not in known]
    if unknown or len(set(words)) != len(words):
        raise CommandError(
            _("The order of lots names each candidate once, by number; this is none, or is there twice: %(found)s")
            % {"found": (unknown or [w for w in words if words.count(w) > 1])[0][:60]}
        )
    return tuple(known[word] for word in words)


def _marks(ballots: BltFile, method: str, seats: int) -> dict[Ranking, int]:
    """The ranked papers as marks: all that stand on it, or the first one, or the first ``seats``."""
    most = {"approval": None, "plurality": 1, "block": seats}[method]
    papers: dict[Ranking, int] = {}
    standing = set(ballots.candidates)
    for ranking, n in ballots.papers.items():
        marks = tuple(c for c in ranking if c in standing)[:most]
        papers[marks] = papers.get(marks, 0) + n
    return papers


def _candidates(ballots: BltFile) -> dict[str, Any]:
    return {
        "title": ballots.title,
        "candidates": {str(c): ballots.name(c) for c in ballots.candidates},
        "blank": ballots.blank,
    }


def _ranked_as_dict(count: StvCount, ballots: BltFile) -> dict[str, Any]:
    return {
        **_candidates(ballots),
        "seats": count.seats,
        "valid": count.valid,
        "quota": count.quota,
        "winners": count.elected,
        "excluded": count.excluded,
        "tie": {"candidates": count.tied, "for": count.tied_for} if count.tied else None,
        "stages": [_stage_as_dict(stage, count, ballots) for stage in count.stages],
    }


def _stage_as_dict(stage: Stage, count: StvCount, ballots: BltFile) -> dict[str, Any]:
    choice = stage.choice
    return {
        "happened": stage.happened,
        "candidate": stage.candidate,
        "totals": {str(c): votes(n) for c, n in stage.totals.items()},
        "transfers": {str(c): votes(n) for c, n in stage.transfers.items()},
        "exhausted": votes(stage.exhausted),
        "cut_off": votes(stage.cut_off),
        "elected": stage.elected,
        "tie": {"candidates": choice.among, "settled_by": choice.settled, "stage": choice.stage}
        if choice and choice.settled
        else None,
        "words": stage_in_words(stage, count.quota, ballots.name),
    }


def _ranked_as_text(count: StvCount, ballots: BltFile) -> str:
    lines = [ballots.title, quota_in_words(count)]
    for number, stage in enumerate(count.stages, 1):
        lines += [
            "",
            _("Stage %(n)s.") % {"n": number} + " " + " ".join(stage_in_words(stage, count.quota, ballots.name)),
        ]
        lines += [f"  {votes(n):>16}  {c:>3}  {ballots.name(c)}" for c, n in stage.totals.items()]
        lines.append(f"  {votes(stage.exhausted):>16}       " + _("not transferable"))
        lines.append(f"  {votes(stage.cut_off):>16}       " + _("cut off after five decimals"))
    if count.tied:
        lines += ["", tie_in_words(map(ballots.name, count.tied))]
    return "\n".join([*lines, "", *_elected(count.elected, ballots)])


def _marked_as_dict(count: MarksCount[int], ballots: BltFile) -> dict[str, Any]:
    totals = {str(c): votes(n * 100_000) for c, n in count.totals.items()}
    return {
        **_candidates(ballots),
        "quota": None,
        "winners": count.elected,
        "tie": {"candidates": count.tied, "open_places": count.open_places} if count.tied else None,
        "by_lot": count.by_lot,
        "stages": [{"happened": "marks_counted", "totals": totals, "elected": count.elected}],
    }


def _marked_as_text(count: MarksCount[int], ballots: BltFile) -> str:
    lines = [ballots.title, *(f"  {n:>10}  {c:>3}  {ballots.name(c)}" for c, n in count.totals.items())]
    if count.tied:
        lines += ["", tie_in_words(map(ballots.name, count.tied), count.open_places)]
    return "\n".join([*lines, "", *_elected(count.elected, ballots)])


def _elected(elected: tuple[int, ...], ballots: BltFile) -> list[str]:
    if not elected:
        return [_("Nobody is elected.")]
    return [_("Elected, in this order:"), *(f"  {i}. {ballots.name(c)} ({c})" for i, c in enumerate(elected, 1))]
