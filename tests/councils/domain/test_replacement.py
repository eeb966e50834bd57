"""A substitute stands in for some days: she votes in the council, the holder does not, and the clock ends it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from councils.domain.ballot import cast_named_vote
from councils.domain.delegate import votes_of
from councils.domain.log import in_words
from councils.domain.outcome import bring_up_to_date
from councils.domain.question import put_question
from councils.domain.replacement import hand_over_seat, take_back_seat
from councils.domain.resignation import resign_seat
from councils.domain.seat import end_seats
from councils.domain.waiting import told_to, waiting_for
from councils.enums import BodyKind, SeatEnd
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, Member, Poll, Replacement, Seat, Substitute
from councils.models.electorate import bodies_voting_with, electors, is_elector, may_stand, stand_ins
from councils.views.named_votes import named_lines
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.domain.test_delegate import instructed
from tests.questions import CLOSES, OPENS, put, voted
from tests.recalls import seat_of

DAY = dt.timedelta(days=1)
TODAY = NOW.date()
#: The day on which a question that is put today is opened.
FIRST = OPENS.date()


def substitute(cast: Cast, member: Member | None = None, rank: int = 1) -> Substitute:
    """Carmen follows Elena."""
    return Substitute.objects.create(seat=seat_of(cast), member=member or cast.carmen, rank=rank)


def handed(cast: Cast, from_on: dt.date = FIRST, days: int = 3, at: dt.datetime = NOW) -> Replacement:
    """Elena hands her seat in the council to Carmen."""
    row = Substitute.objects.filter(seat=seat_of(cast), member=cast.carmen).first() or substitute(cast)
    until_on = from_on + days * DAY
    return hand_over_seat(seat=seat_of(cast), substitute=row, from_on=from_on, until_on=until_on, by=cast.elena, at=at)


def roll(poll: Poll) -> set[str]:
    return set(poll.roll.values_list("member__username", flat=True))


# --- who acts ------------------------------------------------------------------------------------------------


def test_electors_follow_the_calendar_with_no_job(cast: Cast):
    handed(cast, TODAY + DAY)
    by_day = {n: set(electors(cast.council, NOW + n * DAY)) for n in range(6)}
    elena, carmen = {cast.elena.pk}, {cast.carmen.pk}
    assert by_day == {0: elena, 1: carmen, 2: carmen, 3: carmen, 4: elena, 5: elena}
    during = NOW + 2 * DAY
    assert is_elector(cast.carmen, cast.council, during) and not is_elector(cast.elena, cast.council, during)
    assert cast.council in bodies_voting_with(cast.carmen, during)
    assert may_stand(cast.elena, cast.council, during) and not may_stand(cast.carmen, cast.council, during)


def test_a_vote_that_opens_meanwhile_has_the_substitute_on_its_roll(cast: Cast):
    handed(cast)
    poll = bring_up_to_date(poll=put(cast).poll, at=OPENS)
    assert roll(poll) == {"carmen"}
    with pytest.raises(Denied):
        cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=OPENS)
    assert cast_named_vote(poll=poll, by=cast.carmen, marks=["no"], at=OPENS).version == 1


def test_a_vote_that_was_open_before_stays_the_holders(cast: Cast):
    question = put(cast)
    poll = bring_up_to_date(poll=question.poll, at=OPENS)
    handed(cast, FIRST + DAY, at=OPENS)
    assert roll(poll) == {"elena"}
    assert cast_named_vote(poll=poll, by=cast.elena, marks=["yes"], at=OPENS + DAY).version == 1


def test_the_substitute_is_asked_to_vote_and_may_put_a_question(cast: Cast):
    handed(cast)
    bring_up_to_date(poll=put(cast).poll, at=OPENS)
    asked = {who: [t.url for t in waiting_for(member=getattr(cast, who), at=OPENS)] for who in ("carmen", "elena")}
    assert len(asked["carmen"]) == 1 and asked["elena"] == []
    windows = {"opens_at": OPENS + 7 * DAY, "closes_at": CLOSES + 7 * DAY}
    put_question(body=cast.council, title="¿Otra?", text="Otra.", by=cast.carmen, at=OPENS, **windows)
    with pytest.raises(Denied):
        put_question(body=cast.council, title="¿Otra?", text="Otra.", by=cast.elena, at=OPENS, **windows)


def test_pages_of_the_vote_and_of_the_delegate_say_so(cast: Cast):
    question = put(cast)
    instructed(cast, question, answer="no")
    handed(cast)
    question = voted(question, {cast.carmen: "yes"})
    (line,) = votes_of(seat_of(cast))
    assert (line.stood_in, line.marks, line.verdict) == (cast.carmen, ["yes"], "different")
    (named,) = named_lines(question.poll)
    assert (named.member, named.seat, named.stood_in) == (cast.carmen, seat_of(cast), True)


def test_a_vote_in_which_she_acted_herself_is_hers_beside_the_others(cast: Cast):
    handed(cast, FIRST + 7 * DAY)
    voted(put(cast), {cast.elena: "yes"})
    (line,) = votes_of(seat_of(cast))
    assert (line.stood_in, line.marks) == (None, ["yes"])


# --- handing over --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (TODAY - DAY, TODAY + DAY),
        (TODAY, TODAY),
        (TODAY + DAY, TODAY),
        (TODAY, TODAY + 400 * DAY),
        (TODAY, dt.date.max),
    ],
)
def test_hand_over_refuses_other_days(cast: Cast, from_on, until_on):
    with pytest.raises(Refused):
        hand_over_seat(
            seat=seat_of(cast), substitute=substitute(cast), from_on=from_on, until_on=until_on, by=cast.elena, at=NOW
        )


def test_hand_over_refuses_who_is_no_substitute_of_it_or_may_not_sit_there(cast: Cast):
    other = Substitute.objects.create(
        seat=Seat.objects.get(holder=cast.hugo, body=cast.committee), member=cast.carmen, rank=1
    )
    days = {"from_on": TODAY, "until_on": TODAY + DAY, "by": cast.elena, "at": NOW}
    with pytest.raises(Refused):
        hand_over_seat(seat=seat_of(cast), substitute=other, **days)
    row = substitute(cast)
    cast.cristalerias.memberships.filter(member=cast.carmen).update(can_stand=False)
    with pytest.raises(Refused):
        hand_over_seat(seat=seat_of(cast), substitute=row, **days)


def test_hand_over_is_of_councils_alone(cast: Cast):
    seat = Seat.objects.get(holder=cast.elena, body=cast.committee)
    row = Substitute.objects.create(seat=seat, member=cast.carmen, rank=1)
    with pytest.raises(Refused):
        hand_over_seat(seat=seat, substitute=row, from_on=TODAY, until_on=TODAY + DAY, by=cast.elena, at=NOW)


def test_nobody_acts_twice_in_one_council(cast: Cast):
    second = builders.seat(cast.pedro, cast.council, cast.assembly, cast.cristalerias)
    handed(cast)
    theirs = Substitute.objects.create(seat=second, member=cast.carmen, rank=1)
    days = {"until_on": FIRST + 5 * DAY, "by": cast.pedro, "at": NOW}
    with pytest.raises(Refused):
        hand_over_seat(seat=second, substitute=theirs, from_on=FIRST + 2 * DAY, **days)
    hand_over_seat(seat=second, substitute=theirs, from_on=FIRST + 3 * DAY, **days)
    mine = Substitute.objects.create(seat=second, member=cast.elena, rank=2)
    with pytest.raises(Refused):  # Elena sits there herself
        hand_over_seat(seat=second, substitute=mine, from_on=FIRST + 9 * DAY, **{**days, "until_on": FIRST + 10 * DAY})


def test_one_stands_in_at_a_time_by_constraint(cast: Cast):
    row = handed(cast)
    with pytest.raises(Refused):
        handed(cast, FIRST + 2 * DAY)
    handed(cast, FIRST + 3 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Replacement.objects.create(
            seat=row.seat, member=cast.pedro, from_on=FIRST + DAY, until_on=FIRST + 2 * DAY, handed_at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Replacement.objects.create(seat=row.seat, member=cast.pedro, from_on=FIRST + 30 * DAY, handed_at=NOW)


# --- its end -------------------------------------------------------------------------------------------------


def test_take_back_holds_from_the_next_day_on(cast: Cast):
    row = handed(cast, TODAY)
    assert take_back_seat(replacement=row, by=cast.elena, at=NOW) is not None
    assert [set(electors(cast.council, NOW + n * DAY)) for n in (0, 1)] == [{cast.carmen.pk}, {cast.elena.pk}]
    with pytest.raises(Refused):
        take_back_seat(replacement=row, by=cast.elena, at=NOW + DAY)


def test_take_back_before_it_begins_leaves_nothing_of_it(cast: Cast):
    row = handed(cast)
    assert take_back_seat(replacement=row, by=cast.carmen, at=NOW) is None
    assert take_back_seat(replacement=row, by=cast.carmen, at=NOW) is None
    assert not Replacement.objects.exists()
    assert [e.verb for e in AuditEvent.objects.order_by("pk")] == ["hand_over_seat", "take_back_seat"]


def test_the_end_of_the_seat_ends_it(cast: Cast):
    handed(cast, TODAY)
    resign_seat(seat=seat_of(cast), by=cast.elena, at=NOW)
    assert electors(cast.council, NOW) == {}


def test_a_substitute_who_may_not_sit_there_any_more_gives_it_back_by_itself(cast: Cast):
    handed(cast, TODAY)
    cast.cristalerias.memberships.filter(member=cast.carmen).update(can_stand=False)
    assert (stand_ins(cast.council, NOW), set(electors(cast.council, NOW))) == ({}, {cast.elena.pk})


def test_above_it_lasts_as_long_as_the_substitutes_own_seat_below(cast: Cast):
    nation = Body.objects.get(kind=BodyKind.NATIONAL_COUNCIL)
    above = builders.seat(cast.elena, nation, cast.council, cast.vicuna, through=seat_of(cast))
    below = builders.seat(cast.pedro, cast.council, cast.assembly, cast.cristalerias)
    row = Substitute.objects.create(seat=above, member=cast.pedro, rank=1)
    hand_over_seat(seat=above, substitute=row, from_on=TODAY, until_on=TODAY + 9 * DAY, by=cast.elena, at=NOW)
    assert set(electors(nation, NOW)) == {cast.pedro.pk}
    end_seats(seats=[below], reason=SeatEnd.RECALLED, by=None, at=NOW)
    assert set(electors(nation, NOW)) == {cast.elena.pk}


# --- told ----------------------------------------------------------------------------------------------------


def test_both_are_told_ahead_and_until_it_is_over(cast: Cast):
    handed(cast, TODAY + 20 * DAY, days=2)
    with translation.override("en"):
        told = {
            n: [len([x for x in told_to(member=who, at=NOW + n * DAY) if "stand" in x.title]) for who in people]
            for n, people in ((d, (cast.carmen, cast.elena, cast.pedro)) for d in (0, 6, 21, 22))
        }
    assert told == {0: [0, 0, 0], 6: [1, 1, 0], 21: [1, 1, 0], 22: [0, 0, 0]}


def test_the_log_says_who_and_when(cast: Cast):
    take_back_seat(replacement=handed(cast), by=cast.elena, at=NOW)
    with translation.override("en"):
        said = [e.sentence for e in in_words(AuditEvent.objects.select_related("actor", "body").order_by("pk"))]
    assert said[0].startswith("Elena Paillán handed her seat to Carmen Soto") and FIRST.isoformat() in said[0]
    assert said[1] == "Carmen Soto no longer stands in for Elena Paillán."
