"""Log: what was done in a body, in sentences, for those who belong to it.

Only the acts named here are shown. Drafts, complaints and reports have their own pages and readers,
and an act that nobody has thought about stays out until somebody does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import permissions
from councils.domain.election import title_of
from councils.domain.poll_title import LOADED, title_of_poll
from councils.enums import BodyKind, ObjectionKind, ObjectionVerdict, RecallState, SeatEnd
from councils.models import AuditEvent, Body, Election, Member, Poll, Proposal

#: Verb → its sentence; the names in it are those of the event's detail.
SENTENCES: dict[str, str | Promise] = {
    "found_workplace": gettext_lazy("Founded %(name)s and sits in its committee provisionally."),
    "found_territory": gettext_lazy("Founded %(name)s."),
    "rename_territory": gettext_lazy("Renamed %(before)s: it is called %(name)s."),
    "place_territory": gettext_lazy("Moved it to %(parent)s, from %(on_day)s on."),
    "place_sector": gettext_lazy("Put it into the sector %(name)s, from %(on_day)s on."),
    "set_up_add": gettext_lazy("Entered in the set-up: %(name)s."),
    "set_up_change": gettext_lazy("Changed in the set-up: %(name)s."),
    "set_up_delete": gettext_lazy("Deleted from the set-up: %(name)s."),
    "establish_body": gettext_lazy("Established: %(name)s."),
    "affiliate_workplace": gettext_lazy("Affiliated the workplace to %(name)s, from %(on_day)s on."),
    "set_rules": gettext_lazy("Who keeps the installation set version %(version)s of the rules."),
    "amend_rules": gettext_lazy("A vote changed the rules: version %(version)s is in force."),
    "refuse_rules": gettext_lazy("A vote adopted other rules, but they cannot stand beside those in force any more."),
    "admit_member": gettext_lazy("Put %(name)s on the roll."),
    "enrol": gettext_lazy("%(name)s enrolled with a code."),
    "change_rights": gettext_lazy("Changed the rights, group, section or number of %(name)s."),
    "correct_name": gettext_lazy("Corrected a name: %(before)s is called %(name)s."),
    "end_membership": gettext_lazy("Took %(name)s off the roll."),
    "transfer_member": gettext_lazy("Transferred %(name)s to %(to)s."),
    "import_roll": gettext_lazy("Imported the roll. Added: %(added)s. Changed: %(changed)s."),
    "request_codes": gettext_lazy("Asked for enrolment codes: %(count)s."),
    "approve_codes": gettext_lazy("Approved enrolment codes: %(count)s."),
    "print_codes": gettext_lazy("Printed codes: %(count)s."),
    "void_codes": gettext_lazy("Withdrew codes; unused: %(count)s."),
    "request_reset": gettext_lazy("Asked for a reset of the account of %(name)s."),
    "approve_reset": gettext_lazy("Approved the reset of the account of %(name)s."),
    "reset_account": gettext_lazy("%(name)s chose a new password with a reset code."),
    "submit_proposal": gettext_lazy("Submitted proposal %(proposal)s."),
    "admit_proposal": gettext_lazy("Admitted proposal %(proposal)s."),
    "admit_unanswered": gettext_lazy("Proposal %(proposal)s was admitted: nobody answered in time."),
    "admit_by_rule": gettext_lazy("Proposal %(proposal)s went straight to the assembly, by its rules."),
    "return_proposal": gettext_lazy("Returned proposal %(proposal)s, with a reason."),
    "convene_vote": gettext_lazy("Convened the vote on proposal %(proposal)s."),
    "begin_vote": gettext_lazy("The vote on proposal %(proposal)s began."),
    "conclude_proposal": gettext_lazy("The vote on proposal %(proposal)s ended."),
    "call_election": gettext_lazy("Called an election for %(seats)s seats."),
    "put_forward_list": gettext_lazy("Put a list forward: “%(name)s”."),
    "nominate": gettext_lazy("Nominated %(name)s."),
    "accept_nomination": gettext_lazy("Accepted a nomination: %(name)s stands."),
    "decline_nomination": gettext_lazy("Declined a nomination: %(name)s."),
    "withdraw_nomination": gettext_lazy("Stands no longer: %(name)s."),
    "order_list": gettext_lazy("Changed the order of a list."),
    "close_nominations": gettext_lazy("Nominations closed with %(candidates)s candidates."),
    "close_roll": gettext_lazy("The electoral roll was closed before the vote; on it: %(roll)s."),
    "enter_lots": gettext_lazy("Entered the order that was drawn in public for an election."),
    "confirm_lots": gettext_lazy("Confirmed the order that was drawn in public for an election."),
    "object_to_roll": gettext_lazy("Objected to the electoral roll: %(name)s %(objection)s."),
    "object_to_result": gettext_lazy("Objected to the result of an election."),
    "answer_objection": gettext_lazy("Answered an objection: %(verdict)s."),
    "confirm_objection": gettext_lazy("Confirmed the answer to an objection: %(verdict)s."),
    "add_to_roll": gettext_lazy("%(name)s was added to the electoral roll after an objection; on it now: %(roll)s."),
    "take_off_roll": gettext_lazy("%(name)s was taken off the electoral roll after an objection; on it now: %(roll)s."),
    "let_roll_stand": gettext_lazy(
        "The electoral roll stands: objections that were not decided before the vote opened: %(count)s."
    ),
    "let_result_stand": gettext_lazy("The result stands: objections that were not decided in time: %(count)s."),
    "put_question": gettext_lazy("Put a question to the council: “%(title)s”."),
    "consult_electorate": gettext_lazy("Called a vote to instruct the delegates on “%(title)s”."),
    "conclude_consultation": gettext_lazy("A vote instructed the delegates on “%(title)s”."),
    "enter_mandate": gettext_lazy("Entered what the assembly instructed on “%(title)s”."),
    "confirm_mandate": gettext_lazy("Confirmed what the assembly instructed on “%(title)s”."),
    "report_back": gettext_lazy("%(name)s reported to those who elected her."),
    "withdraw_question": gettext_lazy("Withdrew the question “%(title)s”."),
    "void_election": gettext_lazy("An election ended without seats."),
    "end_seat": gettext_lazy("%(name)s no longer sits there: %(seat_end)s."),
    "hand_over_seat": gettext_lazy(
        "%(name)s handed her seat to %(substitute)s for some days, from %(from_on)s to %(last_on)s."
    ),
    "take_back_seat": gettext_lazy("%(substitute)s no longer stands in for %(name)s."),
    "fill_vacancy": gettext_lazy("%(name)s takes a vacant seat for the rest of its term: so the ballots said."),
    "leave_vacant": gettext_lazy("A vacant seat waits for a by-election: %(why)s"),
    "seat_winners": gettext_lazy("%(seats)s people elected took their seats."),
    "call_recall": gettext_lazy("A recall of %(name)s was called; it comes to a vote once %(needed)s ask for it."),
    "put_recall_to_vote": gettext_lazy("Enough people asked for the recall of %(name)s: it is voted."),
    "answer_recall": gettext_lazy("Answered the recall of her seat: %(name)s."),
    "conclude_recall": gettext_lazy("The recall of %(name)s ended: %(recall)s."),
    "open_poll": gettext_lazy("A vote opened; on its roll: %(roll)s."),
    "call_to_table": gettext_lazy("Called %(name)s to the committee's table, to vote on “%(vote)s”."),
    "confirm_at_table": gettext_lazy("Confirmed %(name)s at the committee's table, to vote on “%(vote)s”."),
    "make_shares": gettext_lazy("Gave out the shares of a vote's key: %(made)s, of which %(needed)s open the urn."),
    "drill_key": gettext_lazy("Did the drill of a vote's key: its shares can be read."),
    "unlock_urn": gettext_lazy("Opened the urn of a vote with the scrutineers' shares."),
    "call_off_poll": gettext_lazy("A vote was called off."),
    "end_poll": gettext_lazy("A vote ended without a result."),
    "count_poll": gettext_lazy("A vote was counted: %(ballots)s ballots."),
    "announce_place": gettext_lazy("Said where a vote on paper is held: %(place)s."),
    "enter_count": gettext_lazy("Entered the count of a vote on paper: %(papers)s papers."),
    "countersign_count": gettext_lazy("Countersigned the count of a vote on paper: %(papers)s papers."),
    "declare_poll": gettext_lazy("The result of a vote was declared."),
    "erase_marks": gettext_lazy("Who voted in a vote was erased from its roll; how many did stays in the result."),
    "define_indicator": gettext_lazy("Defined a figure: %(name)s."),
    "start_series": gettext_lazy("From now on it is reported: %(indicator)s."),
    "end_series": gettext_lazy("A figure is no longer reported from %(until_on)s on."),
    "place_on_agenda": gettext_lazy("A point came onto the agenda of the next assembly by itself."),
    "take_off_agenda": gettext_lazy("A point of the agenda needs no assembly any more."),
    "share_series": gettext_lazy("Wrote down what the assembly agreed about a figure outside the workplace."),
    "set_capability": gettext_lazy("Said what could be made of %(name)s, from %(from_on)s on."),
}
#: Why the ballots of an election did not fill a vacant seat, by the codes of ``domain.vacancy``.
NOT_FILLED: dict[str, Promise] = {
    "unpublished": gettext_lazy("so few ballots were cast that they would tell who voted what."),
    "ranked": gettext_lazy("ranked votes have no next person by number of votes."),
    "no_substitute": gettext_lazy("none of its substitutes may sit there."),
    "tie": gettext_lazy("those who come next have the same votes."),
    "nobody": gettext_lazy("nobody else who may sit there had votes."),
}
_LABELS = {
    "section": gettext_lazy("section"),
    "reference": gettext_lazy("roll number"),
    "group": gettext_lazy("group"),
    "category": gettext_lazy("category"),
    "can_vote": gettext_lazy("may vote"),
    "can_stand": gettext_lazy("may stand"),
    "counts_for_quorum": gettext_lazy("counts for the quorum"),
}


@dataclass(frozen=True)
class LogEntry:
    """One act. ``who`` empty: the clock acted. ``about``: the vote or election that it was done on, by its title."""

    at: dt.datetime
    who: str
    sentence: str
    more: list[str]
    about: str = ""


def events_of(*, body: Body, by: Member, at: dt.datetime) -> QuerySet[AuditEvent]:
    """What was done in ``body``, the newest first. Assembly and committee of one workplace share their log.

    Raises ``Denied`` for who does not belong to the body.
    """
    permissions.require("read_log", by=by, on=body, at=at)
    bodies = [body.pk]
    if body.kind in (BodyKind.ASSEMBLY, BodyKind.COMMITTEE):
        bodies = list(Body.objects.filter(territory=body.territory).values_list("pk", flat=True))
    rows = AuditEvent.objects.filter(body__in=bodies, verb__in=SENTENCES)
    return rows.select_related("actor", "body").order_by("-at", "-pk")


def in_words(events: Iterable[AuditEvent]) -> list[LogEntry]:
    """The events of a page, each with what it is about. Three queries more for all."""
    events = list(events)
    titles = _titles(events)
    return [_told(event, titles.get(event.subject, "") if event.subject else "") for event in events]


def _titles(events: Iterable[AuditEvent]) -> dict[UUID, str]:
    """What each event was done on, in the reader's language: proposals by number and title, votes by their title."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for event in events:
        if event.subject is not None:
            by_kind[event.subject_kind].append(event.subject)
    proposals = Proposal.objects.filter(uuid__in=by_kind["proposal"], submitted_at__isnull=False)
    polls = Poll.objects.filter(uuid__in=by_kind["poll"]).select_related(*LOADED)
    called = Election.objects.filter(uuid__in=by_kind["election"]).select_related("body__territory")
    return {
        **{p.uuid: _("%(number)s, “%(title)s”") % {"number": p.number, "title": p.title} for p in proposals},
        **{poll.uuid: title_of_poll(poll) for poll in polls},
        **{e.uuid: title_of(e.body, e.seats, e.group) for e in called},
    }


def _told(event: AuditEvent, title: str) -> LogEntry:
    """The event in words. A protected body's people appear as its committee."""
    assert event.body is not None
    particulars: dict[str, Any] = defaultdict(lambda: "—", event.detail)
    in_sentence = event.subject_kind == "proposal"
    if in_sentence and title:
        particulars["proposal"] = title
    if "seat_end" in event.detail:
        particulars["seat_end"] = SeatEnd(event.detail["seat_end"]).label
    if "why" in event.detail:
        particulars["why"] = NOT_FILLED[event.detail["why"]]
    if "objection" in event.detail:
        particulars["objection"] = ObjectionKind(event.detail["objection"]).label
    if "verdict" in event.detail:
        particulars["verdict"] = ObjectionVerdict(event.detail["verdict"]).label
    if "recall" in event.detail:
        particulars["recall"] = RecallState(event.detail["recall"]).label
    who = str(event.actor) if event.actor else ""
    if who and event.body.protected:
        who = _("the committee")
    sentence = str(SENTENCES[event.verb]) % particulars
    return LogEntry(event.at, who, sentence, _more(event), about="" if in_sentence else title)


def _more(event: AuditEvent) -> list[str]:
    """What a change changed; whose codes; that one person alone decided."""
    detail = event.detail
    changed = detail.get("changed")
    lines: list[str] = []
    if isinstance(changed, dict):
        lines += [f"{_LABELS[what]}: {_plain(old)} → {_plain(new)}" for what, (old, new) in changed.items()]
    if "rules" in detail:
        lines.append(_("Under version %(n)s of the rules.") % {"n": detail["rules"]})
    if detail.get("group"):
        lines.append(_("Group: %(group)s") % {"group": detail["group"]})
    lines += detail.get("names", [])
    lines += detail.get("changes", [])
    lines += [f"{place}. {name}" for place, name in enumerate(detail.get("drawn", []), 1)]
    if detail.get("founding"):
        lines.append(_("The committee has one person: no second one approved."))
    if detail.get("for_roll"):
        lines.append(_("One for each person on the roll without an account."))
    return lines


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or "—"
