"""What goes between a workplace and the levels above it about an alert: help asked and given, answers, up and down."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.errors import Refused
from councils.models import Body, Member
from councils.models.electorate import councils_above, is_council
from councils.permissions import require
from production.domain import escalation
from production.domain.alert import written
from production.domain.escalation import at_work, refuse_closed, write
from production.enums import EntryKind
from production.models import Alert, AlertEntry


def ask_help(*, alert: Alert, body: Body, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    """A note of the committee to a council above it, before or after the alert goes up.

    There only ``text`` is read, and who asks: nothing of the alert, not even that there is one.
    Raises ``Denied``; ``Refused`` for a council that is not above the workplace, and once the alert is closed.
    """
    with at_work(alert, at) as held:
        require("ask_help", by=by, on=held.alert, at=held.at)
        refuse_closed(held)
        if body not in councils_above(held.alert.workplace, local_day(held.at)):
            raise Refused(_("That council is not above this workplace."))
        return write(held.alert, EntryKind.ASKED_HELP, held.at, by=by, text=written(text), body=body)


def answer_note(*, note: AlertEntry, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    """A delegate of the council that was asked says how it helps. Raises ``Denied`` or ``Refused``."""
    with at_work(note.alert, at) as held:
        require("answer_note", by=by, on=note, at=held.at)
        if held.hold is None:
            raise Refused(_("It is settled: no help is needed any more."))
        return write(held.alert, EntryKind.HELPED, held.at, by=by, text=written(text), body=note.body, about=note)


def answer_alert(*, alert: Alert, body: Body, text: str, by: Member, at: dt.datetime) -> AlertEntry:
    """A delegate of ``body``, which has or had the alert, answers it. Raises ``Denied`` or ``Refused``."""
    with at_work(alert, at) as held:
        require("answer_alert", by=by, on=body, at=held.at)
        refuse_closed(held)
        if not is_council(body) or not held.alert.holds.filter(body=body).exists():
            raise Refused(_("It never came up to that council."))
        return write(held.alert, EntryKind.ANSWERED, held.at, by=by, text=written(text), body=body)


def hand_back(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """A delegate of the council that has it gives it back: the workplace has it again, with a new clock.

    Raises ``Denied`` for who does not sit there; ``Refused`` where no council has it, or it is closed.
    """
    with at_work(alert, at) as held:
        hold = refuse_closed(held)
        if not is_council(hold.body):
            raise Refused(_("The workplace has it already."))
        require("hand_back", by=by, on=hold.body, at=held.at)
        escalation.end(hold, held.at)
        keeper = escalation.keeper_of(held.alert.workplace)
        escalation.begin(alert=held.alert, body=keeper, at=held.at)
        write(held.alert, EntryKind.HANDED_BACK, held.at, by=by, text=written(text), body=hold.body)
    return held.alert


def send_up(*, alert: Alert, text: str, by: Member, at: dt.datetime) -> Alert:
    """The committee does not wait for the end of its time: the next level has it now, with ``text``.

    Raises ``Denied``; ``Refused`` where a council has it already, or nobody is above.
    """
    with at_work(alert, at) as held:
        require("send_up", by=by, on=held.alert, at=held.at)
        hold = refuse_closed(held)
        if is_council(hold.body):
            raise Refused(_("It has gone up already."))
        if escalation.council_over(workplace=held.alert.workplace, body=None, at=held.at) is None:
            raise Refused(_("There is no level above that decides."))
        escalation.go_up(alert=held.alert, hold=hold, at=held.at, by=by, text=written(text))
    return held.alert
