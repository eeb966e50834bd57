"""The text that a yes or no decides, as the ballot shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from councils.models import Poll, Proposal
from councils.text import beginning, render

#: Of a longer text the ballot shows its beginning, and the way to the whole of it: so many characters.
SHOWN = 1_500


@dataclass(frozen=True)
class VotedText:
    """``html`` is safe to show; ``cut``: it is the beginning, and the whole is at ``url``."""

    number: int
    html: str
    cut: bool
    url: str


def voted_text(poll: Poll, *, whole: bool = False) -> VotedText | None:
    """The text of the proposal that ``poll`` decides, as it was submitted. None where it decides none.

    ``whole``: at the table, where nobody is signed in and no other page can be opened.
    """
    proposal: Proposal | None = getattr(poll, "proposal", None)
    if proposal is None:
        return None
    version = proposal.versions.get(number=proposal.submitted_version)
    shown = version.text if whole else beginning(version.text, SHOWN)
    return VotedText(version.number, render(shown), shown != version.text, reverse("proposal", args=[proposal.uuid]))
