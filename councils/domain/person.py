"""Person: mending what the roll calls somebody. An account never renames itself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.domain.membership import current, lock_roll, on_roll, record_roll
from councils.enums import ElectionState, NominationState, PollState
from councils.errors import Refused
from councils.models import Member, Membership, Nomination, Poll, RollEntry, Territory
from councils.models.electorate import is_elector
from councils.names import is_person_name, mixes_alphabets, name_key

#: In all others a ballot or a result shows, or will show, the names of who stands.
_OVER = [ElectionState.SEATED, ElectionState.VOID]
_STANDS = [NominationState.PROPOSED, NominationState.ACCEPTED]


def correct_name(*, membership: Membership, name: str, by: Member, at: dt.datetime) -> Membership:
    """``name`` is how the roll and every page call her from now on; both names stand in the log.

    Only the committee of the workplace that had her on its roll here first may, as with a reset. Nobody is
    renamed while her name is on a ballot or on the roll of an open vote, and nobody is given a name that cannot
    be told from another of the roll. The same name again writes nothing. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("correct_name", by=by, on=membership, at=at)
    name = " ".join(name.split())
    if mixes_alphabets(name):
        raise Refused(_("This name mixes letters of two alphabets that look alike. Type it again in one of them."))
    if not is_person_name(name):
        raise Refused(_("Write the name as the workplace knows it."))
    with transaction.atomic():
        lock_roll(membership.territory)
        row = current(membership, at)
        person = Member.objects.select_for_update().get(pk=row.member_id)
        if person.name == name:
            return row
        if person.is_staff or person.is_superuser:
            raise Refused(_("This account keeps the installation. Its name is changed in the admin."))
        first = first_workplace(person, at)
        if first is not None and first.pk != row.territory_id:
            raise Refused(_("Her name is corrected by the committee of %(workplace)s.") % {"workplace": first})
        refuse_on_ballot(person)
        _refuse_on_open_roll(person, at)
        _refuse_namesake(row, name, at)
        before, person.name = person.name, name
        person.save(update_fields=["name"])
        row.member = person
        record_roll(verb="correct_name", by=by, at=at, membership=row, before=before)
    return row


def refuse_on_ballot(person: Member) -> None:
    """Raise ``Refused`` while her name is, or may come to be, on a ballot."""
    if Nomination.objects.filter(nominee=person, state__in=_STANDS).exclude(election__state__in=_OVER).exists():
        raise Refused(_("She is named in an election that is under way. Her name can be corrected after it."))


def _refuse_on_open_roll(person: Member, at: dt.datetime) -> None:
    """Raise ``Refused`` while she votes: the table, where two people admit her by her name, must find her by it.

    And from when the roll is closed: whoever objects to it must find her by it too.
    """
    polls = Poll.objects.opening_or_open_at(at)
    closed = Poll.objects.filter(state__in=[PollState.SCHEDULED, PollState.OPEN], closes_at__gt=at)
    # one whose hour has come and that nobody has opened yet has no roll: she is asked for as the opening would
    waiting = polls.filter(state=PollState.SCHEDULED).select_related("body__territory")
    if RollEntry.objects.filter(member=person, poll__in=closed).exists() or any(
        is_elector(person, poll.body, poll.opens_at, poll.group) for poll in waiting
    ):
        raise Refused(_("She is on the roll of a vote that is open. Her name can be corrected after it."))


def _refuse_namesake(row: Membership, name: str, at: dt.datetime) -> None:
    """Raise ``Refused`` where somebody else of the roll has that name and roll numbers do not tell them apart."""
    others = on_roll(row.territory, at).exclude(member=row.member_id).select_related("member")
    for other in others:
        numbered = row.reference and other.reference and row.reference != other.reference
        if name_key(other.member.name) == name_key(name) and not numbered:
            raise Refused(
                _("Somebody else on the roll is called %(name)s. Add a second surname, or give both a roll number.")
                % {"name": other.member.name}
            )


def first_workplace(member: Member, at: dt.datetime) -> Territory | None:
    """Of the workplaces to which she belongs now, the one that entered her first here.

    In the order in which the rows were written: a committee can date a membership back, not write it earlier.
    """
    held = Membership.objects.valid_on(local_day(at)).filter(member=member).select_related("territory")
    row: Membership | None = held.order_by("pk").first()
    return row.territory if row else None
