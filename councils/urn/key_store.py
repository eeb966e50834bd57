"""The key store: private keys of open urns, on a disk and in no database, backup or log.

Per poll a directory of mode 700 with files of mode 600, which only processes that hold keys can read:

- ``half``: 32 random bytes, the server half. The private key is wrapped with it, so to
  destroy this file is to destroy the key; a scrutineer's share will wrap it once more.
- ``wrapped``: the private key, encrypted under the half (XSalsa20-Poly1305).
- ``epoch``: random, kept on the poll's row too.

In a directory of their own, to which web processes append, files named like the polls: one byte per
acknowledged cast, after commit. The length tells a restored database (which knows fewer casts) from the
living one; it names nobody. The directory is of mode 750 and its files of mode 640, so that a worker
under another user of the same group can read them.

Both directories hold an empty ``.store``, made once, by ``establish``. Without it nothing is known: a mount
point whose disk is away looks like a store in which nothing ever was.

``destroy`` ends ``half`` and ``wrapped``; ``epoch``, the casts and an empty ``destroyed`` stay, so that a
database restored from before the count is known as such and never opens that vote again. Backups refuse
both directories.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from councils.urn.envelope import new_keys


class KeyLost(Exception):
    """The private key cannot be had any more: missing, torn or not ours."""


class StoreAway(Exception):
    """The store itself cannot be read now (not mounted, a failing disk): nothing is known of the key. Ask again."""


class VotedBefore(Exception):
    """Keys are asked for a poll in which votes were already cast: the database is an older one."""


#: Marks a directory as the store: a mount point without its disk has no such file.
_STORE = ".store"


@dataclass(frozen=True)
class KeyStore:
    """Keys under ``directory``, casts under ``counts``; ``establish`` makes both.

    Every method raises ``StoreAway`` where what it asks for cannot be known now.
    """

    directory: Path
    counts: Path

    def establish(self, *, keys: bool) -> None:
        """Make and mark the directory of casts, and with ``keys`` that of keys, for the first vote of a database.

        Safe to repeat, by several processes at once. Never call it for a database that has had a vote: its
        store exists, and where it cannot be seen it is away.
        """
        try:
            _mark(self.counts, directory_mode=0o750, mode=0o640)
            if keys:
                _mark(self.directory, directory_mode=0o700, mode=0o600)
        except OSError as e:
            raise StoreAway(str(e.filename or self.counts)) from e

    def create(self, poll: uuid.UUID) -> tuple[bytes, str]:
        """Make the key pair of ``poll``; (public key, epoch). What an unfinished opening left is replaced.

        Durable when it returns: files and directories are synced. Raises ``VotedBefore``.
        """
        if self.casts(poll):
            raise VotedBefore(str(poll))
        self.destroy(poll)
        place = self._place(poll)
        place.mkdir(mode=0o700, exist_ok=True)
        for name in ("epoch", "destroyed"):
            (place / name).unlink(missing_ok=True)
        private, public = new_keys()
        half, epoch = secrets.token_bytes(SecretBox.KEY_SIZE), secrets.token_hex(16)
        _write(place / "half", half)
        _write(place / "wrapped", bytes(SecretBox(half).encrypt(private)))
        _write(place / "epoch", epoch.encode())
        _sync_directory(place)
        _sync_directory(self.directory)
        return public, epoch

    def holds(self, poll: uuid.UUID) -> bool:
        """Whether the private key of ``poll`` is here and whole."""
        try:
            self.private_key(poll)
        except KeyLost:
            return False
        return True

    def was_destroyed(self, poll: uuid.UUID) -> bool:
        """Whether the key of ``poll`` was destroyed here on purpose."""
        return self._read(poll, "destroyed") is not None

    def private_key(self, poll: uuid.UUID) -> bytes:
        """Unwrap the key.

        Raises ``KeyLost`` only where the store is here and the key is not in it, or torn: that ends
        a vote. Anything else is ``StoreAway``.
        """
        half, wrapped = self._read(poll, "half"), self._read(poll, "wrapped")
        if half is None or wrapped is None:
            raise KeyLost(str(poll))
        try:
            return SecretBox(half).decrypt(wrapped)
        except (CryptoError, ValueError, TypeError) as e:
            raise KeyLost(str(poll)) from e

    def epoch(self, poll: uuid.UUID) -> str:
        """The epoch written when the key was made; empty if it is gone."""
        return (self._read(poll, "epoch") or b"").decode()

    def casts(self, poll: uuid.UUID) -> int:
        """How many casts were acknowledged (at least: a killed process may not have noted its last)."""
        with _opened(self.counts) as store:
            try:
                return os.stat(poll.hex, dir_fd=store).st_size
            except FileNotFoundError:
                return 0

    def note_cast(self, poll: uuid.UUID) -> None:
        """Note one acknowledged cast; an append of one byte is atomic between processes."""
        with _opened(self.counts) as store:
            descriptor = os.open(poll.hex, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640, dir_fd=store)
            try:
                if os.write(descriptor, b".") and os.fstat(descriptor).st_size == 1:
                    os.fchmod(descriptor, 0o640)  # whatever the umask: a worker must be able to read it
            finally:
                os.close(descriptor)

    def destroy(self, poll: uuid.UUID) -> None:
        """Overwrite and unlink the server half, then the wrapped key. Safe to repeat; durable when it returns.

        On copy-on-write disks the overwrite may land elsewhere: that limit is told in
        README.md, with the advice to keep the store on a disk of its own or in memory.
        """
        place = self._place(poll)
        with _opened(self.directory) as store:
            try:
                os.stat(poll.hex, dir_fd=store)
            except FileNotFoundError:
                return
            for name in ("half", "wrapped"):
                _overwrite(place / name)
            (place / "destroyed").touch(mode=0o600)
            _sync_directory(place)

    def _read(self, poll: uuid.UUID, name: str) -> bytes | None:
        """What the file ``name`` of ``poll`` holds; None only where the store is here and the file is not in it."""
        with _opened(self.directory) as store:
            try:
                descriptor = os.open(f"{poll.hex}/{name}", os.O_RDONLY, dir_fd=store)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                return file.read()

    def _place(self, poll: uuid.UUID) -> Path:
        return self.directory / poll.hex


@contextlib.contextmanager
def _opened(directory: Path) -> Iterator[int]:
    """The marked directory, held open: what is asked of it and its mark are of one and the same disk.

    Raises ``StoreAway`` where it has no mark, and for whatever fails inside.
    """
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.stat(_STORE, dir_fd=descriptor)
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as e:
        raise StoreAway(str(directory)) from e


def _mark(directory: Path, *, directory_mode: int, mode: int) -> None:
    """Make ``directory``, if it is not there, and the mark in it; modes are as given whatever the umask.

    Where several come at once, perhaps under users of their own, one makes each and the others find it.
    """
    if (directory / _STORE).exists():
        return
    directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=directory_mode)
        directory.chmod(stat.S_IMODE(directory.stat().st_mode) | directory_mode)  # keeps a set-group-id
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(directory / _STORE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    _sync_directory(directory)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    """Another process may be destroying the same key: what is gone is gone."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(descriptor, secrets.token_bytes(max(1, os.fstat(descriptor).st_size)))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
