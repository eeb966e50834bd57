"""For how many days a stock lasts. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from councils.names import name_key

#: Over how many days the pace is measured.
PACE_DAYS = 7
_WORD = re.compile(r"[^\W_]+")
#: Words that say where or in what state a thing is, not which thing it is.
_NOISE = {
    "de",
    "del",
    "la",
    "el",
    "en",
    "los",
    "las",
    "of",
    "the",
    "in",
    "stock",
    "bodega",
    "existencia",
    "existencias",
}
_NOISE |= {"warehouse", "store", "total"}
_USED = ("consum", "gast", "usad", "used", "quem", "burnt", "molid")
_ARRIVED = ("recib", "receiv", "llegad", "comprad", "deliver", "ingres")


def stem(name: str) -> list[str]:
    """The words of ``name`` that say which thing it is, folded: "Arena sílice en bodega" → arena, silice."""
    return [w for w in _WORD.findall(name_key(name)) if w not in _NOISE]


def consumption_of(stock: str, inputs: Mapping[str, str]) -> str | None:
    """The key of ``inputs`` (key → name, all in the unit of the stock) that consumes ``stock``, or None.

    It begins with the same word. Of several, the one that shares the longest beginning; a name that says
    "received" is not consumption, one that says "consumed" wins a tie; a tie that stays gives None.
    """
    wanted = stem(stock)
    ranked: list[tuple[int, bool, str]] = []
    for key, name in inputs.items():
        words = stem(name)
        shared = 0
        while shared < min(len(words), len(wanted)) and words[shared] == wanted[shared]:
            shared += 1
        if shared and not any(w.startswith(_ARRIVED) for w in words):
            ranked.append((shared, any(w.startswith(_USED) for w in words), key))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    return ranked[0][2]


def mean_decrease(levels: Sequence[Decimal]) -> Decimal | None:
    """Mean daily decrease over ``levels`` (a level a day, oldest first, the latest last); None when it does not fall.

    Arrivals hide consumption, so this is the pace at which the stock itself goes down: the fall from
    the first to the last of the last eight levels, divided by the days between.
    """
    window = levels[-(PACE_DAYS + 1) :]
    if len(window) < 2 or window[0] <= window[-1]:
        return None
    return (window[0] - window[-1]) / (len(window) - 1)


def days_left(level: Decimal, daily: Decimal | None) -> int | None:
    """Whole days that ``level`` lasts at ``daily`` (same unit); None when nothing is being used."""
    if daily is None or daily <= 0 or level < 0:
        return None
    return int(level / daily)
