"""A count as JSON: what is stored, exported, and recounted by others. Votes in whole units of 1/``SCALE``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from councils.counting.lots import Choice
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


def read_stv_record(
    record: Mapping[str, Any], *, seats: int, elected: Sequence[str], tied: Sequence[str] = ()
) -> StvCount:
    """The count that ``stv_record`` wrote."""
    return StvCount(
        seats=seats,
        valid=record["valid"],
        quota=record["quota"],
        elected=_numbers(elected),
        excluded=_numbers(record["excluded"]),
        stages=tuple(_read_stage(stage) for stage in record["stages"]),
        tied=_numbers(tied),
        tied_for=record["tied_for"],
    )


def _read_stage(told: Mapping[str, Any]) -> Stage:
    choice = None
    if "candidate" in told:
        candidate, tie = int(told["candidate"]), told.get("tie")
        choice = (
            Choice(candidate, _numbers(tie["among"]), tie["settled"], tie["stage"])
            if tie
            else Choice(candidate, (candidate,))
        )
    return Stage(
        happened=told["happened"],
        totals=_by_number(told["totals"]),
        exhausted=told["exhausted"],
        cut_off=told["cut_off"],
        elected=_numbers(told["elected"]),
        choice=choice,
        transfers=_by_number(told["transfers"]),
    )


def _numbers(ids: Iterable[str]) -> tuple[int, ...]:
    return tuple(map(int, ids))


def _by_number(votes: Mapping[str, int]) -> dict[int, int]:
    return {int(candidate): n for candidate, n in votes.items()}


def _by_text(votes: Mapping[int, int]) -> dict[str, int]:
    return {str(candidate): n for candidate, n in votes.items()}
