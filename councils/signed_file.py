"""A signed file: JSON of one exact form, with a hash of each part and an Ed25519 signature over all of it. Pure.

``{"format": …, "version": …, "key": …, "hashes": {part: …}, part: …, …, "signature": …}``

- *Canonical*: UTF-8, keys sorted, no space, whole numbers only, one newline at the end. One content has one form,
  so a file that was touched anywhere is another file.
- *hashes*: SHA-256 of the canonical form of each part, in hexadecimal digits.
- *signature*: over the canonical form of everything but the signature; ``key`` is the public key of whoever signed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import SigningKey, VerifyKey

#: What stands beside the parts.
_FRAME = ("format", "version", "key", "hashes", "signature")
_KEY, _SIGNATURE = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{128}")
#: Symbols of a fingerprint: 128 bits, which nobody finds a second key for.
FINGERPRINT = 32


class Unreadable(Exception):
    """This is not JSON of objects, lists, texts, whole numbers, true, false and null, each name once."""


def canonical(value: object) -> bytes:
    """The one form of ``value``. Raises ``ValueError`` for what has none (lone surrogates)."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def read(content: bytes) -> Any:
    """What ``content`` says. Raises ``Unreadable``."""
    try:
        return json.loads(content.decode(), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as e:
        raise Unreadable(str(e)) from e


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


def is_canonical(content: bytes, document: object) -> bool:
    """Whether ``content`` is, byte for byte, the one form of ``document``."""
    try:
        return canonical(document) == content
    except ValueError:
        return False


def sign(parts: Mapping[str, Any], *, seed: bytes, form: str, version: int) -> bytes:
    """The signed file of ``parts``. ``seed``: the 32 bytes of the private key."""
    key = SigningKey(seed)
    document = {
        **parts,
        "format": form,
        "version": version,
        "key": bytes(key.verify_key).hex(),
        "hashes": {name: _hash(part) for name, part in parts.items()},
    }
    return canonical(document | {"signature": key.sign(canonical(document)).signature.hex()})


def changed_parts(document: Mapping[str, Any]) -> list[str]:
    """Parts that are not what their hash says; parts without a hash and hashes without a part among them."""
    parts = {name: value for name, value in document.items() if name not in _FRAME}
    hashes = document.get("hashes")
    if not isinstance(hashes, dict):
        return sorted(parts)
    return sorted(name for name in {*parts, *hashes} if name not in parts or hashes.get(name) != _hash(parts[name]))


def is_signed(document: Mapping[str, Any]) -> bool:
    """Whether the signature is that of the key in ``document`` over the rest of it."""
    key, signature = document.get("key"), document.get("signature")
    if not (isinstance(key, str) and _KEY.fullmatch(key)):
        return False
    if not (isinstance(signature, str) and _SIGNATURE.fullmatch(signature)):
        return False
    rest = {name: value for name, value in document.items() if name != "signature"}
    try:
        VerifyKey(bytes.fromhex(key)).verify(canonical(rest), bytes.fromhex(signature))
    except (BadSignatureError, CryptoError):
        return False
    return True


def public_key(seed: bytes) -> str:
    """The public half, as it stands in files."""
    return bytes(SigningKey(seed).verify_key).hex()


def fingerprint(key: str) -> str:
    """Of a public key, to be copied into minutes: the first 128 bits of its SHA-256, ``"3F2A 91C0 …"``."""
    digest = hashlib.sha256(bytes.fromhex(key)).hexdigest().upper()[:FINGERPRINT]
    return " ".join(digest[i : i + 4] for i in range(0, FINGERPRINT, 4))


def same_fingerprint(written: str, key: str) -> bool:
    """Whether ``written`` by a person (any case, spaces, hyphens, colons) is the whole fingerprint of ``key``."""
    return re.sub(r"[\s:-]", "", written).upper() == fingerprint(key).replace(" ", "")


def _hash(part: object) -> str:
    return hashlib.sha256(canonical(part)).hexdigest()
