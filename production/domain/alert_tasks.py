"""What alerts ask of a member today: of those who work there, of the committee, of the delegates of who has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.domain.waiting import WaitingTask
from councils.enums import COUNCIL_OF
from councils.models import Member
from councils.models.electorate import bodies_voting_with, is_council
from production.analysis.finding import Evidence, Finding
from production.domain.alert_words import headline
from production.domain.escalation import name_of, take_due_steps
from production.enums import AlertState, EntryKind
from production.models import Alert, AlertEntry, AlertHold

#: From so much time left on, an alert is shown first.
PRESSING = dt.timedelta(days=1)


def held_inside(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Open alerts of her workplaces: until she has seen them; to the committee as long as it has them.

    The steps that are due are taken first: this is asked on every page, so the clock holds wherever she looks.
    """
    take_due_steps(at=at)
    seen = AlertEntry.objects.filter(alert=OuterRef("pk"), author=member, kind=EntryKind.ACKNOWLEDGED)
    rows = Alert.objects.inside(member, at).open().annotate(seen=Exists(seen))
    alerts = list(rows.select_related("series__indicator", "workplace").order_by("opened_at", "pk"))
    holds = {hold.alert_id: hold for hold in _current(alerts)}
    hers = _committees(member, alerts, at)
    for alert in alerts:
        hold = holds.get(alert.pk)
        ours = hold is not None and not is_council(hold.body)
        if alert.seen and not (ours and alert.workplace_id in hers):  # type: ignore[attr-defined]
            continue
        due = hold.due_at if hold is not None and ours and hold.ran_out_at is None else None
        yield WaitingTask(
            icon="alerta",
            title=_title(alert),
            url=reverse("alert", args=[alert.uuid]),
            button=_("See the alert"),
            sentence=_("Here, only we see it.") if ours else _("It has gone up."),
            due_at=due,
            pressing=alert.danger or (due is not None and due - at < PRESSING),
            group="alert",
        )


def came_up(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Alerts that a council has in which she acts."""
    councils = bodies_voting_with(member, at).filter(kind__in=COUNCIL_OF.values())
    holds = AlertHold.objects.current().filter(body__in=councils, alert__state=AlertState.OPEN)
    rows = holds.select_related("alert__series__indicator", "alert__workplace", "body__territory")
    for hold in rows.order_by("from_at", "pk"):
        due = hold.due_at if hold.ran_out_at is None else None
        yield WaitingTask(
            icon="alerta",
            title=f"{hold.alert.workplace.name}: {name_of(hold.alert)}",
            url=reverse("alert", args=[hold.alert.uuid]),
            button=_("Answer the alert"),
            sentence=_("It came up to %(body)s.") % {"body": hold.body},
            due_at=due,
            pressing=hold.alert.danger or (due is not None and due - at < PRESSING),
            group="alert",
        )


def notes_to_answer(member: Member, at: dt.datetime) -> Iterator[WaitingTask]:
    """Notes that ask her council for help and that it has not answered. Only what was written is told."""
    councils = bodies_voting_with(member, at).filter(kind__in=COUNCIL_OF.values())
    answered = AlertEntry.objects.filter(about=OuterRef("pk"), kind=EntryKind.HELPED)
    notes = AlertEntry.objects.filter(
        ~Exists(answered), kind=EntryKind.ASKED_HELP, body__in=councils, alert__state=AlertState.OPEN
    )
    for note in notes.select_related("alert__workplace").order_by("pk"):
        yield WaitingTask(
            icon="need",
            title=_("%(name)s asks for help") % {"name": note.alert.workplace.name},
            url=reverse("help_note", args=[note.uuid]),
            button=_("Read and answer"),
            sentence="",
            group="alert",
        )


def _current(alerts: list[Alert]) -> list[AlertHold]:
    return list(AlertHold.objects.current().filter(alert__in=alerts).select_related("body"))


def _committees(member: Member, alerts: list[Alert], at: dt.datetime) -> set[int]:
    """Workplaces of these alerts in whose committee she sits. One query, none without alerts."""
    if not alerts:
        return set()
    return set(
        member.seats.held_at(at)
        .filter(body__kind="committee", body__territory__in={alert.workplace_id for alert in alerts})
        .values_list("body__territory", flat=True)
    )


def _title(alert: Alert) -> str:
    finding = Finding.from_json(alert.finding) if alert.finding else None
    return headline(alert, finding, Evidence.from_json(alert.evidence))
