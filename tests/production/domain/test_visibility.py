"""Who may see which figure."""

from __future__ import annotations

import datetime as dt

import pytest

from production.domain.visibility import Gaze, View
from production.enums import Grain, IndicatorKind, Sharing
from production.models import Factory, Indicator, Sector, Series
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY

MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())


def view(member, what: Indicator, grain: str = Grain.DAY, start: dt.date = TODAY) -> View:
    return Gaze(member, NOW).view(indicator=what.pk, grain=grain, start=start)


def seen(member, what: Indicator, place, sector: Sector | None = None, **asked) -> int | None:
    row = view(member, what, **asked).row(place.pk, sector.pk if sector else 0)
    return None if row is None or row.value is None else int(row.value)


@pytest.fixture
def country(cast: Cast) -> Cast:
    """Four mills in Cerrillos and Cristalerías in Vicuña, all with bottles."""
    sums.mills(cast.cerrillos, 4, cast.bottles, sector=cast.food)
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, 400)
    sums.roll_up()
    return cast


def test_members_see_their_own_workplace(country: Cast):
    assert seen(country.carmen, country.bottles, country.cristalerias) == 400
    assert seen(country.elena, country.bottles, country.cristalerias) == 400


@pytest.mark.parametrize("who", ["nora", "olga", "ana"])
def test_nobody_else_sees_it_without_agreement(country: Cast, who: str):
    assert seen(getattr(country, who), country.bottles, country.cristalerias) is None


def test_sum_of_one_is_shown_to_its_members_alone(country: Cast):
    assert seen(country.carmen, country.bottles, country.vicuna) == 400
    assert seen(country.olga, country.bottles, country.vicuna) is None


def test_sum_of_two_is_shown_to_their_members_unless_it_tells_a_third(cast: Cast):
    """The nation minus Perlak and its neighbour would be Cristalerías."""
    for place, value in ((cast.perlak, 50), (cast.cristalerias, 400)):
        b.series(place, cast.bottles)
        sums.say(place, TODAY, value)
    sums.mills(cast.cerrillos, 1, cast.bottles)
    sums.roll_up()
    assert [seen(cast.nora, cast.bottles, place) for place in (cast.nation, cast.cerrillos)] == [550, None]
    sums.mills(cast.vicuna, 2, cast.bottles)
    sums.roll_up()
    assert [seen(cast.nora, cast.bottles, place) for place in (cast.nation, cast.cerrillos)] == [751, 150]
    assert [seen(cast.olga, cast.bottles, place) for place in (cast.nation, cast.cerrillos)] == [751, None]


def test_a_sum_that_would_tell_the_withheld_one_is_withheld_too(country: Cast):
    """The nation minus Cerrillos would be Cristalerías: Cerrillos is withheld, the nation is shown."""
    assert seen(country.olga, country.bottles, country.nation) == 806
    assert seen(country.olga, country.bottles, country.cerrillos) is None
    assert seen(country.olga, country.bottles, country.cerrillos, country.food) is None


def test_sum_of_three_is_shown(country: Cast):
    sums.mills(country.vicuna, 3, country.bottles, 10)
    sums.roll_up()
    assert seen(country.olga, country.bottles, country.vicuna) == 433
    assert seen(country.olga, country.bottles, country.cerrillos) == 406
    assert seen(country.olga, country.bottles, country.cerrillos, country.food) == 406


def test_daily_sharing_lets_every_grain_out(country: Cast):
    Series.objects.filter(territory=country.cristalerias).update(sharing=Sharing.DAILY)
    for grain, start in ((Grain.DAY, TODAY), (Grain.WEEK, MONDAY), (Grain.MONTH, TODAY.replace(day=1))):
        assert seen(country.olga, country.bottles, country.cristalerias, grain=grain, start=start) == 400


def test_weekly_sharing_lets_only_the_week_that_is_over_out(country: Cast):
    Series.objects.filter(territory=country.cristalerias).update(sharing=Sharing.WEEKLY)
    last_week = MONDAY - dt.timedelta(days=7)
    sums.say(country.cristalerias, last_week, 30)
    sums.roll_up()
    assert seen(country.olga, country.bottles, country.cristalerias) is None
    assert seen(country.olga, country.bottles, country.cristalerias, start=last_week) is None
    assert seen(country.olga, country.bottles, country.cristalerias, grain=Grain.WEEK, start=last_week) == 30
    # the week that runs would tell each of its days
    assert seen(country.olga, country.bottles, country.cristalerias, grain=Grain.WEEK, start=MONDAY) is None
    month = TODAY.replace(day=1)
    assert seen(country.olga, country.bottles, country.cristalerias, grain=Grain.MONTH, start=month) is None


def test_sum_with_one_that_does_not_share_is_withheld(country: Cast):
    """Three of four mills share: the sum minus theirs would be the fourth's."""
    mills = Series.objects.filter(territory__name__startswith="Taller").order_by("pk")
    mills.filter(pk__in=list(mills.values_list("pk", flat=True)[:3])).update(sharing=Sharing.DAILY)
    assert seen(country.olga, country.bottles, country.cerrillos) is None
    mills.update(sharing=Sharing.DAILY)
    assert seen(country.olga, country.bottles, country.cerrillos) == 406


def test_section_is_seen_outside_only_if_it_shares(cast: Cast):
    b.series(cast.cristalerias, cast.bottles, cast.hornos)
    sums.say(cast.hornos, TODAY, 7)
    sums.roll_up()
    assert seen(cast.carmen, cast.bottles, cast.hornos) == 7
    assert seen(cast.olga, cast.bottles, cast.hornos) is None


def test_labour_of_a_small_unit_leaves_for_nobody(cast: Cast):
    present = b.indicator("Personas presentes", "personas", kind=IndicatorKind.LABOUR)
    b.series(cast.cristalerias, present, sharing=Sharing.DAILY)
    sums.say(cast.cristalerias, TODAY, 4)
    sums.roll_up()
    Factory.objects.filter(territory=cast.cristalerias).update(workers=4)
    assert seen(cast.olga, present, cast.cristalerias) is None
    assert seen(cast.carmen, present, cast.cristalerias) == 4
    Factory.objects.filter(territory=cast.cristalerias).update(workers=5)
    assert seen(cast.olga, present, cast.cristalerias) == 4


def test_labour_counts_the_roll_where_the_workplace_does_not_say(cast: Cast):
    present = b.indicator("Personas presentes", "personas", kind=IndicatorKind.LABOUR)
    for place in (cast.cristalerias, cast.perlak):  # five on the roll, and one
        b.series(place, present, sharing=Sharing.DAILY)
        sums.say(place, TODAY, 4)
    sums.roll_up()
    assert seen(cast.olga, present, cast.cristalerias) == 4
    assert seen(cast.olga, present, cast.perlak) is None


def test_ratio_is_public_only_if_both_parts_are(cast: Cast):
    per_ton = b.indicator("Botellas por arena", "1", aggregation="ratio", numerator=cast.bottles, denominator=cast.sand)
    b.series(cast.cristalerias, cast.bottles, sharing=Sharing.DAILY)
    sand = b.series(cast.cristalerias, cast.sand)
    sums.say(cast.cristalerias, TODAY, 8)
    sums.roll_up()
    assert seen(cast.olga, per_ton, cast.cristalerias) is None
    sand.sharing = Sharing.DAILY
    sand.save()
    assert seen(cast.olga, per_ton, cast.cristalerias) == 1


def test_former_member_sees_what_outsiders_see(country: Cast):
    country.pedro.memberships.update(until_on=TODAY)
    assert seen(country.pedro, country.bottles, country.cristalerias) is None


def test_looking_takes_as_many_queries_for_one_as_for_thirty(cast: Cast, django_assert_num_queries):
    sums.mills(cast.vicuna, 1, cast.bottles)
    sums.roll_up()
    with django_assert_num_queries(11):
        view(cast.olga, cast.bottles)
    sums.mills(cast.cerrillos, 29, cast.bottles)
    sums.roll_up()
    with django_assert_num_queries(11):
        view(cast.olga, cast.bottles)
