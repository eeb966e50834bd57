"""Candidate list: where an election is by lists, an elector puts one forward, names people on it and orders them.

Until nominations close; each person accepts as any nominee does. A list without anybody who accepted falls away.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.domain.nomination import open_for_nominations
from councils.domain.poll import MOST_OPTIONS
from councils.enums import BY_LISTS, NominationState
from councils.errors import Refused
from councils.models import CandidateList, Election, Member, Nomination
from councils.models.candidate_list import NAME_LIMIT
from councils.text import clean_line, says_something

#: People who are on a list or are asked to be.
ON_IT = (NominationState.ACCEPTED, NominationState.PROPOSED)


def put_forward_list(*, election: Election, name: str, by: Member, at: dt.datetime) -> CandidateList:
    """A new list, which ``by`` fills and orders. Raises ``Denied`` unless she is an elector; ``Refused``."""
    permissions.require("put_forward_list", by=by, on=election, at=at)
    name = clean_line(name)
    if not says_something(name) or len(name) > NAME_LIMIT:
        raise Refused(_("A list has a name of at most %(n)s letters.") % {"n": NAME_LIMIT})
    with transaction.atomic():
        row = open_for_nominations(election, at)
        if row.method not in BY_LISTS:
            raise Refused(_("Here people stand one by one, not on lists."))
        if row.lists.count() >= MOST_OPTIONS:
            raise Refused(_("The ballot is full: it holds %(n)s lists.") % {"n": MOST_OPTIONS})
        try:
            with transaction.atomic():
                made = CandidateList.objects.create(election=row, name=name, put_forward_by=by, at=at)
        except IntegrityError as e:
            if row.lists.filter(put_forward_by=by).exists():
                raise Refused(_("You have put a list forward already. Each person puts forward one.")) from e
            raise Refused(_("Another list has that name. Choose one that nobody takes for it.")) from e
        audit.record(verb="put_forward_list", by=by, at=at, body=row.electorate, subject=made, name=name)
    return made


def move_on_list(*, nomination: Nomination, up: bool, by: Member, at: dt.datetime) -> Nomination:
    """One place higher or lower on its list; at its end nothing changes. Raises ``Denied``, ``Refused``."""
    candidate_list = nomination.candidate_list
    if candidate_list is None:
        raise Refused(_("Here people stand one by one, not on lists."))
    permissions.require("order_list", by=by, on=candidate_list, at=at)
    with transaction.atomic():
        election = open_for_nominations(nomination.election, at)
        order = list(people_of(candidate_list))
        here = next((i for i, one in enumerate(order) if one.pk == nomination.pk), None)
        if here is None:
            raise Refused(_("That person is not on the list any more."))
        there = here - 1 if up else here + 1
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            for place, one in enumerate(order):
                one.place = place
            Nomination.objects.bulk_update(order, ["place"])
            audit.record(
                verb="order_list", by=by, at=at, body=election.electorate, subject=candidate_list,
                order=[str(one.nominee_id) for one in order],
            )  # fmt: skip
        return next(one for one in order if one.pk == nomination.pk)


def people_of(candidate_list: CandidateList) -> list[Nomination]:
    """Those who are on it or asked to be, in their order."""
    rows = candidate_list.nominations.filter(state__in=ON_IT).select_related("nominee", "proposed_by")
    return sorted(rows, key=lambda n: (n.place, n.pk))
