"""The lock between what serves the data and what throws them away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError
from django.utils import translation

from councils.management.serving import NAME, nobody_serves, serving

HOLD = f"""
import fcntl, os, sys, time
lock = os.open(sys.argv[1] + "/{NAME}", os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_SH)
os.write(lock, str(os.getpid()).encode())
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def data_of_its_own(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with translation.override("en"):
        yield


def test_nothing_is_thrown_away_while_something_serves():
    with serving(), serving(), pytest.raises(CommandError, match=f"process {os.getpid()}.: nothing was thrown away"):
        nobody_serves().__enter__()
    with nobody_serves():
        pass


def test_nothing_begins_to_serve_while_the_data_are_thrown_away():
    with nobody_serves(), pytest.raises(CommandError, match="Try again in a minute"):
        serving().__enter__()


def test_the_lock_of_a_killed_server_is_stale(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None and server.stdout.readline() == b"held\n"
        with pytest.raises(CommandError, match=f"process {server.pid}.:"):
            nobody_serves().__enter__()
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert (tmp_path / NAME).read_text() == str(server.pid)
    with nobody_serves():
        pass
