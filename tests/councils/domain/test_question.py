"""Questions to a council: windows of its rules, the vote by name, who may."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.ballot import cast_named_vote
from councils.domain.outcome import bring_up_to_date
from councils.domain.question import MOST_UNDECIDED, put_question, withdraw_question
from councils.enums import PollState, Secrecy
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Question
from tests.builders import NOW
from tests.conftest import Cast
from tests.questions import AFTER, CLOSES, DAY, OPENS, council_of_three, put, voted

SECOND = dt.timedelta(seconds=1)
ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]


def test_put_schedules_a_vote_by_name(cast: Cast):
    question = put(cast)
    assert (question.poll.secrecy, question.poll.question, question.poll.body) == (
        Secrecy.NAMED,
        "¿Se presta el camión?",
        cast.council,
    )
    assert AuditEvent.objects.get(verb="put_question").body == cast.council


@pytest.mark.parametrize("changed", [{"opens_at": OPENS - SECOND}, {"closes_at": CLOSES - SECOND}])
def test_put_with_a_window_shorter_than_the_rules_is_refused(cast: Cast, changed):
    with pytest.raises(Refused):
        put(cast, **changed)
    assert not Question.objects.exists()


@pytest.mark.parametrize("title", ["", "  ", "¿?", "x" * 161])
def test_put_without_a_title_is_refused(cast: Cast, title):
    with pytest.raises(Refused):
        put(cast, title)


def test_put_too_many_is_refused_until_one_is_decided(cast: Cast):
    for _n in range(MOST_UNDECIDED):
        put(cast)
    with pytest.raises(Refused, match=str(MOST_UNDECIDED)):
        put(cast)
    withdraw_question(question=Question.objects.first(), by=cast.elena, at=NOW)
    put(cast)


def test_result_is_that_of_the_names(cast: Cast):
    council_of_three(cast)
    question = voted(put(cast), {cast.elena: "yes", cast.carmen: "yes", cast.pedro: "no"})
    assert question.poll.state == PollState.DECLARED
    assert question.poll.result["outcome"] == "adopted"
    assert question.poll.result["tally"] == {"yes": 2, "no": 1, "abstain": 0}


def test_quorum_is_that_of_the_council(cast: Cast):
    council_of_three(cast)
    assert voted(put(cast), {cast.elena: "yes"}).poll.result["outcome"] == "no_quorum"


def test_vote_opens_and_closes_by_the_clock(cast: Cast):
    poll = put(cast).poll
    for at in (OPENS - SECOND, CLOSES):
        with pytest.raises(Refused):
            cast_named_vote(poll=bring_up_to_date(poll=poll, at=OPENS), by=cast.elena, marks=["yes"], at=at)


def answer(act) -> str:
    try:
        act()
    except Denied:
        return "denied"
    except Refused:
        return "refused"
    return "ok"


def test_matrix_of_who_may(cast: Cast):
    def new(by):
        put_question(body=cast.council, title="¿Sí?", text="x", opens_at=OPENS, closes_at=CLOSES, by=by, at=NOW)

    assert {who: answer(lambda who=who: new(getattr(cast, who))) for who in ROLES} == {
        who: "ok" if who == "elena" else "denied" for who in ROLES
    }
    for at, hers in ((OPENS, "refused"), (OPENS - SECOND, "ok")):
        question = put(cast)
        found = {
            who: answer(
                lambda who=who, at=at, question=question: withdraw_question(
                    question=question, by=getattr(cast, who), at=at
                )
            )
            for who in ROLES
        }
        assert found == {who: hers if who == "elena" else "denied" for who in ROLES}


def test_put_to_what_is_no_council_is_denied(cast: Cast):
    for body in (cast.assembly, cast.committee):
        with pytest.raises(Denied):
            put_question(body=body, title="¿Sí?", text="x", opens_at=OPENS, closes_at=CLOSES, by=cast.elena, at=NOW)


def test_seen_by_those_who_work_under_the_council(cast: Cast):
    question = put(cast)
    seen = {w for w in ROLES if Question.objects.visible_to(getattr(cast, w), NOW.date()).filter(pk=question.pk)}
    assert seen == {"carmen", "pedro", "elena", "hugo", "rosa"}


def test_undecided_leaves_out_withdrawn_and_closed(cast: Cast):
    first, second = put(cast), put(cast, closes_at=CLOSES + DAY)
    withdraw_question(question=first, by=cast.elena, at=NOW)
    assert list(Question.objects.undecided_at(CLOSES)) == [second]
    assert list(Question.objects.undecided_at(AFTER + DAY)) == []
