"""What the page of a call says of constituencies: how many vote in each, and who is in none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from councils.domain.group import sizes, without_group
from councils.enums import BodyKind
from councils.models import Body
from councils.models.electorate import is_assembly
from councils.rules import Rules


@dataclass(frozen=True)
class Part:
    """One constituency: its seats, and how many may vote in it today."""

    group: str
    seats: int
    able: int


@dataclass(frozen=True)
class ConstituencyRow:
    """One kind of body elected by constituencies; ``outside``: how many may vote and are in none of them."""

    body: str
    parts: Sequence[Part]
    outside: int


def constituency_rows(assembly: Body, rules: Rules, at: dt.datetime) -> list[ConstituencyRow]:
    """One for each kind of body that the rules give to groups; none for a council."""
    if not is_assembly(assembly):
        return []
    able = sizes(assembly, rules.groups, at)
    return [
        ConstituencyRow(
            str(BodyKind(kind).label).capitalize(),
            [Part(one.group, one.seats, able[one.group]) for one in parts],
            len(without_group(assembly, [one.group for one in parts], at)),
        )
        for kind, parts in rules.constituencies.items()
    ]
