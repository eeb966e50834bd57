"""Constituencies: a body whose seats are filled by groups of the roll, each electing its own. Pure.

So were the committees of production of Chile's social property filled (1971): so many by the workers of production,
so many by those of administration, so many by technicians. A rule names the groups and their seats; who belongs to
which is on the roll (``Membership.group``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.names import name_key
from councils.rule_reading import read_parts, read_whole

#: Letters in the name of a group.
GROUP_LIMIT = 60
FEWEST, MOST = 2, 12


@dataclass(frozen=True)
class Constituency:
    """``group`` of the roll elects ``seats``."""

    group: str
    seats: int


#: By kind of the body that is elected.
Constituencies = Mapping[str, tuple[Constituency, ...]]


def same_group(one: str, other: str) -> bool:
    """Whether two spellings name one group: accents, capitals and spaces aside."""
    return name_key(one) == name_key(other)


def written_as(group: str, known: Iterable[str]) -> str | None:
    """``group`` as ``known`` spells it, None where it is none of them."""
    return next((name for name in known if same_group(name, group)), None)


def read_constituencies(raw: Any, kinds: set[str], most_seats: int) -> Constituencies:
    """``{kind: [{"group": "production", "seats": 3}, …]}``. Raises ``ValueError`` with a sentence."""
    given = read_parts(raw, kinds)
    return MappingProxyType({kind: _read_kind(kind, parts, most_seats) for kind, parts in given.items()})


def _read_kind(kind: str, raw: Any, most_seats: int) -> tuple[Constituency, ...]:
    if not isinstance(raw, list) or not FEWEST <= len(raw) <= MOST:
        raise ValueError(
            _("%(kind)s: write from %(least)s to %(most)s groups, each with its seats.")
            % {"kind": kind, "least": FEWEST, "most": MOST}
        )
    found = tuple(_read_one(part, most_seats) for part in raw)
    if len({name_key(one.group) for one in found}) != len(found):
        raise ValueError(_("%(kind)s: each group has a name of its own.") % {"kind": kind})
    if sum(one.seats for one in found) > most_seats:
        raise ValueError(_("%(kind)s: at most %(most)s seats in all.") % {"kind": kind, "most": most_seats})
    return found


def _read_one(raw: Any, most_seats: int) -> Constituency:
    part = read_parts(raw, {"group", "seats"})
    group = part.get("group")
    if not isinstance(group, str) or not name_key(group) or len(group) > GROUP_LIMIT:
        raise ValueError(_("a group has a name of at most %(n)s letters.") % {"n": GROUP_LIMIT})
    if group != " ".join(group.split()) or not group.isprintable():
        raise ValueError(_("the name of a group is one line, without spaces around it."))
    return Constituency(group, read_whole(1, most_seats)(part.get("seats")))


def constituencies_in_words(name: str, constituencies: Iterable[Constituency]) -> str:
    """“Committee, by constituencies: production 3 seats, technical 1 seat. Each group elects its own.”"""
    parts = [
        ngettext("%(group)s %(n)s seat", "%(group)s %(n)s seats", one.seats) % {"group": one.group, "n": one.seats}
        for one in constituencies
    ]
    return _("%(body)s, by constituencies: %(parts)s. Each group votes and stands in an election of its own.") % {
        "body": name,
        "parts": ", ".join(parts),
    }
