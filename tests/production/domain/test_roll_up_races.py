"""Roll-ups that run at one moment, on PostgreSQL: they take turns, so none overwrites what another summed."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from councils.domain import job
from councils.enums import TerritoryKind
from councils.models import Job
from production.domain import roll_up, summary
from production.models import Summary
from tests import builders as b
from tests import sums
from tests.builders import NOW
from tests.sums import TODAY

WORKERS = 8

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgresql" not in connection.settings_dict["ENGINE"], reason="a race needs PostgreSQL"),
]


def test_roll_ups_at_one_moment_sum_to_the_same():
    nation = b.territory(TerritoryKind.NATION, "Chile")
    cordon = b.territory(TerritoryKind.CORDON, "Vicuña", nation)
    bottles = b.indicator("Envases", "miles")
    for n in range(WORKERS):
        place = b.workplace(f"Taller {n}", cordon)
        b.series(place, bottles)
        sums.say(place, TODAY, 10**n)
    # each worker its own job: a batch would put them one after the other
    job.register(summary.ROLL_UP, roll_up.roll_up)
    barrier, ids = (
        threading.Barrier(WORKERS),
        list(Job.objects.filter(kind=summary.ROLL_UP).values_list("pk", flat=True)),
    )

    def work(job_id: int) -> None:
        try:
            barrier.wait()
            job.run_job(job_id=job_id, at=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(job_id,)) for job_id in ids]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        job.register(summary.ROLL_UP, roll_up.roll_up, batch=roll_up.BATCH)
    assert set(Job.objects.filter(kind=summary.ROLL_UP).values_list("state", flat=True)) == {"done"}
    row = Summary.objects.get(territory=nation, grain="day")
    assert (row.value, row.reported, row.workplaces) == (Decimal(11_111_111), WORKERS, WORKERS)
    assert summary.check_summaries(at=NOW) == []
