"""SQLite as the embedded shape uses it, on a file: durable, and patient between threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRAGMAS = """
import json
from django.db import connection
def pragma(name):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]
print(json.dumps({name: pragma(name) for name in
    ("journal_mode", "synchronous", "busy_timeout", "secure_delete", "foreign_keys")}))
"""
ADDITIONS = """
import json, threading
from django.db import connections, transaction
from councils.models import Heartbeat
import datetime as dt
start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Heartbeat.objects.create(name="sum", at=start)
faults = []
def add():
    try:
        for _ in range(25):
            with transaction.atomic():
                row = Heartbeat.objects.get(name="sum")
                row.at += dt.timedelta(seconds=1)
                row.save()
    except Exception as e:
        faults.append(repr(e))
    finally:
        connections.close_all()
threads = [threading.Thread(target=add) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print(json.dumps([faults, (Heartbeat.objects.get(name="sum").at - start).total_seconds()]))
"""


@pytest.fixture
def embedded(tmp_path: Path):
    """Runs source in ``manage.py shell`` of an embedded installation; what it printed last, as JSON."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    where = {"cwd": ROOT, "env": {**keep, "CORDON_READ_DOTENV": "0", "CORDON_VAR_DIR": str(tmp_path)}, "check": True}

    def run(source: str) -> object:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", source]
        return json.loads(subprocess.run(command, capture_output=True, text=True, **where).stdout.splitlines()[-1])

    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], **where)
    return run


def test_sqlite_keeps_what_was_committed_and_forgets_what_was_deleted(embedded):
    assert embedded(PRAGMAS) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "busy_timeout": 30000,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def test_sqlite_threads_that_read_then_write_wait_for_each_other(embedded):
    assert embedded(ADDITIONS) == [[], 100.0]
