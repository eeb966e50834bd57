"""Recalls: the call, support that nobody can read, the vote, and what becomes of the seat."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core import serializers
from django.db import IntegrityError, transaction

from councils import signals
from councils.domain import job
from councils.domain.recall import (
    answer_recall,
    bring_up_to_date,
    call_recall,
    support_recall,
    supports,
    withdraw_support,
)
from councils.domain.seat import end_seats
from councils.enums import BodyKind, PollState, RecallState, SeatEnd, Secrecy
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, Poll, Recall, RecallSupport, RuleSet, Seat
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.recalls import AFTER, DAY, VOTE_CLOSES, agree, at_hour, called, in_state, seat_of, voted, voting

SECOND = dt.timedelta(seconds=1)


# --- call --------------------------------------------------------------------------------------------


def test_call_counts_its_caller_and_keeps_the_rules(cast: Cast):
    agree(cast)
    recall = called(cast)
    assert (recall.state, recall.supporters, recall.needed, recall.roll_size) == ("collecting", 1, 2, 5)
    assert recall.collect_until == NOW + 30 * DAY
    assert supports(recall=recall, member=cast.carmen) and not supports(recall=recall, member=cast.pedro)


def test_call_writes_nowhere_who_called(cast: Cast):
    agree(cast)
    recall = called(cast)
    events = AuditEvent.objects.all()
    assert [(e.verb, e.actor, e.detail) for e in events] == [
        ("call_recall", None, {"name": "Elena Paillán", "needed": 2, "rules": 1})
    ]
    written = serializers.serialize("json", [recall, *RecallSupport.objects.all(), *events])
    assert not [said for said in ("Carmen", str(cast.carmen.uuid), cast.carmen.uuid.hex) if said in written]
    assert {f.name for f in RecallSupport._meta.get_fields()} == {"id", "recall", "mac"}


def test_support_is_a_hash_whose_key_is_outside_the_database(cast: Cast):
    agree(cast)
    recall = called(cast)
    before = RecallSupport.objects.get().mac
    (settings.KEY_STORE_DIR / "supporters.key").write_bytes(b"x" * 32)
    assert not supports(recall=recall, member=cast.carmen)
    assert len(before) == 64


def test_call_that_is_enough_by_itself_opens_the_vote(cast: Cast):
    recall = called(cast)  # by default a fifth: one of five
    assert (recall.state, recall.needed, recall.supporters) == (RecallState.VOTING, 1, 1)
    assert not RecallSupport.objects.exists()


def test_call_is_refused_while_another_is_under_way(cast: Cast):
    agree(cast)
    called(cast)
    with pytest.raises(Refused, match=r"under way|en curso"):
        called(cast, by=cast.pedro)
    with pytest.raises(IntegrityError, match=r"recall_one_live_per_seat|seat_id"), transaction.atomic():
        Recall.objects.create(
            seat=seat_of(cast),
            rule_set=RuleSet.objects.get(body=cast.assembly),
            called_at=NOW,
            collect_until=AFTER,
            roll_size=5,
            needed=1,
        )


def test_call_after_one_that_found_too_little_support_needs_no_waiting(cast: Cast):
    agree(cast)
    called(cast)
    again = called(cast, by=cast.pedro, at=NOW + 30 * DAY)
    assert again.state == RecallState.COLLECTING
    assert Recall.objects.exclude(pk=again.pk).get().state == RecallState.EXPIRED


def test_call_waits_after_a_vote_that_kept_the_seat(cast: Cast):
    in_state(cast, RecallState.KEPT)
    with pytest.raises(Refused):
        called(cast, at=AFTER + 90 * DAY - SECOND)
    assert called(cast, at=AFTER + 90 * DAY).state == RecallState.COLLECTING


def test_call_needs_no_waiting_after_a_void_vote(cast: Cast):
    in_state(cast, RecallState.VOID)
    assert called(cast, at=AFTER).pk


@pytest.mark.parametrize(("grace", "may"), [(100, True), (101, False)])
def test_call_within_the_grace_of_a_term_is_refused(cast: Cast, grace, may):
    agree(cast, grace_days=grace)  # her term began a hundred days ago
    if may:
        called(cast)
    else:
        with pytest.raises(Refused):
            called(cast)


def test_call_collects_only_as_long_as_a_vote_fits_into_the_term(cast: Cast):
    agree(cast)
    Seat.objects.update(term_ends_at=NOW + 10 * DAY)
    assert called(cast).collect_until == NOW + 3 * DAY
    Seat.objects.update(term_ends_at=NOW + 7 * DAY)
    with pytest.raises(Refused):
        called(cast, seat=Seat.objects.get(holder=cast.elena, body=cast.committee))


@pytest.mark.parametrize("reason", ["", " \u200b\n", "...", "x" * 1001])
def test_call_needs_a_reason_that_can_be_read(cast: Cast, reason):
    with pytest.raises(Refused):
        call_recall(seat=seat_of(cast), reason=reason, by=cast.carmen, at=NOW)


def test_call_of_a_seat_that_ended_is_refused(cast: Cast):
    with pytest.raises(Refused):
        called(cast, seat=Seat.objects.get(holder=cast.rosa))


def test_call_where_too_few_vote_is_refused(cast: Cast):
    RuleSet.objects.filter(body=cast.assembly).update(rules={"minimum_electorate": 6})
    with pytest.raises(Refused, match="secret"):
        called(cast)


# --- support ---------------------------------------------------------------------------------------


def test_support_counts_each_once_and_may_be_taken_back(cast: Cast):
    agree(cast, share="4/5")
    recall = called(cast)
    for _twice in range(2):
        assert support_recall(recall=recall, by=cast.pedro, at=NOW).supporters == 2
    for _twice in range(2):
        assert withdraw_support(recall=recall, by=cast.pedro, at=NOW).supporters == 1
    assert RecallSupport.objects.count() == 1


def test_support_that_is_enough_opens_the_vote_and_forgets_who(cast: Cast):
    agree(cast)
    recall = voting(cast)
    assert recall.poll is not None
    assert (recall.state, recall.supporters, RecallSupport.objects.count()) == (RecallState.VOTING, 2, 0)
    assert (recall.poll.state, recall.poll.secrecy, recall.poll.closes_at) == (PollState.OPEN, "urn", VOTE_CLOSES)
    assert "Elena Paillán" in recall.poll.question
    with pytest.raises(Refused):
        support_recall(recall=recall, by=cast.hugo, at=NOW)
    with pytest.raises(Refused):
        withdraw_support(recall=recall, by=cast.pedro, at=NOW)


def test_support_holds_until_the_last_second_by_the_clock(cast: Cast):
    agree(cast, share="5/5")
    recall = called(cast)
    end = recall.collect_until
    assert support_recall(recall=recall, by=cast.pedro, at=end - SECOND).supporters == 2
    with pytest.raises(Refused):
        support_recall(recall=recall, by=cast.hugo, at=end)
    recall.refresh_from_db()
    assert (recall.state, recall.ended_at, RecallSupport.objects.count()) == (RecallState.EXPIRED, end, 0)


def test_support_from_an_account_reset_since_is_refused_and_not_told(cast: Cast):
    agree(cast, share="5/5")
    recall = called(cast)
    cast.carmen.reset_at = cast.pedro.reset_at = NOW + DAY
    assert supports(recall=recall, member=cast.carmen) is None
    for act in (support_recall, withdraw_support):
        with pytest.raises(Refused):
            act(recall=recall, by=cast.carmen, at=NOW + 2 * DAY)
    recall.refresh_from_db()
    assert recall.supporters == 1


def test_support_writes_no_event(cast: Cast):
    agree(cast, share="5/5")
    recall = called(cast)
    before = AuditEvent.objects.count()
    support_recall(recall=recall, by=cast.pedro, at=NOW)
    withdraw_support(recall=recall, by=cast.pedro, at=NOW)
    assert AuditEvent.objects.count() == before


def test_support_of_a_member_twice_is_against_the_constraint(cast: Cast):
    agree(cast)
    one = called(cast).support.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecallSupport.objects.create(recall=one.recall, mac=one.mac)


def test_vote_that_too_few_are_left_for_is_void(cast: Cast):
    agree(cast)
    recall = called(cast)
    cast.cristalerias.memberships.filter(member__in=[cast.rosa, cast.hugo, cast.elena]).delete()
    recall = support_recall(recall=recall, by=cast.pedro, at=NOW)
    assert (recall.state, recall.poll) == (RecallState.VOID, None)


# --- vote ------------------------------------------------------------------------------------------


def test_adopted_ends_the_seat_and_those_above_and_is_announced(cast: Cast, django_capture_on_commit_callbacks):
    agree(cast)
    seat, heard = seat_of(cast), []
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    above = builders.seat(cast.elena, nation, cast.council, through=seat)

    def hear(**said: object) -> None:
        heard.append(said["seat"])

    signals.delegate_recalled.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        recall = voted(cast, {"carmen": ["yes"], "pedro": ["yes"], "elena": ["no"]})
    signals.delegate_recalled.disconnect(hear)
    seat.refresh_from_db()
    above.refresh_from_db()
    assert (recall.state, recall.ended_at) == (RecallState.RECALLED, AFTER)
    assert (seat.end_reason, seat.ended_at, above.end_reason) == (SeatEnd.RECALLED, AFTER, SeatEnd.BELOW)
    assert heard == [seat]


def test_rejected_keeps_the_seat(cast: Cast):
    recall = in_state(cast, RecallState.KEPT)
    assert Seat.objects.held_at(AFTER).filter(pk=recall.seat_id).exists()
    assert AuditEvent.objects.get(verb="conclude_recall").detail == {
        "name": "Elena Paillán",
        "recall": "kept",
        "rules": 1,
    }


def test_vote_goes_by_the_quorum_and_majority_of_recalls(cast: Cast):
    agree(cast, quorum={"base": "roll", "share": "4/5"})
    recall = voted(cast, {"carmen": ["yes"], "pedro": ["yes"], "hugo": ["yes"]})
    assert recall.poll is not None
    assert (recall.state, recall.poll.result["outcome"]) == (RecallState.KEPT, "no_quorum")


def test_vote_goes_by_the_majority_of_recalls(cast: Cast):
    agree(cast, majority={"share": "2/3", "strict": False})
    assert voted(cast, {"carmen": ["yes"], "pedro": ["yes"], "hugo": ["no"]}).state == RecallState.RECALLED
    agree(cast, majority={"share": "3/4"})
    again = Seat.objects.get(holder=cast.elena, body=cast.committee)
    recall = support_recall(recall=called(cast, seat=again), by=cast.pedro, at=NOW)
    recall = at_hour(recall, NOW)
    assert recall.poll is not None and recall.poll.rule_set.rules["recall"]["majority"] == {"share": "3/4"}


def test_council_recalls_by_name(cast: Cast):
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    for person in (cast.carmen, cast.pedro):
        builders.seat(person, cast.council, cast.assembly, cast.cristalerias)
    above = builders.seat(cast.elena, nation, cast.council)
    recall = called(cast, seat=above)  # one of three is a fifth
    poll = Poll.objects.get()
    assert (recall.state, poll.body, poll.secrecy) == (RecallState.VOTING, cast.council, Secrecy.NAMED)
    with pytest.raises(Denied):
        called(cast, by=cast.hugo, seat=above)


# --- the seat ends otherwise -----------------------------------------------------------------------------


def test_seat_that_ends_otherwise_lapses_the_recall_and_drops_the_vote(cast: Cast):
    agree(cast)
    recall = voting(cast)
    end_seats(seats=[recall.seat], reason=SeatEnd.RESIGNED, by=cast.elena, at=NOW + DAY)
    while job.run_due(at=NOW + DAY):
        pass
    recall.refresh_from_db()
    assert recall.poll is not None
    assert (recall.state, recall.poll.state, recall.poll.result["reason"]) == ("lapsed", "void", "fallen_away")
    assert not recall.poll.roll.exclude(envelope=None).exists()


def test_term_that_ends_lapses_the_recall_by_the_clock(cast: Cast):
    agree(cast)
    recall = voting(cast)
    Seat.objects.filter(pk=recall.seat_id).update(term_ends_at=VOTE_CLOSES - DAY)
    assert bring_up_to_date(recall=recall, at=VOTE_CLOSES - DAY).state == RecallState.LAPSED


def test_job_ends_what_nobody_reads(cast: Cast):
    agree(cast)
    recall = called(cast)
    job.run_due(at=recall.collect_until)
    recall.refresh_from_db()
    assert recall.state == RecallState.EXPIRED


# --- answer ------------------------------------------------------------------------------------------


def test_answer_is_the_holders_until_it_is_over(cast: Cast):
    agree(cast)
    recall = called(cast)
    for said in ("Rendí cuentas en julio.", "Rendí cuentas en julio y en agosto."):
        recall = answer_recall(recall=recall, answer=said, by=cast.elena, at=NOW)
    assert (recall.answer, recall.answered_at) == ("Rendí cuentas en julio y en agosto.", NOW)
    with pytest.raises(Denied):
        answer_recall(recall=recall, answer="Yo también", by=cast.carmen, at=NOW)
    with pytest.raises(Refused):
        answer_recall(recall=recall, answer="Tarde", by=cast.elena, at=recall.collect_until)
