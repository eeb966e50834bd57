"""The key store: private keys of open urns, on a disk and in no database, backup or log.

Per poll a directory of mode 700 with files of mode 600, which only processes that hold keys can read:

- ``half``: 32 random bytes, the server half. The private key is wrapped with it, so to
  destroy this file is to destroy the key; a scrutineer's share will wrap it once more.
- ``wrapped``: the private key, encrypted under the half (XSalsa20-Poly1305).
- ``epoch``: random, kept on the poll's row too.

In a directory of their own, to which web processes append, files named like the polls: one byte per
acknowledged cast, after commit. The length tells a restored database (which knows fewer casts) from the
living one; it names nobody.

``destroy`` ends ``half`` and ``wrapped``; ``epoch``, the casts and an empty ``destroyed`` stay, so that a
database restored from before the count is known as such and never opens that vote again. Backups refuse
both directories.
"""

from __future__ import annotations

import os
import secrets
import uuid
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
    """Keys under ``directory``, casts under ``counts``; both are made on first use."""

    directory: Path
    counts: Path

    def create(self, poll: uuid.UUID) -> tuple[bytes, str]:
        """Make the key pair of ``poll``; (public key, epoch). What an unfinished opening left is replaced.

        Durable when it returns: files and directories are synced. Raises ``VotedBefore``.
        """
        if self.casts(poll):
            raise VotedBefore(str(poll))
        self.destroy(poll)
        place = self._place(poll)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.directory / _STORE).touch(mode=0o600)
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
        return (self._place(poll) / "destroyed").exists()

    def private_key(self, poll: uuid.UUID) -> bytes:
        """Unwrap the key.

        Raises ``KeyLost`` only where the store is here and the key is not in it, or torn: that ends
        a vote. Anything else is ``StoreAway``.
        """
        place = self._place(poll)
        try:
            half, wrapped = (place / "half").read_bytes(), (place / "wrapped").read_bytes()
        except OSError as e:
            if isinstance(e, FileNotFoundError) and (self.directory / _STORE).exists():
                raise KeyLost(str(poll)) from e
            raise StoreAway(str(self.directory)) from e
        try:
            return SecretBox(half).decrypt(wrapped)
        except (CryptoError, ValueError, TypeError) as e:
            raise KeyLost(str(poll)) from e

    def epoch(self, poll: uuid.UUID) -> str:
        """The epoch written when the key was made; empty if it is gone."""
        try:
            return (self._place(poll) / "epoch").read_text()
        except OSError:
            return ""

    def casts(self, poll: uuid.UUID) -> int:
        """How many casts were acknowledged (at least: a killed process may not have noted its last)."""
        try:
            return (self.counts / poll.hex).stat().st_size
        except OSError:
            return 0

    def note_cast(self, poll: uuid.UUID) -> None:
        """Note one acknowledged cast; an append of one byte is atomic between processes. Raises ``OSError``."""
        self.counts.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.counts / poll.hex, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)

    def destroy(self, poll: uuid.UUID) -> None:
        """Overwrite and unlink the server half, then the wrapped key. Safe to repeat; durable when it returns.

        On copy-on-write disks the overwrite may land elsewhere: that limit is told in
        README.md, with the advice to keep the store on a disk of its own or in memory.
        """
        place = self._place(poll)
        if not place.exists():
            return
        for name in ("half", "wrapped"):
            _overwrite(place / name)
        (place / "destroyed").touch(mode=0o600)
        _sync_directory(place)

    def _place(self, poll: uuid.UUID) -> Path:
        return self.directory / poll.hex


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
