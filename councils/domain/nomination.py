"""Nomination: a name is put forward, and counts once that person accepts.

Until nominations close by the clock; afterwards the ballot is fixed.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.domain.election import may_be_elected
from councils.domain.poll import MOST_OPTIONS
from councils.domain.terms import refuse_after_terms
from councils.enums import BY_LISTS, NOMINATION_TRANSITIONS, ElectionState, NominationState
from councils.errors import Refused
from councils.models import CandidateList, Election, Member, Nomination


def nominate(
    *,
    election: Election,
    nominee: Member,
    by: Member,
    at: dt.datetime,
    statement: str = "",
    on_list: CandidateList | None = None,
) -> Nomination:
    """Name ``nominee``; whoever names herself has accepted.

    Who declined or withdrew is not asked again: she alone may come back, by naming herself. Where the election is by
    lists: on the list that ``by`` has put forward. Raises ``Denied`` or ``Refused``.
    """
    if on_list is None:
        permissions.require("nominate", by=by, on=election, at=at)
    else:
        permissions.require("name_on_list", by=by, on=on_list, at=at)
    with transaction.atomic():
        row = open_for_nominations(election, at)
        if (on_list is not None) != (row.method in BY_LISTS) or (on_list and on_list.election_id != row.pk):
            raise Refused(_("Here people stand on lists: put one forward and name them on it."))
        refuse_after_terms(nominee, row)
        if not may_be_elected(nominee, row, at):
            raise Refused(_("That person is not among those who may stand here."))
        state = NominationState.ACCEPTED if nominee == by else NominationState.PROPOSED
        if state == NominationState.ACCEPTED:
            _refuse_full(row, on_list)
            _refuse_elsewhere(row, nominee, on_list)
        said = statement[:1000] if nominee == by else ""
        nomination, new = Nomination.objects.get_or_create(
            election=row,
            nominee=nominee,
            candidate_list=on_list,
            defaults={
                "place": _last_place(on_list),
                "proposed_by": by,
                "state": state,
                "statement": statement[:1000] if nominee == by else "",
                "at": at,
            },
        )
        if not new:
            if nomination.state in (NominationState.ACCEPTED, state):
                raise Refused(_("That person is nominated already."))
            if state not in NOMINATION_TRANSITIONS[NominationState(nomination.state)]:
                raise Refused(
                    _("%(name)s has declined or withdrawn, and alone may come back. Propose somebody else.")
                    % {"name": nominee}
                )
            nomination.state, nomination.proposed_by, nomination.at = state, by, at
            nomination.statement = said
            nomination.save()
        audit.record(verb="nominate", by=by, at=at, body=row.electorate, subject=nomination, name=nominee.name)
    return nomination


def accept_nomination(*, nomination: Nomination, by: Member, at: dt.datetime, statement: str = "") -> Nomination:
    """Stand: the name goes on the ballot, with a sentence of hers."""
    return _answer("accept_nomination", nomination, NominationState.ACCEPTED, by, at, statement)


def decline_nomination(*, nomination: Nomination, by: Member, at: dt.datetime) -> Nomination:
    """Not stand, without having accepted."""
    return _answer("decline_nomination", nomination, NominationState.DECLINED, by, at)


def withdraw_nomination(*, nomination: Nomination, by: Member, at: dt.datetime) -> Nomination:
    """Stand no longer, until nominations close: afterwards the ballot is fixed."""
    return _answer("withdraw_nomination", nomination, NominationState.WITHDRAWN, by, at)


def _answer(
    verb: str, nomination: Nomination, state: NominationState, by: Member, at: dt.datetime, statement: str = ""
) -> Nomination:
    """Move the nomination; answering the same twice changes nothing."""
    permissions.require(verb, by=by, on=nomination, at=at)
    with transaction.atomic():
        election = open_for_nominations(nomination.election, at)
        row = Nomination.objects.select_for_update().get(pk=nomination.pk)
        if row.state == state:
            return row
        if state not in NOMINATION_TRANSITIONS[NominationState(row.state)]:
            raise Refused(
                _("This nomination is “%(state)s”: that answer no longer fits it.")
                % {"state": NominationState(row.state).label}
            )
        row.state = state
        if state == NominationState.ACCEPTED:
            _refuse_full(election, row.candidate_list)
            _refuse_elsewhere(election, row.nominee, row.candidate_list)
            row.statement = statement[:1000]
        row.save()
        audit.record(verb=verb, by=by, at=at, body=election.electorate, subject=row, name=row.nominee.name)
    return row


def _refuse_full(election: Election, on_list: CandidateList | None) -> None:
    """One name more than a ballot holds, and the vote could never be scheduled; a list holds as many. The election's
    row is locked."""
    accepted = election.nominations.filter(state=NominationState.ACCEPTED, candidate_list=on_list)
    if accepted.count() >= MOST_OPTIONS:
        raise Refused(
            _("The ballot is full: it holds %(n)s names. Another person can stand only if one of them withdraws.")
            % {"n": MOST_OPTIONS}
        )


def _refuse_elsewhere(election: Election, nominee: Member, on_list: CandidateList | None) -> None:
    """Nobody stands on two lists. The election's row is locked."""
    standing = election.nominations.filter(nominee=nominee, state=NominationState.ACCEPTED)
    other = standing.exclude(candidate_list=on_list).select_related("candidate_list").first() if on_list else None
    if other is not None:
        raise Refused(
            _("%(name)s stands on the list “%(list)s”. Nobody stands on two: she withdraws there first.")
            % {"name": nominee, "list": other.candidate_list}
        )


def _last_place(on_list: CandidateList | None) -> int:
    """Whoever is named last stands last, until the list is put in order."""
    last = on_list.nominations.aggregate(last=Max("place"))["last"] if on_list else None
    return 0 if last is None else last + 1


def open_for_nominations(election: Election, at: dt.datetime) -> Election:
    """The locked row. Raises ``Refused`` unless nominations are open."""
    row = (
        Election.objects.select_for_update(of=("self",))
        .select_related("electorate", "body", "rule_set")
        .get(pk=election.pk)
    )
    if row.state != ElectionState.NOMINATING or not row.nominations_open_at <= at < row.nominations_close_at:
        raise Refused(_("Nominations are closed. The ballot stays as it is."))
    return row
