"""Votes at once, on real PostgreSQL: threads with connections of their own, released by a barrier."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from councils.domain.ballot import AlreadyCounted, cast_ballot
from councils.domain.outcome import settle_poll
from councils.domain.poll import count_poll, key_store, open_due_poll
from councils.domain.table import call_to_table, cast_at_table, confirm_at_table, find_admission
from councils.enums import PollState
from councils.errors import Refused
from councils.models import AuditEvent, Ballot, Member, Poll, RollEntry, TableAdmission
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import CLOSE, crowd, open_yes_no, scheduled, vote

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a race needs PostgreSQL")


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Run all from one starting signal; how many ended in which way."""
    barrier, answers = threading.Barrier(len(acts)), Counter[str]()

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            act()
            said = "done"
        except AlreadyCounted:
            said = "already counted"
        except Refused:
            said = "refused"
        except Exception as e:  # the assertion of the test shows it
            said = repr(e)
        finally:
            connections.close_all()
        answers[said] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def casting(poll: Poll, by: Member, replaces: int = 0, at: dt.datetime = NOW) -> Callable[[], Any]:
    return lambda: cast_ballot(poll=poll, by=by, marks=["yes"], replaces=replaces, at=at)


def test_two_hundred_casts_of_one_voter_are_one_vote(cast: Cast):
    poll = open_yes_no(cast)
    said = sum((at_once(*[casting(poll, cast.carmen)] * 40) for _ in range(5)), Counter())
    row = RollEntry.objects.get(poll=poll, member=cast.carmen)
    assert (said, row.envelope_version) == (Counter({"already counted": 199, "done": 1}), 1)
    assert RollEntry.objects.voted().count() == key_store().casts(poll.uuid) == 1


def test_changes_of_one_voter_at_once_are_one_change(cast: Cast):
    poll = open_yes_no(cast)
    for version in range(5):
        said = at_once(*[casting(poll, cast.carmen, replaces=version)] * 20)
        assert said == Counter({"done": 1, "already counted": 19})
    assert RollEntry.objects.get(member=cast.carmen).envelope_version == 5


def test_casts_with_one_code_of_the_table_are_one_vote(cast: Cast):
    poll = open_yes_no(cast)
    row = RollEntry.objects.select_related("poll__body__territory", "member").get(poll=poll, member=cast.carmen)
    called = call_to_table(row=row, by=cast.elena, at=NOW)
    code = confirm_at_table(admission=called, by=cast.hugo, at=NOW).code
    admission = find_admission(typed=code, at=NOW)
    acts = [lambda: cast_at_table(admission=admission, marks=["yes"], at=NOW)] * 20
    assert at_once(*acts) == Counter({"done": 1, "already counted": 19})
    assert (RollEntry.objects.get(pk=row.pk).envelope_version, key_store().casts(poll.uuid)) == (1, 1)


def test_a_cast_at_the_table_against_one_from_her_account_is_one_vote(cast: Cast):
    for _round in range(5):
        poll = open_yes_no(cast)
        row = RollEntry.objects.select_related("poll__body__territory", "member").get(poll=poll, member=cast.carmen)
        called = call_to_table(row=row, by=cast.elena, at=NOW)
        admission = find_admission(typed=confirm_at_table(admission=called, by=cast.hugo, at=NOW).code, at=NOW)
        said = at_once(casting(poll, cast.carmen), lambda a=admission: cast_at_table(admission=a, marks=["no"], at=NOW))
        assert said == Counter({"done": 1, "already counted": 1})
        assert RollEntry.objects.get(pk=row.pk).envelope_version == 1


def test_calling_anew_while_she_casts_at_the_table_is_her_vote_or_a_call(cast: Cast):
    """They take the same rows: in different orders each would wait for the other for ever."""
    for _round in range(20):
        poll = open_yes_no(cast)
        row = RollEntry.objects.select_related("poll__body__territory", "member").get(poll=poll, member=cast.carmen)
        called = call_to_table(row=row, by=cast.elena, at=NOW)
        admission = find_admission(typed=confirm_at_table(admission=called, by=cast.hugo, at=NOW).code, at=NOW)
        said = at_once(
            lambda a=admission: cast_at_table(admission=a, marks=["no"], at=NOW),
            lambda r=row: call_to_table(row=r, by=cast.elena, at=NOW),
        )
        voted = RollEntry.objects.get(pk=row.pk).envelope_version
        # done and refused: she voted; done and "already counted": her code was void
        assert said == Counter({"done": 1, "refused" if voted else "already counted": 1})


def test_table_admits_nobody_after_the_count(cast: Cast):
    """Who calls just before the close and whose call is written after the count leaves nothing behind."""
    late = CLOSE - SECOND
    for _round in range(5):
        poll = open_yes_no(cast)
        rows = {r.member_id: r for r in poll.roll.select_related("poll__body__territory", "member")}
        acts = [
            lambda r=rows[who.pk]: call_to_table(row=r, by=cast.elena, at=late) for who in (cast.carmen, cast.pedro)
        ]
        said = at_once(acts[0], lambda p=poll: count_poll(poll=p, at=CLOSE), acts[1])
        assert (said["done"] + said["refused"], TableAdmission.objects.filter(row__poll=poll).count()) == (3, 0)


def test_call_and_confirmation_wait_for_a_count_that_is_under_way(cast: Cast):
    poll = open_yes_no(cast)
    rows = poll.roll.select_related("poll__body__territory", "member")
    called = call_to_table(row=rows.get(member=cast.pedro), by=cast.elena, at=NOW)
    row, late, said = rows.get(member=cast.carmen), CLOSE - SECOND, Counter[str]()

    def at_the_table() -> None:
        said.update(
            at_once(
                lambda: call_to_table(row=row, by=cast.elena, at=late),
                lambda: confirm_at_table(admission=called, by=cast.hugo, at=late),
            )
        )

    waiting = threading.Thread(target=at_the_table)
    with transaction.atomic():
        count_poll(poll=poll, at=CLOSE)
        waiting.start()
        while not _waiting_for_locks(2):
            assert waiting.is_alive()
    waiting.join()
    assert (said, TableAdmission.objects.exists()) == (Counter({"refused": 2}), False)


def _waiting_for_locks(n: int) -> bool:
    with connection.cursor() as cursor:
        # else a transaction sees the activity of its first look for ever
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] >= n


def test_confirming_at_once_gives_one_code(cast: Cast):
    row = RollEntry.objects.select_related("poll__body__territory", "member").get(
        poll=open_yes_no(cast), member=cast.carmen
    )
    called = call_to_table(row=row, by=cast.elena, at=NOW)
    acts = [lambda: confirm_at_table(admission=called, by=cast.hugo, at=NOW)] * 8
    assert at_once(*acts) == Counter({"done": 1, "refused": 7})


def test_the_constraint_is_what_keeps_one_row_per_member(cast: Cast):
    """Red when it is dropped: then a second row, and so a second vote, becomes possible."""
    poll = open_yes_no(cast)
    with pytest.raises(IntegrityError, match="roll_entry_one_member_one_vote"), transaction.atomic():
        RollEntry.objects.create(poll=poll, member=cast.carmen)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE councils_rollentry DROP CONSTRAINT roll_entry_one_member_one_vote")
        RollEntry.objects.create(poll=poll, member=cast.carmen)
        assert RollEntry.objects.filter(poll=poll, member=cast.carmen).count() == 2
        transaction.set_rollback(True)


def test_the_version_is_what_keeps_casts_from_overwriting_each_other(cast: Cast):
    """The same race without the condition on the version: every one of them writes."""
    poll = open_yes_no(cast)
    row = RollEntry.objects.get(poll=poll, member=cast.carmen)

    def careless() -> None:
        if not RollEntry.objects.filter(pk=row.pk).update(envelope=b"x", voted=True):
            raise AlreadyCounted

    assert at_once(*[careless] * 20) == Counter({"done": 20})


def test_opening_at_once_makes_one_key_and_one_roll(cast: Cast):
    poll = scheduled(cast.assembly)
    assert at_once(*[lambda: open_due_poll(poll=poll, at=NOW)] * 12) == Counter({"done": 12})
    poll.refresh_from_db()
    assert (poll.epoch, RollEntry.objects.count()) == (key_store().epoch(poll.uuid), 5)
    assert AuditEvent.objects.filter(verb="open_poll").count() == 1


def test_counting_at_once_is_one_count(cast: Cast):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["no"], cast.rosa: ["yes"]})
    assert at_once(*[lambda: count_poll(poll=poll, at=CLOSE)] * 12) == Counter({"done": 12})
    assert at_once(*[lambda: settle_poll(poll=poll, at=CLOSE)] * 6) == Counter({"done": 6})
    assert (Ballot.objects.count(), Poll.objects.get().state) == (3, PollState.DECLARED)
    assert AuditEvent.objects.filter(verb="declare_poll").count() == 1


def test_casts_against_the_count_are_counted_or_refused_and_never_lost(cast: Cast):
    people = crowd(cast, 30)
    for _round in range(3):
        poll = open_yes_no(cast)
        acts = [casting(poll, person, at=CLOSE - SECOND) for person in people]
        said = at_once(*acts[:15], lambda poll=poll: count_poll(poll=poll, at=CLOSE), *acts[15:])
        ballots = Ballot.objects.filter(poll=poll).count()
        voted = RollEntry.objects.filter(poll=poll).voted().count()
        # where the count was so early that fewer than three lay in the urn, none is opened
        assert (said["done"] - 1, ballots) == (voted, voted if voted >= 3 else 0)
        assert said["done"] + said["refused"] == 31


def test_casts_of_different_voters_do_not_wait_for_each_other(cast: Cast):
    """The lock is shared: one cast that has not committed holds up no other."""
    poll = open_yes_no(cast)
    with transaction.atomic():
        Poll.objects.raw("SELECT * FROM councils_poll WHERE id = %s FOR SHARE", [poll.pk])[0]
        assert at_once(casting(poll, cast.carmen), casting(poll, cast.pedro)) == Counter({"done": 2})
