"""One-time codes as people read and type them. Pure.

Ten symbols of Crockford's base 32 (https://www.crockford.com/base32.html): 50 bits, no I, L, O or U,
so that whoever reads 0 for O or 1 for I has still read the code.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A fresh code without its hyphen: ``"K7TM4Q2XRB"``."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def readable(code: str) -> str:
    """``"K7TM4Q2XRB"`` gives ``"K7TM4-Q2XRB"``."""
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str | None:
    """The code meant by what was typed (case, hyphens, spaces, O for 0, I or L for 1), or None if it is none."""
    if len(typed) > 40:
        return None
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(READ_AS)
    return code if len(code) == LENGTH and all(c in ALPHABET for c in code) else None
