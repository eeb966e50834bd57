"""A count as JSON: what is stored, exported, and recounted by others. Votes in whole units of 1/``SCALE``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from councils.counting.stv import SCALE, Ranking, Stage, StvCount


def rankings(papers: Iterable[Sequence[str]]) -> dict[Ranking, int]:
    """Papers that name options by id (decimal numbers), grouped by what they say."""
    return dict(Counter(tuple(map(int, marks)) for marks in papers))


def stv_record(count: StvCount, lots: Sequence[int]) -> dict[str, Any]:
    """``quota``, ``valid``, ``scale``, ``lots`` and ``stages``; candidates by their number as text."""
    return {
        "scale": SCALE,
        "valid": count.valid,
        "quota": count.quota,
        "lots": [str(c) for c in lots],
        "excluded": [str(c) for c in count.excluded],
        "tied_for": count.tied_for,
        "stages": [_stage(stage) for stage in count.stages],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    told: dict[str, Any] = {
        "happened": stage.happened,
        "totals": _by_text(stage.totals),
        "transfers": _by_text(stage.transfers),
        "exhausted": stage.exhausted,
        "cut_off": stage.cut_off,
        "elected": [str(c) for c in stage.elected],
    }
    if stage.choice:
        told["candidate"] = str(stage.choice.candidate)
        if stage.choice.settled:
            told["tie"] = {
                "among": [str(c) for c in stage.choice.among],
                "settled": stage.choice.settled,
                "stage": stage.choice.stage,
            }
    return told


def _by_text(votes: Mapping[int, int]) -> dict[str, int]:
    return {str(candidate): n for candidate, n in votes.items()}
