"""``make bench``: the coal file rolled up: after its import, all of it anew, the check, and one report.

    python -m tests.benchmarks.bench_roll_up [FILE]

Each engine runs in a process of its own (``roll_up_once``), as in ``bench_import``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from tests.benchmarks.bench_import import POSTGRES, SAMPLE


def main() -> None:
    """Run both engines and print a line for each measurement."""
    file = sys.argv[1] if len(sys.argv) > 1 else str(SAMPLE)
    with tempfile.TemporaryDirectory() as var:
        for engine, url in (("sqlite", f"sqlite:///{var}/bench.sqlite3"), ("postgresql", POSTGRES)):
            environment = {**os.environ, "CORDON_MODE": "embedded", "CORDON_READ_DOTENV": "0"}
            environment |= {"CORDON_VAR_DIR": var, "DATABASE_URL": url}
            command = [sys.executable, "-m", "tests.benchmarks.roll_up_once", file]
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            lines = run.stdout.splitlines()
            if run.returncode:
                lines = ["not measured: " + (run.stderr.strip().splitlines() or ["no answer"])[-1]]
            for line in lines:
                print(f"roll-up {engine:<11} {line}")


if __name__ == "__main__":
    main()
