"""What a vote changes in the rules, before and after, as the pages of a proposal, a question and a booth show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from councils.domain.rule_set import rules_before
from councils.enums import PollState
from councils.models import Body, Poll, RuleSet
from councils.rule_items import Changed, change_in_words


@dataclass(frozen=True)
class RuleChanges:
    """``rows`` before and after; ``made``: the version that came of it; ``lost``: adopted, but it could not stand.

    ``since``: the version in force now, where it is another than ``written`` (the one it was submitted under).
    """

    rows: list[Changed]
    made: RuleSet | None = None
    lost: bool = False
    written: RuleSet | None = None
    since: RuleSet | None = None


def changes_of_poll(poll: Poll | None, *, at: dt.datetime) -> RuleChanges | None:
    """Of a vote on rules; None of any other."""
    if poll is None or poll.rule_changes is None:
        return None
    return _told(poll.rule_changes, poll=poll, body=poll.body, written=poll.rule_set, at=at)


def changes_of_text(
    changes: Mapping[str, Any] | None, *, poll: Poll | None, body: Body, written: RuleSet | None, at: dt.datetime
) -> RuleChanges | None:
    """Of one version of a proposal, whose vote may not be scheduled yet."""
    return None if changes is None else _told(changes, poll=poll, body=body, written=written, at=at)


def _told(
    changes: Mapping[str, Any], *, poll: Poll | None, body: Body, written: RuleSet | None, at: dt.datetime
) -> RuleChanges:
    before = rules_before(poll=poll, at=at) if poll else RuleSet.objects.in_force(body, at)
    made = RuleSet.objects.filter(poll=poll).first() if poll else None
    over = poll is not None and poll.state == PollState.DECLARED
    adopted = poll is not None and over and poll.result.get("outcome") == "adopted"
    other = before if before and written and before.pk != written.pk and not over else None
    rows = change_in_words(before.rules if before else {}, changes)
    return RuleChanges(rows, made, adopted and made is None, written, other)
