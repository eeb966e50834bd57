"""What the engine carries from period to period, for many series at once. Pure: no Django."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from production.analysis.cyberstride.lanes import WIDTH, Lanes, layout
from production.analysis.cyberstride.manner import EXPONENT_PRIOR, RHO_PRIOR, TAIL_PRIOR
from production.analysis.cyberstride.settings import DEFAULT, Frequency, Settings

_MAGIC = b"CSTR1"


@dataclass
class State:
    """``rows`` (fields, n) float32 and ``anchor`` (2, n) float64 (see ``lanes``); ``day``: number of the last period,
    or None before the first. All series of a state have the same frequency and have come to the same period."""

    frequency: Frequency
    window: int
    day: int | None
    rows: NDArray[np.float32]
    anchor: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many series."""
        return int(self.rows.shape[1])

    def copy(self) -> Self:
        return type(self)(self.frequency, self.window, self.day, self.rows.copy(), self.anchor.copy())

    def take(self, indices: Iterable[int] | NDArray[np.integer]) -> Self:
        """The series at ``indices``, in that order, as a state of their own."""
        chosen = np.fromiter(indices, dtype=np.intp)
        return type(self)(self.frequency, self.window, self.day, self.rows[:, chosen], self.anchor[:, chosen])

    @classmethod
    def join(cls, states: Iterable[Self]) -> Self:
        """One state of the series of several, in their order. ValueError when they differ in frequency or period."""
        parts = list(states)
        first = parts[0]
        if any((s.frequency, s.window, s.day) != (first.frequency, first.window, first.day) for s in parts):
            raise ValueError("states of different frequency, window or period cannot be joined")
        return cls(
            first.frequency,
            first.window,
            first.day,
            np.concatenate([s.rows for s in parts], axis=1),
            np.concatenate([s.anchor for s in parts], axis=1),
        )

    def rescale(self, indices: Iterable[int] | NDArray[np.integer], factor: float) -> None:
        """These series are given in another unit from now on: what was 1 is ``factor``. All that is known of them
        stays."""
        self.anchor[:, np.fromiter(indices, dtype=np.intp)] *= factor

    def pack(self) -> bytes:
        """Bytes from which ``unpack`` makes the same state, to the bit."""
        head = json.dumps([self.frequency, self.window, self.day, self.size]).encode()
        return b"".join([_MAGIC, struct.pack("<I", len(head)), head, self.anchor.tobytes(), self.rows.tobytes()])

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """The state that was packed. ValueError when these are not its bytes."""
        try:
            if packed[:5] != _MAGIC:
                raise ValueError
            (length,) = struct.unpack_from("<I", packed, 5)
            frequency, window, day, n = json.loads(packed[9 : 9 + length])
            fields = layout(window, frequency)[1]
            anchor = np.frombuffer(packed, np.float64, 2 * n, 9 + length).reshape(2, n).copy()
            rows = np.frombuffer(packed, np.float32, fields * n, 9 + length + 16 * n).reshape(fields, n).copy()
        except (ValueError, struct.error, KeyError, TypeError) as e:
            raise ValueError("not a state of the engine") from e
        return cls(frequency, window, day, rows, anchor)


def start(n: int, *, frequency: Frequency = "day", settings: Settings = DEFAULT) -> State:
    """``n`` series of which nothing is known."""
    fields = layout(settings.window, frequency)[1]
    rows, anchor = np.zeros((fields, n), np.float32), np.zeros((2, n))
    lanes = Lanes(rows, anchor, settings.window, frequency)
    lanes.window[:] = np.nan
    lanes.sigma[:] = 1
    lanes.zero_rate[:] = 0.002
    lanes.p00[:], lanes.p11[:] = 100, 2e-3
    lanes.tail[:] = TAIL_PRIOR[:, None]
    lanes.rho[:] = RHO_PRIOR[:, None]
    lanes.exponent[:] = EXPONENT_PRIOR[:, None]
    return State(frequency, settings.window, None, rows, anchor)


def blocks(n: int) -> list[slice]:
    """Where each block's series stand."""
    return [slice(low, min(low + WIDTH, n)) for low in range(0, max(n, 1), WIDTH)]
