"""Mandates: by a vote of the electorate or as two people say, until the council's vote closes; the last one holds."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from councils.clock import local_day
from councils.domain.mandate import (
    confirm_mandate,
    consult_electorate,
    enter_mandate,
    instructions,
    mandates_of,
    to_confirm,
)
from councils.domain.outcome import bring_up_to_date
from councils.domain.question import withdraw_question
from councils.enums import MandateKind, PollState, Secrecy
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Consultation, Mandate, Question, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.questions import AFTER, CLOSES, DAY, OPENS, council_of_three, put
from tests.votes import crowd, vote

ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]
ENDS = NOW + 4 * DAY


def consult(cast: Cast, question: Question, kind: str = MandateKind.BOUND, **changed) -> Consultation:
    given = {"question": question, "electorate": cast.assembly, "kind": kind, "closes_at": ENDS, "by": cast.elena}
    return consult_electorate(**{**given, "at": NOW, **changed})


def enter(cast: Cast, question: Question, **changed) -> Mandate:
    given = {"question": question, "assembly": cast.assembly, "kind": MandateKind.BOUND, "answer": "yes"}
    return enter_mandate(**{**given, "decided_on": local_day(NOW), "by": cast.elena, "at": NOW, **changed})


def entered(cast: Cast, question: Question, **changed) -> Mandate:
    """Entered by Elena, confirmed by Hugo."""
    return confirm_mandate(mandate=enter(cast, question, **changed), by=cast.hugo, at=changed.get("at", NOW))


def held(cast: Cast, question: Question) -> Mandate | None:
    return mandates_of([question.poll]).get((question.poll_id, cast.assembly.pk))


def result_of(consultation: Consultation, said: dict, at: dt.datetime = ENDS + DAY / 24) -> None:
    poll = bring_up_to_date(poll=consultation.poll, at=NOW)
    vote(poll, said)
    bring_up_to_date(poll=poll, at=at)


# --- by a vote ---------------------------------------------------------------------------------------


def test_vote_binds_to_its_outcome(cast: Cast):
    question = put(cast)
    consultation = consult(cast, question)
    assert (consultation.poll.secrecy, consultation.poll.body) == (Secrecy.URN, cast.assembly)
    assert held(cast, question) is None
    result_of(consultation, {cast.carmen: ["no"], cast.pedro: ["no"], cast.hugo: ["yes"]})
    mandate = held(cast, question)
    assert mandate is not None
    assert (mandate.kind, mandate.answer, mandate.source, mandate.decided_at) == (
        "bound",
        "no",
        consultation.poll,
        ENDS,
    )
    assert AuditEvent.objects.filter(verb="conclude_consultation").count() == 1


def test_vote_without_quorum_instructs_nobody(cast: Cast):
    crowd(cast, 8)
    question = put(cast)
    result_of(consult(cast, question), {cast.carmen: ["no"], cast.pedro: ["no"], cast.hugo: ["yes"]})
    assert held(cast, question) is None


def test_vote_to_split_keeps_the_totals_where_they_are_published(cast: Cast):
    people = [*crowd(cast, 20), cast.carmen]
    question = put(cast)
    result_of(
        consult(cast, question, MandateKind.SPLIT), {p: ["yes" if n < 14 else "no"] for n, p in enumerate(people)}
    )
    mandate = held(cast, question)
    assert mandate is not None and (mandate.kind, mandate.tally) == ("split", {"yes": 14, "no": 7, "abstain": 0})


def test_vote_to_split_with_few_ballots_binds(cast: Cast):
    question = put(cast)
    result_of(consult(cast, question, MandateKind.SPLIT), {p: ["yes"] for p in (cast.carmen, cast.pedro, cast.hugo)})
    mandate = held(cast, question)
    assert mandate is not None and (mandate.kind, mandate.answer, mandate.tally) == ("bound", "yes", {})


def test_vote_counted_late_still_holds_and_says_since_when(cast: Cast):
    question = put(cast)
    yes = {p: ["yes"] for p in (cast.carmen, cast.pedro, cast.hugo)}
    result_of(consult(cast, question), yes, at=AFTER)
    mandate = held(cast, question)
    assert mandate is not None and (mandate.decided_at, mandate.known_at) == (ENDS, AFTER)


def test_vote_on_a_question_that_was_withdrawn_instructs_nobody(cast: Cast):
    question = put(cast)
    consultation = consult(cast, question)
    withdraw_question(question=question, by=cast.elena, at=NOW)
    result_of(consultation, {p: ["yes"] for p in (cast.carmen, cast.pedro, cast.hugo)})
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"closes_at": NOW + 3 * DAY - dt.timedelta(seconds=1)},
        {"closes_at": CLOSES},
        {"kind": MandateKind.FREE},
        {"kind": "?"},
    ],
)
def test_vote_that_does_not_fit_is_refused(cast: Cast, changed):
    with pytest.raises(Refused):
        consult(cast, put(cast), **changed)


def test_one_vote_at_a_time(cast: Cast):
    question = put(cast)
    consult(cast, question)
    with pytest.raises(Refused):
        consult(cast, question)


def test_council_instructs_its_own_delegates_by_name(cast: Cast):
    nation = builders.Body.objects.get(territory=cast.nation)
    builders.seat(
        cast.elena, nation, cast.council, cast.vicuna, through=Seat.objects.get(body=cast.council, end_reason="")
    )
    question = put(cast)
    Question.objects.update(body=nation)
    question.poll.body = nation
    question.poll.save()
    question.refresh_from_db()
    assert consult(cast, question, electorate=cast.council).poll.secrecy == Secrecy.NAMED
    with pytest.raises(Refused):
        consult(cast, question)  # the assembly has nobody there


# --- as decided in an assembly -------------------------------------------------------------------------


def test_entered_by_one_holds_once_another_confirms(cast: Cast):
    question = put(cast)
    mandate = enter(cast, question)
    assert held(cast, question) is None
    with pytest.raises(Refused):
        confirm_mandate(mandate=mandate, by=cast.elena, at=NOW)
    assert [task.title for task in to_confirm(cast.elena, NOW)] == []
    assert len(list(to_confirm(cast.hugo, NOW))) == 1
    confirm_mandate(mandate=mandate, by=cast.hugo, at=NOW)
    assert held(cast, question) == mandate
    assert confirm_mandate(mandate=mandate, by=cast.hugo, at=NOW).confirmed_at == NOW
    assert AuditEvent.objects.filter(verb="confirm_mandate").count() == 1


def test_database_refuses_that_one_person_confirms_herself(cast: Cast):
    mandate = enter(cast, put(cast))
    with pytest.raises(IntegrityError, match="mandate_two_people"), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(confirmed_by=cast.elena, confirmed_at=NOW)


def test_a_later_one_replaces_by_version(cast: Cast):
    question = put(cast)
    first, second = entered(cast, question), entered(cast, question, answer="no")
    assert (first.version, second.version, held(cast, question)) == (1, 2, second)
    third, fourth = enter(cast, question, answer="abstain"), enter(cast, question)
    with pytest.raises(Refused):
        confirm_mandate(mandate=third, by=cast.hugo, at=NOW)
    assert held(cast, question) == second
    confirm_mandate(mandate=fourth, by=cast.hugo, at=NOW)
    assert held(cast, question) == fourth


@pytest.mark.parametrize(
    "changed",
    [
        {"answer": ""},
        {"answer": "maybe"},
        {"kind": "?"},
        {"kind": MandateKind.SPLIT},
        {"kind": MandateKind.SPLIT, "tally": {"yes": 3, "no": -1}},
        {"decided_on": local_day(NOW) + DAY},
        {"decided_on": local_day(NOW) - DAY},
    ],
)
def test_entry_that_does_not_fit_is_refused(cast: Cast, changed):
    with pytest.raises(Refused):
        enter(cast, put(cast), **changed)


def test_deadline_is_the_close_of_the_council_by_the_clock(cast: Cast):
    question = put(cast)
    second = dt.timedelta(seconds=1)
    waiting = enter(cast, question, at=CLOSES - second)
    with pytest.raises(Refused):
        enter(cast, question, at=CLOSES)
    with pytest.raises(Refused):
        confirm_mandate(mandate=waiting, by=cast.hugo, at=CLOSES)
    assert confirm_mandate(mandate=waiting, by=cast.hugo, at=CLOSES - second).known_at == CLOSES - second


def test_an_assembly_without_a_delegate_there_instructs_nobody(cast: Cast):
    question = put(cast)
    Seat.objects.filter(body=cast.council, end_reason="").update(ended_at=NOW, end_reason="resigned")
    with pytest.raises(Refused):
        enter(cast, question)


# --- what each delegate is told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        ({"yes": 2, "no": 1, "abstain": 0}, ["yes", "yes", "no"]),  # Carmen, Elena, Pedro
        ({"yes": 5, "no": 1, "abstain": 0}, ["yes", "yes", ""]),  # remainders are equal: the last is left free
        ({"yes": 9, "no": 1, "abstain": 0}, ["yes", "yes", "yes"]),
        ({"yes": 1, "no": 1, "abstain": 1}, ["yes", "no", "abstain"]),
    ],
)
def test_split_shares_the_seats_by_largest_remainder(cast: Cast, tally, told):
    council_of_three(cast)
    mandate = entered(cast, put(cast), kind=MandateKind.SPLIT, tally=tally)
    seats = Seat.objects.held_at(NOW).in_body(cast.council).select_related("holder")
    found = {seat.holder.username: instructions(mandate, seats)[seat.pk].answer for seat in seats}
    assert [found[name] for name in ("carmen", "elena", "pedro")] == told


def test_bound_and_free(cast: Cast):
    council_of_three(cast)
    seats = list(Seat.objects.held_at(NOW).in_body(cast.council).select_related("holder"))
    question = put(cast)
    assert {i.answer for i in instructions(entered(cast, question), seats).values()} == {"yes"}
    free = entered(cast, question, kind=MandateKind.FREE)
    assert all(i.is_free for i in instructions(free, seats).values())


# --- who may ------------------------------------------------------------------------------------------------


def answer(act) -> str:
    try:
        act()
    except Denied:
        return "denied"
    except Refused:
        return "refused"
    return "ok"


@pytest.mark.parametrize("closed", [False, True])
def test_matrix_of_who_may(cast: Cast, closed):
    question, at = put(cast), CLOSES if closed else NOW
    waiting = Mandate.objects.create(
        poll=question.poll,
        electorate=cast.assembly,
        version=9,
        kind=MandateKind.FREE,
        decided_on=local_day(NOW),
        decided_at=NOW,
        entered_by=cast.hugo,
    )
    verbs = {
        "confirm": partial(confirm_mandate, mandate=waiting),
        "consult": partial(
            consult_electorate, question=question, electorate=cast.assembly, kind="bound", closes_at=ENDS
        ),
        "enter": partial(
            enter_mandate, question=question, assembly=cast.assembly, kind="free", decided_on=local_day(NOW)
        ),
    }
    committee = {
        "confirm": {"hugo": "refused", "elena": "ok"},
        "consult": {"hugo": "ok", "elena": "refused"},  # one at a time
        "enter": {"elena": "ok", "hugo": "ok"},
    }
    for verb, act in verbs.items():
        found = {who: answer(partial(act, by=getattr(cast, who), at=at)) for who in reversed(ROLES)}
        said = dict.fromkeys(committee[verb], "refused") if closed else committee[verb]
        assert found == {who: said.get(who, "denied") for who in ROLES}, verb


def test_delegates_vote_as_they_will(cast: Cast):
    """An instruction is shown beside the vote; it does not cast it."""
    question = put(cast)
    entered(cast, question)
    poll = bring_up_to_date(poll=question.poll, at=OPENS)
    assert (poll.state, poll.named_votes.count()) == (PollState.OPEN, 0)
