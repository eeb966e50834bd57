"""Escalation: an alert goes up when its time is over, and comes down when a level hands it back.

Exactly one body has an open alert (``AlertHold``, one current by constraint). When its time is over the next level that
exists and in which somebody sits gets it, with the evidence as it stood; where nobody is above it stays, on the agenda.
The step is due work: a job row with its due time, private, so that nobody reads from a list that an alert is kept.
Besides, every page and every act takes the steps that are due before anything else, so that they hold by the clock with
no worker. A step is stamped with the moment at which it was due, however late it is taken, and after a long outage
they are taken one after the other, each from the due moment of the one before.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain import assembly, job
from councils.domain.evidence import Evidence
from councils.enums import COUNCIL_OF, BodyKind
from councils.errors import Refused
from councils.models import Body, Job, Member, Seat, Territory
from councils.models.electorate import councils_above, is_council
from production.domain import recovery_time
from production.domain.pulse import beat_after_commit
from production.enums import AlertState, EntryKind
from production.models import Alert, AlertEntry, AlertHold

log = logging.getLogger(__name__)

#: Kind of the job, and of the evidence on an agenda.
STEP, EVIDENCE = "alert_step", "alert"
#: Steps that one page takes at most; the rest is there for the next one, and for the jobs.
MOST_AT_ONCE = 200
_LEVELS = list(COUNCIL_OF.values())
#: What counts as an answer while a body has an alert.
_INSIDE = (EntryKind.EXPLAINED, EntryKind.PLANNED, EntryKind.ASKED_HELP)
_OUTSIDE = (EntryKind.ANSWERED, EntryKind.HELPED)


@dataclass
class Held:
    """An open or closed alert under its lock, up to date: ``hold`` is None once it is closed.

    ``at``: the moment of the act, never before what was written down already (a clock may be set back).
    """

    alert: Alert
    hold: AlertHold | None
    at: dt.datetime


@contextmanager
def at_work(alert: Alert, at: dt.datetime) -> Iterator[Held]:
    """Lock ``alert``, take the steps that are due at ``at``, and hand it over: what every act does first."""
    with transaction.atomic():
        row = _locked(alert.pk)
        hold = _take_steps(row, at)
        written = AlertEntry.objects.filter(alert=row).aggregate(last=Max("at"))["last"]
        yield Held(row, hold, max(at, written or row.opened_at))


def refuse_closed(held: Held) -> AlertHold:
    """The current hold. Raises ``Refused`` once the alert is closed."""
    if held.hold is None:
        raise Refused(_("This alert is closed. What happens again is a new one."))
    return held.hold


def write(
    alert: Alert, kind: EntryKind, at: dt.datetime, *, by: Member | None = None, text: str = "", **more: Any
) -> AlertEntry:
    """One line into the log of ``alert``; ``by`` None: the engine or the clock."""
    return AlertEntry.objects.create(alert=alert, kind=kind, author=by, at=at, text=text, **more)


# --- who is above -------------------------------------------------------------------------------


def council_over(*, workplace: Territory, body: Body | None, at: dt.datetime) -> Body | None:
    """The next level above ``body`` (None: above the workplace) that decides: it exists, and somebody sits in it."""
    above = councils_above(workplace, local_day(at))
    reached = _LEVELS.index(BodyKind(body.kind)) if body is not None and is_council(body) else -1
    higher = [council for council in above if _LEVELS.index(BodyKind(council.kind)) > reached]
    sitting = set(Seat.objects.held_at(at).filter(body__in=higher).values_list("body", flat=True))
    return next((council for council in higher if council.pk in sitting), None)


def route_of(*, alert: Alert, hold: AlertHold, at: dt.datetime) -> list[Body]:
    """The levels to which it would go from here, nearest first, as they are at ``at``."""
    route: list[Body] = []
    here: Body | None = hold.body
    while (here := council_over(workplace=alert.workplace, body=here, at=at)) is not None:
        route.append(here)
    return route


def keeper_of(workplace: Territory) -> Body:
    """The body of the workplace that has its alerts: the committee, else the assembly. Raises ``Refused``."""
    kinds = (BodyKind.COMMITTEE, BodyKind.ASSEMBLY)
    found = {body.kind: body for body in Body.objects.filter(territory=workplace, kind__in=kinds)}
    body = next((found[kind] for kind in kinds if kind in found), None)
    if body is None:
        raise Refused(_("This place has neither committee nor assembly."))
    return body


# --- holds --------------------------------------------------------------------------------------------


def begin(*, alert: Alert, body: Body, at: dt.datetime, clock: bool = True) -> AlertHold:
    """``body`` has it from ``at`` on, with the time that its rules give. Inside the caller's transaction."""
    time = recovery_time.time_of(alert=alert, body=body, at=at)
    due = recovery_time.due_at(body=body, workplace=alert.workplace, days=time.days, from_at=at) if clock else None
    hold = AlertHold.objects.create(
        alert=alert,
        body=body,
        from_at=at,
        days=time.days if clock else None,
        due_at=due,
        rule_set=time.rule_set,
    )
    if due is not None:
        enqueue_step(hold, at)
    if _is_of_nation(body):
        beat_after_commit()
    return hold


def enqueue_step(hold: AlertHold, at: dt.datetime) -> None:
    """The job of its due moment. A moment that was moved has a job of its own; the earlier one then does nothing."""
    assert hold.due_at is not None
    key = f"{STEP}:{hold.uuid}:{hold.due_at:%Y%m%dT%H%M%S}"
    job.enqueue(kind=STEP, key=key, at=at, due_at=hold.due_at, payload={"hold": str(hold.uuid)})


def end(hold: AlertHold, at: dt.datetime) -> None:
    """From ``at`` on ``hold.body`` has it no more."""
    hold.until_at = max(at, hold.from_at)
    hold.save(update_fields=["until_at"])
    if _is_of_nation(hold.body):
        beat_after_commit()


def tell_of_close(alert: Alert) -> None:
    """The control room shows until its close what came up to the nation; of others nothing is told, not even when."""
    if alert.holds.filter(body__kind=BodyKind.NATIONAL_COUNCIL).exists():
        beat_after_commit()


def _is_of_nation(body: Body) -> bool:
    return body.kind == BodyKind.NATIONAL_COUNCIL


def go_up(*, alert: Alert, hold: AlertHold, at: dt.datetime, by: Member | None = None, text: str = "") -> AlertHold:
    """To the next level at ``at``; where nobody is above it stays, and comes onto the agenda. The alert is locked."""
    above = council_over(workplace=alert.workplace, body=hold.body, at=at)
    if above is None:
        hold.ran_out_at = max(at, hold.from_at)
        hold.save(update_fields=["ran_out_at"])
        write(alert, EntryKind.STAYS, at, by=by, text=text, body=hold.body)
        _place_on_agenda(alert, hold, at)
        return hold
    end(hold, at)
    higher = begin(alert=alert, body=above, at=at)
    write(alert, EntryKind.WENT_UP, at, by=by, text=text, body=above, detail=as_sent(alert))
    return higher


def as_sent(alert: Alert) -> dict[str, Any]:
    """What goes up of the judgement: finding and evidence, without the remarks of the reports, which are answers."""
    points = [{**point, "remark": ""} for point in alert.evidence.get("points", [])]
    return {"finding": alert.finding, "evidence": {**alert.evidence, "points": points} if points else alert.evidence}


def _place_on_agenda(alert: Alert, hold: AlertHold, at: dt.datetime) -> None:
    body: Body | None = hold.body
    if not is_council(hold.body):
        body = recovery_time.assembly_of(alert.workplace)
    if body is None:
        return
    assembly.place_on_agenda(
        body=body,
        title=f"{name_of(alert)} · {alert.workplace.name}",
        evidence=Evidence(EVIDENCE, alert.uuid, as_sent(alert)),
        key=f"{EVIDENCE}:{hold.uuid}",
        at=at,
    )


def name_of(alert: Alert) -> str:
    """What it is about, in no language: the figure, or the words of who raised it."""
    return alert.title or (alert.series.indicator.name if alert.series is not None else "")


# --- steps that are due ----------------------------------------------------------------------------------


def _locked(alert_id: int) -> Alert:
    """The alert as it is now; nobody acts on it until this transaction is over."""
    rows = Alert.objects.select_for_update(of=("self",))
    return rows.select_related("workplace", "place", "series__indicator").get(pk=alert_id)


def _take_steps(alert: Alert, at: dt.datetime) -> AlertHold | None:
    """Every step of ``alert`` that is due at ``at``, in order; the hold after them. The alert is locked."""
    hold = _current(alert)
    while hold is not None and _is_due(hold, at):
        hold = _take_step(alert, hold)
    return hold


def _current(alert: Alert) -> AlertHold | None:
    return AlertHold.objects.current().filter(alert=alert).select_related("body__territory").first()


def _is_due(hold: AlertHold, at: dt.datetime) -> bool:
    return hold.ran_out_at is None and hold.due_at is not None and hold.due_at <= at


def _take_step(alert: Alert, hold: AlertHold) -> AlertHold:
    """The step that follows from the end of the time of ``hold``, stamped with that moment."""
    assert hold.due_at is not None
    due, silent = hold.due_at, not _answered(hold)
    reached = go_up(alert=alert, hold=hold, at=due)
    if silent and reached != hold:
        _place_on_agenda(alert, hold, due)
    return reached


def _answered(hold: AlertHold) -> bool:
    """Whether the body that has it said anything to it in its time."""
    rows = AlertEntry.objects.filter(alert=hold.alert_id, at__gte=hold.from_at)
    if is_council(hold.body):
        return rows.filter(kind__in=_OUTSIDE, body=hold.body).exists()
    return rows.filter(kind__in=_INSIDE).exists()


def bring_up_to_date(*, alert: Alert, at: dt.datetime) -> Alert:
    """Take the steps of ``alert`` that are due; safe at every read. The alert as it now is."""
    with at_work(alert, at) as held:
        return held.alert


def take_due_steps(*, at: dt.datetime) -> int:
    """The steps of all alerts that are due, in the order in which they fell due; safe at every read.

    One query where nothing is due. An alert whose step fails is left to its job, which parks it for a person: no page
    falls with it. Returns how many steps were taken.
    """
    done, failed = 0, set[int]()
    for _round in range(MOST_AT_ONCE):
        due = AlertHold.objects.due(at).exclude(alert__in=failed).order_by("due_at", "pk")
        alert_id = due.values_list("alert", flat=True).first()
        if alert_id is None:
            break
        try:
            with transaction.atomic():
                alert = _locked(alert_id)
                hold = _current(alert)
                if hold is not None and _is_due(hold, at):
                    _take_step(alert, hold)
                    done += 1
        except Exception as e:
            log.error("a step of an alert failed: %s", type(e).__name__)
            failed.add(alert_id)
    return done


def run_steps(jobs: Sequence[Job], at: dt.datetime) -> None:
    """Job handler: the step of the hold named in the payload, if it is still to be taken."""
    for each in jobs:
        hold = AlertHold.objects.filter(uuid=each.payload["hold"]).select_related("alert").first()
        if hold is not None and hold.alert.state == AlertState.OPEN:
            bring_up_to_date(alert=hold.alert, at=at)
