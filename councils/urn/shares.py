"""A secret in shares: any ``needed`` of them give it back, one fewer says nothing of it. Pure.

A. Shamir, *How to share a secret*, Communications of the ACM 22 (1979): a random polynomial of degree
``needed`` − 1 whose value at 0 is the secret; a share is its value at another point. Here byte by byte
over GF(2⁸) with the polynomial of AES (x⁸ + x⁴ + x³ + x + 1).

On paper a share is ``LENGTH`` symbols of Crockford's base 32 in groups of four: format (1 byte), the first
four bytes of what the secret belongs to, the point (1), the value (32), and four bytes of SHA-256 that find
a symbol read wrongly.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from councils.codes import ALPHABET, READ_AS

SECRET = 32
MOST_SHARES = 20
_FORMAT = 1
_TAG = 4
_SUM = 4
_BYTES = 1 + _TAG + 1 + SECRET + _SUM
#: Symbols of five bits that hold ``_BYTES``.
LENGTH = -(-_BYTES * 8 // 5)


class UnreadableShare(ValueError):
    """What was typed is no share, or not one of this vote. ``which`` counts from 1."""

    def __init__(self, which: int) -> None:
        self.which = which
        super().__init__(which)


@dataclass(frozen=True)
class Share:
    """The value of the polynomial at ``point`` (1 to 255)."""

    point: int
    value: bytes


def split(secret: bytes, *, needed: int, shares: int) -> list[Share]:
    """``shares`` shares of ``secret`` (``SECRET`` bytes), any ``needed`` of which suffice."""
    if len(secret) != SECRET or not 1 <= needed <= shares <= MOST_SHARES:
        raise ValueError("a secret of 32 bytes, and no more needed than there are")
    random = [secrets.token_bytes(SECRET) for _ in range(needed - 1)]
    return [
        Share(point, bytes(_value([byte, *(r[i] for r in random)], point) for i, byte in enumerate(secret)))
        for point in range(1, shares + 1)
    ]


def combine(shares: Sequence[Share]) -> bytes:
    """The secret of ``shares``, if they are enough and of one secret; else 32 bytes that are none.

    Lagrange's interpolation at 0. Raises ``ValueError`` where one point comes twice.
    """
    points = [share.point for share in shares]
    if len(set(points)) != len(points) or not points:
        raise ValueError("each share once")
    secret = bytearray(SECRET)
    for share in shares:
        weight = 1
        for other in points:
            if other != share.point:
                weight = _times(weight, _divided(other, other ^ share.point))
        for i, byte in enumerate(share.value):
            secret[i] ^= _times(weight, byte)
    return bytes(secret)


def written(share: Share, of: uuid.UUID) -> str:
    """As printed: ``"0A3F-…"``."""
    body = bytes([_FORMAT]) + of.bytes[:_TAG] + bytes([share.point]) + share.value
    number = int.from_bytes(body + _checksum(body), "big") << (LENGTH * 5 - _BYTES * 8)
    text = "".join(ALPHABET[number >> (5 * i) & 31] for i in range(LENGTH - 1, -1, -1))
    return "-".join(text[i : i + 4] for i in range(0, LENGTH, 4))


def read_shares(typed: Sequence[str], of: uuid.UUID) -> list[Share]:
    """The shares that were typed or scanned. Raises ``UnreadableShare``."""
    return [_read(text, of, which) for which, text in enumerate(typed, 1)]


def _read(text: str, of: uuid.UUID, which: int) -> Share:
    symbols = "".join(c for c in text[:500].upper() if c.isalnum()).translate(READ_AS)
    if len(symbols) != LENGTH or any(c not in ALPHABET for c in symbols):
        raise UnreadableShare(which)
    number = 0
    for symbol in symbols:
        number = number << 5 | ALPHABET.index(symbol)
    content = (number >> (LENGTH * 5 - _BYTES * 8)).to_bytes(_BYTES, "big")
    body, checksum = content[:-_SUM], content[-_SUM:]
    if checksum != _checksum(body) or body[0] != _FORMAT or body[1 : 1 + _TAG] != of.bytes[:_TAG] or not body[1 + _TAG]:
        raise UnreadableShare(which)
    return Share(body[1 + _TAG], body[2 + _TAG :])


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(b"share" + body).digest()[:_SUM]


# --- GF(2⁸) ----------------------------------------------------------------------------------


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _divided(a: int, b: int) -> int:
    # b to the power of 254 is its inverse: the group has 255 elements
    inverse, square = 1, b
    for _bit in range(7):
        square = _times(square, square)
        inverse = _times(inverse, square)
    return _times(a, inverse)


def _value(coefficients: Sequence[int], at: int) -> int:
    """Horner's scheme."""
    value = 0
    for coefficient in reversed(coefficients):
        value = _times(value, at) ^ coefficient
    return value
