"""Sight: what one member sees of one alert. The only place that decides it.

Inside the workplace everything. Outside, once it came up to a council over her: finding and evidence as they went up
the last time, the lines of the levels above, and of the workplace's own those that the committee marked before it went
up (or while it is up). Who inside wrote them is not told: they come from the workplace. After it was handed back
nothing new of the judgement, and no clock; that it was closed is told to all whom it passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from councils.models import Body, Member
from councils.models.electorate import is_council
from production.analysis.finding import Evidence, Finding
from production.domain.alert import SENDABLE
from production.enums import EntryKind
from production.models import Alert, AlertEntry, AlertHold
from production.models.alert import councils_of

#: Lines that were spoken above, or that tell where it went and what became of it.
_ABOVE = {EntryKind.WENT_UP, EntryKind.ANSWERED, EntryKind.HANDED_BACK}
_CLOSING = {
    EntryKind.SETTLED,
    EntryKind.RETURNED,
    EntryKind.FALSE_ALARM,
    EntryKind.WITHDRAWN,
    EntryKind.DECIDED,
}


#: What the engine writes, where nobody signs it.
_BY_ENGINE = (EntryKind.OPENED, EntryKind.REVISED, EntryKind.RETURNED)


@dataclass(frozen=True)
class LogLine:
    """One line as she sees it. ``who`` empty: the engine or the clock. ``marked``: it goes up, or went up."""

    entry: AlertEntry
    who: str
    text: str
    marked: bool = False
    sendable: bool = False

    @property
    def is_of_engine(self) -> bool:
        """Whether the engine speaks, and not the clock."""
        return self.entry.author_id is None and self.entry.kind in _BY_ENGINE

    @property
    def sign(self) -> str:
        """The symbol of the line: up, down, or here."""
        if self.entry.kind in (EntryKind.WENT_UP, EntryKind.MARKED, EntryKind.ASKED_HELP):
            return "up"
        return "down" if self.entry.kind in (EntryKind.HANDED_BACK, EntryKind.HELPED, EntryKind.ANSWERED) else "check"

    @property
    def css(self) -> str:
        """How its mark is drawn: filled where it left, dark where it came from above."""
        return self.sign if self.sign in ("up", "down") else ""

    @property
    def to(self) -> Body | None:
        """To which council it went, or whom it asks."""
        return self.entry.body if self.entry.kind in (EntryKind.WENT_UP, EntryKind.ASKED_HELP) else None


@dataclass(frozen=True)
class Sight:
    """``inside``: she belongs to the workplace. ``hold``: who has it; None once closed.

    ``passed``: councils that it came to; ``here``: those of them under which she works, or in which she sits.
    """

    alert: Alert
    inside: bool
    finding: Finding | None
    evidence: Evidence
    hold: AlertHold | None
    passed: list[Body]
    here: list[Body]
    lines: list[LogLine]
    acknowledged: int

    @property
    def left(self) -> bool:
        """Whether it ever went up."""
        return bool(self.passed)

    @property
    def is_up(self) -> bool:
        """Whether a council has it now."""
        return self.hold is not None and is_council(self.hold.body)


def sight_of(*, alert: Alert, member: Member, at: dt.datetime) -> Sight:
    """What ``member`` sees of ``alert``, which is up to date and of which she may see something."""
    inside = Alert.objects.inside(member, at).filter(pk=alert.pk).exists()
    rows = AlertEntry.objects.filter(alert=alert).select_related("author", "body__territory", "about")
    entries = list(rows.order_by("pk"))
    holds = list(AlertHold.objects.filter(alert=alert).select_related("body__territory").order_by("pk"))
    hold = next((hold for hold in holds if hold.until_at is None), None)
    passed = list(dict.fromkeys(hold.body for hold in holds if is_council(hold.body)))
    hers = set(councils_of(member, at).filter(pk__in=[body.pk for body in passed]))
    judged = {"finding": alert.finding, "evidence": alert.evidence}
    if not inside:
        judged = next((e.detail for e in reversed(entries) if e.kind == EntryKind.WENT_UP), {})
    return Sight(
        alert=alert,
        inside=inside,
        finding=Finding.from_json(judged["finding"]) if judged.get("finding") else None,
        evidence=Evidence.from_json(judged.get("evidence") or {}),
        hold=hold,
        passed=passed,
        here=[body for body in passed if body in hers],
        lines=_inside(alert, entries) if inside else _outside(alert, entries, up=_is_up(hold)),
        acknowledged=sum(entry.kind == EntryKind.ACKNOWLEDGED for entry in entries),
    )


def _is_up(hold: AlertHold | None) -> bool:
    return hold is not None and is_council(hold.body)


def _marks(entries: Iterable[AlertEntry]) -> dict[int, AlertEntry]:
    """Line → its mark, where the last one says that it goes up."""
    found: dict[int, AlertEntry] = {}
    for entry in entries:
        if entry.kind == EntryKind.MARKED and entry.about_id is not None:
            found[entry.about_id] = entry
        elif entry.kind == EntryKind.UNMARKED and entry.about_id is not None:
            found.pop(entry.about_id, None)
    return found


def _inside(alert: Alert, entries: list[AlertEntry]) -> list[LogLine]:
    """The latest first; seen without a word is counted and not listed."""
    marks, protected = _marks(entries), _is_protected(alert)
    return [
        LogLine(
            entry,
            _who(entry, protected),
            entry.text or (entry.about.text if entry.about is not None and entry.kind == EntryKind.MARKED else ""),
            marked=entry.pk in marks,
            sendable=entry.kind in SENDABLE and bool(entry.text),
        )
        for entry in reversed(entries)
        if entry.kind != EntryKind.ACKNOWLEDGED
    ]


def _outside(alert: Alert, entries: list[AlertEntry], *, up: bool) -> list[LogLine]:
    marks = _marks(entries)
    last_up = max((entry.pk for entry in entries if entry.kind == EntryKind.WENT_UP), default=0)
    first_up = min((entry.pk for entry in entries if entry.kind == EntryKind.WENT_UP), default=0)
    workplace = alert.workplace.name
    lines = []
    for entry in entries:
        sent = entry.pk in marks and (up or marks[entry.pk].pk < last_up)
        danger = entry.kind == EntryKind.DANGER and (up or entry.pk < last_up)
        above = entry.kind in _ABOVE or (entry.kind == EntryKind.HELPED and entry.pk > first_up)
        stays = entry.kind == EntryKind.STAYS and entry.body is not None and is_council(entry.body)
        if above or stays:
            own = entry.kind == EntryKind.WENT_UP and entry.author is not None
            lines.append(LogLine(entry, workplace if own else _who(entry, False), entry.text))
        elif sent or danger:
            lines.append(LogLine(entry, workplace, entry.text, marked=True))
        elif entry.kind in _CLOSING:
            lines.append(LogLine(entry, workplace if entry.author is not None else "", ""))
    return lines[::-1]


def _who(entry: AlertEntry, protected: bool) -> str:
    """Name, and for whom she speaks; people of a protected workplace appear as its committee."""
    if entry.author is None:
        return ""
    above = entry.body is not None and entry.kind in (EntryKind.ANSWERED, EntryKind.HELPED, EntryKind.HANDED_BACK)
    if above:
        return f"{entry.author.name} · {entry.body}"
    return _("the committee") if protected else entry.author.name


def _is_protected(alert: Alert) -> bool:
    return Body.objects.filter(territory=alert.workplace, protected=True).exists()
