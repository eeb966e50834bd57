"""One engine of ``bench_import``: a fresh database, the file, the file again."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402  Django must be ready first
from django.utils import timezone  # noqa: E402

from production.domain.import_options import ImportOptions  # noqa: E402
from production.domain.importing import Source, import_reports  # noqa: E402


def main() -> None:
    """Import the file named on the command line twice and print what each took."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # a file, not memory: what is measured is what people run
        connection.settings_dict["TEST"]["NAME"] = f"{name}.bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for words in ("first import", "the same again"):
            print(f"{words:<15} {measure(Path(sys.argv[1]))}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(file: Path) -> str:
    """Import ``file`` and say how fast."""
    cpu, wall = time.process_time(), time.perf_counter()
    outcome = import_reports(
        source=Source(file.name, file.read_bytes()),
        options=ImportOptions(create=True, cordon_from_sector=True),
        by=None,
        at=timezone.now(),
    )
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    rows = outcome.created + outcome.corrected + outcome.unchanged
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{rows / cpu:>8,.0f} rows/s of CPU {rows / wall:>8,.0f} rows/s by the clock, peak {peak:.0f} MB: "
        f"{outcome.created:,} created, {outcome.unchanged:,} unchanged"
    )


if __name__ == "__main__":
    main()
