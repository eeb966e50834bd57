"""Objections: to the closed roll and to the declared result; two people decide, in time, or nothing changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from councils.domain import objection as objections
from councils.domain.ballot import cast_ballot
from councils.domain.log import events_of, in_words
from councils.domain.objection import answer_objection, confirm_objection, object_to_roll
from councils.domain.waiting import told_to, waiting_for
from councils.enums import ObjectionKind, ObjectionVerdict
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Election, Member, Membership, Objection, Seat
from tests import builders
from tests.campaigns import DECLARED, OPENS, called, campaigning, declared, give_days
from tests.conftest import Cast
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour, standing

SECOND = dt.timedelta(seconds=1)
DURING = NOMINATIONS_CLOSE + DAY
LAST = OPENS - SECOND
MISSING, NOT_ENTITLED = ObjectionKind.MISSING, ObjectionKind.NOT_ENTITLED
UPHELD, DISMISSED = ObjectionVerdict.UPHELD, ObjectionVerdict.DISMISSED


def missing(cast: Cast, election: Election, person: Member | None = None, by: Member | None = None) -> Objection:
    """Carmen says that Olga, who works there by now, is missing."""
    if person is None:
        builders.membership(cast.olga, cast.cristalerias)
    text = "Entró el lunes."
    return object_to_roll(
        election=election, kind=MISSING, person=person or cast.olga, text=text, by=by or cast.carmen, at=DURING
    )


def unfit(cast: Cast, election: Election, person: Member) -> Objection:
    text = "Se jubiló."
    return object_to_roll(election=election, kind=NOT_ENTITLED, person=person, text=text, by=cast.carmen, at=DURING)


def answered(objection: Objection, by: Member, verdict: str = UPHELD, at: dt.datetime = DURING) -> Objection:
    return answer_objection(objection=objection, verdict=verdict, reason="Así consta.", by=by, at=at)


def decided(cast: Cast, objection: Objection, verdict: str = UPHELD, at: dt.datetime = DURING) -> Objection:
    """Elena answers, the list of people is put right where it has to be, Hugo confirms."""
    answer = answered(objection, cast.elena, verdict, at)
    if (objection.kind, verdict) == (NOT_ENTITLED, UPHELD):
        Membership.objects.filter(member=objection.person).update(can_vote=False)
    return confirm_objection(objection=answer, answer=answer.answers, by=cast.hugo, at=at)


def roll(election: Election) -> tuple[set[str], int, int]:
    """Who is on it, and what its size is said to be."""
    poll = Election.objects.get(pk=election.pk).poll
    assert poll is not None and poll.roll_size is not None and poll.quorum_base is not None
    return set(poll.roll.values_list("member__username", flat=True)), poll.roll_size, poll.quorum_base


FIVE = {"carmen", "pedro", "elena", "hugo", "rosa"}


# --- to the roll -----------------------------------------------------------------------------------------------


def test_upheld_adds_exactly_that_person_and_she_votes(cast: Cast):
    election = campaigning(cast)
    objection = missing(cast, election)
    assert roll(election) == (FIVE, 5, 5)
    decided(cast, objection)
    assert roll(election) == (FIVE | {"olga"}, 6, 6)
    election = at_hour(election, OPENS)
    assert cast_ballot(poll=election.poll, by=cast.olga, marks=[], replaces=0, at=OPENS).version == 1


def test_upheld_adds_her_with_her_own_right_to_count_for_the_quorum(cast: Cast):
    election = campaigning(cast)
    objection = missing(cast, election)
    cast.olga.memberships.update(counts_for_quorum=False)
    decided(cast, objection)
    assert roll(election)[1:] == (6, 5)


def test_upheld_takes_off_exactly_that_person(cast: Cast):
    election = campaigning(cast)
    decided(cast, unfit(cast, election, cast.pedro))
    assert roll(election) == (FIVE - {"pedro"}, 4, 4)
    election = at_hour(election, OPENS)
    with pytest.raises(Denied):
        cast_ballot(poll=election.poll, by=cast.pedro, marks=[], replaces=0, at=OPENS)


def test_who_may_vote_by_the_list_of_people_is_not_struck_off(cast: Cast):
    election = campaigning(cast)
    answer = answered(unfit(cast, election, cast.pedro), cast.elena)
    with pytest.raises(Refused):
        confirm_objection(objection=answer, answer=1, by=cast.hugo, at=DURING)
    assert roll(election) == (FIVE, 5, 5)
    assert Objection.objects.get().confirmed_at is None
    cast.pedro.memberships.update(can_vote=False)
    confirm_objection(objection=answer, answer=1, by=cast.hugo, at=DURING)
    assert roll(election) == (FIVE - {"pedro"}, 4, 4)


def test_dismissed_changes_nothing_and_says_why(cast: Cast):
    election = campaigning(cast)
    objection = decided(cast, unfit(cast, election, cast.pedro), DISMISSED)
    assert (roll(election), objection.reason) == ((FIVE, 5, 5), "Así consta.")


def test_each_step_is_in_the_log_in_words(cast: Cast):
    election = campaigning(cast)
    decided(cast, missing(cast, election))
    told = [entry.sentence for entry in in_words(events_of(body=cast.assembly, by=cast.carmen, at=DURING))][:4]
    assert [e.verb for e in AuditEvent.objects.order_by("-pk")][:4] == [
        "add_to_roll", "confirm_objection", "answer_objection", "object_to_roll"
    ]  # fmt: skip
    assert all("Olga Lira" in told[i] for i in (0, 3)) and "6" in told[0]


def test_one_answers_and_another_confirms(cast: Cast):
    election = campaigning(cast)
    answer = answered(missing(cast, election), cast.elena)
    with pytest.raises(Refused):
        confirm_objection(objection=answer, answer=1, by=cast.elena, at=DURING)
    assert roll(election) == (FIVE, 5, 5)


@pytest.mark.parametrize("who", ["objector", "person"])
def test_neither_the_objector_nor_the_person_decides(cast: Cast, who):
    election = campaigning(cast)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    if who == "person":
        objection = unfit(cast, election, cast.elena)
    else:
        builders.membership(cast.olga, cast.cristalerias)
        objection = missing(cast, election, cast.olga, by=cast.elena)
    with pytest.raises(Refused):
        answered(objection, cast.elena)
    answer = answered(objection, cast.hugo, DISMISSED)
    with pytest.raises(Refused):
        confirm_objection(objection=answer, answer=1, by=cast.elena, at=DURING)
    assert confirm_objection(objection=answer, answer=1, by=cast.pedro, at=DURING).confirmed_by == cast.pedro


def test_the_database_refuses_one_person_twice_the_objector_and_the_person(cast: Cast):
    election = campaigning(cast)
    objection = unfit(cast, election, cast.pedro)
    whole = {"verdict": UPHELD, "reason": "x", "answered_at": DURING, "confirmed_at": DURING}
    for answering, confirming in (
        (cast.elena, cast.elena), (cast.carmen, cast.elena), (cast.elena, cast.carmen), (cast.pedro, cast.elena),
        (cast.elena, cast.pedro),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.filter(pk=objection.pk).update(answered_by=answering, confirmed_by=confirming, **whole)


def test_an_answer_that_changed_meanwhile_is_not_confirmed(cast: Cast):
    objection = missing(cast, campaigning(cast))
    read = answered(objection, cast.elena, DISMISSED).answers
    answered(objection, cast.elena, UPHELD)
    with pytest.raises(Refused):
        confirm_objection(objection=objection, answer=read, by=cast.hugo, at=DURING)


def test_an_answer_of_who_no_longer_sits_there_is_not_confirmed(cast: Cast):
    objection = missing(cast, campaigning(cast))
    answered(objection, cast.elena)
    Seat.objects.filter(holder=cast.elena).update(ended_at=DURING, end_reason="resigned")
    with pytest.raises(Refused):
        confirm_objection(objection=objection, answer=1, by=cast.hugo, at=DURING)


def test_confirm_twice_changes_nothing(cast: Cast):
    election = campaigning(cast)
    objection = decided(cast, missing(cast, election))
    confirm_objection(objection=objection, answer=1, by=cast.hugo, at=LAST)
    assert (roll(election)[1], AuditEvent.objects.filter(verb="confirm_objection").count()) == (6, 1)
    with pytest.raises(Refused):
        answered(objection, cast.elena, DISMISSED)


def test_upheld_for_whom_the_list_of_people_gives_no_vote_is_refused_whole(cast: Cast):
    election = campaigning(cast)
    objection = missing(cast, election)
    cast.olga.memberships.update(can_vote=False)
    answer = answered(objection, cast.elena)
    with pytest.raises(Refused):
        confirm_objection(objection=answer, answer=1, by=cast.hugo, at=DURING)
    assert (roll(election)[1], Objection.objects.get().confirmed_at) == (5, None)
    cast.olga.memberships.update(can_vote=True)
    confirm_objection(objection=answer, answer=1, by=cast.hugo, at=DURING)
    assert roll(election)[1] == 6


@pytest.mark.parametrize(
    ("kind", "name"), [(MISSING, "pedro"), (NOT_ENTITLED, "olga"), (MISSING, "nora"), ("result", "pedro")]
)
def test_what_is_not_so_is_refused(cast: Cast, kind, name):
    election = campaigning(cast)
    with pytest.raises(Refused):
        object_to_roll(
            election=election, kind=kind, person=getattr(cast, name), text="No vota.", by=cast.carmen, at=DURING
        )


def test_one_objection_about_a_person_waits_at_a_time(cast: Cast):
    election = campaigning(cast)
    objection = unfit(cast, election, cast.pedro)
    with pytest.raises(Refused):
        unfit(cast, election, cast.pedro)
    decided(cast, objection, DISMISSED)
    assert unfit(cast, election, cast.pedro).pk != objection.pk


def test_nobody_objects_without_end(cast: Cast, monkeypatch):
    monkeypatch.setattr(objections, "MOST_EACH", 1)
    election = campaigning(cast)
    unfit(cast, election, cast.pedro)
    with pytest.raises(Refused, match="1"):
        unfit(cast, election, cast.hugo)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 1001])
def test_an_objection_and_an_answer_say_why(cast: Cast, text):
    election = campaigning(cast)
    with pytest.raises(Refused):
        object_to_roll(election=election, kind=NOT_ENTITLED, person=cast.pedro, text=text, by=cast.carmen, at=DURING)
    objection = unfit(cast, election, cast.pedro)
    with pytest.raises(Refused):
        answer_objection(objection=objection, verdict=UPHELD, reason=text, by=cast.elena, at=DURING)


def test_never_after_the_opening(cast: Cast):
    """By the clock alone: nobody has read the election, and no job has run."""
    election = campaigning(cast)
    answer = answered(missing(cast, election), cast.elena, at=LAST)
    with pytest.raises(Refused):
        confirm_objection(objection=answer, answer=1, by=cast.hugo, at=OPENS)
    with pytest.raises(Refused):
        answered(answer, cast.hugo, at=OPENS)
    with pytest.raises(Refused):
        object_to_roll(election=election, kind=NOT_ENTITLED, person=cast.pedro, text="No.", by=cast.carmen, at=OPENS)
    assert roll(election) == (FIVE, 5, 5)


def test_decided_in_the_last_second_counts(cast: Cast):
    election = campaigning(cast)
    decided(cast, missing(cast, election), at=LAST)
    assert roll(at_hour(election, OPENS))[1] == 6


def test_undecided_at_the_opening_the_roll_stands_and_the_log_says_so(cast: Cast):
    election = campaigning(cast)
    answered(missing(cast, election), cast.elena)
    unfit(cast, election, cast.pedro)
    at_hour(election, OPENS)
    assert roll(election) == (FIVE, 5, 5)
    assert AuditEvent.objects.get(verb="let_roll_stand").detail == {"count": 2, "rules": 1}


def test_an_outage_leaves_all_the_days_to_object(cast: Cast):
    """Nominations were closed two days late: the campaign is as long as ever."""
    give_days(cast)
    election = called(cast)
    standing(election, cast.rosa)
    election = at_hour(election, NOMINATIONS_CLOSE + 2 * DAY)
    objection = unfit(cast, election, cast.pedro)
    decided(cast, objection, at=LAST + 2 * DAY)
    assert roll(election)[1] == 4


def test_without_days_of_campaign_nobody_objects_to_the_roll(cast: Cast):
    election = campaigning(cast, campaign=0)
    with pytest.raises(Refused):
        unfit(cast, election, cast.pedro)


def test_a_roll_that_objections_made_too_small_opens_no_secret_vote(cast: Cast):
    election = campaigning(cast, cast.rosa, minimum_electorate=5)
    decided(cast, unfit(cast, election, cast.pedro))
    election = at_hour(election, OPENS)
    assert (election.state, election.void_reason) == ("void", "too_small")


# --- what waits ---------------------------------------------------------------------------------------------------


def test_the_committee_is_asked_and_who_is_concerned_is_not(cast: Cast):
    election = campaigning(cast)
    objection = unfit(cast, election, cast.elena)
    url = f"/elections/objections/{objection.uuid}/"

    def asked(at: dt.datetime) -> set[str]:
        people = (cast.carmen, cast.elena, cast.hugo, cast.nora)
        return {p.username for p in people if url in [t.url for t in waiting_for(member=p, at=at)]}

    assert asked(DURING) == {"hugo"}
    answered(objection, cast.hugo)
    assert asked(DURING) == set()
    builders.seat(cast.carmen, cast.committee, cast.assembly)
    builders.seat(cast.pedro, cast.committee, cast.assembly)
    assert url in [t.url for t in waiting_for(member=cast.pedro, at=DURING)]
    assert asked(OPENS) == set()


@pytest.mark.parametrize(("stage", "at"), [(campaigning, DURING), (declared, DECLARED + DAY)])
def test_who_may_object_is_told_until_when(cast: Cast, stage, at):
    election = stage(cast)
    url = f"/elections/{election.uuid}/"
    told = [n.url for n in told_to(member=cast.carmen, at=at)]
    assert (told.count(url), url in [n.url for n in told_to(member=cast.nora, at=at)]) == (1, False)
