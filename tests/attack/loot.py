"""What a thief carries away of a site, and how he looks for something in it: bytes in files, the order of rows."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attack.site import as_server_user, postgresql_bin

#: What pg_waldump says of a new version of a row: its table, its block, its place there.
ROW = re.compile(
    r"desc: (?:INSERT off (\d+)|(?:HOT_)?UPDATE .*?new off (\d+))"
    r".*?blkref #0: rel \d+/\d+/(\d+)(?: fork \w+)? blk (\d+)"
)


def files(*places: Path) -> Iterator[Path]:
    """Every file under ``places``."""
    for place in places:
        if place.is_file():
            yield place
        for directory, _names, found in os.walk(place):
            yield from (Path(directory) / name for name in found)


def holding(needle: bytes, places: Sequence[Path]) -> set[str]:
    """Names of the files that hold ``needle``, as it is, in hexadecimal or in base 64."""
    forms = (needle, needle.hex().encode(), needle.hex().upper().encode(), base64.b64encode(needle).rstrip(b"="))
    return {path.name for path in files(*places) if any(map(path.read_bytes().__contains__, forms))}


def words_in(wanted: Iterable[str], letters: str, places: Sequence[Path]) -> dict[str, set[str]]:
    """Those of ``wanted``, words of one length and of ``letters`` (a class of a pattern), with their files."""
    sought = {word.encode() for word in wanted}
    length = len(next(iter(sought)))
    runs, found = re.compile(f"[{letters}]{{{length},}}".encode()), dict[str, set[str]]()
    for path in files(*places):
        for run in runs.findall(path.read_bytes()):
            for word in {run[i : i + length] for i in range(len(run) - length + 1)} & sought:
                found.setdefault(word.decode(), set()).add(path.name)
    return found


def papers_in(poll: bytes, rows: Iterable[bytes], places: Sequence[Path]) -> int:
    """How often a paper before its sealing begins somewhere: format, poll and a row of its roll."""
    beginnings = {b"\x01" + poll + row for row in rows}
    head, found = b"\x01" + poll, 0
    for path in files(*places):
        content = path.read_bytes()
        found += sum(content[m.start() : m.start() + 33] in beginnings for m in re.finditer(re.escape(head), content))
    return found


def rankings_in(wanted: Iterable[Sequence[str]], places: Sequence[Path]) -> int:
    """How many of these rankings of ids of one digit stand somewhere, as JSON or as PostgreSQL stores it."""
    sought, found = {"".join(one).encode() for one in wanted}, set()
    length = len(next(iter(sought)))
    pattern = re.compile(rb'\["\d"(?:, ?"\d"){%d}\]|\x01\0\0\0\d{%d}' % (length - 1, length))
    for path in files(*places):
        found |= {b"".join(re.findall(rb"\d", one)) for one in pattern.findall(path.read_bytes())}
    return len(found & sought)


def offsets(names: Mapping[str, str], file: Path, *, last: bool = False) -> list[str]:
    """``names`` (name → word) by where their word first, or last, stands in ``file``."""
    content = file.read_bytes() if file.exists() else b""
    at = {name: (content.rfind if last else content.find)(word.encode()) for name, word in names.items()}
    return sorted((name for name, n in at.items() if n >= 0), key=lambda name: at[name])


# --- the write-ahead log -----------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """Where each version of a row was written, in the order of the log: (table's file, block, offset)."""

    places: list[tuple[str, str, str]]

    def order_of(self, table: str, rows: Mapping[str, str]) -> list[str]:
        """``rows`` (name → ctid) by when the version at their ctid was written; those not in the log are left out."""
        last = {(blk, off): n for n, (relation, blk, off) in enumerate(self.places) if relation == table}
        at = {name: last.get(tuple(ctid.strip("()").split(","))) for name, ctid in rows.items()}  # type: ignore[arg-type]
        return sorted((name for name, n in at.items() if n is not None), key=lambda name: at[name] or 0)


def written(log: Path) -> Written:
    """All that pg_waldump can read of the segments in ``log``; it ends with an error where the log does."""
    segments = sorted(p.name for p in log.iterdir() if re.fullmatch(r"[0-9A-F]{24}", p.name))
    command = [*as_server_user(), str(postgresql_bin() / "pg_waldump"), "-p", str(log), segments[0], segments[-1]]
    said = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace").stdout
    places = []
    for line in said.splitlines():
        if row := ROW.search(line):
            inserted, updated, relation, block = row.groups()
            places.append((relation, block, inserted or updated))
    return Written(places)
