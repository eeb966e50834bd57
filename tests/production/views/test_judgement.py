"""A figure over the years and how it was judged: inside, in words; outside there is no such page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from production.analysis.cyberstride import DEFAULT
from production.domain.alert import mark_false_alarm
from production.domain.judgement import analyse
from production.domain.threshold import moved
from production.models import Alert, Series
from tests import builders as b
from tests.conftest import Cast
from tests.judgements import DAY, evening, quiet, reported
from tests.sums import TODAY


@pytest.fixture(autouse=True)
def tonight(time_machine):
    """After the reports of today."""
    time_machine.move_to(evening(TODAY), tick=False)


@pytest.fixture
def sand(cast: Cast) -> Series:
    """Eight quiet weeks, and since four days another level."""
    series = b.series(cast.cristalerias, cast.sand)
    reported(series, [*quiet(53), "70", "71", "69", "70"])
    analyse(workplaces=[cast.cristalerias], day=TODAY, at=evening(TODAY))
    return series


def read(client: Client, who, name: str, series: Series, query: str = "", code: int = 200) -> str:
    client.force_login(who)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse(name, args=[series.uuid]) + query)
    assert answer.status_code == code
    return " ".join(answer.content.decode().split())


def asked(steps: int) -> int:
    """How sure the engine must be, in hundredths, after so many steps."""
    return round(100 * moved(DEFAULT.threshold, steps))


@pytest.mark.parametrize("name", ["series_history", "series_judgement"])
def test_outside_there_is_no_such_page(cast: Cast, client: Client, sand: Series, name: str):
    for who in (cast.nora, cast.olga, cast.ana):
        read(client, who, name, sand, code=404)
    client.logout()
    assert client.get(reverse(name, args=[sand.uuid])).status_code == 302


def test_the_figure_says_where_it_stands_in_sentences(cast: Cast, client: Client, sand: Series):
    page = read(client, cast.carmen, "series_history", sand)
    assert "Today: 70 t." in page
    assert re.search(r"Since \d+ November it is about [\d.]+ t lower", page)
    assert page.count("Changed level") >= 2  # the badge, and the list of what stood out
    assert 'class="band"' in page


def test_every_span_can_be_looked_at_and_kept(cast: Cast, client: Client, sand: Series):
    weeks = read(client, cast.carmen, "series_history", sand)
    assert 'href="?zoom=weeks" aria-current="true"' in weeks
    assert "From 20 October to 16 November 2026" in weeks
    assert "From 21 September to 16 November 2026" in read(client, cast.carmen, "series_history", sand, "?zoom=all")
    before = read(client, cast.carmen, "series_history", sand, f"?zoom=weeks&until={TODAY - 28 * DAY}")
    assert "Later" in before and "it is about" in before  # where it stands is said wherever one looks
    assert 'href="?zoom=weeks" aria-current="true"' in read(
        client, cast.carmen, "series_history", sand, "?zoom=x&until=never"
    )


def test_alerts_on_it_are_listed_with_what_became_of_them(cast: Cast, client: Client, sand: Series):
    alert = Alert.objects.get(series=sand)
    mark_false_alarm(alert=alert, text="era la balanza", by=cast.elena, at=evening(TODAY))
    page = read(client, cast.carmen, "series_history", sand)
    assert reverse("alert", args=[alert.uuid]) in page
    assert "false alarm" in page


def test_how_it_was_judged_gives_the_numbers_and_what_would_change_its_mind(cast: Cast, client: Client, sand: Series):
    page = read(client, cast.carmen, "series_judgement", sand)
    assert "16 November: 70 t was reported." in page
    assert "Changed level" in page
    assert "go back to where they were before" in page
    assert f"An alert opens from {asked(0)} in 100 on" in page


def test_a_false_alarm_shows_in_what_is_asked_for(cast: Cast, client: Client, sand: Series):
    mark_false_alarm(alert=Alert.objects.get(series=sand), text="era la balanza", by=cast.elena, at=evening(TODAY))
    assert f"An alert opens from {asked(1)} in 100 on" in read(client, cast.carmen, "series_judgement", sand)


def test_a_quiet_day_is_told_as_one_with_the_band_of_the_next(cast: Cast, client: Client, sand: Series):
    page = read(client, cast.carmen, "series_judgement", sand, f"?until={TODAY - 10 * DAY}")
    assert "For a figure like all others" in page
    assert "One figure far outside" in page
    assert f"?until={TODAY - 9 * DAY}" in page and f"?until={TODAY - 11 * DAY}" in page


def test_what_is_being_learned_says_for_how_long(cast: Cast, client: Client):
    series = b.series(cast.cristalerias, cast.bottles)
    reported(series, quiet(10), first=TODAY - 9 * DAY)
    analyse(workplaces=[cast.cristalerias], day=TODAY, at=evening(TODAY))
    for name in ("series_history", "series_judgement"):
        assert "Learning: about 3 weeks to go" in read(client, cast.carmen, name, series)


def test_what_was_never_judged_is_a_page_too(cast: Cast, client: Client):
    series = b.series(cast.cristalerias, cast.bottles)
    assert "No figures yet." in read(client, cast.carmen, "series_history", series)
    assert "Not judged yet" in read(client, cast.carmen, "series_judgement", series)


def test_the_workplace_page_shows_the_band_that_was_in_force_and_what_was_found(
    cast: Cast, client: Client, sand: Series
):
    client.force_login(cast.carmen)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("workplace", args=[cast.cristalerias.uuid])).content.decode()
    assert "Changed level" in page
    assert '<polygon class="band"' in page
    client.force_login(cast.nora)
    outside = client.get(reverse("workplace", args=[cast.cristalerias.uuid])).content.decode()
    assert 'class="band"' not in outside and "hanged level" not in outside


def test_panels_cost_the_same_for_one_series_and_for_six(cast: Cast, client: Client, sand: Series):
    client.force_login(cast.carmen)
    address = reverse("workplace", args=[cast.cristalerias.uuid])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for n in range(5):
        series = b.series(cast.cristalerias, b.indicator(f"Insumo {n}", "t"))
        reported(series, quiet(40, seed=n), first=TODAY - 39 * DAY)
    analyse(workplaces=[cast.cristalerias], day=TODAY, at=evening(TODAY))
    with CaptureQueriesContext(connection) as six:
        client.get(address)
    assert len(six) <= len(one) + 2
