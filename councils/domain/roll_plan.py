"""Roll plan: the rows of a file compared with the roll as it is. Nothing is stored here."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.constituency_rules import same_group, written_as
from councils.domain.group import groups_of, unknown_group
from councils.domain.member import has_taken
from councils.domain.membership import on_roll
from councils.domain.roll_row import Fault, RollRow
from councils.domain.territory import sections_of
from councils.enums import Category
from councils.models import Member, Membership, Territory
from councils.names import name_key


@dataclass(frozen=True)
class Change:
    """What the file would change about one person on the roll."""

    membership: Membership
    values: dict[str, Any]
    words: list[str]


@dataclass
class Plan:
    """What storing the rows would do. ``warnings`` ask for a yes; ``faults`` forbid it."""

    rows: list[RollRow] = field(default_factory=list)
    added: list[RollRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    new_sections: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Headers that were not understood: those columns are not read.
    ignored: list[str] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed)

    @property
    def digest(self) -> str:
        """Equal for plans that do the same to the same roll: what was looked at is what is stored."""
        told = [row.as_json() for row in self.added]
        told += [[c.membership.pk, *sorted((what, str(new)) for what, new in c.values.items())] for c in self.changed]
        return hashlib.sha256(repr((told, self.new_sections, len(self.warnings))).encode()).hexdigest()


def plan_roll(
    *, workplace: Territory, rows: list[RollRow], create_sections: bool, at: dt.datetime, headers: dict[str, str]
) -> Plan:
    """Compare ``rows`` with the roll as it is. ``headers``: what the file calls its columns."""
    return _Comparison(workplace, rows, create_sections, at, headers).plan


class _Comparison:
    """Finds for each row the person it is about: by roll number, else by her name."""

    def __init__(
        self, workplace: Territory, rows: list[RollRow], create_sections: bool, at: dt.datetime, headers: dict[str, str]
    ) -> None:
        self.plan = Plan(rows=rows)
        self.headers = headers
        self.create_sections = create_sections
        self.roll = list(on_roll(workplace, at).select_related("member", "section").order_by("pk"))
        self.by_reference = {m.reference: m for m in self.roll if m.reference}
        self.by_name: dict[str, list[Membership]] = defaultdict(list)
        for membership in self.roll:
            self.by_name[name_key(membership.member.name)].append(membership)
        self.sections = {name_key(s.name): s for s in sections_of(workplace, local_day(at))}
        self.groups = groups_of(workplace, at)
        self.ended = self._ended_before(workplace)
        emails = [row.email for row in rows if row.email]
        self.owner_of = dict(Member.objects.filter(email__in=emails).values_list("email", "pk"))
        self.rows_named: dict[str, list[RollRow]] = defaultdict(list)
        for row in rows:
            self.rows_named[name_key(row.name)].append(row)
        self.row_of_reference: dict[str, int] = {}
        self.row_of_email: dict[str, int] = {}
        self.row_of_membership: dict[int, int] = {}
        for row in rows:
            self._place(row)

    def _ended_before(self, workplace: Territory) -> dict[int, dt.date]:
        """The last day of an earlier membership here, by member."""
        now = [m.member_id for m in self.roll]
        past = Membership.objects.filter(territory=workplace, until_on__isnull=False)
        rows = past.exclude(pk__in=[m.pk for m in self.roll]).values_list("member", "until_on")
        ends: dict[int, dt.date] = {}
        for member, until in rows:
            if member in set(now):
                ends[member] = max(until, ends.get(member, until))
        return ends

    def _fault(self, row: RollRow, column: str, sentence: str) -> None:
        self.plan.faults.append(Fault(row.number, self.headers.get(column, column), sentence))

    def _place(self, row: RollRow) -> None:
        if not self._is_alone_in_file(row):
            return
        membership, clear = self._person(row)
        if not clear:
            return
        if membership is not None and membership.pk in self.row_of_membership:
            other = self.row_of_membership[membership.pk]
            self._fault(row, "name", _("this is the person of row %(row)s.") % {"row": other})
            return
        if (
            not self._section_is_known(row)
            or not self._group_is_known(row, membership)
            or not self._email_is_free(row, membership)
        ):
            return
        if membership is None:
            self.plan.added.append(replace(row, group=self._group(row)))
            return
        self.row_of_membership[membership.pk] = row.number
        change = self._change(row, membership)
        if change is None:
            self.plan.unchanged += 1
        elif change.words:
            self.plan.changed.append(change)

    def _is_alone_in_file(self, row: RollRow) -> bool:
        if row.reference:
            first = self.row_of_reference.setdefault(row.reference, row.number)
            if first != row.number:
                sentence = _("%(reference)s is already in row %(row)s.") % {"reference": row.reference, "row": first}
                self._fault(row, "reference", sentence)
                return False
        namesakes = self.rows_named[name_key(row.name)]
        if len(namesakes) > 1 and not row.reference:
            others = ", ".join(str(r.number) for r in namesakes if r.number != row.number)
            sentence = _("the same name is in row %(rows)s. Write the roll number of each, or delete one.")
            self._fault(row, "reference" if "reference" in self.headers else "name", sentence % {"rows": others})
            return False
        return True

    def _person(self, row: RollRow) -> tuple[Membership | None, bool]:
        """Whom the row is about (None: a new person), and whether that is clear."""
        known = self.by_reference.get(row.reference) if row.reference else None
        namesakes = self.by_name[name_key(row.name)]
        if known is not None:
            if name_key(known.member.name) != name_key(row.name) and has_taken(known.member):
                sentence = _("roll number %(reference)s is %(name)s. For another person, write another number.")
                self._fault(row, "name", sentence % {"reference": row.reference, "name": known.member})
                return None, False
            return known, True
        if not row.reference:
            if len(namesakes) > 1:
                sentence = _("%(n)s people on the roll have this name. Write the roll number.")
                self._fault(row, "name", sentence % {"n": len(namesakes)})
                return None, False
            return (namesakes[0] if namesakes else None), True
        unnumbered = [m for m in namesakes if not m.reference]
        if len(unnumbered) == 1:
            sentence = _("Row %(row)s: %(name)s is on the roll without a number. She is taken for the same person.")
            self.plan.warnings.append(sentence % {"row": row.number, "name": row.name})
            return unnumbered[0], True
        if namesakes:
            sentence = _(
                "Row %(row)s: %(name)s is on the roll as number %(reference)s. She is taken for another person."
            )
            words = {"row": row.number, "name": row.name, "reference": namesakes[0].reference or "—"}
            self.plan.warnings.append(sentence % words)
        elif self.rows_named[name_key(row.name)][0] is not row:
            first = self.rows_named[name_key(row.name)][0].number
            sentence = _(
                "Row %(row)s: %(name)s is also in row %(other)s, with another number. They are taken for two people."
            )
            self.plan.warnings.append(sentence % {"row": row.number, "name": row.name, "other": first})
        return None, True

    def _section_is_known(self, row: RollRow) -> bool:
        if row.section is None or name_key(row.section) in self.sections:
            return True
        if self.create_sections:
            if name_key(row.section) not in {name_key(s) for s in self.plan.new_sections}:
                self.plan.new_sections.append(row.section)
            return True
        near = difflib.get_close_matches(name_key(row.section), list(self.sections), n=3, cutoff=0.5)
        names = ", ".join(self.sections[key].name for key in near or list(self.sections)[:5])
        if names:
            sentence = _("there is no section “%(section)s”. Perhaps: %(names)s.")
        else:
            sentence = _("there is no section “%(section)s”. Mark “Create the missing sections” to have it made.")
        self._fault(row, "section", sentence % {"section": row.section, "names": names})
        return False

    def _group_is_known(self, row: RollRow, membership: Membership | None) -> bool:
        stays = membership is not None and row.group is not None and same_group(row.group, membership.group)
        if row.group is None or not self.groups or stays or written_as(row.group, self.groups):
            return True
        self._fault(row, "group", unknown_group(row.group, self.groups))
        return False

    def _group(self, row: RollRow, membership: Membership | None = None) -> str | None:
        """As the rules spell it, or the roll already does."""
        if row.group is None:
            return None
        now = [membership.group] if membership else []
        return written_as(row.group, [*self.groups, *now]) or row.group

    def _email_is_free(self, row: RollRow, membership: Membership | None) -> bool:
        if not row.email or (membership is not None and has_taken(membership.member)):
            return True
        first = self.row_of_email.setdefault(row.email, row.number)
        owner = self.owner_of.get(row.email)
        if first != row.number:
            self._fault(row, "email", _("%(email)s is already in row %(row)s.") % {"email": row.email, "row": first})
        elif owner is not None and (membership is None or owner != membership.member_id):
            self._fault(row, "email", _("%(email)s cannot be used. Leave it empty.") % {"email": row.email})
        else:
            return True
        return False

    def _change(self, row: RollRow, membership: Membership) -> Change | None:
        """What differs; None for nothing; no words when it is a fault."""
        values = self._stated(row, membership)
        since = values.get("from_on")
        if since is not None and since < self.ended.get(membership.member_id, since):
            sentence = _("%(name)s had left by then and came back later. Write the day she came back.")
            self._fault(row, "since", sentence % {"name": membership.member})
            return Change(membership, {}, [])
        if not values:
            return None
        return Change(membership, values, [_words(k, v, membership) for k, v in values.items()])

    def _stated(self, row: RollRow, membership: Membership) -> dict[str, Any]:
        now: dict[str, Any] = {
            "reference": (membership.reference, row.reference or None),
            "section": (name_key(membership.section.name) if membership.section else "", row.section),
            "group": (membership.group, self._group(row, membership)),
            "category": (membership.category, row.category),
            "can_vote": (membership.can_vote, row.can_vote),
            "can_stand": (membership.can_stand, row.can_stand),
            "from_on": (membership.from_on, row.since),
        }
        if not has_taken(membership.member):  # afterwards her name and her e-mail are hers to change
            now["name"] = (membership.member.name, row.name)
            now["email"] = (membership.member.email, row.email or None)
        out = {}
        for what, (old, new) in now.items():
            same = name_key(new) == old if what == "section" and new else new == old
            if new is not None and not same:
                out[what] = new
        if out.get("category") == Category.EXCLUDED:
            for right in ("can_vote", "can_stand", "counts_for_quorum"):
                if getattr(row, right, None) is None and getattr(membership, right):
                    out[right] = False
        return out


def _words(what: str, new: Any, membership: Membership) -> str:
    """“section: Hornos → Bodega”"""
    old: Any = (
        membership.section
        if what == "section"
        else getattr(membership.member if what in ("name", "email") else membership, what)
    )
    label = {
        "name": _("name"),
        "email": _("e-mail"),
        "reference": _("roll number"),
        "section": _("section"),
        "group": _("group"),
        "category": _("category"),
        "can_vote": _("may vote"),
        "can_stand": _("may stand"),
        "counts_for_quorum": _("counts for the quorum"),
        "from_on": _("from"),
    }[what]
    return f"{label}: {_shown(what, old)} → {_shown(what, new)}"


def _shown(what: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if what == "category":
        return str(Category(value).label)
    return str(value) if value not in (None, "") else "—"
