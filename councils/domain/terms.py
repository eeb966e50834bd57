"""Terms: how many somebody has sat in a row in one body for one electorate.

A term is that of a whole election. It counts once for whoever was seated by it, however early she gave the seat back
or lost it; for whoever completed another's, if at least half of it was left, by its dates. Completing less neither
counts nor interrupts. A provisional seat, which no election gave, is no term; nor does an election that was void
end a row, or a time in which nobody sat there.
"""

from __future__ import annotations

from django.utils.translation import ngettext

from councils.enums import ElectionState
from councils.errors import Refused
from councils.models import Body, Election, Member, Seat
from councils.rules import Rules


def terms_in_a_row(*, member: Member, body: Body, electorate: Body) -> int:
    """So many of the latest terms, without one between in which she did not sit there.

    By constituencies, the terms of the groups for which she has sat: what another group elected is no pause of hers.
    """
    seats = {seat.pk: seat for seat in Seat.objects.filter(body=body, elected_by=electorate)}
    counting: dict[int, bool] = {}
    for seat in seats.values():
        if seat.holder_id == member.pk:
            first = _first(seat, seats)
            counting[first.election_id or 0] = counting.get(first.election_id or 0, False) or _counts(seat, first)
    whole = Election.objects.filter(body=body, electorate=electorate, state=ElectionState.SEATED, vacancies_only=False)
    groups = {"", *(seat.group for seat in seats.values() if seat.holder_id == member.pk)}
    whole, row = whole.filter(group__in=groups), 0
    for election in whole.order_by("-voting_closes_at", "-pk").values_list("pk", flat=True):
        if election not in counting:
            break
        row += counting[election]
    return row


def _first(seat: Seat, seats: dict[int, Seat]) -> Seat:
    """The seat with which the term began that ``seat`` completes; itself if it completes none."""
    while seat.fills_id is not None:
        seat = seats[seat.fills_id]
    return seat


def _counts(seat: Seat, first: Seat) -> bool:
    return 2 * (seat.term_ends_at - seat.term_begins_at) >= first.term_ends_at - first.term_begins_at


def has_served_its_terms(member: Member, election: Election) -> bool:
    """Whether the rules of ``election`` let her stand no more for now."""
    most = Rules.read(election.rule_set.rules).consecutive_terms
    if most is None:
        return False
    return terms_in_a_row(member=member, body=election.body, electorate=election.electorate) >= most


def refuse_after_terms(member: Member, election: Election) -> None:
    """Raise ``Refused`` with the sentence of ``terms_served`` where she may stand no more for now."""
    if has_served_its_terms(member, election):
        raise Refused(terms_served(member, election))


def terms_served(member: Member, election: Election) -> str:
    """Why she does not stand."""
    n = terms_in_a_row(member=member, body=election.body, electorate=election.electorate)
    return ngettext(
        "%(name)s has sat there for %(n)s term, and by the rules does not stand now. After a term without a seat there"
        " it is possible again.",
        "%(name)s has sat there for %(n)s terms in a row, and by the rules does not stand now. After a term without a"
        " seat there it is possible again.",
        n,
    ) % {"name": member.name, "n": n}
