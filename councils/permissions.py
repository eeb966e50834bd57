"""One table: verb → predicate(member, act). Verbs authorise here; views ask it only to decide what to show.

A predicate sees the member and an ``Act`` (the object and the moment), because seats and
memberships hold by the clock. No predicate makes an exception for superusers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import rules
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.enums import BodyKind, Category, TerritoryKind
from councils.errors import Denied, SecondFactorNeeded
from councils.models import (
    Body,
    CandidateList,
    Member,
    Membership,
    Poll,
    Recall,
    Replacement,
    RollEntry,
    Seat,
    Territory,
)
from councils.models.electorate import follows, is_council, is_elector


@dataclass(frozen=True)
class Act:
    """What a verb is about to be done to, and when."""

    on: Any
    at: dt.datetime


TABLE = rules.RuleSet()
#: Verbs that besides the right itself ask for a second factor.
SECOND_FACTOR: set[str] = set()


def permit(verb: str, predicate: Any, *, second_factor: bool = False) -> None:
    """Enter ``verb`` into the table."""
    TABLE.add_rule(verb, predicate)
    if second_factor:
        SECOND_FACTOR.add(verb)


def may(verb: str, *, by: Member | AnonymousUser, on: Any, at: dt.datetime) -> bool:
    """Whether ``by`` may do ``verb`` to ``on`` at ``at`` (the second factor is asked for on the way)."""
    return isinstance(by, Member) and by.is_active and bool(TABLE.test_rule(verb, by, Act(on, at)))


def require(verb: str, *, by: Member | AnonymousUser, on: Any, at: dt.datetime) -> None:
    """Raise ``Denied`` unless ``by`` may; ``SecondFactorNeeded`` when only that is missing."""
    if not may(verb, by=by, on=on, at=at):
        raise Denied(_("This is not among what you may do here."))
    if verb in SECOND_FACTOR and not has_second_factor(by):
        raise SecondFactorNeeded(_("This act needs a second factor on your account."))


def is_protected(member: Member) -> bool:
    """Her account has a second factor."""
    return bool(is_mfa_enabled(member))


def has_second_factor(member: Member | AnonymousUser) -> bool:
    """A demo account, or one protected by a second factor."""
    return isinstance(member, Member) and (member.is_demo or is_protected(member))


# --- who she is, at that moment ---------------------------------------------------------


def workplace_of(thing: Any) -> Territory | None:
    """The workplace that ``thing`` belongs to: itself, its workplace, its body's territory."""
    if isinstance(thing, Territory):
        return thing if thing.kind == TerritoryKind.WORKPLACE else None
    for name in ("workplace", "territory", "electorate", "body"):
        inner = getattr(thing, name, None)
        if inner is not None:
            return workplace_of(inner)
    return None


def holds_membership(member: Member, workplace: Territory | None, at: dt.datetime) -> bool:
    """A membership in force in ``workplace``."""
    if workplace is None:
        return False
    return Membership.objects.valid_on(local_day(at)).filter(member=member, territory=workplace).exists()


def holds_seat(member: Member, body: Body, at: dt.datetime) -> bool:
    """A seat in force in ``body``."""
    return Seat.objects.held_at(at).filter(holder=member, body=body).exists()


@rules.predicate
def belongs_to_workplace(member: Member, act: Act) -> bool:
    """She works there today."""
    return holds_membership(member, workplace_of(act.on), act.at)


@rules.predicate
def sits_in_committee(member: Member, act: Act) -> bool:
    """She holds a seat of the workplace's committee."""
    workplace = workplace_of(act.on)
    return (
        workplace is not None
        and Seat.objects.held_at(act.at)
        .filter(holder=member, body__kind=BodyKind.COMMITTEE, body__territory=workplace)
        .exists()
    )


@rules.predicate
def is_delegate_of_workplace(member: Member, act: Act) -> bool:
    """She holds a seat in a council on the workplace's behalf."""
    workplace = workplace_of(act.on)
    return workplace is not None and Seat.objects.held_at(act.at).filter(holder=member, represents=workplace).exists()


@rules.predicate
def sits_in_body(member: Member, act: Act) -> bool:
    """She holds a seat in the body itself (``act.on`` is a Body)."""
    return isinstance(act.on, Body) and holds_seat(member, act.on, act.at)


@rules.predicate
def is_staff(member: Member, act: Act) -> bool:
    """She keeps the installation (admin)."""
    return member.is_staff


@rules.predicate
def is_author(member: Member, act: Act) -> bool:
    """She wrote it."""
    return bool(getattr(act.on, "author_id", None) == member.pk)


@rules.predicate
def has_a_voice(member: Member, act: Act) -> bool:
    """She works there today, and not in a category that the assembly excludes."""
    workplace = workplace_of(act.on)
    return (
        workplace is not None
        and Membership.objects.valid_on(local_day(act.at))
        .filter(member=member, territory=workplace)
        .exclude(category=Category.EXCLUDED)
        .exists()
    )


# --- proposals ----------------------------------------------------------------------------

is_moderator = belongs_to_workplace & (sits_in_committee | is_delegate_of_workplace)

permit("draft_proposal", has_a_voice)  # on the assembly
permit("revise_proposal", has_a_voice & is_author)
permit("submit_proposal", has_a_voice & is_author)
permit("withdraw_proposal", has_a_voice & is_author)
permit("complain_about_proposal", has_a_voice & ~is_author)
permit("see_moderation", is_moderator)  # the queue of an assembly
permit("moderate_proposal", is_moderator & ~is_author, second_factor=True)
permit("convene_vote", belongs_to_workplace & sits_in_committee & ~is_author)


# --- elections and votes --------------------------------------------------------------------


@rules.predicate
def is_elector_there(member: Member, act: Act) -> bool:
    """She votes in the assembly: ``act.on`` is it, or something that it decides."""
    body = act.on if isinstance(act.on, Body) else getattr(act.on, "electorate", None) or getattr(act.on, "body", None)
    return isinstance(body, Body) and is_elector(member, body, act.at)


@rules.predicate
def is_in_its_group(member: Member, act: Act) -> bool:
    """She votes in it: ``act.on`` is an election or a poll, of everybody or of a constituency."""
    body = getattr(act.on, "electorate", None) or getattr(act.on, "body", None)
    return isinstance(body, Body) and is_elector(member, body, act.at, getattr(act.on, "group", ""))


@rules.predicate
def puts_it_forward(member: Member, act: Act) -> bool:
    """The list is hers, and she votes in its election."""
    hers = isinstance(act.on, CandidateList) and act.on.put_forward_by_id == member.pk
    return hers and is_in_its_group(member, Act(act.on.election, act.at))


@rules.predicate
def committee_is_vacant(member: Member, act: Act) -> bool:
    """Nobody holds a seat of the workplace's committee: it is new, or its terms ran out."""
    workplace = workplace_of(act.on)
    seats = Seat.objects.held_at(act.at).filter(body__kind=BodyKind.COMMITTEE, body__territory=workplace)
    return workplace is not None and not seats.exists()


@rules.predicate
def is_a_council(member: Member, act: Act) -> bool:
    """``act.on`` is a council, which has no committee: each delegate may do what it leaves to one."""
    return isinstance(act.on, Body) and is_council(act.on)


@rules.predicate
def is_holder(member: Member, act: Act) -> bool:
    """The seat is hers."""
    return isinstance(act.on, Seat) and act.on.holder_id == member.pk


@rules.predicate
def is_in_replacement(member: Member, act: Act) -> bool:
    """The seat is hers, or she stands in for its holder."""
    row = act.on
    return isinstance(row, Replacement) and member.pk in (row.seat.holder_id, row.member_id)


@rules.predicate
def counts_papers(member: Member, act: Act) -> bool:
    """She counts a vote on paper: of its committee, and not at stake in it (a candidate, the holder of the seat).

    Where fewer than two of the committee are free of that, anybody on the roll who is does it.
    """
    poll = act.on
    if not isinstance(poll, Poll):
        return False
    nominees = {person.get("nominee") for option in poll.options for person in option.get("people", [option])}
    holder = poll.recall.seat.holder_id if hasattr(poll, "recall") else None
    if str(member.uuid) in nominees or member.pk == holder:
        return False
    seats = Seat.objects.held_at(act.at).filter(body__kind=BodyKind.COMMITTEE, body__territory=workplace_of(poll))
    sitting = dict(seats.values_list("holder", "holder__uuid"))
    free = {pk for pk, uuid in sitting.items() if str(uuid) not in nominees and pk != holder}
    return member.pk in free if len(free) >= 2 else poll.roll.filter(member=member).exists()


@rules.predicate
def is_her_roll_row(member: Member, act: Act) -> bool:
    """The row of the frozen roll is hers."""
    return isinstance(act.on, RollEntry) and act.on.member_id == member.pk


@rules.predicate
def stands_on_roll(member: Member, act: Act) -> bool:
    """She is on the roll of the vote of an election."""
    poll_id = getattr(act.on, "poll_id", None)
    return poll_id is not None and RollEntry.objects.filter(poll=poll_id, member=member).exists()


@rules.predicate
def is_nominee(member: Member, act: Act) -> bool:
    """The nomination names her."""
    return bool(getattr(act.on, "nominee_id", None) == member.pk)


@rules.predicate
def filled_that_seat(member: Member, act: Act) -> bool:
    """She is an elector of the body that filled the seat; ``act.on`` is it, or its recall."""
    seat = act.on.seat if isinstance(act.on, Recall) else act.on
    return isinstance(seat, Seat) and is_elector(member, seat.elected_by, act.at, seat.group)


@rules.predicate
def answers_recall(member: Member, act: Act) -> bool:
    """She sits there: ``act.on`` is the recall of the seat."""
    return isinstance(act.on, Recall) and act.on.seat.holder_id == member.pk


permit("call_recall", filled_that_seat)  # on the seat
permit("support_recall", filled_that_seat)  # on the recall
permit("withdraw_support", filled_that_seat)
permit("answer_recall", answers_recall)
permit("call_election", is_elector_there & (sits_in_committee | committee_is_vacant | is_a_council))  # on who elects
permit("nominate", is_in_its_group)  # on the election
permit("put_forward_list", is_in_its_group)  # on the election
permit("name_on_list", puts_it_forward)  # on the list
permit("order_list", puts_it_forward)  # on the list
permit("accept_nomination", is_nominee)
permit("decline_nomination", is_nominee)
permit("withdraw_nomination", is_nominee)
permit("make_shares", is_elector_there & (sits_in_committee | committee_is_vacant))  # on the poll
permit("use_shares", belongs_to_workplace)  # on the poll: whoever types the shares in, the papers are what counts
permit("see_table", belongs_to_workplace & sits_in_committee)  # on the poll; at the table nobody sees a ballot
permit("call_to_table", belongs_to_workplace & sits_in_committee)  # on the poll
permit("confirm_at_table", belongs_to_workplace & sits_in_committee)  # on the poll; another person than who called
permit("cast_ballot", is_her_roll_row | is_in_its_group)  # on her roll row; on the poll, before there is one
#: Who calls a vote of an electorate (the act is on it): its committee, any elector without one, each delegate.
calls_a_vote = is_elector_there & (sits_in_committee | committee_is_vacant | is_a_council)
permit("consult_electorate", calls_a_vote)
permit("enter_lots", calls_a_vote)  # on who elects; never who stands
permit("confirm_lots", calls_a_vote)  # the same; another person than who entered
permit("object_to_roll", has_a_voice | is_elector_there)  # on the election
permit("object_to_result", stands_on_roll)  # on the election
permit("answer_objection", calls_a_vote)  # on who elects; never who objected or is concerned
permit("confirm_objection", calls_a_vote)  # the same; another person than who answered
permit("announce_place", calls_a_vote)  # on the poll
permit("enter_count", has_a_voice & counts_papers)  # on the poll
permit("countersign_count", has_a_voice & counts_papers)  # on the poll; another than who entered it
permit("enter_mandate", belongs_to_workplace & sits_in_committee)  # on the assembly
permit("confirm_mandate", belongs_to_workplace & sits_in_committee)  # on the mandate; another person than who entered
permit("resign_seat", is_holder)  # on the seat
permit("hand_over_seat", is_holder)  # on the seat
permit("take_back_seat", is_in_replacement)  # on the replacement
permit("report_back", is_holder)  # on the seat, which may be over
permit("put_question", is_elector_there & is_a_council)  # on the council
permit("withdraw_question", is_author)  # on the question


# --- places, bodies, people -----------------------------------------------------------------

keeps_the_roll = belongs_to_workplace & sits_in_committee


@rules.predicate
def reads_the_log(member: Member, act: Act) -> bool:
    """She belongs to the body: to its workplace, to its seats, to an assembly that fills one, or works under it."""
    if not isinstance(act.on, Body):
        return False
    if belongs_to_workplace(member, act) or sits_in_body(member, act) or follows(member, act.on, act.at):
        return True
    assemblies = Seat.objects.held_at(act.at).in_body(act.on).values("elected_by__territory")
    return Membership.objects.valid_on(local_day(act.at)).filter(member=member, territory__in=assemblies).exists()


permit("found_territory", is_staff)  # on the parent, or None
permit("found_section", is_staff | keeps_the_roll)  # on the workplace
permit("place_territory", is_staff)
permit("rename_territory", is_staff)
permit("set_rules", is_staff)  # on the body
permit("establish_body", is_staff)  # on the territory, or None
permit("affiliate_workplace", is_staff)  # on the workplace
permit("read_log", reads_the_log)  # on the body
permit("read_rules", reads_the_log)  # on the body
permit("read_agenda", reads_the_log)  # on the body
permit("see_roll", belongs_to_workplace)  # on the workplace: names and sections
permit("admit_member", keeps_the_roll)  # on the workplace
permit("change_rights", keeps_the_roll)  # on the membership
permit("correct_name", keeps_the_roll)  # on the membership
permit("end_membership", keeps_the_roll)  # on the membership
permit("mend_roll", is_staff)  # on the workplace: where no committee does it, and in its log
permit("transfer_member", is_staff)  # on the membership: two workplaces are touched
permit("import_roll", keeps_the_roll)  # on the workplace
permit("request_codes", keeps_the_roll)  # on the workplace
permit("approve_codes", keeps_the_roll)  # on the batch; another person than who asked
permit("print_codes", keeps_the_roll)  # on the batch
permit("void_codes", keeps_the_roll)  # on the batch
permit("request_reset", keeps_the_roll)  # on the workplace
