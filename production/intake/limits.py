"""How much of a file is read before it is refused: a small file must not become a large one inside the process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from production.intake.trouble import BadFile

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one file. ``ratio``: unpacked over packed size, looked at once ``ratio_from`` bytes are out."""

    unpacked_bytes: int = 64_000_000
    ratio: int = 100
    ratio_from: int = 2_000_000
    members: int = 1_000
    rows: int = 500_000
    columns: int = 200
    line_length: int = 250_000
    seconds: float = 120.0

    def check_unpacked(self, unpacked: int, packed: int) -> None:
        """Raise ``BadFile`` when so many bytes came out of ``packed`` that more would be folly."""
        if unpacked > self.unpacked_bytes:
            raise BadFile("unpacks_too_large", megabytes=self.unpacked_bytes // 1_000_000)
        if unpacked > self.ratio_from and unpacked > packed * self.ratio:
            raise BadFile("unpacks_suspiciously", ratio=self.ratio)

    def counted(self, rows: Iterator[Row]) -> Iterator[Row]:
        """``rows``, until there are too many or they take too long."""
        stop_at = time.monotonic() + self.seconds
        for number, row in enumerate(rows, 1):
            if number > self.rows:
                raise BadFile("too_many_rows", rows=self.rows)
            if not number % 4096 and time.monotonic() > stop_at:
                raise BadFile("too_slow", seconds=int(self.seconds))
            yield row
