"""A count in words: what happened at each stage and why, in the reader's language. Names are given by the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.counting.blt import BltError
from councils.counting.lots import Choice
from councils.counting.stv import SCALE, Stage, StvCount

Name = Callable[[int], str]


def votes(units: int) -> str:
    """Hundred-thousandths of a vote as a decimal string of five places: ``"873.67470"``."""
    return str(Decimal(units).scaleb(-5).quantize(Decimal(1) / SCALE))


def listed(names: Iterable[str]) -> str:
    """``"A, B and C"``."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def quota_in_words(count: StvCount) -> str:
    """How the quota came about."""
    return _(
        "Quota: %(valid)s valid papers divided by %(parts)s (the seats and one), rounded down, plus one: %(quota)s."
    ) % {"valid": count.valid, "parts": count.seats + 1, "quota": count.quota}


def stage_in_words(stage: Stage, quota: int, name: Name) -> list[str]:
    """Sentences: whose votes went where and why, how a tie was settled, who is elected."""
    told = [_happened(stage, name)]
    if stage.choice and stage.choice.settled:
        told.insert(0, _tie(stage, stage.choice, name))
    reached = [c for c in stage.elected if stage.totals[c] >= quota * SCALE]
    rest = [c for c in stage.elected if c not in reached]
    if reached:
        told.append(
            ngettext(
                "%(names)s reaches the quota and is elected.",
                "%(names)s reach the quota and are elected.",
                len(reached),
            )
            % {"names": listed(map(name, reached))}
        )
    if rest:
        told.append(
            ngettext(
                "%(names)s is elected: as many places are left as candidates.",
                "%(names)s are elected: as many places are left as candidates.",
                len(rest),
            )
            % {"names": listed(map(name, rest))}
        )
    return told


def _happened(stage: Stage, name: Name) -> str:
    if stage.choice is None:
        return _("Each paper goes to the candidate whom it names first.")
    who = name(stage.choice.candidate)
    if stage.happened == "surplus":
        return _(
            "%(name)s has more than the quota: the surplus goes on to the next preferences, a part of each paper."
        ) % {"name": who}
    return _("%(name)s has the fewest votes and is excluded: the papers go on to their next preference.") % {
        "name": who
    }


def _tie(stage: Stage, choice: Choice, name: Name) -> str:
    names = {"names": listed(map(name, choice.among)), "stage": choice.stage}
    if choice.settled == "look_back":
        return _("%(names)s have equally many votes; stage %(stage)s, the last where they had not, decides.") % names
    if choice.settled == "either_way":
        return (
            _("%(names)s have had equally many votes at every stage; whichever goes first, the same are elected.")
            % names
        )
    return _("%(names)s have had equally many votes at every stage; the lot drawn before the count decides.") % names


def tie_in_words(tied: Iterable[str], open_places: int | None = None) -> str:
    """A tie that nothing settled."""
    names = {"names": listed(tied), "n": open_places}
    if open_places is None:
        return (
            _(
                "Tie: %(names)s have had equally many votes at every stage, and no lot was drawn. The count stops here:"
                " draw the lot in public, enter it, and count again."
            )
            % names
        )
    return (
        ngettext(
            "Tie: %(names)s have equally many votes for %(n)s last place, and no lot was drawn.",
            "Tie: %(names)s have equally many votes for the %(n)s last places, and no lot was drawn.",
            open_places,
        )
        % names
    )


def blt_problem(error: BltError) -> str:
    """Why a file cannot be read, with its line."""
    told = {
        "header": _("the first line must say how many candidates and how many seats, as in “4 2”"),
        "weight": _("a line of papers begins with how many there are, a whole number"),
        "candidate": _("there is no candidate of this number"),
        "unended": _("a line of papers ends with 0"),
        "cut_short": _("the file ends before the line 0 that closes the papers"),
        "names": _("there must be a name for each candidate, and one title, in quotes"),
    }[error.problem]
    found = _(" (found: %(found)s)") % {"found": error.found} if error.found else ""
    return _("Line %(line)s: %(told)s%(found)s.") % {"line": error.line, "told": told, "found": found}
