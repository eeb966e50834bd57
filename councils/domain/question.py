"""Question: a delegate puts it to her council, it is discussed, and the council votes yes or no by name.

It has no state of its own: the poll, scheduled when the question is put, opens and closes by the clock.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions
from councils.domain import audit
from councils.domain.poll import call_off_poll, schedule_poll
from councils.domain.rule_set import checked_changes
from councils.domain.windows import refuse_short_vote
from councils.enums import PollKind
from councils.errors import Refused
from councils.models import Body, Member, Question, RuleSet
from councils.rules import Rules
from councils.text import LIMIT, clean, clean_line, says_something

TITLE_LIMIT = 160
#: So many of one delegate may wait for the council's answer at a time.
MOST_UNDECIDED = 5


def put_question(
    *,
    body: Body,
    title: str,
    text: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: Member,
    at: dt.datetime,
    rule_changes: dict[str, Any] | None = None,
) -> Question:
    """Put it to the council ``body``: discussed until ``opens_at``, voted by name until ``closes_at``.

    ``rule_changes``: what its yes changes in the rules of the council (``councils.rule_items``).
    Raises ``Denied`` unless ``by`` sits in that council; ``Refused`` for an empty text, windows shorter than the
    council's rules ask, or too many of hers that wait.
    """
    permissions.require("put_question", by=by, on=body, at=at)
    title, text = clean_line(title), clean(text).strip()
    if not says_something(title) or not says_something(text) or len(title) > TITLE_LIMIT or len(text) > LIMIT:
        raise Refused(_("Write a title and a text."))
    rule_set = RuleSet.objects.in_force(body, at)
    if rule_set is None:
        raise Refused(_("There are no rules in force here yet."))
    _refuse_short_windows(Rules.read(rule_set.rules), at, opens_at, closes_at)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=body.pk)
        if Question.objects.undecided_at(at).filter(body=body, author=by).count() >= MOST_UNDECIDED:
            raise Refused(
                _("You have %(n)s questions waiting here. Another can follow when one is decided.")
                % {"n": MOST_UNDECIDED}
            )
        poll = schedule_poll(
            body=body,
            rule_set=rule_set,
            kind=PollKind.YES_NO,
            question=title,
            rule_changes=checked_changes(body=body, changes=rule_changes, at=at) if rule_changes is not None else None,
            opens_at=opens_at,
            closes_at=closes_at,
            at=at,
        )
        question = Question.objects.create(body=body, author=by, poll=poll, title=title, text=text, asked_at=at)
        audit.record(verb="put_question", by=by, at=at, body=body, subject=question, title=title)
    return question


def withdraw_question(*, question: Question, by: Member, at: dt.datetime) -> None:
    """Take it back until the vote begins. Only its author may. Raises ``Denied`` or ``Refused``."""
    permissions.require("withdraw_question", by=by, on=question, at=at)
    with transaction.atomic():
        call_off_poll(poll=question.poll, at=at)
        audit.record(verb="withdraw_question", by=by, at=at, body=question.body, subject=question, title=question.title)


def _refuse_short_windows(rules: Rules, at: dt.datetime, opens_at: dt.datetime, closes_at: dt.datetime) -> None:
    if opens_at < at + dt.timedelta(days=rules.deliberation_days):
        raise Refused(
            ngettext(
                "By the rules it is discussed for at least %(n)s day. Choose a later opening.",
                "By the rules it is discussed for at least %(n)s days. Choose a later opening.",
                rules.deliberation_days,
            )
            % {"n": rules.deliberation_days}
        )
    refuse_short_vote(rules, opens_at=opens_at, closes_at=closes_at, at=at)
