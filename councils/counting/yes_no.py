"""Yes, no, abstain: the simplest tally. Blank and spoilt papers are none of the three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

ANSWERS = ("yes", "no", "abstain")


def count_yes_no(papers: Iterable[Sequence[str]]) -> dict[str, int]:
    """``{"yes": n, "no": n, "abstain": n}``; a paper counts if it says exactly one of them."""
    said = Counter(paper[0] for paper in papers if len(paper) == 1 and paper[0] in ANSWERS)
    return {answer: said[answer] for answer in ANSWERS}
