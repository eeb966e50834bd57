"""Who may see what is made beside what could be made: members, and sums that tell nobody's answer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from councils.models import Territory
from production.domain.capability import set_capability
from production.domain.overview import Period, Run, Snapshot
from production.domain.visibility import Gaze, View
from production.enums import Sharing
from production.models import Series
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY


def view(member, what, start: dt.date = TODAY) -> View:
    return Gaze(member, NOW).view(indicator=what.pk, grain="day", start=start)


def told(member, what, place: Territory, sector: int = 0) -> tuple[int, ...] | None:
    one = view(member, what).compared(place.pk, sector)
    return None if one is None else (int(one.actuality), int(one.capability), one.answered, one.workplaces)


def answer(*places: Territory) -> None:
    """The committees of ``places`` say that they can make 200 and could make 300."""
    for place in places:
        body = place.bodies.get(kind="committee")
        person = b.member(f"comité {place.pk}")
        b.membership(person, place)
        b.seat(person, body, place.bodies.get(kind="assembly"))
        for series in Series.objects.filter(workplace=place):
            set_capability(
                series=series, capability=Decimal(200), potentiality=Decimal(300), from_on=TODAY, reason="Recuento",
                by=person, at=NOW,
            )  # fmt: skip
    sums.roll_up()


@pytest.fixture
def six(cast: Cast) -> list[Territory]:
    return sums.mills(cast.cerrillos, 6, cast.bottles, sector=cast.food)


@pytest.mark.parametrize(("who", "what"), [("carmen", (400, 200, 1, 1)), ("nora", None), ("olga", None), ("ana", None)])
def test_members_see_their_own_and_nobody_else_does(cast: Cast, who: str, what):
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, 400)
    answer(cast.cristalerias)
    assert told(getattr(cast, who), cast.bottles, cast.cristalerias) == what
    # a sum of one is hers already; what it could make is not told by sums of fewer than three
    assert told(getattr(cast, who), cast.bottles, cast.vicuna) is None


def test_what_was_agreed_about_a_figure_goes_for_what_could_be_made_of_it(cast: Cast):
    b.series(cast.cristalerias, cast.bottles, sharing=Sharing.DAILY)
    sums.say(cast.cristalerias, TODAY, 400)
    answer(cast.cristalerias)
    assert told(cast.olga, cast.bottles, cast.cristalerias) == (400, 200, 1, 1)


@pytest.mark.parametrize(
    ("answered", "seen"),
    [
        (0, None),
        (2, None),  # two
        (3, (303, 600, 3, 6)),
        (4, None),  # the two others would be left
        (5, None),
        (6, (615, 1200, 6, 6)),
    ],
)
def test_sum_is_told_where_those_who_said_it_and_the_others_are_three_or_none(cast: Cast, six, answered: int, seen):
    answer(*six[:answered])
    sums.roll_up()
    assert told(cast.olga, cast.bottles, cast.cerrillos) == seen
    assert ((cast.cerrillos.pk, 0) in view(cast.olga, cast.bottles).withheld_compared) == (answered in (2, 4, 5))
    assert told(cast.olga, cast.bottles, cast.cerrillos, cast.food.pk) == seen


def test_what_is_withheld_of_one_is_not_told_by_the_others(cast: Cast, six):
    """In Vicuña five of six said it: the nation minus Cerrillos would tell it, and the sixth."""
    others = sums.mills(cast.vicuna, 6, cast.bottles)
    answer(*six, *others[:3])
    assert told(cast.olga, cast.bottles, cast.nation) == (918, 1800, 9, 12)
    answer(*others[3:5])
    assert told(cast.olga, cast.bottles, cast.vicuna) is None
    assert told(cast.olga, cast.bottles, cast.nation) is None


def test_others_that_share_tell_nothing(cast: Cast, six):
    Series.objects.filter(workplace__in=six[3:]).update(sharing=Sharing.DAILY)
    answer(*six[:3])
    assert told(cast.olga, cast.bottles, cast.cerrillos) == (303, 600, 3, 6)


def test_snapshot_and_run_tell_the_same(cast: Cast, six):
    answer(*six)
    gaze, period = Gaze(cast.olga, NOW), Period("day", TODAY)
    line = Snapshot(gaze, period).sums(cast.cerrillos)[0]
    run = Run(gaze, cast.bottles, period)
    assert line.index is not None
    assert line.index == run.index(cast.cerrillos)
    assert [branch.index for branch in run.branches(cast.cerrillos)] == [run.index(cast.cerrillos, cast.food.pk)]
    assert not run.is_index_withheld(cast.cerrillos)


def test_looking_takes_as_many_queries_for_one_answer_as_for_thirty(cast: Cast, django_assert_num_queries):
    answer(*sums.mills(cast.vicuna, 1, cast.bottles))
    with django_assert_num_queries(11):
        view(cast.olga, cast.bottles)
    answer(*sums.mills(cast.cerrillos, 29, cast.bottles))
    with django_assert_num_queries(11):
        view(cast.olga, cast.bottles)
