"""What a yes or no decides, as the ballot shows it: the text of a proposal, or both sides of a recall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from councils.models import Poll, Proposal, Recall
from councils.text import beginning, render
from councils.views.rule_changes import RuleChanges, changes_of_poll

#: Of a longer text the ballot shows its beginning, and the way to the whole of it: so many characters.
SHOWN = 1_500


@dataclass(frozen=True)
class VotedText:
    """``html`` of a proposal is safe to show; ``cut``: it is the beginning, and the whole is at ``url``."""

    html: str = ""
    cut: bool = False
    url: str = ""
    recall: Recall | None = None
    rule_changes: RuleChanges | None = None


def voted_text(poll: Poll, *, at: dt.datetime, whole: bool = False) -> VotedText | None:
    """What ``poll`` decides. None where it elects.

    ``whole``: at the table, where nobody is signed in and no other page can be opened.
    """
    recall: Recall | None = getattr(poll, "recall", None)
    if recall is not None:
        return VotedText(recall=recall)
    proposal: Proposal | None = getattr(poll, "proposal", None)
    consultation = getattr(poll, "consultation", None)
    changes = changes_of_poll(consultation.question.poll if consultation else poll, at=at)
    if proposal is None:
        return VotedText(rule_changes=changes) if changes else None
    version = proposal.versions.get(number=proposal.submitted_version)
    shown = version.text if whole else beginning(version.text, SHOWN)
    return VotedText(render(shown), shown != version.text, reverse("proposal", args=[proposal.uuid]), None, changes)
