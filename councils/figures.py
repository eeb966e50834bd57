"""Numbers and durations as people here write them: 9.840; 8,9; 86 %; 2 h 40 min."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

#: Between a figure and its unit, so that they never part at the end of a line.
NBSP = "\u00a0"
#: What stands where there is no figure.
MISSING = "–"


def as_decimal(value: object) -> Decimal | None:
    """``value`` as a finite Decimal; None for whatever is not a number."""
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def figure(value: object, places: int | None = None) -> str:
    """The number in the reader's language without trailing zeros: 412; 8,9; 9.840.

    ``places``: round (half up) to at most so many decimals; None: as it is.
    """
    number = as_decimal(value)
    if number is None:
        return MISSING
    with localcontext() as context:
        context.prec = 400
        if places is not None:
            number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{number:f}" if abs(number.adjusted()) < 300 else f"{number:e}"
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    if "e" in text:
        return text
    if text in ("-0", ""):
        text = "0"
    decimals = len(text.partition(".")[2])
    return str(number_format(Decimal(text), decimal_pos=decimals, use_l10n=True, force_grouping=True))


def with_unit(value: object, unit: str, places: int | None = None) -> str:
    """The figure and its unit, joined by a no-break space."""
    return f"{figure(value, places)}{NBSP}{unit}" if unit else figure(value, places)


def percent(share: object, places: int = 0) -> str:
    """A share between 0 and 1 as a percentage: 0.86 → "86 %"."""
    number = as_decimal(share)
    return MISSING if number is None else with_unit(number * 100, "%", places)


def two_parts(left: dt.timedelta) -> tuple[str, str]:
    """The time left in its two largest units, each with its letter: ("3 d", "4 h"), ("12 min", "")."""
    minutes = max(0, int(left.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, _("d")), (hours, _("h"))) if days else ((hours, _("h")), (minutes, _("min")))
    said = [f"{figure(n)}{NBSP}{unit}" for n, unit in parts if n]
    if not said:
        said = [f"0{NBSP}{_('min')}"]
    return said[0], said[1] if len(said) > 1 else ""


def time_left(left: dt.timedelta) -> str:
    """In words: "1 d 6 h", "2 h 40 min", "12 min". What is past counts as nothing."""
    return " ".join(part for part in two_parts(left) if part)


def short_day(day: dt.date) -> str:
    """A day where there is little room: "16 nov", "16 Nov"."""
    return date_format(day, pgettext("short day", "j M"))


def short_month(day: dt.date) -> str:
    """The month of ``day`` where there is little room: "nov 2026", "Nov 2026"."""
    return date_format(day, pgettext("short month", "M Y"))
