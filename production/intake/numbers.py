"""Numbers as people and spreadsheets write them, read exactly or refused.

A figure has at most six decimals, at most fifteen significant digits, and is under a
million million (the same limits as ``production.models.fixed_point``). Comma and point
are both accepted as the decimal mark wherever only one reading is possible: "12,5",
"0.125", "1.234,5", "1 234". "1,234" has two readings and is refused unless the caller
knows which mark is the decimal one.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from production.intake.trouble import Unreadable, glimpse

Mark = Literal["auto", "comma", "point"]

PLACES = 6
SCALE = 1_000_000
MAX_DIGITS = 15
MAX_WHOLE_DIGITS = 12
#: Longer than any figure with all its separators: not looked at further.
MAX_LENGTH = 40

#: The ordinary case: no separators but a decimal point, and never three decimals after
#: a short whole part (which might be thousands).
_PLAIN = re.compile(r"(-?)(?:([0-9]{1,12})|([0-9]{1,12})\.([0-9]{1,2}|[0-9]{4,6}))").fullmatch
_SIGNED = re.compile(r"([+-]?)([0-9.,' \u00a0\u202f\u2009\u2019]+)").fullmatch
_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019"
_CURRENCY = re.compile(r"[$€£¥₱₲]|\b(?:clp|usd|eur|ars|uf)\b", re.IGNORECASE)
_WORDS = {
    *("null", "none", "nil", "nan", "na", "n/a", "nada"),
    *("true", "false", "verdadero", "falso", "inf", "infinity", "-", "–", "—"),
}


def read_micro(text: str, *, decimal: Mark = "auto") -> int:
    """Millionths in ``text``: what ``parse_number`` reads, as the whole number that is stored.

    Raises ``Unreadable`` with one of the codes: empty, hidden, formula, spreadsheet_error,
    percent, currency, exponent, other_digits, not_a_number, grouping, ambiguous, too_large,
    too_precise.
    """
    plain = _PLAIN(text)
    if plain is not None:
        sign, whole, short, fraction = plain.groups()
        if whole is not None:
            micro: int = int(whole) * SCALE
        else:
            micro = _join(short, fraction, text)
        return -micro if sign else micro
    return _read_slowly(text, decimal)


def parse_number(text: str, *, decimal: Mark = "auto") -> Decimal:
    """The number in ``text``, exact. ``decimal`` decides only what can be read two ways.

    Raises ``Unreadable``; see ``read_micro`` for its codes.
    """
    return Decimal(read_micro(text, decimal=decimal)) / SCALE


def decimal_mark_in(text: str) -> Mark:
    """Which decimal mark ``text`` gives away: "auto" when it gives none away (or cannot be read)."""
    found = _SIGNED(text.strip())
    if found is None:
        return "auto"
    try:
        _whole, fraction, mark = _split(found.group(2).strip(), "auto", text)
    except Unreadable:
        return "auto"
    return mark if fraction or mark != "auto" else "auto"


def _join(whole: str, fraction: str, text: str) -> int:
    """Millionths of ``whole``.``fraction``; the limits on digits are checked here."""
    whole = whole.lstrip("0")
    fraction = fraction.rstrip("0")
    if len(whole) > MAX_WHOLE_DIGITS:
        raise Unreadable("too_large", value=glimpse(text))
    digits = len(whole) + len(fraction) if whole else len(fraction.lstrip("0"))
    if len(fraction) > PLACES or digits > MAX_DIGITS:
        raise Unreadable("too_precise", value=glimpse(text), places=PLACES, digits=MAX_DIGITS)
    return int(whole + fraction.ljust(PLACES, "0"))


def _read_slowly(text: str, decimal: Mark) -> int:
    stripped = text.strip(" \t\r\n\u00a0\u202f\u2009")
    if not stripped:
        raise Unreadable("empty")
    found = _SIGNED(stripped)
    if found is None:
        raise _why_not(stripped)
    sign, body = found.groups()
    if not any(c.isdigit() for c in body):
        raise Unreadable("not_a_number", value=glimpse(text))
    if len(body) > MAX_LENGTH:
        raise Unreadable("too_large", value=glimpse(text))
    whole, fraction, _mark = _split(body, decimal, text)
    micro = _join(whole, fraction, text)
    return -micro if sign == "-" else micro


def _split(body: str, decimal: Mark, text: str) -> tuple[str, str, Mark]:
    """Whole digits, decimals, and the decimal mark that ``body`` was read with ("auto": it has none)."""
    blanks = {c for c in body if c in _SPACES}
    ticks = {c for c in body if c in _APOSTROPHES}
    points, commas = body.count("."), body.count(",")
    wrong = Unreadable("grouping", value=glimpse(text))
    if len(blanks) + len(ticks) > 1 or (points > 1 and commas > 1):
        raise wrong
    mark: Mark = "auto"
    group = (blanks | ticks).pop() if blanks or ticks else ""
    if points and commas:  # the last one is the decimal mark, the other groups thousands
        mark = "point" if body.rindex(".") > body.rindex(",") else "comma"
        if group or body.count("." if mark == "point" else ",") > 1:
            raise wrong
        group = "," if mark == "point" else "."
    elif points > 1 or commas > 1:
        if group:
            raise wrong
        group = "." if points else ","
        mark = "comma" if points else "point"
    elif points or commas:
        mark = "point" if points else "comma"
        if not group and _two_readings(body, "." if points else ","):
            if decimal == "auto":
                raise Unreadable("ambiguous", value=glimpse(text))
            if decimal != mark:
                group = "." if points else ","
                mark = decimal
    sign = {"point": ".", "comma": ",", "auto": ""}[mark]
    whole, separator, fraction = body.partition(sign) if sign and sign in body else (body, "", "")
    if separator and not fraction:
        raise wrong
    if group:
        first, *others = whole.split(group)
        if not 1 <= len(first) <= 3 or not others or any(len(g) != 3 for g in others):
            raise wrong
        whole = first + "".join(others)
    if not (whole + fraction).isdigit():
        raise wrong
    return whole, fraction, mark


def _two_readings(body: str, separator: str) -> bool:
    """ "1,234" may be one and a bit or more than a thousand; "0,234", "1234,567" and "1,23" may not."""
    whole, _, fraction = body.partition(separator)
    return len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")


def _why_not(text: str) -> Unreadable:
    """Why something that is not made of ASCII digits and separators is not a number."""
    value = glimpse(text)
    if any(unicodedata.category(c) in ("Cf", "Cc", "Cs", "Co", "Cn") for c in text):
        return Unreadable("hidden", value=value)
    if text[0] in "=@" or (text[0] in "+-" and any(c in text for c in "(!|*/")):
        return Unreadable("formula", value=value)
    if text.startswith("#"):
        return Unreadable("spreadsheet_error", value=value)
    if text.casefold().lstrip("+-") in _WORDS or text.casefold() in _WORDS:
        return Unreadable("not_a_number", value=value)
    if "%" in text or "٪" in text:
        return Unreadable("percent", value=value)
    if _CURRENCY.search(text):
        return Unreadable("currency", value=value)
    if re.fullmatch(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+", text):
        return Unreadable("exponent", value=value)
    if any(c.isnumeric() and c not in "0123456789" for c in text):
        return Unreadable("other_digits", value=value)
    return Unreadable("not_a_number", value=value)
