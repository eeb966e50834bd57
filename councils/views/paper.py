"""The ballot paper as its page shows it: one line a candidate, with what was put there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from councils.enums import BY_LISTS, Choice, PollKind
from councils.forms.ballot import RANK, BallotForm, moved
from councils.models import Poll


@dataclass(frozen=True)
class Line:
    """A candidate of a paper; ``place`` as typed on a ranked one, ``marked`` on the others."""

    id: str
    label: str
    says: str
    place: str = ""
    marked: bool = False
    errors: Sequence[str] = ()
    #: By lists: its people, in their order.
    people: Sequence[str] = ()


@dataclass(frozen=True)
class PaperPage:
    """``places``: what each ``<select>`` of a ranked paper offers; ``placed``: how many have a place."""

    ranked: bool
    lines: list[Line]
    by_lists: bool = False

    @property
    def places(self) -> range:
        return range(1, len(self.lines) + 1)

    @property
    def placed(self) -> int:
        return sum(1 for line in self.lines if line.place)


def paper_page(poll: Poll, form: BallotForm | None, *, in_order: bool = False) -> PaperPage:
    """The paper of ``poll`` with what ``form`` brought, valid or not; ``in_order``: by place, the others after."""
    ranked = poll.kind == PollKind.STV
    told = form.data if form is not None else {}
    marked = set(form.data.getlist("marks")) if form is not None and not ranked else set()  # type: ignore[attr-defined]
    errors = form.errors if form is not None else {}
    lines = [
        Line(
            option["id"],
            option["label"],
            option.get("line", ""),
            told.get(RANK + option["id"], ""),
            option["id"] in marked,
            [str(e) for e in errors.get(RANK + option["id"], [])],
            [person["name"] for person in option.get("people", [])],
        )
        for option in poll.options
    ]
    if in_order and ranked and form is not None and form.is_valid():
        place = {id: str(n) for n, id in enumerate(form.marks, 1)}
        lines = [Line(line.id, line.label, line.says, place.get(line.id, "")) for line in lines]
        lines.sort(key=lambda line: int(line.place or 10_000))
    return PaperPage(ranked, lines, by_lists=poll.kind in BY_LISTS)


def review_page(form: BallotForm, asked: Mapping[str, str]) -> dict[str, list[Any]]:
    """What the review shows of a valid ``form``: ``marked`` (id, label), and the names without a place.

    ``asked`` may move one of them (``up``, ``down``), or ask for a blank paper (``do`` = ``blank``).
    """
    poll = form.poll
    labels = {option["id"]: option["label"] for option in poll.options} or {
        str(choice): str(choice.label) for choice in Choice
    }
    marks = [] if asked.get("do") == "blank" else form.marks
    if poll.kind == PollKind.STV:
        marks = moved(marks, up=asked.get("up", ""), down=asked.get("down", ""))
    return {
        "marked": [(mark, labels[mark]) for mark in marks],
        "unplaced": [label for id, label in labels.items() if id not in marks] if marks else [],
    }
