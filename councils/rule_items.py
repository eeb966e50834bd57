"""Every rule a body can agree on, one by one: its name in plain words, its group, its kind. Pure.

A rule is addressed by a dotted *path* (``voting_days``, ``recall.share``, ``seats.committee``). A *change* of
the rules holds paths and their new values, and nothing of what stays, so that it can be applied to another
version than the one it was written against. A rule that has no entry here appears by its name, as its value
tells it is to be written.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.enums import BodyKind, VacancyRule
from councils.rule_kinds import (
    Apart,
    Days,
    Groups,
    Kind,
    MajorityKind,
    OneOf,
    QuorumKind,
    Scrutineers,
    Whole,
    Words,
    kind_of,
)
from councils.rules import DEFAULT_SEATS, InvalidRules, Rules

#: Groups, in the order of the page.
GROUPS: dict[str, Promise] = {
    "votes": gettext_lazy("All votes"),
    "proposals": gettext_lazy("Proposals"),
    "elections": gettext_lazy("Elections"),
    "recalls": gettext_lazy("Recalls and vacant seats"),
    "alerts": gettext_lazy("Alerts: time to put it right, in working days"),
    "rules": gettext_lazy("Changing these rules"),
}
#: Bodies that an assembly or a council fills.
ELECTED = (
    BodyKind.COMMITTEE,
    BodyKind.CORDON_COUNCIL,
    BodyKind.PROVINCIAL_COORDINATION,
    BodyKind.NATIONAL_COUNCIL,
)
#: What has no meaning where a body votes by name and proposals are questions.
ASSEMBLY_ONLY = {
    "moderation",
    "moderation_days",
    "may_convene_early",
    "secrecy",
    "minimum_electorate",
    "scrutineers",
    "incompatible",
    "seats.committee",
    "methods.committee",
    "recovery.figures",
    *(f"constituencies.{kind}" for kind in ELECTED),
}
_DAYS = Whole(days=True)
_AS_PROPOSALS = gettext_lazy("As for other proposals.")
_MODERATION = OneOf(
    (
        ("", gettext_lazy("from 100 members on always, with fewer only after a complaint")),
        ("always", gettext_lazy("always")),
        ("on_complaint", gettext_lazy("only after a complaint")),
    )
)
_METHODS = OneOf(
    (
        ("approval", gettext_lazy("approval: as many marks as one wants")),
        ("plurality", gettext_lazy("most votes: as many marks as there are seats")),
        ("stv", gettext_lazy("single transferable vote: in order of preference")),
        ("dhondt", gettext_lazy("lists, seats by D'Hondt: one list is marked")),
        ("sainte_lague", gettext_lazy("lists, seats by Sainte-Laguë: one list is marked")),
    )
)
_VACANCY = OneOf(
    (
        ("", gettext_lazy("by-election; a seat of a list by the next on it")),
        *((str(rule.value), rule.label) for rule in VacancyRule),
    )
)
_SECRECY = OneOf(
    (
        ("urn", gettext_lazy("by urn")),
        ("paper", gettext_lazy("on paper, in the hall")),
        ("choice", gettext_lazy("as whoever calls the vote chooses")),
    )
)

#: Path → group, name, and the kind where its value alone does not tell it.
_KNOWN: dict[str, tuple[str, Words, Kind | None]] = {
    "voting_days": ("votes", gettext_lazy("Days that a vote lasts, at least"), _DAYS),
    "secrecy": ("votes", gettext_lazy("How the assembly votes"), _SECRECY),
    "minimum_electorate": ("votes", gettext_lazy("People a secret vote needs"), None),
    "scrutineers": ("votes", gettext_lazy("Scrutineers who hold a key of the urn in shares"), Scrutineers()),
    "moderation": ("proposals", gettext_lazy("When a delegate moderates a proposal"), _MODERATION),
    "moderation_days": (
        "proposals",
        gettext_lazy("Days after which a proposal not moderated is let in"),
        _DAYS,
    ),
    "deliberation_days": ("proposals", gettext_lazy("Days that it is discussed before the vote"), _DAYS),
    "may_convene_early": ("proposals", gettext_lazy("The committee may put it to the vote before that"), None),
    "proposal_quorum": ("proposals", gettext_lazy("Quorum of a proposal"), None),
    "majority": ("proposals", gettext_lazy("Majority that adopts a proposal"), None),
    "nomination_days": ("elections", gettext_lazy("Days for nominations, at least"), _DAYS),
    "election_quorum": ("elections", gettext_lazy("Quorum of an election"), None),
    "uncontested_vote": ("elections", gettext_lazy("Fewer candidates than seats are voted all the same"), None),
    "term_days": ("elections", gettext_lazy("Days that a term lasts"), _DAYS),
    "campaign_days": ("elections", gettext_lazy("Days of campaign between nominations and vote"), _DAYS),
    "objection_days": ("elections", gettext_lazy("Days to object to the result before the seats begin"), _DAYS),
    "consecutive_terms": (
        "elections",
        gettext_lazy("Terms in a row after which nobody stands again"),
        Whole(empty=gettext_lazy("no limit")),
    ),
    "substitutes": ("elections", gettext_lazy("Substitutes who follow the elected, at most"), None),
    "incompatible": ("elections", gettext_lazy("Seats that nobody holds together"), Apart()),
    "vacancy": ("recalls", gettext_lazy("How a seat that ends early is filled"), _VACANCY),
    "recall.share": ("recalls", gettext_lazy("Share of the roll that brings a recall to a vote"), None),
    "recall.quorum": ("recalls", gettext_lazy("Quorum of a recall"), None),
    "recall.majority": ("recalls", gettext_lazy("Majority that recalls"), None),
    "recall.collect_days": ("recalls", gettext_lazy("Days in which support for a recall is collected"), _DAYS),
    "recall.voting_days": ("recalls", gettext_lazy("Days that the vote on a recall lasts"), _DAYS),
    "recall.waiting_days": ("recalls", gettext_lazy("Days before the same seat may be recalled again"), _DAYS),
    "recall.grace_days": ("recalls", gettext_lazy("Days at the beginning of a term without recall"), _DAYS),
    "recovery.transient": ("alerts", gettext_lazy("For an odd day"), _DAYS),
    "recovery.step": ("alerts", gettext_lazy("For a change of level"), _DAYS),
    "recovery.slope": ("alerts", gettext_lazy("For a rise or a fall"), _DAYS),
    "recovery.raised": ("alerts", gettext_lazy("For what is raised by hand"), _DAYS),
    "recovery.figures": ("alerts", gettext_lazy("Figures with a time of their own"), Days()),
    "rules_quorum": ("rules", gettext_lazy("Quorum to change these rules"), QuorumKind(_AS_PROPOSALS)),
    "rules_majority": ("rules", gettext_lazy("Majority that changes these rules"), MajorityKind(_AS_PROPOSALS)),
}
#: Rules that hold one value for each body: path before the dot → group, name.
_BY_BODY: dict[str, tuple[str, Words, Kind]] = {
    "seats": ("elections", gettext_lazy("Seats: %(body)s"), Whole()),
    "constituencies": ("elections", gettext_lazy("Seats by constituency: %(body)s"), Groups()),
    "methods": ("elections", gettext_lazy("How it is elected: %(body)s"), _METHODS),
}


#: Rules that hold several of their own.
_NESTED = {"recall", "recovery"}


@dataclass(frozen=True)
class Item:
    """One rule: ``path``, the group of the page in which it stands, its name, and how it is asked and said."""

    path: str
    group: str
    label: str
    kind: Kind


def items(*, council: bool = False) -> list[Item]:
    """Every rule, in the active language and the order of the page; of a council those that mean something there."""
    found = [item for name in _names() for item in _items_of(name) if not (council and item.path in ASSEMBLY_ONLY)]
    place, groups = {path: i for i, path in enumerate(_KNOWN)}, list(GROUPS)
    return sorted(found, key=lambda item: (groups.index(item.group), place.get(item.path, -1)))


def _names() -> list[str]:
    return [field.name for field in fields(Rules)]


def _items_of(name: str) -> Iterator[Item]:
    if name in _BY_BODY:
        group, words, kind = _BY_BODY[name]
        for body in ELECTED:
            yield Item(f"{name}.{body}", group, str(words) % {"body": body.label}, kind)
        return
    value = getattr(Rules(), name)
    inner = [f"{name}.{field.name}" for field in fields(value)] if name in _NESTED else [name]
    for path in inner:
        group, label, known = _KNOWN.get(path, ("elections", path.replace("_", " ").replace(".", ": "), None))
        yield Item(path, group, str(label), known or kind_of(_value(Rules(), path)))


def _value(rules: Rules, path: str) -> Any:
    name, _dot, rest = path.partition(".")
    if name == "seats":
        return rules.seats.get(rest, DEFAULT_SEATS[rest])
    if name == "methods":
        return rules.method_for(rest)
    if name == "constituencies":
        return rules.constituencies.get(rest, ())
    value = getattr(rules, name)
    return getattr(value, rest) if rest else value


class Standing:
    """The JSON of a RuleSet, read once, and what holds under it rule by rule."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.given = dict(rules)
        self.rules = Rules.read(self.given)

    def raw(self, item: Item) -> Any:
        """The JSON of what holds for ``item``; of a rule too rich for a field, as it was given."""
        held = item.kind.written(_value(self.rules, item.path))
        return held if _is_json(held) else self.given.get(item.path)

    def said(self, item: Item) -> str:
        """The same in words."""
        return item.kind.said(self.raw(item))


def _is_json(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, str, list)) or type(value) is dict


@dataclass(frozen=True)
class Changed:
    """One rule before and after, in words."""

    path: str
    group: str
    label: str
    before: str
    after: str


def applied(rules: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``rules`` with ``change`` written over them, rule by rule. Raises ``InvalidRules`` where they cannot stand.

    What a vote decided stays written down even where it is the default, so that another default of a later
    program does not undo it.
    """
    made = copy.deepcopy(dict(rules))
    known = {item.path for item in items()}
    for path, raw in change.items():
        if path not in known:
            raise InvalidRules([_("“%(name)s” is not a rule that exists.") % {"name": path}])
        name, _dot, rest = path.partition(".")
        if rest:
            kept = {kind: value for kind, value in made.get(name, {}).items() if kind != rest}
            # an empty list of constituencies is none: all elect together
            made[name] = kept if raw == [] else {**kept, rest: raw}
        else:
            made[name] = raw
    Rules.read(made)
    return made


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Every rule that is not the same in both."""
    old, new = Standing(before), Standing(after)
    rows = (Changed(i.path, i.group, i.label, old.said(i), new.said(i)) for i in items())
    return [row for row in rows if row.before != row.after]


def change_in_words(rules: Mapping[str, Any], change: Mapping[str, Any]) -> list[Changed]:
    """What ``change`` makes of each rule it names, beside what holds under ``rules``."""
    standing = Standing(rules)
    named = [item for item in items() if item.path in change]
    return [Changed(i.path, i.group, i.label, standing.said(i), i.kind.said(change[i.path])) for i in named]


def each_in_words(rules: Mapping[str, Any], *, council: bool) -> list[tuple[str, str]]:
    """(name, value) of every rule, in the order of the page."""
    standing = Standing(rules)
    return [(item.label, standing.said(item)) for item in items(council=council)]
