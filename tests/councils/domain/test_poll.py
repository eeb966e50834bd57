"""A poll from its schedule to its declaration, and every way in which it ends without one."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from councils.domain import job
from councils.domain.ballot import cast_ballot
from councils.domain.outcome import bring_up_to_date, settle_poll
from councils.domain.poll import (
    call_off_poll,
    check_key,
    count_poll,
    declare_poll,
    established_store,
    key_store,
    open_due_poll,
)
from councils.enums import PollState, Secrecy
from councils.errors import Refused
from councils.models import AuditEvent, Ballot, CheckCode, Job, Member, Poll, RollEntry, RuleSet
from councils.urn.envelope import seal
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import AFTER, CLOSE, OPEN_FOR, count, open_approval, open_yes_no, scheduled, vote

DAY = dt.timedelta(days=1)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# --- opening --------------------------------------------------------------------------------------


def test_open_freezes_the_roll_of_that_day(cast: Cast, now):
    gone, coming = builders.member("gone"), builders.member("coming")
    builders.membership(gone, cast.cristalerias, until_on=now.date())
    builders.membership(coming, cast.cristalerias, since=now.date() + DAY)
    manager = builders.member("manager")
    builders.membership(manager, cast.cristalerias, can_vote=False)
    away = builders.member("away")
    builders.membership(away, cast.cristalerias, counts_for_quorum=False)
    poll = open_yes_no(cast)
    names = set(RollEntry.objects.filter(poll=poll).values_list("member__username", flat=True))
    assert names == {"carmen", "pedro", "elena", "hugo", "rosa", "away"}
    assert (poll.state, poll.roll_size, poll.quorum_base, len(poll.epoch)) == (PollState.OPEN, 6, 5, 32)


def test_open_counts_a_person_of_two_workplaces_once(cast: Cast, now):
    cordon = builders.body("assembly", cast.vicuna)
    sister = builders.workplace("Fensa", cast.vicuna)
    builders.membership(cast.carmen, sister)
    assert open_yes_no(cast, cordon).roll_size == 5


def test_open_waits_for_its_hour_and_happens_once(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    assert open_due_poll(poll=poll, at=now).state == PollState.SCHEDULED
    first = open_due_poll(poll=poll, at=now + DAY)
    again = open_due_poll(poll=poll, at=now + DAY)  # from the stale row
    assert (first.epoch, Poll.objects.get().epoch, verbs()) == (again.epoch, first.epoch, ["open_poll"])


def test_open_late_takes_the_roll_of_its_own_hour(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    builders.membership(cast.olga, cast.cristalerias, since=(now + 2 * DAY).date())
    assert open_due_poll(poll=poll, at=now + 3 * DAY).roll_size == 5


def test_open_by_job_when_nobody_reads(cast: Cast, now):
    scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now + DAY)
    assert Poll.objects.get().state == PollState.OPEN


def test_open_of_too_small_an_electorate_is_void_and_told(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    cast.carmen.memberships.update(until_on=now.date())
    for name in ("pedro", "rosa"):
        getattr(cast, name).memberships.update(until_on=now.date())
    poll = bring_up_to_date(poll=poll, at=now + DAY)
    assert (poll.state, poll.result["reason"]) == (PollState.VOID, "too_small")


def test_schedule_for_too_few_is_refused(cast: Cast, now):
    with pytest.raises(Refused):
        scheduled(builders.body("assembly", cast.cerrillos))


def test_schedule_of_a_council_is_by_name(cast: Cast):
    assert (scheduled(cast.council).secrecy, scheduled(cast.assembly).secrecy) == (Secrecy.NAMED, Secrecy.URN)


@pytest.mark.parametrize("n", [0, 61])
def test_schedule_refuses_a_paper_without_or_with_too_many_names(cast: Cast, n):
    with pytest.raises(Refused):
        open_approval(cast, [f"c{i}" for i in range(n)])


def test_schedule_holds_sixty_names_and_a_ballot_that_marks_all(cast: Cast):
    poll = open_approval(cast, [f"c{i}" for i in range(60)], seats=3)
    vote(poll, {cast.carmen: [str(i) for i in range(1, 61)]})
    assert count(poll).result["outcome"] == "no_quorum"


def test_call_off_before_the_hour_and_not_after(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    assert call_off_poll(poll=poll, at=now).state == PollState.VOID
    assert open_due_poll(poll=poll, at=now + DAY).state == PollState.VOID
    with pytest.raises(Refused):
        call_off_poll(poll=open_yes_no(cast), at=now)


# --- counting ---------------------------------------------------------------------------------------


def test_count_waits_for_the_close_and_happens_once(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["no"], cast.rosa: ["no"]})
    assert count_poll(poll=poll, at=CLOSE - DAY).state == PollState.OPEN
    count_poll(poll=poll, at=CLOSE)
    count_poll(poll=poll, at=AFTER)
    assert (Ballot.objects.count(), verbs()) == (3, ["open_poll", "count_poll"])


def test_count_then_destroy_then_declare(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    poll = count_poll(poll=poll, at=CLOSE)
    assert (poll.state, key_store().holds(poll.uuid)) == (PollState.COUNTED, True)
    assert RollEntry.objects.filter(envelope__isnull=False).count() == 0
    with pytest.raises(Refused):
        declare_poll(poll=poll, at=CLOSE)
    poll = settle_poll(poll=poll, at=CLOSE)
    assert (poll.state, poll.declared_at, key_store().holds(poll.uuid)) == (PollState.DECLARED, CLOSE, False)
    assert settle_poll(poll=poll, at=AFTER).declared_at == CLOSE


def test_count_by_job_when_nobody_reads(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    job.run_due(at=CLOSE)
    assert Poll.objects.get().state == PollState.DECLARED
    assert not Job.objects.exclude(state="done").filter(due_at__lte=CLOSE).exists()


def test_vote_that_an_outage_kept_shut_has_its_whole_length_afterwards(cast: Cast, now):
    poll = count(scheduled(cast.assembly, opens_at=now))
    assert (poll.state, poll.closes_at) == (PollState.OPEN, AFTER + OPEN_FOR)
    assert bring_up_to_date(poll=poll, at=AFTER + OPEN_FOR - dt.timedelta(minutes=1)).state == PollState.OPEN
    job.run_due(at=poll.closes_at)
    poll.refresh_from_db()
    assert (poll.state, poll.result["outcome"], poll.result["present"]) == (PollState.DECLARED, "no_quorum", 0)


def test_count_calls_wrong_envelopes_spoilt_and_goes_on(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["no"], cast.rosa: ["no"], cast.hugo: ["yes"], cast.elena: ["yes"]})
    copied = RollEntry.objects.get(poll=poll, member=cast.carmen).envelope
    RollEntry.objects.filter(member=cast.pedro).update(envelope=copied)
    RollEntry.objects.filter(member=cast.rosa).update(envelope=b"torn")
    result = count(poll).result
    assert result["tally"] == {"yes": 3, "no": 0, "abstain": 0}
    assert (result["spoilt"], Ballot.objects.count(), CheckCode.objects.count()) == (2, 5, 3)


def forge(poll: Poll, member: Member, code: str) -> None:
    """As whoever writes to the database would: sealed to the public key, with a code of her choice."""
    row = RollEntry.objects.get(poll=poll, member=member)
    given = {"poll": poll.uuid, "row": row.uuid, "marks": ["no"], "code": code.replace("-", "")}
    envelope = seal(public_key=bytes(poll.public_key), **given)
    RollEntry.objects.filter(pk=row.pk).update(envelope=envelope, envelope_version=1, voted=True)


def test_count_spoils_every_envelope_of_a_code_that_is_there_twice(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.pedro: ["yes"], cast.rosa: ["yes"], cast.elena: ["yes"]})
    code = cast_ballot(poll=poll, by=cast.carmen, marks=["yes"], replaces=0, at=NOW).code
    forge(poll, cast.hugo, code)
    result = count(poll).result
    assert (result["tally"]["yes"], result["tally"]["no"], result["spoilt"]) == (3, 0, 2)
    listed = set(CheckCode.objects.values_list("code", flat=True))
    assert (len(listed), code.replace("-", "") in listed, Ballot.objects.count()) == (3, False, 5)


def test_count_is_not_stopped_by_a_code_of_another_vote(cast: Cast):
    first = open_yes_no(cast)
    vote(first, {cast.pedro: ["yes"], cast.rosa: ["yes"]})
    code = cast_ballot(poll=first, by=cast.carmen, marks=["yes"], replaces=0, at=NOW).code
    count(first)
    second = open_yes_no(cast)
    vote(second, {cast.pedro: ["yes"], cast.rosa: ["yes"]})
    forge(second, cast.carmen, code)
    assert count(second).result["present"] == 3
    assert CheckCode.objects.filter(code=code.replace("-", "")).count() == 2


FIVE = ("carmen", "pedro", "elena", "hugo", "rosa")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (["yes", "yes", "yes", "no", "no"], "adopted"),
        (["yes", "yes", "no", "no", "abstain"], "rejected"),
        (["abstain"] * 5, "rejected"),
        (["yes", "yes", "no"], "adopted"),  # three of five: the quorum of half of the roll
        (["yes", "yes"], "no_quorum"),
        ([], "no_quorum"),
    ],
)
def test_count_decides_by_the_rules_of_the_body(cast: Cast, said, outcome):
    poll = open_yes_no(cast)
    vote(poll, {getattr(cast, name): [answer] for name, answer in zip(FIVE, said, strict=False)})
    assert count(poll).result["outcome"] == outcome


def test_count_keeps_the_rules_under_which_it_was_scheduled(cast: Cast, now):
    poll = open_yes_no(cast)
    strict = {"proposal_quorum": {"base": "roll", "share": "1/1"}}
    RuleSet.objects.create(body=cast.assembly, version=2, rules=strict, in_force_from=now)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.rosa: ["yes"]})
    assert count(poll).result["outcome"] == "adopted"


def test_count_leaves_who_does_not_count_for_the_quorum_out_of_it(cast: Cast):
    for name in ("elena", "hugo"):
        getattr(cast, name).memberships.update(counts_for_quorum=False)
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.elena: ["yes"], cast.hugo: ["yes"]})
    result = count(poll).result
    assert (result["outcome"], result["quorum"]["needed"], result["quorum"]["met"]) == ("no_quorum", 2, False)


# --- ends without a result -----------------------------------------------------------------------------


def lose(poll: Poll, part: str) -> None:
    (key_store().directory / poll.uuid.hex / part).unlink()


def test_count_without_its_key_is_void_and_opens_nothing(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    lose(poll, "half")
    poll = count(poll)
    assert (poll.state, poll.result["reason"], Ballot.objects.count()) == (PollState.VOID, "key_lost", 0)
    assert not RollEntry.objects.filter(envelope__isnull=False).exists()


def test_count_waits_for_a_store_that_is_away_and_loses_nothing(cast: Cast, settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path  # the other tests go on with theirs
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.elena: ["no"]})
    store = key_store().directory
    elsewhere = store.rename(store.with_name("unmounted"))
    job.run_due(at=poll.closes_at + DAY)
    poll.refresh_from_db()
    assert (poll.state, RollEntry.objects.filter(envelope__isnull=False).count()) == (PollState.OPEN, 3)
    elsewhere.rename(store)
    job.run_due(at=poll.closes_at + 2 * DAY)
    poll.refresh_from_db()
    assert (poll.state, poll.result["outcome"]) == (PollState.DECLARED, "adopted")


def test_check_key_daily_ends_a_vote_whose_key_is_lost(cast: Cast, now):
    poll = open_yes_no(cast)
    assert check_key(poll=poll, at=now).state == PollState.OPEN
    lose(poll, "wrapped")
    job.run_due(at=now + DAY)
    assert Poll.objects.get().result["reason"] == "key_lost"


def test_count_in_a_database_of_another_epoch_is_interrupted(cast: Cast):
    poll = open_yes_no(cast)
    Poll.objects.update(epoch="f" * 32)
    poll = count(poll)
    assert (poll.state, poll.result["reason"]) == (PollState.INTERRUPTED, "restored")


def test_count_in_a_database_that_forgot_casts_is_interrupted(cast: Cast):
    poll = open_yes_no(cast)
    key_store().note_cast(poll.uuid)  # acknowledged, and not in this database
    assert count(poll).result == {"outcome": "interrupted", "reason": "restored", "roll": 5}


def test_count_in_a_database_from_before_the_declaration_is_interrupted(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    rows = list(RollEntry.objects.filter(poll=poll).values("pk", "envelope", "envelope_version", "voted"))
    before = Poll.objects.filter(pk=poll.pk).values("state", "result", "counted_at", "declared_at").get()
    count(poll)
    Ballot.objects.all().delete()
    CheckCode.objects.all().delete()
    for row in rows:  # the copy of yesterday
        RollEntry.objects.filter(pk=row.pop("pk")).update(**row)
    Poll.objects.filter(pk=poll.pk).update(**before)
    Job.objects.update(state="pending", lease_until=None)
    poll = count(Poll.objects.get())
    assert (poll.state, poll.result["reason"], Ballot.objects.count()) == (PollState.INTERRUPTED, "restored", 0)


def test_open_in_a_database_from_before_the_opening_is_void(cast: Cast, now):
    poll = scheduled(cast.assembly)
    established_store().create(poll.uuid)
    key_store().note_cast(poll.uuid)
    assert bring_up_to_date(poll=poll, at=now).result["reason"] == "restored"


def test_count_with_an_envelope_missing_beside_its_mark_is_interrupted(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"]})
    RollEntry.objects.filter(member=cast.carmen).update(envelope=None)
    assert count(poll).result["reason"] == "torn"


def test_settle_leaves_an_open_poll_and_its_key_alone(cast: Cast, now):
    poll = open_yes_no(cast)
    assert settle_poll(poll=poll, at=now).state == PollState.OPEN
    assert key_store().holds(poll.uuid)


def test_scheduled_hours_must_go_forward(cast: Cast):
    with pytest.raises(Exception, match="poll_window_forward"):
        scheduled(cast.assembly, closes_at=NOW)


def test_key_of_an_unknown_poll_is_not_there(db: None):
    assert not established_store().holds(uuid.uuid4())
