"""Lists of alerts: those inside, those that came up, notes that ask for help; each as its reader may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from councils.models import Body, Member, Territory
from councils.models.electorate import is_council
from production.analysis.finding import Evidence, Finding
from production.domain.alert_words import headline, kind_words, sign_of
from production.domain.escalation import name_of
from production.enums import EntryKind
from production.models import Alert, AlertEntry, AlertHold
from production.models.alert import councils_of

#: Closed ones that a list shows, the latest first.
MOST_CLOSED = 30


@dataclass(frozen=True)
class Row:
    """``words`` and ``sign`` of its kind; outside the name of the figure alone. ``hold`` None once it is closed."""

    alert: Alert
    title: str
    words: str
    sign: str
    hold: AlertHold | None

    @property
    def is_up(self) -> bool:
        """Whether a council has it."""
        return self.hold is not None and is_council(self.hold.body)

    @property
    def due_at(self) -> dt.datetime | None:
        """When its time is over, where a clock runs."""
        return self.hold.due_at if self.hold is not None and self.hold.ran_out_at is None else None


@dataclass(frozen=True)
class Lists:
    """What one member finds on her page of alerts."""

    inside: list[Row]
    closed: list[Row]
    came_up: list[Row]
    notes: list[AlertEntry]


def lists_for(*, member: Member, at: dt.datetime) -> Lists:
    """Hers, up to the last ``MOST_CLOSED`` closed ones. Ask after the steps that are due were taken."""
    inside = Alert.objects.inside(member, at)
    above = Alert.objects.came_up_to(councils_of(member, at), at).exclude(pk__in=inside.values("pk"))
    return Lists(
        inside=_rows(inside.open().order_by("opened_at", "pk"), inside=True),
        closed=_rows(inside.exclude(pk__in=inside.open()).order_by("-closed_at", "-pk")[:MOST_CLOSED], inside=True),
        came_up=_rows(above.open().order_by("opened_at", "pk"), inside=False),
        notes=notes_for(member=member, at=at),
    )


def open_in(*, workplace: Territory) -> list[Row]:
    """The open alerts of ``workplace``, for its own page inside."""
    return _rows(Alert.objects.open().filter(workplace=workplace).order_by("opened_at", "pk"), inside=True)


def came_up_to(*, council: Body, member: Member, at: dt.datetime) -> list[Row]:
    """Open alerts that ``council`` has or had, for whoever works under it or sits in it; to others none."""
    hers = councils_of(member, at).filter(pk=council.pk)
    return _rows(Alert.objects.open().came_up_to(hers, at).order_by("opened_at", "pk"), inside=False)


def notes_for(*, member: Member, at: dt.datetime) -> list[AlertEntry]:
    """Notes to councils under which she works or in which she sits, of alerts that are open."""
    notes = AlertEntry.objects.filter(kind=EntryKind.ASKED_HELP, body__in=councils_of(member, at), alert__state="open")
    return list(notes.select_related("alert__workplace", "body__territory").order_by("-pk"))


def _rows(alerts: QuerySet[Alert], *, inside: bool) -> list[Row]:
    """Two queries, whatever their number."""
    found = list(alerts.select_related("series__indicator", "workplace"))
    current = AlertHold.objects.current().filter(alert__in=[alert.pk for alert in found])
    holds = {hold.alert_id: hold for hold in current.select_related("body__territory")}
    return [_row(alert, holds.get(alert.pk), inside) for alert in found]


def _row(alert: Alert, hold: AlertHold | None, inside: bool) -> Row:
    if not inside:
        return Row(alert, name_of(alert), "", "alerta", hold if hold is not None and is_council(hold.body) else None)
    finding = Finding.from_json(alert.finding) if alert.finding else None
    title = headline(alert, finding, Evidence.from_json(alert.evidence))
    return Row(alert, title, kind_words(finding), sign_of(finding, danger=alert.danger), hold)
