"""Questions to the council of the cordón, for tests."""

from __future__ import annotations

import datetime as dt

from councils.domain.ballot import cast_named_vote
from councils.domain.outcome import bring_up_to_date
from councils.domain.question import put_question
from councils.models import Member, Question
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast

DAY = dt.timedelta(days=1)
OPENS = NOW + 7 * DAY
CLOSES = NOW + 10 * DAY
AFTER = CLOSES + dt.timedelta(hours=1)


def put(cast: Cast, title: str = "¿Se presta el camión?", **changed: dt.datetime) -> Question:
    """Elena puts it to the council; the windows are the shortest of the rules."""
    windows = {"opens_at": OPENS, "closes_at": CLOSES} | changed
    return put_question(body=cast.council, title=title, text="Tres días.", by=cast.elena, at=NOW, **windows)


def council_of_three(cast: Cast) -> Cast:
    """Elena, Carmen and Pedro sit in the council for Cristalerías."""
    for person in (cast.carmen, cast.pedro):
        builders.seat(person, cast.council, cast.assembly, cast.cristalerias)
    return cast


def voted(question: Question, said: dict[Member, str]) -> Question:
    """Each says it by name, and the vote closes."""
    poll = bring_up_to_date(poll=question.poll, at=OPENS)
    for member, answer in said.items():
        cast_named_vote(poll=poll, by=member, marks=[answer], at=OPENS)
    bring_up_to_date(poll=poll, at=AFTER)
    return Question.objects.select_related("poll").get(pk=question.pk)
