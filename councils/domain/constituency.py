"""Constituency: a body whose seats are filled by groups of the roll is elected by one election of each group.

Each has its own nominations, roll, vote, quorum, floors of publication and result; calling them is one act. One that
ends void is called again alone, and so are the vacant seats of one group.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.constituency_rules import written_as
from councils.counting.publication import LEAST_RANKED_ELECTORS
from councils.domain.election import call_election
from councils.domain.group import sizes
from councils.domain.vacancy import vacant_seats
from councils.enums import PollKind
from councils.errors import Refused
from councils.models import Body, Election, Member, RuleSet
from councils.models.electorate import is_assembly
from councils.rules import Rules


def call_elections(
    *,
    body: Body,
    electorate: Body,
    by: Member,
    at: dt.datetime,
    group: str = "",
    vacancies_only: bool = False,
    on_paper: bool = False,
    **windows: dt.datetime,
) -> list[Election]:
    """Call the election of the seats in ``body``: of each constituency, of ``group`` alone, or the one of everybody.

    All of them or none. ``windows`` and what is raised: as ``election.call_election``; and ``Refused`` where a group
    has too few electors for a secret vote, with its name and what to do.
    """
    permissions.require("call_election", by=by, on=electorate, at=at)
    rule_set = RuleSet.objects.in_force(electorate, at)
    rules = Rules.read(rule_set.rules) if rule_set else Rules()
    parts = rules.constituencies_of(body.kind) if is_assembly(electorate) else ()
    groups = [part.group for part in parts] or [""]
    if vacancies_only:
        vacant = vacant_seats(body=body, electorate=electorate, at=at).values_list("group", flat=True)
        groups = sorted(set(vacant)) or groups[:1]
    if group:
        known = written_as(group, groups)
        if known is None:
            raise Refused(_("There is nothing to elect there for the group “%(group)s”.") % {"group": group})
        groups = [known]
    if is_assembly(electorate) and not on_paper and rules.secrecy != "paper":
        refuse_small_groups(electorate, [name for name in groups if name], rules, rules.method_for(body.kind), at)
    with transaction.atomic():
        return [
            call_election(
                body=body,
                electorate=electorate,
                group=name,
                vacancies_only=vacancies_only,
                on_paper=on_paper,
                by=by,
                at=at,
                **windows,
            )
            for name in groups
        ]


def refuse_small_groups(assembly: Body, groups: Sequence[str], rules: Rules, method: str, at: dt.datetime) -> None:
    """Raise ``Refused``, with their names, where groups are too small for a secret vote, or for a ranked one."""
    least = max(rules.minimum_electorate, LEAST_RANKED_ELECTORS if method == PollKind.STV else 0)
    small = {name: n for name, n in sizes(assembly, groups, at).items() if n < least}
    if small:
        names = ", ".join(f"{name} ({n})" for name, n in small.items())
        raise Refused(
            _(
                "Too few people may vote in these groups: %(names)s. A secret vote needs %(least)s in each. Write on"
                " the roll who belongs to them, vote on paper, or agree on fewer and larger groups in the rules."
            )
            % {"names": names, "least": least}
        )
