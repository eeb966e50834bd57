"""Exports of votes for tests, made without a database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from councils import signed_file
from councils.counting.lists import DIVISORS
from councils.counting.result import as_opened, result_of
from councils.verification import FORMAT, VERSION, question_of

SEED = bytes(range(32))
NAMES = ["Rosa Muñoz", "Luis Carrasco", "Elena Paillán", "Hugo Tapia", "Marta Oyarzún"]


def parts(
    method: str,
    papers: Sequence[list[str] | None],
    *,
    seats: int = 2,
    lots: Sequence[str] = (),
    secrecy: str = "urn",
    **rules: Any,
) -> dict[str, Any]:
    """What ``export_poll`` would write of ``papers`` (None: a spoilt one); everybody on the roll votes."""
    options: list[dict[str, Any]] = [{"id": str(i), "name": name} for i, name in enumerate(NAMES, 1)]
    if method == "yes_no":
        options = []
    elif method in DIVISORS:  # the first list has one person, the last five
        options = [{**option, "people": NAMES[: int(option["id"])]} for option in options]
    if secrecy == "named":  # by name nothing is spoilt: who has not voted has no marks
        papers = [marks for marks in papers if marks is not None]
    told: dict[str, Any] = {
        "subject": {
            "title": "Elegir",
            "kind": "proposal" if method == "yes_no" else "election",
            "method": method,
            "secrecy": secrecy,
            "seats": 0 if method == "yes_no" else seats,
        },
        "rules": {"version": 1, "rules": rules},
        "electorate": {"roll": len(papers), "quorum_base": len(papers)},
        "options": options,
        "lots": list(lots),
        "log": [{"act": "count_poll", "at": "2026-11-20T00:00:00+00:00", "by": "", "particulars": {}}],
    }
    question = question_of(told)
    opened = [as_opened(question, marks) for marks in papers]
    told["result"] = result_of(question, opened, len(papers))
    ballots = [{"id": f"{i:032x}", "marks": list(p.marks), "spoilt": p.spoilt} for i, p in enumerate(opened)]
    told["ballots"] = ballots if told["result"]["shown"] == "ballots" else None
    if secrecy == "named":
        told["ballots"] = [
            {"name": f"Delegada {i}", "for": "Perlak", "marks": list(p.marks)} for i, p in enumerate(opened)
        ]
    told["check_codes"] = (
        [] if secrecy != "urn" else [f"{i:04}-BBBB-BBBB" for i, paper in enumerate(papers) if paper is not None]
    )
    return told


def signed(told: dict[str, Any], seed: bytes = SEED) -> bytes:
    return signed_file.sign(told, seed=seed, form=FORMAT, version=VERSION)


def said(method: str, n: int, chance: random.Random) -> list[list[str] | None]:
    """``n`` papers of all sorts, blank and spoilt ones among them."""
    ids = [str(i) for i in range(1, len(NAMES) + 1)]
    most = {"yes_no": 1, "plurality": 2, **dict.fromkeys(DIVISORS, 1)}.get(method, len(ids))
    papers: list[list[str] | None] = []
    for _paper in range(n):
        marks = chance.sample(ids, chance.randint(0 if method != "yes_no" else 1, most))
        if method == "yes_no":
            marks = [chance.choice(["yes", "yes", "no", "abstain"])]
        papers.append(None if chance.random() < 0.03 else marks if method in ("stv", "yes_no") else sorted(marks))
    return papers
