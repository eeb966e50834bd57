"""Indicators and series: what is measured, by whom, and what leaves the workplace."""

import datetime as dt

import pytest
from django.utils import translation

from councils.errors import Denied, Refused
from councils.models import AuditEvent
from production.domain.indicator import define_indicator, end_series, order_series, share_series, start_series
from production.enums import Aggregation, Frequency, IndicatorKind, Sharing
from production.models import Figure, Indicator, Report, Series, Submission
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def start(cast: Cast, at, **extra) -> Series:
    given = {"workplace": cast.cristalerias, "indicator": cast.bottles, "by": cast.elena, "from_on": TODAY}
    return start_series(**{**given, "at": at, **extra})


@pytest.mark.parametrize(
    ("kind", "unit", "aggregation"),
    [
        (IndicatorKind.OUTPUT, "t", Aggregation.SUM),
        (IndicatorKind.STOCK, "t", Aggregation.LAST),
        (IndicatorKind.CAPACITY, "t", Aggregation.MEAN),
        (IndicatorKind.LABOUR, "%", Aggregation.MEAN),
    ],
)
def test_define_indicator_infers_how_it_joins_over_time(cast, now, kind, unit, aggregation):
    made = define_indicator(
        workplace=cast.cristalerias, name=" Merma  total", unit=unit, kind=kind, by=cast.elena, at=now
    )
    assert (made.name, made.aggregation) == ("Merma total", aggregation)
    assert AuditEvent.objects.filter(verb="define_indicator").count() == 1


def test_define_indicator_finds_the_entry_that_is_there(cast, now):
    found = define_indicator(
        workplace=cast.cristalerias, name="envases BUENOS", unit="miles", kind=IndicatorKind.STOCK, by=cast.hugo, at=now
    )
    assert found == cast.bottles
    assert Indicator.objects.get(pk=found.pk).kind == IndicatorKind.OUTPUT


def test_define_indicator_refuses_no_name(cast, now):
    with pytest.raises(Refused):
        define_indicator(workplace=cast.cristalerias, name="  ", unit="t", kind="input", by=cast.elena, at=now)


def test_start_series_puts_it_last_on_the_form(cast, now):
    first = start(cast, now)
    second = start(cast, now, indicator=cast.sand)
    assert (first.position, second.position, first.from_on) == (0, 1, TODAY)


def test_start_series_goes_back_to_the_beginning_of_its_period(cast, now):
    thursday = TODAY + dt.timedelta(days=3)
    assert start(cast, now, frequency=Frequency.WEEK, from_on=thursday).from_on == TODAY
    assert start(cast, now, indicator=cast.sand, frequency=Frequency.MONTH).from_on == dt.date(2026, 11, 1)


def test_start_series_never_both_a_workplace_and_its_section(cast, now):
    start(cast, now)
    with pytest.raises(Refused, match="count twice"):
        start(cast, now, territory=cast.hornos)
    start(cast, now, indicator=cast.sand, territory=cast.hornos)
    with pytest.raises(Refused, match="count twice"):
        start(cast, now, indicator=cast.sand)
    with pytest.raises(Refused, match="already reported"):
        start(cast, now)


def test_start_series_two_sections_may_measure_one_thing(cast, now):
    cold = builders.territory("section", "Decorado", cast.cristalerias)
    start(cast, now, territory=cast.hornos)
    start(cast, now, territory=cold)
    assert Series.objects.count() == 2


def test_start_series_refuses_a_foreign_section_and_a_ratio(cast, now):
    with pytest.raises(Refused, match="not a section"):
        start(cast, now, territory=cast.perlak)
    ratio = builders.indicator(
        "Rendimiento", "%", aggregation=Aggregation.RATIO, numerator=cast.bottles, denominator=cast.sand
    )
    with pytest.raises(Refused, match="computed"):
        start(cast, now, indicator=ratio)


def test_end_series_lets_another_begin(cast, now):
    series = start(cast, now, from_on=TODAY - dt.timedelta(days=9))
    end_series(series=series, by=cast.elena, at=now, until_on=TODAY)
    again = start(cast, now, territory=cast.hornos)
    assert again.from_on == Series.objects.get(pk=series.pk).until_on == TODAY
    with pytest.raises(Refused, match="ended on"):
        end_series(series=series, by=cast.elena, at=now, until_on=TODAY)


def test_end_series_keeps_its_figures(cast, now):
    series = start(cast, now, from_on=TODAY - dt.timedelta(days=9))
    report = Report.objects.create(workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY)
    submission = Submission.objects.create(report=report, number=1, at=now)
    Figure.objects.create(series=series, start=TODAY, value=1, submission=submission)
    with pytest.raises(Refused, match="has a figure"):
        end_series(series=series, by=cast.elena, at=now, until_on=TODAY)
    with pytest.raises(Refused, match="began on"):
        end_series(series=series, by=cast.elena, at=now, until_on=series.from_on)
    end_series(series=series, by=cast.elena, at=now, until_on=TODAY + dt.timedelta(days=1))


def test_share_series_writes_down_the_agreement_and_its_day(cast, now):
    series = start(cast, now)
    share_series(series=series, sharing=Sharing.WEEKLY, agreed_on=TODAY, by=cast.hugo, at=now)
    assert Series.objects.get(pk=series.pk).sharing == Sharing.WEEKLY
    event = AuditEvent.objects.get(verb="share_series")
    assert event.detail == {"before": "no", "after": "weekly", "agreed_on": "2026-11-16"}
    with pytest.raises(Refused, match="to come"):
        share_series(series=series, sharing=Sharing.DAILY, agreed_on=TODAY + dt.timedelta(days=1), by=cast.hugo, at=now)
    with pytest.raises(Refused, match="Choose"):
        share_series(series=series, sharing="all", agreed_on=TODAY, by=cast.hugo, at=now)


def test_order_series_takes_its_own_only(cast, now):
    first, second = start(cast, now), start(cast, now, indicator=cast.sand)
    order_series(workplace=cast.cristalerias, order=[second, first], by=cast.elena, at=now)
    assert list(Series.objects.order_by("position")) == [second, first]
    foreign = builders.series(cast.perlak, cast.sand)
    with pytest.raises(Refused):
        order_series(workplace=cast.cristalerias, order=[foreign], by=cast.elena, at=now)


@pytest.mark.parametrize("who", ["carmen", "rosa", "nora", "olga", "ana"])
def test_series_are_the_committees_to_write_down(cast, now, who):
    person = getattr(cast, who)
    series = builders.series(cast.cristalerias, cast.sand)
    with pytest.raises(Denied):
        define_indicator(workplace=cast.cristalerias, name="x", unit="t", kind="input", by=person, at=now)
    with pytest.raises(Denied):
        start(cast, now, by=person)
    with pytest.raises(Denied):
        end_series(series=series, by=person, at=now, until_on=TODAY)
    with pytest.raises(Denied):
        share_series(series=series, sharing=Sharing.DAILY, agreed_on=TODAY, by=person, at=now)
    with pytest.raises(Denied):
        order_series(workplace=cast.cristalerias, order=[series], by=person, at=now)
