"""What a workplace says it could make: who may write it down, what is refused, what it is compared with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from councils.errors import Denied, Refused
from councils.models import AuditEvent
from production.analysis.indices import Better
from production.domain import summary
from production.domain.capability import best_so_far, set_capability
from production.domain.indices import better, own_indices
from production.enums import Direction, Frequency, IndicatorKind
from production.models import Capability, Series, Summary
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.conftest import Cast
from tests.sums import TODAY, YESTERDAY

MONTH = TODAY.replace(day=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return b.series(cast.cristalerias, cast.bottles)


def said(series: Series, by, **changed) -> Capability:
    given = {"capability": Decimal(480), "potentiality": Decimal(600), "from_on": TODAY, "reason": "Recuento"}
    return set_capability(series=series, by=by, at=NOW, **{**given, **changed})


def row(place, grain: str = "day", start: dt.date = TODAY) -> tuple[object, ...]:
    found = Summary.objects.get(territory=place, sector__is_all=True, grain=grain, start=start)
    return found.actuality, found.capability, found.potentiality, found.answered


def test_set_capability_compares_from_its_day_on(cast: Cast, bottles: Series):
    sums.say(cast.cristalerias, YESTERDAY, 390)
    sums.say(cast.cristalerias, TODAY, 412)
    said(bottles, cast.elena)
    sums.roll_up()
    for place in (cast.cristalerias, cast.vicuna, cast.nation):
        assert row(place) == (412, 480, 600, 1)
        assert row(place, start=YESTERDAY) == (None, None, None, 0)
        assert row(place, "month", MONTH) == (None, None, None, 0)
    said(bottles, cast.hugo, from_on=MONTH, capability=Decimal("400.5"))
    sums.roll_up()
    assert row(cast.nation, start=YESTERDAY) == (390, Decimal("400.5"), 600, 1)
    assert row(cast.nation, "month", MONTH) == (802, Decimal("880.5"), 1200, 1)
    assert summary.check_summaries(at=NOW) == []


def test_set_capability_again_is_another_version(cast: Cast, bottles: Series):
    said(bottles, cast.elena)
    said(bottles, cast.hugo, capability=Decimal(500), reason="Volvió el horno 3")
    assert list(Capability.objects.order_by("version").values_list("version", "capability", "set_by__username")) == [
        (1, Decimal(480), "elena"),
        (2, Decimal(500), "hugo"),
    ]
    sums.say(cast.cristalerias, TODAY, 412)
    sums.roll_up()
    assert row(cast.nation)[1] == 500


def test_in_force_on_is_the_latest_day_and_of_it_the_latest_version(cast: Cast, bottles: Series):
    sand = b.series(cast.cristalerias, b.indicator("Ladrillos"))
    said(bottles, cast.elena, from_on=YESTERDAY, capability=Decimal(1))
    newest = said(bottles, cast.elena, from_on=YESTERDAY, capability=Decimal(2))
    today = said(bottles, cast.elena)
    said(bottles, cast.elena, from_on=MONTH, capability=Decimal(3))  # said last, of a day before
    bricks = said(sand, cast.elena, from_on=MONTH)
    assert set(Capability.objects.in_force_on(TODAY)) == {today, bricks}
    assert set(Capability.objects.in_force_on(YESTERDAY)) == {newest, bricks}
    assert not Capability.objects.in_force_on(MONTH - dt.timedelta(days=1)).exists()


def test_set_capability_is_logged_without_its_figures(cast: Cast, bottles: Series):
    said(bottles, cast.elena)
    event = AuditEvent.objects.get(verb="set_capability")
    assert (event.actor, event.body) == (cast.elena, cast.committee)
    assert event.detail == {"name": "Envases buenos", "from_on": "2026-11-16"}


@pytest.mark.parametrize("who", ["carmen", "rosa", "nora", "olga", "ana"])
def test_capability_is_the_committees_to_write_down(cast: Cast, bottles: Series, who: str):
    with pytest.raises(Denied):
        said(bottles, getattr(cast, who))
    assert not Capability.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capability": Decimal(0)}, "above zero"),
        ({"potentiality": Decimal(-1)}, "above zero"),
        ({"capability": Decimal("0.0000001")}, "15 digits"),
        ({"capability": Decimal(10) ** 12}, "15 digits"),
        ({"from_on": TODAY + dt.timedelta(days=1)}, "not what will hold"),
        ({"from_on": b.LONG_AGO - dt.timedelta(days=1)}, "is reported since"),
        ({"reason": "   "}, "why"),
        ({"reason": "x" * 501}, "why"),
    ],
)
def test_set_capability_refuses(cast: Cast, bottles: Series, changed, sentence: str):
    with pytest.raises(Refused, match=sentence):
        said(bottles, cast.elena, **changed)
    assert not Capability.objects.exists()


def test_set_capability_refuses_what_has_no_better(cast: Cast):
    received = b.indicator("Materia prima recibida", kind=IndicatorKind.INPUT, direction=Direction.NONE)
    with pytest.raises(Refused, match="neither more nor less"):
        said(b.series(cast.cristalerias, received), cast.elena)


def test_set_capability_refuses_a_day_after_the_end_and_decimals_of_pieces(cast: Cast, bottles: Series):
    Series.objects.filter(pk=bottles.pk).update(until_on=TODAY)
    bottles.refresh_from_db()
    with pytest.raises(Refused, match="ended on"):
        said(bottles, cast.elena)
    pieces = b.series(cast.cristalerias, b.indicator("Cocinas", "units"))
    with pytest.raises(Refused, match="without decimals"):
        said(pieces, cast.elena, capability=Decimal("2.5"))


def test_less_may_be_possible_with_more_means(cast: Cast, bottles: Series):
    """Real answers do not promise an order: it is stored, and the pages say so."""
    said(bottles, cast.elena, potentiality=Decimal(400))
    sums.say(cast.cristalerias, TODAY, 500)
    sums.roll_up()
    index = own_indices(workplace=cast.cristalerias, grain="day", today=TODAY)[0]
    assert (index.exceeds_capability, index.exceeds_potentiality, index.exceeds_both) == (True, True, True)


@pytest.mark.parametrize(
    "broken",
    [{"capability": Decimal(0)}, {"potentiality": Decimal(0)}, {"reason": ""}, {"version": 0}],
)
def test_the_database_refuses_what_the_verb_does(cast: Cast, bottles: Series, broken):
    given = {"capability": Decimal(1), "potentiality": Decimal(1), "reason": "x", "version": 1} | broken
    with pytest.raises(IntegrityError):
        Capability.objects.create(series=bottles, from_on=TODAY, set_by=cast.elena, set_at=NOW, **given)


def test_what_was_said_is_written_once(cast: Cast, bottles: Series):
    one = said(bottles, cast.elena)
    with pytest.raises(IntegrityError), transaction.atomic():
        Capability.objects.filter(pk=one.pk).update(capability=Decimal(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Capability.objects.filter(pk=one.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Capability.objects.create(
            series=bottles, from_on=TODAY, version=1, capability=1, potentiality=1, reason="x", set_by=cast.elena,
            set_at=NOW,
        )  # fmt: skip


def test_the_database_refuses_half_a_comparison(cast: Cast, bottles: Series):
    sums.say(cast.cristalerias, TODAY, 412)
    sums.roll_up()
    with pytest.raises(IntegrityError):
        Summary.objects.filter(territory=cast.nation).update(answered=1)


def test_best_so_far_is_the_record_and_its_day(cast: Cast, bottles: Series):
    assert best_so_far(bottles) is None
    for on, value in ((MONTH, 498), (YESTERDAY, 390), (TODAY, 412)):
        sums.say(cast.cristalerias, on, value)
    best = best_so_far(bottles)
    assert best is not None
    assert (best.start, best.value) == (MONTH, 498)


def test_best_so_far_is_the_lowest_above_zero_where_less_is_better(cast: Cast):
    waste = b.series(cast.cristalerias, b.indicator("Merma", "%", IndicatorKind.OTHER, direction=Direction.LESS))
    for on, value in ((MONTH, 0), (YESTERDAY, 4), (TODAY, 7)):
        sums.say(cast.cristalerias, on, value)
    best = best_so_far(waste)
    assert best is not None
    assert (best.start, best.value) == (YESTERDAY, 4)


@pytest.mark.parametrize(
    ("kind", "direction", "aggregation", "way"),
    [
        (IndicatorKind.OUTPUT, Direction.NONE, "sum", Better.MORE),
        (IndicatorKind.OUTPUT, Direction.LESS, "sum", Better.LESS),
        (IndicatorKind.STOCK, Direction.MORE, "last", Better.MORE),
        (IndicatorKind.INPUT, Direction.NONE, "sum", None),
    ],
)
def test_better_is_known_of_products_and_of_what_says_it(cast: Cast, kind, direction, aggregation, way):
    assert better(b.indicator("Algo", kind=kind, direction=direction, aggregation=aggregation)) == way


def test_better_is_not_asked_of_a_ratio(cast: Cast):
    ratio = b.indicator("x", "1", aggregation="ratio", numerator=cast.bottles, denominator=cast.sand)
    assert better(ratio) is None


def test_own_indices_begin_with_the_main_product_and_tell_means_as_means(cast: Cast):
    waste = b.indicator("Merma", "%", IndicatorKind.OTHER, "mean", Direction.LESS)
    caps = b.indicator("Tapas", "miles")
    for position, what in enumerate((waste, cast.bottles, caps)):
        series = b.series(cast.cristalerias, what, position=position)
        said(series, cast.elena, from_on=MONTH, capability=Decimal(4), potentiality=Decimal(3))
    sums.say(cast.cristalerias, YESTERDAY, 5)
    sums.say(cast.cristalerias, TODAY, 11)
    sums.roll_up()
    found = own_indices(workplace=cast.cristalerias, grain="month", today=TODAY)
    assert [index.indicator for index in found] == [cast.bottles, caps, waste]
    assert [(i.actuality, i.capability, i.potentiality) for i in found] == [(16, 8, 6), (16, 8, 6), (8, 4, 3)]
    assert [i.productivity for i in found] == [2, 2, Decimal("0.5")]


def test_own_indices_are_of_the_latest_period_with_figures(cast: Cast, bottles: Series):
    said(bottles, cast.elena, from_on=MONTH)
    sums.say(cast.cristalerias, YESTERDAY, 390)
    sums.roll_up()
    assert [i.compared.start for i in own_indices(workplace=cast.cristalerias, grain="day", today=TODAY)] == [YESTERDAY]
    assert own_indices(workplace=cast.cristalerias, grain="day", today=TODAY + dt.timedelta(days=20)) == []


def test_weekly_series_are_asked_for_a_week(cast: Cast):
    weekly = b.series(cast.cristalerias, cast.bottles, frequency=Frequency.WEEK, since=dt.date(2024, 1, 1))
    said(weekly, cast.elena, from_on=TODAY)  # a Monday: its Thursday is later
    sums.say(cast.cristalerias, TODAY, 412)
    sums.roll_up()
    assert row(cast.nation, "week", TODAY) == (412, 480, 600, 1)
