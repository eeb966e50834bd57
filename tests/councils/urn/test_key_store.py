"""The key store: modes, wrapping, loss, destruction, and what tells a restored database."""

from __future__ import annotations

import os
import stat
import threading
import uuid

import pytest
from nacl.public import PrivateKey

from councils.urn.key_store import KeyLost, KeyStore, StoreAway, VotedBefore

POLL = uuid.UUID(int=7)


@pytest.fixture
def store(tmp_path):
    made = KeyStore(tmp_path / "deep" / "urns", tmp_path / "casts")
    made.establish(keys=True)
    return made


def modes(store: KeyStore) -> dict[str, str]:
    place = store.directory / POLL.hex
    return {p.name: oct(stat.S_IMODE(p.stat().st_mode)) for p in [store.directory, place, *place.iterdir()]}


def test_create_keeps_private_files_for_the_owner_alone(store):
    store.create(POLL)
    assert modes(store) == {
        "urns": "0o700", POLL.hex: "0o700", "half": "0o600", "wrapped": "0o600", "epoch": "0o600",
    }  # fmt: skip


def test_casts_can_be_read_by_the_group_whatever_the_umask(tmp_path):
    store, before = KeyStore(tmp_path / "urns", tmp_path / "casts"), os.umask(0o077)
    try:
        store.establish(keys=False)
        store.note_cast(POLL)
    finally:
        os.umask(before)
    kept = [store.counts, store.counts / ".store", store.counts / POLL.hex]
    assert [oct(stat.S_IMODE(path.stat().st_mode)) for path in kept] == ["0o750", "0o640", "0o640"]


def test_establish_at_once_is_one_store_and_keeps_what_is_there(tmp_path):
    store, barrier, faults = KeyStore(tmp_path / "urns", tmp_path / "casts"), threading.Barrier(8), []

    def first() -> None:
        barrier.wait()
        try:
            store.establish(keys=True)
            store.note_cast(POLL)
        except StoreAway as e:
            faults.append(e)

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, store.casts(POLL)) == ([], 8)


def test_establish_where_nothing_can_be_written_is_away(tmp_path):
    (tmp_path / "casts").write_text("a file")
    with pytest.raises(StoreAway):
        KeyStore(tmp_path / "urns", tmp_path / "casts").establish(keys=True)


def test_private_key_belongs_to_the_public_one_and_lies_nowhere_in_the_open(store):
    public, epoch = store.create(POLL)
    private = store.private_key(POLL)
    assert bytes(PrivateKey(private).public_key) == public
    assert (len(epoch), store.epoch(POLL)) == (32, epoch)
    assert not any(private in p.read_bytes() for p in (store.directory / POLL.hex).iterdir())


def test_destroy_ends_the_key_and_keeps_what_tells_a_restored_database(store):
    _public, epoch = store.create(POLL)
    store.note_cast(POLL)
    store.destroy(POLL)
    store.destroy(POLL)
    assert (store.holds(POLL), store.was_destroyed(POLL), store.epoch(POLL), store.casts(POLL)) == (
        False,
        True,
        epoch,
        1,
    )
    assert sorted(p.name for p in (store.directory / POLL.hex).iterdir()) == ["destroyed", "epoch"]
    with pytest.raises(KeyLost):
        store.private_key(POLL)


def test_destroy_of_what_never_was_changes_nothing(store):
    store.destroy(POLL)
    assert (store.was_destroyed(POLL), [p.name for p in store.directory.iterdir()]) == (False, [".store"])


@pytest.mark.parametrize("part", ["half", "wrapped"])
@pytest.mark.parametrize("content", [None, b"", b"short", b"x" * 72])
def test_private_key_is_lost_with_either_part(store, part, content):
    store.create(POLL)
    path = store.directory / POLL.hex / part
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert (store.holds(POLL), store.was_destroyed(POLL)) == (False, False)


ASKED = ["private_key", "epoch", "was_destroyed", "destroy", "casts", "note_cast", "create"]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("mount_point", [True, False])
def test_nothing_is_known_of_a_store_that_is_away(store, asked, mount_point):
    store.create(POLL)
    store.note_cast(POLL)
    for directory in (store.directory, store.counts):
        directory.rename(directory.with_name(f"{directory.name}-unmounted"))
        if mount_point:
            directory.mkdir()
    with pytest.raises(StoreAway):
        getattr(store, asked)(POLL)
    assert not any((directory / POLL.hex).exists() for directory in (store.directory, store.counts))


@pytest.mark.parametrize("asked", ASKED[:4])
def test_nothing_is_known_of_keys_that_cannot_be_read(store, asked):
    """As on a failing disk: there, and not to be had."""
    store.directory.joinpath(POLL.hex).write_text("no directory")
    with pytest.raises(StoreAway):
        getattr(store, asked)(POLL)


def test_casts_that_cannot_be_read_are_not_none(store):
    (store.counts / POLL.hex).symlink_to(POLL.hex)
    with pytest.raises(StoreAway):
        store.casts(POLL)


def test_create_replaces_an_opening_that_was_never_finished(store):
    first = store.create(POLL)
    assert store.create(POLL) != first
    assert (store.holds(POLL), store.was_destroyed(POLL), store.casts(POLL)) == (True, False, 0)


def test_create_after_votes_were_cast_is_refused(store):
    store.create(POLL)
    store.note_cast(POLL)
    with pytest.raises(VotedBefore):
        store.create(POLL)


def test_note_cast_counts_and_names_nobody(store):
    store.create(POLL)
    for _ in range(5):
        store.note_cast(POLL)
    assert (store.casts(POLL), (store.counts / POLL.hex).read_bytes()) == (5, b".....")
    assert store.casts(uuid.UUID(int=8)) == 0


def test_note_cast_needs_nothing_of_where_the_keys_lie(tmp_path):
    """A web process, which cannot see them at all."""
    store = KeyStore(tmp_path / "urns", tmp_path / "casts")
    store.establish(keys=False)
    store.note_cast(POLL)
    assert (store.casts(POLL), store.directory.exists()) == (1, False)
