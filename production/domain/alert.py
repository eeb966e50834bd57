"""Alert: opened by the engine or by hand, answered by those who can act, closed by those who may.

The log of an alert (``AlertEntry``) is its audit: each verb writes its line in its own transaction, and nothing goes
into the log of a body, which is read outside. Every verb first takes the steps that are due (``escalation.at_work``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.clock import local_day
from councils.domain import assembly
from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.models import Member, Placement, Territory
from councils.models.electorate import is_council
from councils.permissions import require
from councils.text import clean, clean_line, says_something
from production.analysis.finding import Evidence, Finding
from production.domain import escalation, threshold
from production.domain.escalation import Held, at_work, refuse_closed, write
from production.enums import ALERT_TRANSITIONS, AlertOrigin, AlertState, EntryKind
from production.models import Alert, AlertEntry, Figure, Series
from production.models.alert import TEXT_LIMIT, TITLE_LIMIT

#: So many that one person raised may be open in one workplace at a time.
MOST_OPEN_BY_ONE = 5


# --- the engine --------------------------------------------------------------------------------------


def open_alert(*, series: Series, finding: Finding, evidence: Evidence, at: dt.datetime) -> Alert:
    """What the engine found of ``series``. Where an alert on it is open already, that one is judged anew.

    Called twice with the same finding it changes nothing. Two who open at once get one alert: they take turns on the
    row of the workplace, and the database refuses a second one.
    """
    with transaction.atomic():
        workplace = Territory.objects.select_for_update().get(pk=series.workplace_id)
        standing = Alert.objects.open().filter(series=series).first()
        if standing is not None:
            return revise_alert(alert=standing, finding=finding, evidence=evidence, at=at)
        alert = Alert.objects.create(
            workplace=workplace,
            number=_next_number(workplace),
            place=series.territory,
            series=series,
            origin=AlertOrigin.ENGINE,
            kind=finding.kind,
            finding=finding.to_json(),
            evidence=evidence.to_json(),
            opened_at=at,
        )
        escalation.begin(alert=alert, body=escalation.keeper_of(workplace), at=at)
        write(alert, EntryKind.OPENED, at, detail=_judgement(alert))
        _explain_by_report(alert, finding, at)
    return alert


def revise_alert(*, alert: Alert, finding: Finding, evidence: Evidence, at: dt.datetime) -> Alert:
    """The engine judges it anew as days pass. Of a closed alert, and of one raised by hand, nothing is judged anew.

    Another kind, beginning or direction is told in the log and brings its own evidence; numbers alone are followed
    without a word. The clock stays as it was: what moves it is people, or the end of its time.
    """
    with at_work(alert, at) as held:
        row = held.alert
        if held.hold is None or row.origin != AlertOrigin.ENGINE:
            return row
        before = Finding.from_json(row.finding)
        told = (finding.kind, finding.began_on, finding.falls) != (before.kind, before.began_on, before.falls)
        row.kind, row.finding = finding.kind, finding.to_json()
        if told:
            row.evidence = evidence.to_json()
        row.save(update_fields=["kind", "finding", "evidence"])
        if told:
            write(row, EntryKind.REVISED, held.at, detail=_judgement(row))
        _explain_by_report(row, finding, held.at)
    return row


def close_returned(*, alert: Alert, at: dt.datetime) -> Alert:
    """The figure is as expected again: the engine closes what it opened, wherever it is, and says so.

    What was raised by hand stays: only its author or the assembly closes it.
    """
    with at_work(alert, at) as held:
        if held.hold is not None and held.alert.origin == AlertOrigin.ENGINE:
            close(held, AlertState.RETURNED, EntryKind.RETURNED)
    return held.alert


def _judgement(alert: Alert) -> dict[str, object]:
    return {"finding": alert.finding, "evidence": alert.evidence}


def _explain_by_report(alert: Alert, finding: Finding, at: dt.datetime) -> None:
    """The remark of the report is an explanation: nobody is asked twice what happened."""
    if finding.judged_on is None:
        return
    figures = Figure.objects.current().filter(series=alert.series, start=finding.judged_on).exclude(remark="")
    figure = figures.select_related("submission__author").first()
    if figure is None:
        return
    source = {"figure": f"{figure.start} v{figure.version}"}
    if not AlertEntry.objects.filter(alert=alert, kind=EntryKind.EXPLAINED, detail=source).exists():
        write(alert, EntryKind.EXPLAINED, at, by=figure.submission.author, text=figure.remark, detail=source)


# --- by hand ---------------------------------------------------------------------------------------------


def raise_alert(
    *,
    place: Territory,
    title: str,
    by: Member,
    at: dt.datetime,
    text: str = "",
    series: Series | None = None,
    danger: bool = False,
) -> Alert:
    """“Something is wrong here”: any worker of the place says so, with or without a figure.

    With ``danger`` to people it goes up at once, with ``text``; else both stay in the workplace for its time.
    Raises ``Denied`` for who does not work there; ``Refused`` for an empty title, a figure of another place, a figure
    on which an alert is open, and more than ``MOST_OPEN_BY_ONE`` open ones of hers.
    """
    workplace = _workplace_of(place, at)
    require("raise_alert", by=by, on=workplace, at=at)
    title, text = clean_line(title), clean(text).strip()
    if not says_something(title) or len(title) > TITLE_LIMIT or len(text) > TEXT_LIMIT:
        raise Refused(_("Say in a line what is wrong."))
    if series is not None and (series.workplace_id != workplace.pk):
        raise Refused(_("That figure is of another workplace."))
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=workplace.pk)
        standing = Alert.objects.open().filter(workplace=workplace)
        if series is not None and standing.filter(series=series).exists():
            raise Refused(_("An alert on this figure is open already. Write there what you know."))
        if standing.filter(raised_by=by).count() >= MOST_OPEN_BY_ONE:
            raise Refused(
                ngettext(
                    "%(n)s alert of yours is open here. Close it before you raise another.",
                    "%(n)s alerts of yours are open here. Close one before you raise another.",
                    MOST_OPEN_BY_ONE,
                )
                % {"n": MOST_OPEN_BY_ONE}
            )
        alert = Alert.objects.create(
            workplace=workplace,
            number=_next_number(workplace),
            place=place,
            series=series,
            origin=AlertOrigin.HAND,
            title=title,
            danger=danger,
            opened_at=at,
            raised_by=by,
        )
        hold = escalation.begin(alert=alert, body=escalation.keeper_of(workplace), at=at, clock=not danger)
        write(alert, EntryKind.DANGER if danger else EntryKind.OPENED, at, by=by, text=text)
        if danger:
            escalation.go_up(alert=alert, hold=hold, at=at)
    return alert


def warn_of_danger(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """Whoever works there sees that people are in danger: it goes up at once, with what she writes.

    Where it is above already it is marked, and stays. Raises ``Denied``; ``Refused`` for one that is marked or closed.
    """
    with at_work(alert, at) as held:
        require("warn_of_danger", by=by, on=held.alert, at=held.at)
        hold = refuse_closed(held)
        if held.alert.danger:
            raise Refused(_("It is known already that people are in danger."))
        held.alert.danger = True
        held.alert.save(update_fields=["danger"])
        write(held.alert, EntryKind.DANGER, held.at, by=by, text=written(text))
        if not is_council(hold.body):
            escalation.go_up(alert=held.alert, hold=hold, at=held.at)
    return held.alert


def withdraw_alert(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """Whoever raised it says that it is over. Raises ``Denied`` for anybody else."""
    with at_work(alert, at) as held:
        require("withdraw_alert", by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        close(held, AlertState.WITHDRAWN, EntryKind.WITHDRAWN, by=by, text=written(text))
    return held.alert


# --- what the workplace answers --------------------------------------------------------------------------


def acknowledge_alert(*, alert: Alert, by: Member, at: dt.datetime) -> None:
    """She has seen it. Twice changes nothing."""
    with at_work(alert, at) as held:
        require("acknowledge_alert", by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        if not AlertEntry.objects.filter(alert=held.alert, author=by, kind=EntryKind.ACKNOWLEDGED).exists():
            write(held.alert, EntryKind.ACKNOWLEDGED, held.at, by=by)


def explain_alert(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    """What happened, by anybody who works there."""
    return _say("explain_alert", EntryKind.EXPLAINED, alert, text, by, at)


def plan_alert(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    """What the committee will do about it."""
    return _say("plan_alert", EntryKind.PLANNED, alert, text, by, at)


def _say(verb: str, kind: EntryKind, alert: Alert, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    with at_work(alert, at) as held:
        require(verb, by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        return write(held.alert, kind, held.at, by=by, text=written(text))


def settle_alert(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """The committee has put it right; wherever the alert is, the clock stops. Raises ``Denied`` or ``Refused``."""
    return _close_by_committee("settle_alert", AlertState.SETTLED, EntryKind.SETTLED, alert, text, by, at)


def mark_false_alarm(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """Nothing was the matter: the figure's threshold learns from it, within limits (``threshold.learn``)."""
    return _close_by_committee("mark_false_alarm", AlertState.FALSE_ALARM, EntryKind.FALSE_ALARM, alert, text, by, at)


def _close_by_committee(
    verb: str, state: AlertState, kind: EntryKind, alert: Alert, text: str, by: Member, at: dt.datetime
) -> Alert:
    with at_work(alert, at) as held:
        require(verb, by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        if held.alert.origin == AlertOrigin.HAND:
            raise Refused(_("It was raised by hand: only who raised it, or the assembly, closes it."))
        close(held, state, kind, by=by, text=written(text))
        if state == AlertState.FALSE_ALARM:
            threshold.learn(alert=held.alert, by=by, at=held.at)
    return held.alert


# --- what goes up with it --------------------------------------------------------------------------------

#: Lines of the workplace that the committee may send along.
SENDABLE = (EntryKind.OPENED, EntryKind.EXPLAINED, EntryKind.PLANNED, EntryKind.ASKED_HELP)


def marked_lines(alert: Alert) -> set[int]:
    """Primary keys of the lines that the committee marked to go up with ``alert``, by their last mark."""
    marks = AlertEntry.objects.filter(alert=alert, kind__in=[EntryKind.MARKED, EntryKind.UNMARKED]).order_by("pk")
    last: dict[int | None, str] = dict(marks.values_list("about", "kind"))
    return {line for line, kind in last.items() if line is not None and kind == EntryKind.MARKED}


def mark_for_sending(*, entry: AlertEntry, by: Member, at: dt.datetime) -> AlertEntry:
    """This line travels with the alert, if it goes up or is up already."""
    with at_work(entry.alert, at) as held:
        require("mark_for_sending", by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        if entry.kind not in SENDABLE or not entry.text:
            raise Refused(_("Only what somebody here wrote is marked."))
        if entry.pk in marked_lines(held.alert):
            raise Refused(_("It is marked already."))
        return write(held.alert, EntryKind.MARKED, held.at, by=by, about=entry)


def keep_inside(*, entry: AlertEntry, by: Member, at: dt.datetime) -> AlertEntry:
    """The committee takes its mark back, as long as the alert has never left: what was read is read."""
    with at_work(entry.alert, at) as held:
        require("mark_for_sending", by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        if entry.pk not in marked_lines(held.alert):
            raise Refused(_("It is not marked."))
        if held.alert.entries.filter(kind=EntryKind.WENT_UP).exists():
            raise Refused(_("It has been read above already."))
        return write(held.alert, EntryKind.UNMARKED, held.at, by=by, about=entry)


# --- parts -----------------------------------------------------------------------------------------------


def close(
    held: Held, state: AlertState, kind: EntryKind, *, by: Member | None = None, text: str = "", **more: Any
) -> None:
    """End ``held.alert`` in ``state``: nobody has it any more, and what waited on an agenda is taken off."""
    alert, hold = held.alert, refuse_closed(held)
    assert state in ALERT_TRANSITIONS[AlertState(alert.state)]
    alert.state, alert.closed_at, alert.closed_by = state, held.at, by
    alert.save(update_fields=["state", "closed_at", "closed_by"])
    escalation.end(hold, held.at)
    escalation.tell_of_close(alert)
    write(alert, kind, held.at, by=by, text=text, **more)
    assembly.take_off_agenda(evidence_kind=escalation.EVIDENCE, reference=alert.uuid, at=held.at)
    held.hold = None


def written(text: str) -> str:
    """What somebody wrote, clean. Raises ``Refused`` where it says nothing."""
    text = clean(text).strip()
    if not says_something(text) or len(text) > TEXT_LIMIT:
        raise Refused(_("Write a sentence or two."))
    return text


def _next_number(workplace: Territory) -> int:
    """The row of the workplace is locked."""
    last = Alert.objects.filter(workplace=workplace).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _workplace_of(place: Territory, at: dt.datetime) -> Territory:
    """``place`` if it is a workplace, else the workplace of the section. Raises ``Refused`` for any other place."""
    if place.kind == TerritoryKind.WORKPLACE:
        return place
    above = Placement.objects.above(place, local_day(at))
    if place.kind != TerritoryKind.SECTION or not above:
        raise Refused(_("Alerts are of a workplace or of one of its sections."))
    return above[0]
