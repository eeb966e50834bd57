"""Election: it is called, people are nominated and accept, the electorate votes, seats are filled.

An assembly elects its committee and its delegates, by urn; a council elects from among its own delegates those to
the council above, by name, and whoever loses the seat below loses the one above (``Seat.through``).

called → nominations → voting → counted → seated, or void with its reason and what happens
next. Nominations close by the clock: ``bring_up_to_date`` at every read, the job
``close_nominations`` when nobody reads. The vote itself is a Poll.
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
from councils.counting.publication import LEAST_RANKED_ELECTORS
from councils.domain import audit, job
from councils.domain.poll import refuse_small, schedule_poll
from councils.domain.seat import end_seats
from councils.domain.vacancy import seats_to_fill, sits_there, take_vacancies
from councils.enums import (
    ELECTION_TRANSITIONS,
    BodyKind,
    ElectionState,
    NominationState,
    PollKind,
    SeatEnd,
)
from councils.errors import Refused
from councils.models import Body, Election, Member, RuleSet, Seat
from councils.models.electorate import bodies_elected_by, electors, is_assembly, may_stand
from councils.rules import Rules

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
) -> Election:
    """Call ``electorate`` (an assembly, a council) to fill its seats in ``body``; nominations open at once.

    The vote opens when they close. Seats, shortest windows and term are those of the rules; with
    ``vacancies_only`` it is a by-election, which fills only seats that ended early, for the rest of their term, and
    ends no other. Raises ``Denied`` unless ``by`` sits in the committee (or nobody does, and she is an elector), or
    in the council; ``Refused`` for windows shorter than the rules ask, a body that this electorate does not elect,
    too few electors for a secret vote or for a ranked one, or an election already under way.
    """
    permissions.require("call_election", by=by, on=electorate, at=at)
    if not bodies_elected_by(electorate, local_day(at)).filter(pk=body.pk).exists():
        raise Refused(_("Those who vote here do not elect that body."))
    rule_set = RuleSet.objects.in_force(electorate, at)
    if rule_set is None:
        raise Refused(_("There are no rules in force here yet."))
    rules = Rules.read(rule_set.rules)
    able, method = len(electors(electorate, at)), rules.method_for(body.kind)
    if is_assembly(electorate):
        refuse_small(able, rules.minimum_electorate)  # it would be void when nominations close
        if method == PollKind.STV:
            _refuse_ranking_among_few(able)
    _refuse_short_windows(rules, at, nominations_close_at, voting_closes_at)
    vacant = seats_to_fill(body=body, electorate=electorate, until=voting_closes_at, at=at) if vacancies_only else []
    seats = len(vacant) or rules.seats_in(body.kind)
    whole_term = voting_closes_at + dt.timedelta(days=rules.term_days)
    with translation.override(settings.LANGUAGE_CODE):  # the record is in the installation's language
        title = title_of(body, seats)
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=body.pk)
        if Election.objects.live().filter(body=body, electorate=electorate).exists():
            raise Refused(_("An election for these seats is under way already. Another is called when it is over."))
        election = Election.objects.create(
            body=body,
            electorate=electorate,
            rule_set=rule_set,
            title=title,
            method=method,
            seats=seats,
            state=ElectionState.NOMINATING,
            called_by=by,
            called_at=at,
            nominations_open_at=at,
            nominations_close_at=nominations_close_at,
            voting_opens_at=nominations_close_at,
            voting_closes_at=voting_closes_at,
            vacancies_only=vacancies_only,
            term_ends_at=max((seat.term_ends_at for seat in vacant), default=whole_term),
        )
        job.enqueue(
            kind="close_nominations",
            key=f"close_nominations:{election.uuid}",
            at=at,
            due_at=nominations_close_at,
            payload={"election": str(election.uuid)},
        )
        audit.record(
            verb="call_election", by=by, at=at, body=electorate, subject=election, seats=seats, rules=rule_set.version
        )
    return election


def title_of(body: Body, seats: int) -> str:
    """“Elect 2 delegates to the cordón”, in the active language."""
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
    return text % {"n": seats}


def _refuse_ranking_among_few(able: int) -> None:
    """A ranking of all candidates is nearly a signature: among few people it tells whose it is."""
    if able < LEAST_RANKED_ELECTORS:
        raise Refused(
            _(
                "Here %(able)s people may vote, and an election by ranking needs %(least)s: among fewer, the order in"
                " which somebody puts the candidates tells who she is. Elect together with another unit, vote on paper,"
                " or agree on another method in the rules."
            )
            % {"able": able, "least": LEAST_RANKED_ELECTORS}
        )


def _refuse_short_windows(rules: Rules, at: dt.datetime, nominations: dt.datetime, voting: dt.datetime) -> None:
    if max(nominations, voting) > at + dt.timedelta(days=365):
        raise Refused(_("The vote must close within a year. Choose an earlier close."))
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
    if voting < nominations + dt.timedelta(days=rules.voting_days):
        raise Refused(
            ngettext(
                "The vote lasts at least %(n)s day by the rules. Choose a later close.",
                "The vote lasts at least %(n)s days by the rules. Choose a later close.",
                rules.voting_days,
            )
            % {"n": rules.voting_days}
        )


def current(election: Election, at: dt.datetime) -> Election:
    """Lock the row and write what the clock has decided by ``at``. Call inside a transaction."""
    row = (
        Election.objects.select_for_update(of=("self",))
        .select_related("electorate", "body", "rule_set")
        .get(pk=election.pk)
    )
    if row.state == ElectionState.NOMINATING and at >= row.nominations_close_at:
        _close_nominations(row, at)
    return row


def bring_up_to_date(*, election: Election, at: dt.datetime) -> Election:
    """Write what is due, and nothing else; safe to call at every read. Returns the election as it now is."""
    if election.state != ElectionState.NOMINATING or at < election.nominations_close_at:
        return election
    with transaction.atomic():
        return current(election, at)


def _close_nominations(election: Election, at: dt.datetime) -> None:
    """Void with too few candidates; else put those who accepted to the vote. The row is locked."""
    standing = election.nominations.filter(state=NominationState.ACCEPTED).select_related("nominee").order_by("uuid")
    candidates = [n for n in standing if may_be_elected(n.nominee, election, at)]
    rules = rules_of(election)
    if not candidates or (len(candidates) < election.seats and not rules.uncontested_vote):
        void_election(election, "too_few", at)
        return
    least = rules.minimum_electorate if is_assembly(election.electorate) else 1
    if len(electors(election.electorate, at)) < least:
        void_election(election, "too_small", at)
        return
    late = max(dt.timedelta(0), at - election.nominations_close_at)
    if late > dt.timedelta(hours=1):  # nothing ran for long: nobody can vote yesterday, so the vote keeps its length
        if election.vacancies_only and election.voting_closes_at + late >= election.term_ends_at:
            void_election(election, "too_late", at)
            return
        election.voting_opens_at += late
        election.voting_closes_at += late
        election.term_ends_at += late if not election.vacancies_only else dt.timedelta(0)
    _DRAW.shuffle(candidates)
    _move(election, ElectionState.VOTING)
    election.poll = schedule_poll(
        body=election.electorate,
        rule_set=election.rule_set,
        kind=election.method,
        question=election.title,
        options=[
            {"id": str(i), "label": n.nominee.name[:120], "line": n.statement, "nominee": str(n.nominee.uuid)}
            for i, n in enumerate(candidates, 1)
        ],
        seats=election.seats,
        opens_at=election.voting_opens_at,
        closes_at=election.voting_closes_at,
        at=at,
    )
    election.save()
    audit.record(
        verb="close_nominations", by=None, at=at, body=election.electorate, subject=election, candidates=len(candidates)
    )


def void_election(election: Election, reason: str, at: dt.datetime) -> None:
    """End the locked ``election`` without seats; ``reason`` is a code of ``VOID_REASONS`` (views say it in words)."""
    _move(election, ElectionState.VOID)
    election.void_reason = reason
    election.save()
    audit.record(verb="void_election", by=None, at=at, body=election.electorate, subject=election, reason=reason)


def conclude_election(*, election: Election, at: dt.datetime) -> Election:
    """Fill the seats as the declared poll decided, or void. In the transaction that declares; twice changes nothing."""
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
        _seat_winners(row, result["elected"], at)
        _move(row, ElectionState.SEATED)
        row.save()
        transaction.on_commit(lambda: signals.election_seated.send(sender=Election, election=row, at=at), robust=True)
    return row


def _seat_winners(election: Election, elected: list[str], at: dt.datetime) -> None:
    """The new term begins now; the seats that this electorate had filled there end as replaced.

    In a by-election nobody's does: the winners complete the terms of the vacant seats.
    """
    assert election.poll is not None
    nominees = {o["id"]: o["nominee"] for o in election.poll.options}
    by_uuid = {str(m.uuid): m for m in Member.objects.filter(uuid__in=[nominees[i] for i in elected])}
    # who left meanwhile leaves her seat vacant
    winners = [m for i in elected if may_stand(m := by_uuid[nominees[i]], election.electorate, at)]
    if election.vacancies_only:
        take_vacancies(election=election, winners=winners, at=at)
    else:
        _seat_all(election, winners, at)
    audit.record(
        verb="seat_winners",
        by=None,
        at=at,
        body=election.electorate,
        subject=election,
        seats=election.seats_won.count(),
    )


def _seat_all(election: Election, winners: list[Member], at: dt.datetime) -> None:
    represents = None if election.body.kind == BodyKind.COMMITTEE else election.electorate.territory
    before = Seat.objects.held_at(at).in_body(election.body).filter(elected_by=election.electorate)
    end_seats(seats=list(before), reason=SeatEnd.REPLACED, by=None, at=at)
    for holder in winners:
        below = seat_below(election, holder, at)
        term_ends_at = max(election.term_ends_at, at + dt.timedelta(days=1))
        Seat.objects.create(
            body=election.body,
            holder=holder,
            elected_by=election.electorate,
            represents=represents,
            election=election,
            through=below,
            term_begins_at=at,
            term_ends_at=min(term_ends_at, below.term_ends_at) if below else term_ends_at,
        )


def may_be_elected(member: Member, election: Election, at: dt.datetime) -> bool:
    """She may stand, and a by-election still has something to give her."""
    taken = election.vacancies_only and sits_there(member, election, at)
    return may_stand(member, election.electorate, at) and not taken


def seat_below(election: Election, holder: Member, at: dt.datetime) -> Seat | None:
    """The seat of ``holder`` in the council that elected her, the longest if she has two; None for an assembly."""
    if is_assembly(election.electorate):
        return None
    seats = Seat.objects.held_at(at).of(holder).in_body(election.electorate)
    return seats.order_by("-term_ends_at", "pk").first()


def _move(election: Election, state: ElectionState) -> None:
    if state not in ELECTION_TRANSITIONS[ElectionState(election.state)]:
        raise Refused(_("This election cannot take that step from where it stands."))
    election.state = state
