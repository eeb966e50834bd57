"""Election: it is called, people are nominated and accept, the electorate votes, seats are filled.

An assembly elects its committee and its delegates, by urn; a council elects from among its own delegates those to
the council above, by name, and whoever loses the seat below loses the one above (``Seat.through``).

called → nominations → (campaign) → voting → counted → declared → seated, or void with its reason and what happens
next. Each step is taken by the clock: ``bring_up_to_date`` at every read, a job (``DUE``) when nobody reads. The vote
itself is a Poll; objections to its roll and to the result are in ``objection``.
"""

from __future__ import annotations

import datetime as dt
import random

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import permissions, signals
from councils.clock import local_day
from councils.constituency_rules import same_group
from councils.domain import audit, job
from councils.domain.electoral_roll import close_roll
from councils.domain.poll import schedule_poll
from councils.domain.seating import seat_winners
from councils.domain.secrecy import held_on_paper
from councils.domain.terms import has_served_its_terms
from councils.domain.vacancy import seats_to_fill, sits_there
from councils.domain.windows import FURTHEST, refuse_short_vote
from councils.domain.winners import options_of
from councils.enums import (
    ELECTION_TRANSITIONS,
    BodyKind,
    ElectionState,
    NominationState,
    PollKind,
)
from councils.errors import Refused
from councils.models import Body, Election, Member, RuleSet, Seat
from councils.models.electorate import bodies_elected_by, electors, is_assembly, may_stand
from councils.rules import Rules

#: Kinds of the jobs that take the steps of the clock: to the vote or the campaign, to the vote, to the seats.
DUE = ("close_nominations", "open_voting", "seat_elected")
#: The order on the paper is drawn, so that no name gains by its place.
_DRAW = random.SystemRandom()


def rules_of(election: Election) -> Rules:
    """The rules under which it was called."""
    return Rules.read(election.rule_set.rules)


def call_election(
    *,
    body: Body,
    electorate: Body,
    nominations_close_at: dt.datetime,
    voting_closes_at: dt.datetime,
    by: Member,
    at: dt.datetime,
    vacancies_only: bool = False,
    group: str = "",
    on_paper: bool = False,
) -> Election:
    """Call ``electorate`` (an assembly, a council) to fill its seats in ``body``; nominations open at once.

    The vote opens when they close, or after the days of campaign that the rules give. Seats, shortest windows and
    term are those of the rules; with ``vacancies_only`` it is a by-election, which fills only seats that ended early,
    for the rest of their term, and ends no other. With ``group`` that constituency alone elects its own
    (``constituency.call_elections`` calls all). Raises ``Denied`` unless ``by`` sits in the committee (or nobody
    does, and she is an elector), or in the council; ``Refused`` for windows shorter than the rules ask, a body that
    this electorate does not elect, too few electors for a secret vote or for a ranked one, or an election already
    under way.
    """
    permissions.require("call_election", by=by, on=electorate, at=at)
    if not bodies_elected_by(electorate, local_day(at)).filter(pk=body.pk).exists():
        raise Refused(_("Those who vote here do not elect that body."))
    rule_set = RuleSet.objects.in_force(electorate, at)
    if rule_set is None:
        raise Refused(_("There are no rules in force here yet."))
    rules = Rules.read(rule_set.rules)
    able, method = len(electors(electorate, at, group)), rules.method_for(body.kind)
    on_paper = held_on_paper(
        electorate=electorate, rules=rules, able=able, chosen=on_paper, ranked=method == PollKind.STV
    )  # too few would be void when nominations close
    _refuse_short_windows(rules, at, nominations_close_at, voting_closes_at)
    seats_begin_at = voting_closes_at + dt.timedelta(days=rules.objection_days)
    until, vacant = seats_begin_at, list[Seat]()
    if vacancies_only:
        vacant = seats_to_fill(body=body, electorate=electorate, group=group, until=until, at=at)
    elif group or is_assembly(electorate):
        _refuse_other_constituency(rules, body, group)
    seats = len(vacant) or rules.seats_in(body.kind, group)
    whole_term = seats_begin_at + dt.timedelta(days=rules.term_days)
    with translation.override(settings.LANGUAGE_CODE):  # the record is in the installation's language
        title = title_of(body, seats, group)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=body.pk)
        live = Election.objects.live().filter(body=body, electorate=electorate).values_list("group", flat=True)
        if any(not group or not other or same_group(group, other) for other in live):
            raise Refused(_("An election for these seats is under way already. Another is called when it is over."))
        election = Election.objects.create(
            body=body,
            electorate=electorate,
            group=group,
            rule_set=rule_set,
            title=title,
            method=method,
            seats=seats,
            state=ElectionState.NOMINATING,
            called_by=by,
            called_at=at,
            nominations_open_at=at,
            nominations_close_at=nominations_close_at,
            voting_opens_at=nominations_close_at + dt.timedelta(days=rules.campaign_days),
            voting_closes_at=voting_closes_at,
            vacancies_only=vacancies_only,
            on_paper=on_paper,
            term_ends_at=max((seat.term_ends_at for seat in vacant), default=whole_term),
        )
        _enqueue("close_nominations", election, at=at, due_at=nominations_close_at)
        audit.record(
            verb="call_election", by=by, at=at, body=electorate, subject=election, seats=seats, rules=rule_set.version,
            **({"group": group} if group else {}),
        )  # fmt: skip
    return election


def title_of(body: Body, seats: int, group: str = "") -> str:
    """“Elect 2 delegates to the cordón”, in the active language; of a constituency with its name."""
    if body.kind == BodyKind.COMMITTEE:
        text = ngettext("Elect %(n)s person to the committee", "Elect %(n)s people to the committee", seats)
    elif body.kind == BodyKind.PROVINCIAL_COORDINATION:
        text = ngettext(
            "Elect %(n)s delegate to the provincial coordination",
            "Elect %(n)s delegates to the provincial coordination",
            seats,
        )
    elif body.kind == BodyKind.NATIONAL_COUNCIL:
        text = ngettext(
            "Elect %(n)s delegate to the national council", "Elect %(n)s delegates to the national council", seats
        )
    else:
        text = ngettext("Elect %(n)s delegate to the cordón", "Elect %(n)s delegates to the cordón", seats)
    return f"{text % {'n': seats}} · {group}" if group else text % {"n": seats}


def _refuse_other_constituency(rules: Rules, body: Body, group: str) -> None:
    """Everybody elects where the rules name no groups, and where they do each group its own."""
    groups = [part.group for part in rules.constituencies_of(body.kind)]
    if group not in (groups or [""]):
        if not groups:
            raise Refused(_("By the rules everybody elects these seats together."))
        raise Refused(
            _("By the rules each of these groups elects its own seats: %(names)s.") % {"names": ", ".join(groups)}
        )


def _refuse_short_windows(rules: Rules, at: dt.datetime, nominations: dt.datetime, voting: dt.datetime) -> None:
    least = at + dt.timedelta(days=rules.nomination_days)
    if nominations < least:
        raise Refused(
            ngettext(
                "Nominations last at least %(n)s day by the rules. Choose a later close.",
                "Nominations last at least %(n)s days by the rules. Choose a later close.",
                rules.nomination_days,
            )
            % {"n": rules.nomination_days}
        )
    if nominations > at + FURTHEST:  # before days are added to it: the calendar ends
        raise Refused(_("The vote must close within a year. Choose an earlier close."))
    opens_at = nominations + dt.timedelta(days=rules.campaign_days)
    refuse_short_vote(rules, opens_at=opens_at, closes_at=max(opens_at, voting), at=at)


def _enqueue(kind: str, election: Election, *, at: dt.datetime, due_at: dt.datetime) -> None:
    payload = {"election": str(election.uuid)}
    job.enqueue(kind=kind, key=f"{kind}:{election.uuid}", at=at, due_at=due_at, payload=payload)


def current(election: Election, at: dt.datetime) -> Election:
    """Lock the row and write what the clock has decided by ``at``. Call inside a transaction."""
    row = (
        Election.objects.select_for_update(of=("self",))
        .select_related("electorate", "body", "rule_set")
        .get(pk=election.pk)
    )
    if row.state == ElectionState.NOMINATING and is_due(row, at):
        _close_nominations(row, at)
    if row.state == ElectionState.CAMPAIGN and is_due(row, at):
        _move(row, ElectionState.VOTING)
        row.save()
        _tell_undecided("let_roll_stand", row, row.objections.to_roll().undecided().count(), at)
    if row.state == ElectionState.DECLARED and is_due(row, at):
        _seat_elected(row, at)
    return row


def is_due(election: Election, at: dt.datetime) -> bool:
    """Whether the clock has decided something by ``at`` that is not written yet."""
    hour = {
        ElectionState.NOMINATING: election.nominations_close_at,
        ElectionState.CAMPAIGN: election.voting_opens_at,
        ElectionState.DECLARED: election.objections_until,
    }.get(ElectionState(election.state))
    return hour is not None and at >= hour


def bring_up_to_date(*, election: Election, at: dt.datetime) -> Election:
    """Write what is due, and nothing else; safe to call at every read. Returns the election as it now is."""
    if not is_due(election, at):
        return election
    with transaction.atomic():
        return current(election, at)


def _close_nominations(election: Election, at: dt.datetime) -> None:
    """Void with too few candidates; else put those who accepted to the vote. The row is locked."""
    standing = (
        election.nominations.filter(state=NominationState.ACCEPTED)
        .select_related("nominee", "candidate_list")
        .order_by("uuid")
    )
    candidates = [n for n in standing if may_be_elected(n.nominee, election, at)]
    rules = rules_of(election)
    if not candidates or (len(candidates) < election.seats and not rules.uncontested_vote):
        void_election(election, "too_few", at)
        return
    least = rules.least_electors(on_paper=election.on_paper) if is_assembly(election.electorate) else 1
    if len(electors(election.electorate, at, election.group)) < least:
        void_election(election, "too_small", at)
        return
    late = max(dt.timedelta(0), at - election.nominations_close_at)
    if late > dt.timedelta(hours=1):  # nothing ran for long: nobody can vote yesterday, so the vote keeps its length
        seats_begin_at = election.voting_closes_at + late + dt.timedelta(days=rules.objection_days)
        if election.vacancies_only and seats_begin_at >= election.term_ends_at:
            void_election(election, "too_late", at)
            return
        election.voting_opens_at += late
        election.voting_closes_at += late
        election.term_ends_at += late if not election.vacancies_only else dt.timedelta(0)
    _DRAW.shuffle(candidates)
    _move(election, ElectionState.CAMPAIGN if rules.campaign_days else ElectionState.VOTING)
    election.poll = schedule_poll(
        body=election.electorate,
        group=election.group,
        rule_set=election.rule_set,
        kind=election.method,
        question=election.title,
        options=options_of(candidates),
        seats=election.seats,
        opens_at=election.voting_opens_at,
        closes_at=election.voting_closes_at,
        on_paper=election.on_paper,
        at=at,
    )
    election.save()
    body, told = election.electorate, {"candidates": len(candidates)}
    audit.record(verb="close_nominations", by=None, at=at, body=body, subject=election, **told)
    if election.state == ElectionState.CAMPAIGN:
        close_roll(poll=election.poll, hour=election.nominations_close_at)
        audit.record(verb="close_roll", by=None, at=at, body=body, subject=election, roll=election.poll.roll_size)
        _enqueue("open_voting", election, at=at, due_at=election.voting_opens_at)


def _tell_undecided(verb: str, election: Election, count: int, at: dt.datetime) -> None:
    """Silence changes nothing, and the log says so."""
    if count:
        audit.record(verb=verb, by=None, at=at, body=election.electorate, subject=election, count=count)


def void_election(election: Election, reason: str, at: dt.datetime) -> None:
    """End the locked ``election`` without seats; ``reason`` is a code of ``VOID_REASONS`` (views say it in words)."""
    _move(election, ElectionState.VOID)
    election.void_reason = reason
    election.save()
    audit.record(verb="void_election", by=None, at=at, body=election.electorate, subject=election, reason=reason)


def conclude_election(*, election: Election, at: dt.datetime) -> Election:
    """Declare who is elected, or void; the seats begin when the days to object are over, so at once without any.

    In the transaction that declares the poll; twice changes nothing.
    """
    with transaction.atomic():
        row = current(election, at)
        if row.state != ElectionState.VOTING or row.poll is None:
            return row
        result = row.poll.result
        if result["outcome"] != "elected":
            reason = result["outcome"] if result["outcome"] in ("tie", "no_quorum", "no_votes") else result["reason"]
            void_election(row, reason, at)
            return row
        _move(row, ElectionState.COUNTED)
        _move(row, ElectionState.DECLARED)
        row.objections_until = at + dt.timedelta(days=rules_of(row).objection_days)
        row.save()
        if is_due(row, at):
            _seat_elected(row, at)
        else:
            _enqueue("seat_elected", row, at=at, due_at=row.objections_until)
    return row


def _seat_elected(election: Election, at: dt.datetime) -> None:
    """The days to object are over and no objection was upheld. The row is locked."""
    assert election.poll is not None
    seat_winners(election=election, elected=election.poll.result["elected"], at=at)
    _move(election, ElectionState.SEATED)
    election.save()
    _tell_undecided("let_result_stand", election, election.objections.to_result().undecided().count(), at)
    transaction.on_commit(lambda: signals.election_seated.send(sender=Election, election=election, at=at), robust=True)


def may_be_elected(member: Member, election: Election, at: dt.datetime) -> bool:
    """She may stand, also after her terms there, and a by-election still has something to give her."""
    taken = election.vacancies_only and sits_there(member, election, at)
    able = may_stand(member, election.electorate, at, election.group)
    return able and not taken and not has_served_its_terms(member, election)


def _move(election: Election, state: ElectionState) -> None:
    if state not in ELECTION_TRANSITIONS[ElectionState(election.state)]:
        raise Refused(_("This election cannot take that step from where it stands."))
    election.state = state
