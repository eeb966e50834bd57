"""The key of a poll: made early by a process that holds keys, used by all, and told from a lost or an older one."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from councils.domain import job
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import call_off_poll, count_poll, key_store, make_key, open_due_poll
from councils.enums import PollState
from councils.models import Job, Poll, RollEntry
from councils.urn.key_store import KeyStore
from tests.builders import NOW
from tests.conftest import Cast
from tests.votes import AFTER, open_yes_no, scheduled, vote

DAY = dt.timedelta(days=1)


def lose(poll: Poll, part: str) -> None:
    (key_store().directory / poll.uuid.hex / part).unlink()


@pytest.fixture
def web(settings):
    """From now on this process is one that holds no keys."""
    settings.HOLDS_KEYS = settings.EMBEDDED = False


def kept_keys(poll: Poll) -> tuple[bool, str]:
    return key_store().holds(poll.uuid), key_store().epoch(poll.uuid)


def test_key_is_made_as_soon_as_the_vote_is_scheduled_and_opens_it_anywhere(cast: Cast, now, settings):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now)
    poll.refresh_from_db()
    assert (poll.state, len(poll.public_key), kept_keys(poll)) == (PollState.SCHEDULED, 32, (True, poll.epoch))
    settings.HOLDS_KEYS = False
    opened = open_due_poll(poll=poll, at=now + DAY)
    assert (opened.state, opened.epoch, opened.public_key) == (PollState.OPEN, poll.epoch, poll.public_key)
    settings.HOLDS_KEYS = True
    vote(opened, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.rosa: ["no"]}, at=now + DAY)
    job.run_due(at=opened.closes_at)
    assert Poll.objects.get().result["outcome"] == "adopted"


def test_open_by_the_web_before_there_is_a_key_leaves_it_scheduled(cast: Cast, web, settings):
    poll = scheduled(cast.assembly)
    assert bring_up_to_date(poll=poll, at=NOW).state == PollState.SCHEDULED
    job.run_due(at=NOW)  # as in a process that holds none: left to one that does
    assert (Poll.objects.get().public_key, RollEntry.objects.count()) == (None, 5)  # the roll is that of the hour
    assert set(Job.objects.filter(kind__in=["make_key", "open_poll"]).values_list("kind", "state", "attempts")) == {
        ("make_key", "pending", 0),
        ("open_poll", "done", 1),
    }
    settings.HOLDS_KEYS = True
    job.run_due(at=NOW + dt.timedelta(minutes=2))
    assert Poll.objects.get().public_key is not None
    settings.HOLDS_KEYS = False
    assert bring_up_to_date(poll=poll, at=NOW + dt.timedelta(minutes=2)).state == PollState.OPEN


def test_web_counts_nothing_ends_nothing_and_reads_no_key(cast: Cast, settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"]})
    settings.HOLDS_KEYS = settings.EMBEDDED = False
    away = key_store().directory
    hidden = away.rename(away.with_name("hidden"))
    try:
        vote(poll, {cast.pedro: ["yes"], cast.rosa: ["yes"]})
        assert count_poll(poll=poll, at=AFTER).state == PollState.OPEN
        assert bring_up_to_date(poll=poll, at=AFTER).state == PollState.OPEN
        assert not away.exists()
        job.run_due(at=AFTER)
        assert Poll.objects.get().state == PollState.OPEN
    finally:
        hidden.rename(away)
    settings.HOLDS_KEYS = True
    job.run_due(at=AFTER + dt.timedelta(minutes=2))
    assert Poll.objects.get().result["outcome"] == "adopted"


def test_key_that_was_lost_before_the_opening_is_made_anew(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now)
    lose(poll, "half")
    poll = open_due_poll(poll=poll, at=now + DAY)
    assert (poll.state, kept_keys(poll)) == (PollState.OPEN, (True, poll.epoch))


def test_key_that_was_lost_before_the_web_opened_is_found_at_once(cast: Cast, now, settings):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now)
    lose(poll, "half")
    settings.HOLDS_KEYS = False
    assert open_due_poll(poll=poll, at=now + DAY).state == PollState.OPEN
    settings.HOLDS_KEYS = True
    job.run_due(at=now + DAY)
    assert Poll.objects.get().result["reason"] == "key_lost"


def test_key_of_a_vote_that_was_called_off_is_destroyed_and_never_made_again(cast: Cast, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now)
    call_off_poll(poll=poll, at=now)
    job.run_due(at=now)
    assert (key_store().holds(poll.uuid), key_store().was_destroyed(poll.uuid)) == (False, True)
    assert make_key(poll=poll, at=now).state == PollState.VOID
    assert not key_store().holds(poll.uuid)


@pytest.mark.parametrize("holds_keys", [True, False])
def test_open_in_a_database_from_before_the_opening_with_its_key_is_void(cast: Cast, now, settings, holds_keys):
    poll = scheduled(cast.assembly)
    job.run_due(at=now - dt.timedelta(seconds=1))
    make_key(poll=poll, at=now)
    key_store().note_cast(poll.uuid)  # in the living database it was opened, and somebody voted
    settings.HOLDS_KEYS = holds_keys
    poll = open_due_poll(poll=Poll.objects.get(), at=now)
    assert (poll.state, poll.result["reason"]) == (PollState.VOID, "restored")


# --- a store that is away --------------------------------------------------------------------------


@pytest.fixture
def store(settings, tmp_path) -> KeyStore:
    """One that this test may take away; not made yet."""
    settings.KEY_STORE_DIR, settings.CAST_COUNT_DIR = tmp_path, tmp_path / "counts"
    return key_store()


@contextlib.contextmanager
def away(directory: Path) -> Iterator[None]:
    """Its disk is unmounted: an empty directory lies where it was."""
    hidden = directory.rename(directory.with_name("unmounted"))
    directory.mkdir()
    try:
        yield
    finally:
        directory.rmdir()
        hidden.rename(directory)


def test_the_first_vote_of_a_database_makes_the_store_in_whichever_process_comes_first(cast: Cast, store, settings):
    poll = scheduled(cast.assembly)
    settings.HOLDS_KEYS = settings.EMBEDDED = False
    assert bring_up_to_date(poll=poll, at=NOW).state == PollState.SCHEDULED
    assert (store.casts(poll.uuid), store.directory.exists()) == (0, False)  # no key can lie there
    settings.HOLDS_KEYS = True
    assert bring_up_to_date(poll=poll, at=NOW).state == PollState.OPEN


def test_a_vote_opens_only_where_it_can_be_known_whether_people_voted_before(cast: Cast, store, now):
    """A database from before the opening, and the count of casts away at the same time."""
    poll = scheduled(cast.assembly)
    make_key(poll=poll, at=now)
    store.note_cast(poll.uuid)
    with away(store.counts):
        assert bring_up_to_date(poll=poll, at=now).state == PollState.SCHEDULED
        job.run_due(at=now)
        assert (Poll.objects.get().state, list(store.counts.iterdir())) == (PollState.SCHEDULED, [])
    job.run_due(at=now + dt.timedelta(minutes=2))
    assert Poll.objects.get().result["reason"] == "restored"


def test_no_key_is_made_on_the_mount_point_of_a_store_that_is_away(cast: Cast, store, now):
    open_yes_no(cast)
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    with away(store.directory):
        job.run_due(at=now)
        assert not list(store.directory.iterdir())
    job.run_due(at=now + dt.timedelta(minutes=2))
    poll.refresh_from_db()
    assert kept_keys(poll) == (True, poll.epoch)


@pytest.mark.parametrize("part", ["directory", "counts"])
def test_an_urn_is_not_opened_while_a_part_of_the_store_is_away(cast: Cast, store, part):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], cast.rosa: ["no"]})
    for _acknowledged in range(4):  # one more than this database knows
        store.note_cast(poll.uuid)
    with away(getattr(store, part)):
        job.run_due(at=AFTER)
        assert Poll.objects.get().state == PollState.OPEN
    job.run_due(at=AFTER + dt.timedelta(minutes=2))
    assert Poll.objects.get().result["reason"] == "restored"


@pytest.mark.parametrize("ending", ["counted", "torn", "too_few"])
def test_nothing_is_declared_or_concluded_before_its_key_is_destroyed(cast: Cast, store, ending):
    poll = open_yes_no(cast)
    vote(poll, {cast.carmen: ["yes"], cast.pedro: ["yes"], **({} if ending == "too_few" else {cast.rosa: ["no"]})})
    if ending == "torn":
        RollEntry.objects.filter(member=cast.carmen).update(envelope=None)
    over = count_poll(poll=poll, at=AFTER).state
    with away(store.directory):
        job.run_due(at=AFTER)
        settling = Job.objects.get(kind="settle_poll")
        assert (settling.state, Poll.objects.get().state) == ("pending", over)
    assert store.holds(poll.uuid)
    job.run_due(at=AFTER + dt.timedelta(minutes=2))
    assert (store.holds(poll.uuid), Job.objects.get(kind="settle_poll").state) == (False, "done")
    assert Poll.objects.get().state == (PollState.DECLARED if over == PollState.COUNTED else over)


def test_key_of_a_vote_that_was_called_off_is_destroyed_when_the_store_is_back(cast: Cast, store, now):
    poll = scheduled(cast.assembly, opens_at=now + DAY)
    job.run_due(at=now)
    call_off_poll(poll=poll, at=now)
    with away(store.directory):
        job.run_due(at=now)
    assert store.holds(poll.uuid)
    job.run_due(at=now + dt.timedelta(minutes=2))
    assert (store.holds(poll.uuid), store.was_destroyed(poll.uuid)) == (False, True)


def test_a_vote_that_was_called_off_before_there_was_a_key_leaves_no_work(cast: Cast, store, now):
    call_off_poll(poll=scheduled(cast.assembly, opens_at=now + DAY), at=now)
    job.run_due(at=now)
    assert Job.objects.get(kind="destroy_key").state == "done"


def test_a_vote_by_name_is_declared_without_any_store(cast: Cast, store):
    poll = open_yes_no(cast, cast.council)
    job.run_due(at=poll.closes_at)
    assert (Poll.objects.get().state, store.directory.exists()) == (PollState.DECLARED, False)
