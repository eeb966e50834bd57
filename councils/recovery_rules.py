"""Recovery times: for how many working days a body has an alert before it goes further up. Pure.

Beer's Cyberstride gave every indicator an agreed time in which the plant put right itself what had changed; only when
it was over an algedonic signal went up one level (*Brain of the Firm*, 2nd ed. 1981, ch. 17). Here the time is a rule
like any other: data of the body, versioned, changed by its own vote. ``councils`` knows no alert; ``production``
reads these days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.names import name_key
from councils.rule_reading import Reader, days, number, read_parts, read_whole

#: More would keep from everybody else what a workplace cannot put right alone.
FEWEST_DAYS, MOST_DAYS = 1, 30
#: Figures that may have a time of their own, and letters in the name of one.
MOST_FIGURES, NAME_LIMIT = 60, 120
_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class RecoveryRules:
    """Working days by what was found.

    An odd day has the shortest time, because it is over or it is something else; a new level and a slope get a
    working week less one day, so that the next level learns of it within the week.
    """

    transient: int = 2
    step: int = 4
    slope: int = 4
    #: Raised by hand, with or without a figure.
    raised: int = 2
    #: Figures with a time of their own, by name.
    figures: Mapping[str, int] = field(default_factory=lambda: _NONE)

    def days_for(self, kind: str, figure: str = "") -> int:
        """Working days for an alert of ``kind`` (``transient``, ``step``, ``slope``; empty: by hand) on ``figure``."""
        own = {name_key(name): days for name, days in self.figures.items()}
        known = {"transient": self.transient, "step": self.step, "slope": self.slope}
        return own.get(name_key(figure), known.get(kind, self.raised)) if figure else known.get(kind, self.raised)


def _figures(raw: Any) -> Mapping[str, int]:
    """``{"Soda ash": 3}``. Raises ``ValueError`` with a sentence."""
    if not isinstance(raw, dict) or len(raw) > MOST_FIGURES:
        raise ValueError(_("write at most %(most)s figures, each with its days.") % {"most": MOST_FIGURES})
    for name in raw:
        if not isinstance(name, str) or not name.strip() or len(name) > NAME_LIMIT:
            raise ValueError(_("each figure is written by its name."))
    if len({name_key(name) for name in raw}) < len(raw):
        raise ValueError(_("each figure is written once."))
    read = read_whole(FEWEST_DAYS, MOST_DAYS)
    return MappingProxyType({name: read(value) for name, value in raw.items()})


def _readers() -> dict[str, Reader]:
    time = number(FEWEST_DAYS, MOST_DAYS, days)
    readers = {
        "transient": time,
        "step": time,
        "slope": time,
        "raised": time,
        "figures": Reader(_figures, lambda: f'{{"…": {time.values()}}}'),
    }
    assert set(readers) == {f.name for f in fields(RecoveryRules)}
    return readers


def read_recovery(raw: Any) -> RecoveryRules:
    """From JSON that holds only what differs. Raises ``ValueError`` with a sentence."""
    readers = _readers()
    given = read_parts(raw, set(readers))
    return RecoveryRules(**{name: readers[name].read(value) for name, value in given.items()})


def _values() -> str:
    parts = ", ".join(f'"{name}": {reader.values()}' for name, reader in _readers().items())
    return f"{{{parts}}}"


RECOVERY = Reader(read_recovery, _values)


def recovery_in_words(rules: RecoveryRules) -> list[str]:
    """What governs the clock of an alert, as sentences in the active language."""
    said = [
        ngettext("An odd day: %(n)s working day.", "An odd day: %(n)s working days.", rules.transient)
        % {"n": rules.transient},
        ngettext("A change of level: %(n)s working day.", "A change of level: %(n)s working days.", rules.step)
        % {"n": rules.step},
        ngettext("A rise or a fall: %(n)s working day.", "A rise or a fall: %(n)s working days.", rules.slope)
        % {"n": rules.slope},
        ngettext("Raised by hand: %(n)s working day.", "Raised by hand: %(n)s working days.", rules.raised)
        % {"n": rules.raised},
    ]
    for name, value in rules.figures.items():
        told = ngettext("%(name)s: %(n)s working day.", "%(name)s: %(n)s working days.", value)
        said.append(told % {"name": name, "n": value})
    return [_("An alert that is not settled in its time goes to the next level."), *said]
