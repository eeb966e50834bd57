"""Files and people who store the same figures at one moment, on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.models import Territory
from production.domain.report import submit_report
from production.models import Figure, Series, Submission
from tests import builders
from tests.imports import BOTTLES, CREATE, DAY, file, run

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgresql" not in connection.settings_dict["ENGINE"], reason="a race needs PostgreSQL"),
]


@pytest.fixture
def perlak() -> Territory:
    return builders.workplace("Perlak", builders.territory(TerritoryKind.CORDON, "Cerrillos-Maipú"))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all from one barrier; "ok", or the name of what was raised."""
    barrier, said = threading.Barrier(len(acts)), [""] * len(acts)

    def go(n: int) -> None:
        try:
            barrier.wait()
            acts[n]()
            said[n] = "ok"
        except Refused:
            said[n] = "Refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_one_file_imported_six_times_at_once_is_stored_once(perlak: Territory):
    rows = [*BOTTLES, "Nueva,2026-11-02,Panes,units,40"]
    said = at_once(*[lambda: run(file(*rows), CREATE)] * 6)
    assert set(said) <= {"ok", "Refused"}
    assert "ok" in said
    assert list(Figure.objects.values_list("version", "superseded").order_by("pk")) == [(1, False)] * 4
    assert Territory.objects.filter(name="Nueva").count() == 1


def test_an_import_and_a_report_by_hand_at_once_leave_one_figure_in_force(perlak: Territory):
    bottles = builders.indicator("Envases buenos", "miles")
    series = builders.series(perlak, bottles)
    nora = builders.member("nora")
    builders.membership(nora, perlak)
    figures = {series: (Decimal(7), "")}
    more = {"workplace": perlak, "territory": perlak, "on": DAY, "figures": figures, "by": nora, "at": builders.NOW}
    said = at_once(lambda: run(file(BOTTLES[0])), lambda: submit_report(**more))
    assert "ok" in said
    assert Figure.objects.filter(superseded=False).count() == 1
    assert Submission.objects.filter(current=True).count() == 1
    assert Series.objects.count() == 1
