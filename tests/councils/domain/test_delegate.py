"""A delegate's votes beside her instructions, her attendance, her reports."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.clock import local_day
from councils.domain.delegate import Verdict, report_back, votes_of
from councils.domain.mandate import confirm_mandate, enter_mandate
from councils.enums import MandateKind
from councils.errors import Denied, Refused
from councils.models import DelegateReport, Mandate, Question, Seat
from tests.builders import NOW
from tests.conftest import Cast
from tests.questions import AFTER, CLOSES, council_of_three, put, voted

ROLES = ["carmen", "pedro", "elena", "hugo", "rosa", "nora", "olga", "ana"]


def seat_of(cast: Cast, who: str = "elena") -> Seat:
    return Seat.objects.get(body=cast.council, holder=getattr(cast, who), end_reason="")


def instructed(cast: Cast, question: Question, kind: str = MandateKind.BOUND, **given) -> Mandate:
    mandate = enter_mandate(
        question=question,
        assembly=cast.assembly,
        kind=kind,
        decided_on=local_day(NOW),
        by=cast.elena,
        at=NOW,
        **given,
    )
    return confirm_mandate(mandate=mandate, by=cast.hugo, at=NOW)


@pytest.mark.parametrize(
    ("told", "said", "verdict"),
    [
        ("yes", "yes", Verdict.AS_TOLD),
        ("yes", "no", Verdict.DIFFERENT),
        ("yes", "abstain", Verdict.DIFFERENT),
        ("yes", None, Verdict.ABSENT),
        (None, "yes", Verdict.NOT_TOLD),
        (None, None, Verdict.ABSENT),
    ],
)
def test_vote_beside_instruction(cast: Cast, told, said, verdict):
    question = put(cast)
    if told:
        instructed(cast, question, answer=told)
    voted(question, {cast.elena: said} if said else {})
    (line,) = votes_of(seat_of(cast))
    assert (line.told, line.marks, line.verdict) == (told or "", [said] if said else None, verdict)


def test_left_free_is_no_instruction(cast: Cast):
    question = put(cast)
    instructed(cast, question, MandateKind.FREE)
    voted(question, {cast.elena: "yes"})
    assert votes_of(seat_of(cast))[0].verdict == Verdict.NOT_TOLD


def test_instruction_known_only_after_the_close_is_late(cast: Cast):
    question = put(cast)
    mandate = instructed(cast, question, answer="no")
    voted(question, {cast.elena: "yes"})
    Mandate.objects.filter(pk=mandate.pk).update(confirmed_at=CLOSES)
    assert votes_of(seat_of(cast))[0].verdict == Verdict.TOLD_LATE


def test_split_tells_each_delegate_her_part(cast: Cast):
    council_of_three(cast)
    question = put(cast)
    instructed(cast, question, MandateKind.SPLIT, tally={"yes": 2, "no": 1})
    voted(question, dict.fromkeys((cast.carmen, cast.elena, cast.pedro), "yes"))
    found = {who: votes_of(seat_of(cast, who))[0].verdict for who in ("carmen", "elena", "pedro")}
    assert found == {"carmen": Verdict.AS_TOLD, "elena": Verdict.AS_TOLD, "pedro": Verdict.DIFFERENT}


def test_votes_before_and_after_her_seat_are_not_hers(cast: Cast):
    question = put(cast)
    voted(question, {cast.elena: "yes"})
    assert votes_of(Seat.objects.get(holder=cast.rosa)) == []
    Seat.objects.filter(pk=seat_of(cast).pk).update(term_begins_at=CLOSES)
    assert votes_of(seat_of(cast)) == []


def test_open_votes_are_not_shown(cast: Cast):
    put(cast)
    assert votes_of(seat_of(cast)) == []


# --- reports ---------------------------------------------------------------------------------------------


def test_report_stays_and_the_same_again_changes_nothing(cast: Cast):
    question = voted(put(cast), {cast.elena: "yes"})
    args = {"seat": seat_of(cast), "poll": question.poll, "by": cast.elena}
    first = report_back(text="Cedieron el camión.", at=AFTER, **args)
    assert report_back(text=" Cedieron el camión. ", at=AFTER + dt.timedelta(hours=1), **args) == first
    report_back(text="Y la bencina.", at=AFTER, **args)
    assert [r.text for r in votes_of(seat_of(cast))[0].reasons] == ["Cedieron el camión.", "Y la bencina."]
    assert DelegateReport.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  ", "...", "x" * 4001])
def test_report_without_words_is_refused(cast: Cast, text):
    with pytest.raises(Refused):
        report_back(seat=seat_of(cast), text=text, poll=None, by=cast.elena, at=NOW)


def test_report_on_a_vote_that_was_not_hers_is_refused(cast: Cast):
    with pytest.raises(Refused):
        report_back(seat=seat_of(cast), text="Sí.", poll=put(cast).poll, by=cast.elena, at=NOW)


def test_matrix_of_who_reports(cast: Cast):
    def answer(who: str, seat: Seat) -> str:
        try:
            report_back(seat=seat, text="Sí.", poll=None, by=getattr(cast, who), at=NOW)
        except Denied:
            return "denied"
        return "ok"

    for seat, hers in ((seat_of(cast), "elena"), (Seat.objects.get(holder=cast.rosa), "rosa")):
        assert {who: answer(who, seat) for who in ROLES} == {who: "ok" if who == hers else "denied" for who in ROLES}
