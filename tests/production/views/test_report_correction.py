"""Correcting a report: figures by others, figures by "did not work", and back; everything typed is kept."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from councils.errors import Refused
from production.domain.report import submit_report
from production.enums import Stoppage
from production.models import Figure, Report, Series, Submission
from tests import builders
from tests.conftest import Cast
from tests.report_forms import field, fill, past, url

TODAY = dt.date(2026, 11, 16)
LATE = dt.datetime(2026, 11, 17, 1, 0, tzinfo=dt.UTC)  # 22:00 in Santiago, the report was due at 18:00


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(builders.NOW, tick=False)


@pytest.fixture
def bottles(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.bottles)


@pytest.fixture
def sand(cast: Cast) -> Series:
    return builders.series(cast.cristalerias, cast.sand, position=1)


@pytest.fixture
def carmen(cast: Cast, client: Client) -> Client:
    client.force_login(cast.carmen)
    client.cookies["django_language"] = "en"
    return client


def test_a_correction_shows_both_versions_with_their_authors(cast, carmen, bottles):
    submit_report(
        workplace=cast.cristalerias, territory=cast.cristalerias, on=TODAY, figures={bottles: (Decimal(9), "")},
        by=cast.pedro, at=builders.NOW,
    )  # fmt: skip
    report = Report.objects.get()
    form = reverse("report_correct", args=[report.uuid])
    assert carmen.get(url(cast))["Location"] == reverse("report", args=[report.uuid])
    assert field(carmen.get(form).content.decode(), f"f-{bottles.uuid.hex}") == "9"
    refused = carmen.post(form, fill({bottles: "10"})).content.decode()
    assert "Write why" in refused and field(refused, f"f-{bottles.uuid.hex}") == "10"
    assert carmen.post(form, fill({bottles: "10"}, reason="miscounted")).status_code == 302
    for name, key in (("report", report.uuid), ("series_history", bottles.uuid)):
        page = carmen.get(reverse(name, args=[key])).content.decode()
        assert all(word in page for word in ("Pedro Rojas", "Carmen Soto", "miscounted", "replaced"))


def test_the_check_of_a_correction_shows_both_figures_and_asks_only_what_is_new(cast, carmen, bottles, sand):
    past(cast, bottles)
    told = {f"r-{bottles.uuid.hex}": "no lorry"}
    carmen.post(url(cast), fill({bottles: "46", sand: ""}, confirmed="1", **told))
    form = reverse("report_correct", args=[Report.objects.get(on=TODAY).uuid])
    asked = carmen.post(form, fill({bottles: "900", sand: ""}, reason="miscounted", **told)).content.decode()
    assert "1 odd figure." in asked and "blank" not in asked
    assert re.search(r"<del><span[^>]*>before </span>46\xa0thousands?</del> → 900\xa0", asked), asked
    sent = carmen.post(form, fill({bottles: "44", sand: ""}, reason="miscounted", **told), follow=True)
    page = sent.content.decode()
    assert "<h1>Report corrected</h1>" in page and "–&nbsp;" not in page
    shown = carmen.get(reverse("report", args=[Report.objects.get(on=TODAY).uuid])).content.decode()
    assert "Due today" not in shown


def test_a_correction_without_a_reason_says_who_sent_it_and_when(cast, carmen, bottles):
    sent = {"workplace": cast.cristalerias, "territory": cast.cristalerias, "on": TODAY, "at": builders.NOW}
    submit_report(figures={bottles: (Decimal(9), "")}, by=cast.pedro, **sent)
    with translation.override("es"), pytest.raises(Refused, match=r"Pedro Rojas .* 16-11-2026 12:00"):
        submit_report(figures={bottles: (Decimal(8), "")}, by=cast.carmen, **sent)


def test_a_typed_value_reads_back_as_itself(cast, carmen, bottles):
    carmen.post(url(cast), fill({bottles: "1,2340"}))
    form = reverse("report_correct", args=[Report.objects.get().uuid])
    page = carmen.get(form).content.decode()
    shown = field(page, f"f-{bottles.uuid.hex}")
    assert shown == "1.2340"
    assert "Nothing changed" in carmen.post(form, fill({bottles: shown}, reason="x")).content.decode()


def test_after_the_hour_figures_become_no_work_with_a_reason(cast, carmen, bottles, sand, time_machine):
    carmen.post(url(cast), fill({bottles: "412", sand: ""}, confirmed="1"))
    time_machine.move_to(LATE, tick=False)
    form = reverse("report_correct", args=[Report.objects.get().uuid])
    page = carmen.get(form).content.decode()
    tap = f"{reverse('report_stoppage', args=[cast.cristalerias.uuid])}?on={TODAY}"
    assert f'value="strike" formaction="{tap}"' in page
    sent = fill({bottles: "413", sand: "7"}, seen="1", why="strike", note="ask the foreman")
    asked = carmen.post(tap, sent)
    page = asked.content.decode()
    assert asked.status_code == 200 and "already figures of this day" in page
    assert f'action="{url(cast)}?on={TODAY}"' in page  # sending the figures is still possible
    assert [field(page, f"f-{s.uuid.hex}") for s in (bottles, sand)] == ["413", "7"]
    assert "ask the foreman" in page
    assert carmen.post(tap, sent | {"reason": "it was the day before"}).status_code == 302
    assert Submission.objects.get(current=True).stoppage == Stoppage.STRIKE
    assert not Figure.objects.current().filter(value__isnull=False).exists()


def test_after_the_hour_no_work_becomes_figures_with_a_reason(cast, carmen, bottles, time_machine):
    carmen.post(reverse("report_stoppage", args=[cast.cristalerias.uuid]), {"why": "power_cut"})
    time_machine.move_to(LATE, tick=False)
    form = reverse("report_correct", args=[Report.objects.get().uuid])
    page = carmen.post(form, fill({bottles: "412"}, seen="1")).content.decode()
    assert "Write why: it was reported that there was no work." in page
    assert 'href="#id_reason"' in page and field(page, f"f-{bottles.uuid.hex}") == "412"
    assert carmen.post(form, fill({bottles: "412"}, seen="1", reason="the light came back")).status_code == 302
    assert Figure.objects.current().get().value == Decimal(412)


def test_undo_after_the_hour_asks_why(cast, carmen, bottles, time_machine):
    carmen.post(reverse("report_stoppage", args=[cast.cristalerias.uuid]), {"why": "power_cut"})
    report = Report.objects.get()
    undo = reverse("report_undo", args=[report.uuid])
    time_machine.move_to(LATE, tick=False)
    asked = carmen.post(undo)  # from a page that was opened before the hour
    assert asked.status_code == 200
    page = asked.content.decode()
    assert 'name="reason"' in page and "Write why: it was reported that there was no work." in page
    assert "already sent" not in page
    assert Submission.objects.get(current=True).stoppage == Stoppage.POWER_CUT  # nothing changed
    done = carmen.post(undo, {"reason": "the light came back"})
    assert done["Location"] == reverse("report_correct", args=[report.uuid])
    assert Submission.objects.get(current=True).reason == "the light came back"
    assert carmen.get(undo).status_code == 200
