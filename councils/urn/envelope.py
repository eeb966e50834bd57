"""The sealed envelope: a paper of one fixed length, bound to its poll and roll row.

Layout of the paper before sealing (``PAPER`` bytes, zero-padded):

====== =====================================================================
1      format, always 1
16     uuid of the poll
16     uuid of the roll row: an envelope copied to another row is invalid there
12     check code (``CODE_ALPHABET``), shown once to the voter
2      length of the marks, big-endian
rest   the marks as JSON, a list of strings
====== =====================================================================

Where scrutineers hold a key of their own, the envelope lies in a second one sealed to it (``wrap``):
they open the outer one with their shares, and only then whoever holds the poll's key can open the inner.

Sealed with X25519 and XSalsa20-Poly1305 (libsodium's sealed box), so every envelope is
``ENVELOPE`` bytes whatever it says, and who seals cannot open.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

#: No vowels, nothing that is read two ways.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
CODE_LENGTH = 12
PAPER = 512
ENVELOPE = PAPER + 48  # sealed box: ephemeral public key (32) and tag (16)
_HEAD = 1 + 16 + 16 + CODE_LENGTH + 2
#: Bytes of JSON that fit: 60 marks of short ids, ranked or not.
ROOM = PAPER - _HEAD


class TooLong(ValueError):
    """Marks that do not fit the paper: the poll was set up with too many or too long options."""


@dataclass(frozen=True)
class Paper:
    """What an opened envelope says."""

    marks: tuple[str, ...]
    code: str


def new_keys() -> tuple[bytes, bytes]:
    """A fresh key pair: (private, public), 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def new_code() -> str:
    """A random check code, ``CODE_LENGTH`` symbols."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def seal(*, public_key: bytes, poll: uuid.UUID, row: uuid.UUID, marks: Sequence[str], code: str) -> bytes:
    """Seal ``marks``. Raises ``TooLong``."""
    said = json.dumps(list(marks), separators=(",", ":"), ensure_ascii=False).encode()
    if len(said) > ROOM:
        raise TooLong(f"{len(said)} bytes of marks, room for {ROOM}")
    paper = b"\x01" + poll.bytes + row.bytes + code.encode("ascii") + len(said).to_bytes(2, "big") + said
    return SealedBox(PublicKey(public_key)).encrypt(paper.ljust(PAPER, b"\0"))


def open_envelope(*, private_key: bytes, poll: uuid.UUID, row: uuid.UUID, envelope: bytes) -> Paper | None:
    """What ``envelope`` says, or None if it is invalid for this poll and row, for whatever reason."""
    try:
        paper = SealedBox(PrivateKey(private_key)).decrypt(envelope)
    except (CryptoError, ValueError, TypeError):
        return None
    if len(paper) != PAPER or paper[:33] != b"\x01" + poll.bytes + row.bytes:
        return None
    code, length = paper[33 : 33 + CODE_LENGTH], int.from_bytes(paper[_HEAD - 2 : _HEAD], "big")
    said, rest = paper[_HEAD : _HEAD + length], paper[_HEAD + length :]
    if length > ROOM or rest.strip(b"\0"):
        return None
    try:
        marks, text = json.loads(said), code.decode("ascii")
    except ValueError:
        return None
    if not isinstance(marks, list) or not all(isinstance(m, str) for m in marks) or set(text) - set(CODE_ALPHABET):
        return None
    return Paper(tuple(marks), text)


def wrap(*, public_key: bytes, envelope: bytes) -> bytes:
    """A second envelope around the first, sealed to the scrutineers' key."""
    return SealedBox(PublicKey(public_key)).encrypt(envelope)


def unwrap(*, private_key: bytes, wrapped: bytes) -> bytes | None:
    """The envelope inside, still sealed; None if there is none for this key."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(wrapped)
    except (CryptoError, ValueError, TypeError):
        return None


def public_half(private_key: bytes) -> bytes:
    """The public key that belongs to ``private_key``."""
    return bytes(PrivateKey(private_key).public_key)


def grouped(code: str) -> str:
    """``4K7T9QXM2HWD`` as people read it: ``4K7T-9QXM-2HWD``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
