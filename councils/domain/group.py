"""Group: to which constituency of the rules a person of the roll belongs.

The roll may write any group as long as the rules of the assembly name none. Once they do, a group that is entered is
one of theirs, in their spelling: else a slip of the pen would take somebody's vote away and nobody would see it.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.constituency_rules import GROUP_LIMIT, written_as
from councils.enums import BodyKind
from councils.errors import Refused
from councils.models import Body, RuleSet, Territory
from councils.models.electorate import electors, memberships_of
from councils.names import name_key
from councils.rules import Rules
from councils.text import clean_line


def groups_of(workplace: Territory, at: dt.datetime) -> tuple[str, ...]:
    """The groups that the rules of its assembly name."""
    assembly = Body.objects.filter(territory=workplace, kind=BodyKind.ASSEMBLY).first()
    rule_set = RuleSet.objects.in_force(assembly, at) if assembly else None
    return Rules.read(rule_set.rules).groups if rule_set else ()


def entered(text: str, *, workplace: Territory, at: dt.datetime) -> str:
    """``text`` as the roll keeps it. Raises ``Refused`` for a group that the rules do not name."""
    group, known = clean_line(text), groups_of(workplace, at)
    if len(group) > GROUP_LIMIT:
        raise Refused(_("The name of a group has at most %(n)s letters.") % {"n": GROUP_LIMIT})
    if not group or not known:
        return group
    found = written_as(group, known)
    if found is None:
        raise Refused(unknown_group(group, known))
    return found


def unknown_group(group: str, known: Sequence[str]) -> str:
    """The sentence for a group that the rules do not name, with those that come near."""
    by_key = {name_key(name): name for name in known}
    near = difflib.get_close_matches(name_key(group), list(by_key), n=3, cutoff=0.5)
    names = [by_key[key] for key in near] or list(known)
    return _("The rules name no group “%(group)s”. Perhaps: %(names)s.") % {"group": group, "names": ", ".join(names)}


def without_group(assembly: Body, groups: Iterable[str], at: dt.datetime) -> set[int]:
    """Keys of those memberships that may vote in ``assembly`` and are in none of ``groups``: they elect nobody."""
    keys = {name_key(group) for group in groups}
    able = memberships_of(assembly, local_day(at)).filter(can_vote=True, member__is_active=True)
    return {pk for pk, group in able.values_list("pk", "group") if name_key(group) not in keys}


def sizes(assembly: Body, groups: Iterable[str], at: dt.datetime) -> dict[str, int]:
    """How many may vote in each of ``groups``."""
    return {group: len(electors(assembly, at, group)) for group in groups}
