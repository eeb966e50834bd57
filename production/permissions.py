"""Verbs of production, entered into the one table of councils.permissions."""

import rules

from councils.enums import BodyKind
from councils.models import Body, Member, Seat
from councils.models.electorate import is_council, is_elector
from councils.permissions import (
    Act,
    belongs_to_workplace,
    committee_is_vacant,
    is_staff,
    permit,
    sits_in_committee,
    workplace_of,
)
from production.models import Alert, AlertEntry

#: Any member of the workplace may report, for the whole of it or for any of its sections: in a small
#: workplace who is at the telephone reports. Who did is written on every version.
permit("submit_report", belongs_to_workplace)
#: Figures with their judgement, remarks, versions and authors.
permit("see_inside", belongs_to_workplace)
#: A seat outlasts a membership that ends by its date: who works there no more has no hand on its figures.
arranges = belongs_to_workplace & sits_in_committee
#: What is measured and what leaves the workplace is the committee's to write down, after its assembly agreed.
permit("define_indicator", arranges)
permit("start_series", arranges)
permit("end_series", arranges)
permit("order_series", arranges)
permit("share_series", arranges)
permit("set_capability", arranges)
#: A workplace has its branch and its calendar from who keeps the installation; its first figures only while
#: nobody sits in its committee.
permit("place_sector", is_staff)
permit("keep_factory", is_staff)
permit("equip_workplace", is_staff & committee_is_vacant)
#: A file of past reports: of her own workplace, or of any for who keeps the installation.
permit("import_reports", arranges | is_staff)
permit("import_everywhere", is_staff, second_factor=True)


# --- alerts -----------------------------------------------------------------------------------------
# Who may see one at all is ``Alert.objects.visible_to``: to everybody else there is no such page.


@rules.predicate
def raised_it(member: Member, act: Act) -> bool:
    """The alert was raised by hand, by her."""
    return isinstance(act.on, Alert) and act.on.raised_by_id == member.pk


@rules.predicate
def acts_in_council(member: Member, act: Act) -> bool:
    """She sits, or stands in, in the council that is meant: itself, or the one that a note asks for help."""
    body = act.on.body if isinstance(act.on, AlertEntry) else act.on
    return isinstance(body, Body) and is_council(body) and is_elector(member, body, act.at)


@rules.predicate
def committee_is_one(member: Member, act: Act) -> bool:
    """Fewer than two sit in the committee of the workplace."""
    place = workplace_of(act.on)
    seats = Seat.objects.held_at(act.at).filter(body__kind=BodyKind.COMMITTEE, body__territory=place)
    return seats.values("holder").distinct().count() < 2


#: Where nobody sits in the committee, whoever works there acts for it: an alert waits for no election.
answers_for_it = belongs_to_workplace & (sits_in_committee | committee_is_vacant)
permit("raise_alert", belongs_to_workplace)  # on the workplace
permit("warn_of_danger", belongs_to_workplace)  # on the alert, and so all below
permit("withdraw_alert", belongs_to_workplace & raised_it)
permit("acknowledge_alert", belongs_to_workplace)
permit("explain_alert", belongs_to_workplace)
permit("plan_alert", answers_for_it)
permit("ask_help", answers_for_it)
permit("settle_alert", answers_for_it)
permit("mark_false_alarm", answers_for_it)
permit("mark_for_sending", answers_for_it)
permit("send_up", answers_for_it)
permit("move_motion", answers_for_it)
permit("confirm_motion", belongs_to_workplace & (sits_in_committee | committee_is_one))  # another person than who asked
permit("answer_alert", acts_in_council)  # on the council
permit("hand_back", acts_in_council)  # on the council that has it
permit("answer_note", acts_in_council)  # on the note
permit("move_threshold", arranges)  # on the workplace
