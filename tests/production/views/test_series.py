"""The committee arranges the figures of its workplace; members read their history."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from production.domain.report import submit_report
from production.enums import Frequency, Sharing
from production.models import Indicator, Series
from tests import builders
from tests.conftest import Cast

TODAY = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(builders.NOW, tick=False)


@pytest.fixture
def elena(cast: Cast, client: Client) -> Client:
    client.force_login(cast.elena)
    client.cookies["django_language"] = "en"
    return client


def address(cast: Cast) -> str:
    return reverse("workplace_series", args=[cast.cristalerias.uuid])


def figure(**extra: str) -> dict[str, str]:
    return {
        "name": "Merma", "unit": "kg", "kind": "output", "frequency": "day", "direction": "less",
        "from_on": "2026-11-16", **extra,
    }  # fmt: skip


def test_the_committee_adds_a_figure(cast, elena):
    assert elena.post(address(cast), figure()).status_code == 302
    series = Series.objects.get()
    assert (series.indicator.name, series.indicator.direction, series.territory) == ("Merma", "less", cast.cristalerias)
    assert "Merma" in elena.get(address(cast)).content.decode()


def test_the_committee_adds_a_figure_of_a_section(cast, elena):
    elena.post(address(cast), figure(territory=str(cast.hornos.uuid), frequency="week"))
    series = Series.objects.get()
    assert (series.territory, series.workplace, series.frequency) == (cast.hornos, cast.cristalerias, Frequency.WEEK)


def test_a_refused_figure_keeps_what_was_typed_and_defines_nothing(cast, elena):
    builders.series(cast.cristalerias, cast.bottles)
    before = Indicator.objects.count()
    again = elena.post(address(cast), figure(name="Envases buenos", unit="miles")).content.decode()
    assert "already reported" in again and 'value="Envases buenos"' in again
    foreign = elena.post(address(cast), figure(territory=str(cast.perlak.uuid)))
    assert foreign.status_code == 200
    assert Indicator.objects.count() == before


@pytest.mark.parametrize(
    "nonsense",
    [
        {"name": ""},
        {"name": "x" * 5000},
        {"name": "a\x00b"},
        {"kind": "magic"},
        {"from_on": "yesterday"},
        {"territory": "7"},
    ],
)
def test_nonsense_is_answered_with_the_form(cast, elena, nonsense):
    assert elena.post(address(cast), figure(**nonsense)).status_code == 200
    assert not Series.objects.exists()


def test_the_committee_writes_down_what_was_agreed(cast, elena):
    series = builders.series(cast.cristalerias, cast.bottles)
    share = reverse("series_share", args=[series.uuid])
    assert elena.get(share).status_code == 200
    assert "not a day to come" in elena.post(share, {"sharing": "daily", "agreed_on": "2026-11-30"}).content.decode()
    assert elena.post(share, {"sharing": "daily", "agreed_on": "2026-11-02"}).status_code == 302
    assert Series.objects.get().sharing == Sharing.DAILY


def test_the_committee_ends_and_orders_figures(cast, elena):
    first = builders.series(cast.cristalerias, cast.bottles, position=0)
    second = builders.series(cast.cristalerias, cast.sand, position=1)
    elena.post(reverse("series_move", args=[second.uuid]), {"up": "1"})
    assert list(Series.objects.order_by("position")) == [second, first]
    elena.post(reverse("series_move", args=[second.uuid]), {})
    assert list(Series.objects.order_by("position")) == [first, second]
    end = reverse("series_end", args=[first.uuid])
    assert elena.get(end).status_code == 200
    assert elena.post(end, {"until_on": "2026-11-17"}).status_code == 302
    assert Series.objects.get(pk=first.pk).until_on == dt.date(2026, 11, 17)
    assert "ended on" in elena.post(end, {"until_on": "2026-11-18"}).content.decode()


def test_the_committee_ends_what_a_file_ended(cast, elena, client):
    ended = {"until_on": dt.date(2025, 1, 1), "ended_by_file": True}
    series = builders.series(cast.cristalerias, cast.bottles, **ended)
    end = reverse("series_end", args=[series.uuid])
    assert end in elena.get(address(cast)).content.decode()
    assert elena.post(end, {"until_on": "2026-11-17"}).status_code == 302
    series.refresh_from_db()
    assert (series.until_on, series.ended_by_file) == (dt.date(2025, 1, 1), False)
    assert end not in elena.get(address(cast)).content.decode()
    Series.objects.update(**ended)
    client.force_login(cast.carmen)
    assert end not in client.get(address(cast)).content.decode()


def test_members_read_and_do_not_arrange(cast, client):
    series = builders.series(cast.cristalerias, cast.bottles)
    client.force_login(cast.carmen)
    assert client.get(address(cast)).status_code == 200
    assert client.post(address(cast), figure()).status_code == 403
    for name in ("series_share", "series_end"):
        assert client.get(reverse(name, args=[series.uuid])).status_code == 403
    assert client.post(reverse("series_move", args=[series.uuid])).status_code == 403


def test_history_pages_and_counts_the_same_queries(cast, elena, django_assert_max_num_queries):
    series = builders.series(cast.cristalerias, cast.bottles)

    def send(n: int) -> None:
        submit_report(
            workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY - dt.timedelta(days=n),
            figures={series: (Decimal(n), "")}, by=cast.carmen, at=builders.NOW,
        )  # fmt: skip

    history = reverse("series_history", args=[series.uuid])
    send(0)
    elena.get(history)
    with django_assert_max_num_queries(60) as one:
        elena.get(history)
    for n in range(1, 70):
        send(n)
    with django_assert_max_num_queries(60) as many:
        page = elena.get(f"{history}?page=2")
    assert len(one) == len(many)
    assert "Page 2 of 2" in page.content.decode()
    assert elena.get(f"{history}?page=zzz").status_code == 200


def test_history_is_labelled_when_its_chart_holds_a_simulated_day(cast, elena):
    series = builders.series(cast.cristalerias, cast.bottles)
    for n in range(65):
        submit_report(
            workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY - dt.timedelta(days=n),
            figures={series: (Decimal(n), "")}, by=cast.carmen, at=builders.NOW, simulated=n == 0,
        )  # fmt: skip
    history = reverse("series_history", args=[series.uuid])
    assert "Simulated data" in elena.get(f"{history}?page=2").content.decode()
