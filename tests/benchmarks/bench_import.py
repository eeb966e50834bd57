"""``make bench``: rows a second of the coal file, first import and again, on SQLite and PostgreSQL.

    python -m tests.benchmarks.bench_import [FILE]

Each engine runs in a process of its own (``import_once``), on a database made for it and dropped afterwards.
PostgreSQL is taken from ``BENCH_POSTGRES`` and left out when it does not answer. CPU is that of the importing
process: read, check, compare and store, without the roll-up, which has a bench of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "production" / "data" / "coal_daily.csv.gz"
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://root@127.0.0.1:5432/postgres")


def main() -> None:
    """Run both engines and print a line for each import."""
    file = sys.argv[1] if len(sys.argv) > 1 else str(SAMPLE)
    with tempfile.TemporaryDirectory() as var:
        for engine, url in (("sqlite", f"sqlite:///{var}/bench.sqlite3"), ("postgresql", POSTGRES)):
            environment = {**os.environ, "CORDON_MODE": "embedded", "CORDON_READ_DOTENV": "0"}
            environment |= {"CORDON_VAR_DIR": var, "DATABASE_URL": url}
            command = [sys.executable, "-m", "tests.benchmarks.import_once", file]
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            lines = run.stdout.splitlines()
            if run.returncode:
                lines = ["not measured: " + (run.stderr.strip().splitlines() or ["no answer"])[-1]]
            for line in lines:
                print(f"import {engine:<11} {line}")


if __name__ == "__main__":
    main()
