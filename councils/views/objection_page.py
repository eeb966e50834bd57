"""What pages show of objections: whom or what each is about, where it stands by the clock, who may act on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from councils import permissions
from councils.domain.objection import is_concerned, is_contestable
from councils.enums import ObjectionKind, ObjectionVerdict
from councils.models import Election, Member, Objection

#: What a page of objections needs loaded.
LOADED = ("objector", "person", "answered_by", "confirmed_by")


@dataclass(frozen=True)
class ObjectionRow:
    """One objection of ``election``, at ``now``, for ``member``."""

    objection: Objection
    election: Election
    member: Member
    now: dt.datetime

    @property
    def is_about_roll(self) -> bool:
        return self.objection.kind != ObjectionKind.RESULT

    @property
    def title(self) -> str:
        if not self.is_about_roll:
            return _("Objection to the result")
        said = {
            str(ObjectionKind.MISSING): _("%(name)s is missing from the roll"),
            str(ObjectionKind.NOT_ENTITLED): _("%(name)s should not be on the roll"),
        }[self.objection.kind]
        return said % {"name": self.objection.person}

    @property
    def is_decided(self) -> bool:
        return self.objection.confirmed_at is not None

    @property
    def is_open(self) -> bool:
        return not self.is_decided and is_contestable(self.election, self.objection.kind, self.now)

    @property
    def word(self) -> str:
        """Where it stands."""
        if self.is_decided:
            return str(ObjectionVerdict(self.objection.verdict).label).capitalize()
        if not self.is_open:
            return _("Not decided in time")
        return _("Answered, to be confirmed") if self.objection.verdict else _("To be answered")

    @property
    def icon(self) -> str:
        if self.is_decided:
            return "check" if self.objection.verdict == ObjectionVerdict.UPHELD else "x"
        return "watch" if self.is_open else "nodata"

    @property
    def effect(self) -> str:
        """What came of it, or comes if nobody decides it."""
        upheld = self.objection.verdict == ObjectionVerdict.UPHELD
        if self.is_decided and upheld:
            return {
                str(ObjectionKind.MISSING): _("Added to the roll."),
                str(ObjectionKind.NOT_ENTITLED): _("Taken off the roll."),
                str(ObjectionKind.RESULT): _("The election is void."),
            }[self.objection.kind]
        if self.is_open:
            return ""
        return _("The roll stands.") if self.is_about_roll else _("The result stands.")

    @property
    def _may_decide(self) -> bool:
        electorate = self.election.electorate
        may = permissions.may("answer_objection", by=self.member, on=electorate, at=self.now)
        return self.is_open and may and not is_concerned(self.member, self.objection, self.election)

    @property
    def may_answer(self) -> bool:
        return self._may_decide

    @property
    def may_confirm(self) -> bool:
        return bool(self.objection.verdict) and self.objection.answered_by_id != self.member.pk and self._may_decide


def rows_of(
    objections: Iterable[Objection], election: Election, *, member: Member, at: dt.datetime
) -> list[ObjectionRow]:
    """In the order given."""
    return [ObjectionRow(objection, election, member, at) for objection in objections]
