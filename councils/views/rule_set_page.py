"""What the page of a body's rules shows: what holds, every version, what each changed and how it came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from councils.domain.proposal import members_of
from councils.models import Body, RuleSet
from councils.models.electorate import is_assembly, is_council
from councils.rule_items import GROUPS, Changed, compared, each_in_words
from councils.rules import Rules


@dataclass(frozen=True)
class Version:
    """One version in the history. ``url`` leads to the act by which it came, where there is one."""

    rule_set: RuleSet
    came: str
    url: str
    title: str
    changes: list[Changed]
    in_force: bool


@dataclass(frozen=True)
class RulesPage:
    """``shown``: the version in words; ``current``: it is the one in force."""

    body: Body
    shown: RuleSet | None
    current: bool
    groups: list[tuple[str, list[str]]]
    each: list[tuple[str, str]]
    history: list[Version]


def page_of(body: Body, *, version: str, at: dt.datetime) -> RulesPage:
    """The page of ``body``, with ``version`` in words where there is one of that number, else the one in force."""
    rows = list(
        RuleSet.objects.filter(body=body)
        .select_related("poll__proposal", "poll__council_question")
        .order_by("-version")
    )
    in_force = next((row for row in rows if row.in_force_from <= at), None)
    shown = next((row for row in rows if str(row.version) == version), in_force)
    rules = shown.rules if shown else {}
    council = not is_assembly(body)
    return RulesPage(
        body=body,
        shown=shown,
        current=shown is in_force,
        groups=_in_groups(Rules.read(rules), body, council=council, at=at),
        each=each_in_words(rules, council=council),
        history=[_version(row, rows[i + 1 :], in_force=row is in_force) for i, row in enumerate(rows)],
    )


def _in_groups(rules: Rules, body: Body, *, council: bool, at: dt.datetime) -> list[tuple[str, list[str]]]:
    asked = rules.question_in_words() if council else rules.proposal_in_words(members=members_of(body, at))
    told = {
        "proposals": asked,
        "elections": rules.election_in_words(),
        "recalls": rules.recall_in_words(),
        "rules": rules.change_in_words() if is_assembly(body) or is_council(body) else [],
    }
    names = {**GROUPS, "proposals": _("Questions")} if council else GROUPS
    return [(str(names[group]), sentences) for group, sentences in told.items() if sentences]


def _version(row: RuleSet, earlier: list[RuleSet], *, in_force: bool) -> Version:
    """``earlier``: those of lower number, the last first; it is read beside the one that it followed."""
    before = next((r for r in earlier if r.in_force_from <= row.in_force_from), None)
    changes = compared(before.rules if before else {}, row.rules)
    if row.poll is None:
        came = _("set by who keeps the installation") if before else _("at the founding")
        return Version(row, came, "", "", changes, in_force)
    proposal = getattr(row.poll, "proposal", None)
    if proposal is not None:
        title = _("proposal %(number)s, “%(title)s”") % {"number": proposal.number, "title": proposal.title}
        return Version(row, _("adopted by vote:"), reverse("proposal", args=[proposal.uuid]), title, changes, in_force)
    question = row.poll.council_question
    title = _("question “%(title)s”") % {"title": question.title}
    return Version(row, _("adopted by vote:"), reverse("question", args=[question.uuid]), title, changes, in_force)
