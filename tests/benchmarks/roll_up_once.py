"""One engine of ``bench_roll_up``: a fresh database, the file imported, then its roll-ups."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402  Django must be ready first
from django.utils import timezone  # noqa: E402

from councils.domain import job  # noqa: E402
from councils.models import Territory  # noqa: E402
from production.domain import summary  # noqa: E402
from production.domain.import_options import ImportOptions  # noqa: E402
from production.domain.importing import Source, import_reports  # noqa: E402
from production.domain.report import submit_report  # noqa: E402
from production.enums import Channel  # noqa: E402
from production.models import Series, Summary  # noqa: E402

REPORTS = 20


def main() -> None:
    """Import the file named on the command line and print what each roll-up took."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # a file, not memory: what is measured is what people run
        connection.settings_dict["TEST"]["NAME"] = f"{name}.bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        file = Path(sys.argv[1])
        options = ImportOptions(create=True, cordon_from_sector=True)
        import_reports(source=Source(file.name, file.read_bytes()), options=options, by=None, at=timezone.now())
        measure("after the import", lambda: job.run_due(at=timezone.now()))
        print(f"{'':<22} {Summary.objects.count():,} rows")
        measure("all of it anew", rebuild_from_nothing)
        measure("check", lambda: summary.check_summaries(at=timezone.now()))
        first, *others = Territory.objects.workplaces().order_by("pk")[:REPORTS]
        submit(first)
        measure("one report", lambda: job.run_due(at=timezone.now()))
        for place in others:
            submit(place)
        measure(f"{len(others)} reports together", lambda: job.run_due(at=timezone.now()))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def rebuild_from_nothing() -> None:
    Summary.objects.all().delete()
    summary.rebuild_summaries()


def submit(place: Territory) -> None:
    """``place`` reports today."""
    figures = {s: (Decimal(7), "") for s in Series.objects.filter(territory=place).select_related("indicator")}
    today, now = timezone.localdate(), timezone.now()
    channel = Channel.COMMAND
    submit_report(workplace=place, territory=place, on=today, figures=figures, by=None, at=now, channel=channel)


def measure(words: str, act: Callable[[], object]) -> None:
    """Do it and say how long it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{words:<22} {cpu:>7.2f} s of CPU {wall:>7.2f} s by the clock, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
