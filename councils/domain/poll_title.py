"""The title of a vote in the reader's language: what it elects, whom it may recall, or its question."""

from __future__ import annotations

from councils.domain import election as elections
from councils.domain import recall as recalls
from councils.models import Poll

#: What a list of votes loads with them, so that no title asks for more.
LOADED = ("body__territory", "election__body", "recall__seat__holder", "recall__seat__body__territory")


def title_of_poll(poll: Poll) -> str:
    """Needs ``LOADED``. What people wrote themselves stays in the words in which it was written."""
    if hasattr(poll, "election"):
        return elections.title_of(poll.election.body, poll.election.seats, poll.election.group)
    return recalls.title_of(poll.recall) if hasattr(poll, "recall") else poll.question
