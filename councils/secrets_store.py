"""Keys that must never be in the database: one small file each, in a directory no backup reads. Pure."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyUnreadable(Exception):
    """The file is there and does not hold a key: a person must look, a new key would void what the old one made."""


def key_named(directory: Path, name: str) -> bytes:
    """The 32 bytes of the key ``name``, made on first use in ``directory/name.key`` with mode 600.

    Safe when several processes ask first at once: the file appears complete, and one wins.
    Raises ``KeyUnreadable`` for a file of another length, ``OSError`` if the directory cannot be used.
    """
    path = directory / f"{name}.key"
    try:
        return _read(path)
    except FileNotFoundError:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = directory / f".{name}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeyUnreadable(f"{path} does not hold a key of {KEY_BYTES} bytes")
    return key


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA256 of ``text`` (UTF-8) as 64 hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
