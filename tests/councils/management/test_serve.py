"""The embedded shape as a process of its own: it comes up whole and goes down clean, also with a live page open."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from councils.domain import job

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "una clave larga"


class Served:
    """``manage.py serve`` on a free port, with a database of its own."""

    def __init__(self, var: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.database = var / "cordon.sqlite3"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        mine = {
            "CORDON_READ_DOTENV": "0",
            "CORDON_LANGUAGE": "en",
            "CORDON_VAR_DIR": str(var),
            "CORDON_ADMIN_PASSWORD": PASSWORD,
        }
        self._where = {"cwd": ROOT, "env": {**keep, **mine}, "text": True}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self._where,
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)

    def command(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], check=True, capture_output=True, **self._where)

    def health_when(self, status: int) -> dict[str, dict[str, object]]:
        """What /healthz says once it answers ``status``; the test fails after a minute."""
        for _try in range(300):
            try:
                answer = self.client.get("/healthz")
                if answer.status_code == status:
                    return answer.json()
            except httpx.TransportError:
                assert self.process.poll() is None, self.process.stdout.read()
            time.sleep(0.2)
        raise AssertionError("not in a minute")

    def sign_in(self, username: str) -> None:
        page = self.client.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        form = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert self.client.post("/accounts/login/", data=form).status_code == 302

    def stop(self, sign: signal.Signals) -> tuple[int, str]:
        """The exit code and all that was printed."""
        self.process.send_signal(sign)
        printed, _none = self.process.communicate(timeout=15)
        return self.process.returncode, printed


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.client.close()
    if served.process.poll() is None:
        served.process.kill()
        served.process.communicate()


def test_serve_comes_up_whole_and_stops_on_ctrl_c(served: Served, tmp_path: Path):
    health = served.health_when(200)
    assert [name for name, part in health.items() if not part["ok"]] == []
    with closing(sqlite3.connect(served.database)) as database:
        query = "SELECT (julianday(done_at) - julianday(due_at)) * 86400 FROM councils_job WHERE kind = 'heartbeat'"
        (seconds,) = database.execute(query).fetchone()
    assert seconds < job.GRACE.total_seconds()  # the worker was hinted at: no sweep would have taken it so soon
    code, printed = served.stop(signal.SIGINT)
    assert (code, "Traceback" in printed, printed.splitlines()[0][:24]) == (0, False, "Cordón: http://127.0.0.1")
    assert printed.splitlines()[-1] == "Stopped."
    assert {path.name for path in tmp_path.iterdir()} <= {"cordon.sqlite3", "static", "keys", "media", "serving.pid"}


def test_serve_stops_on_sigterm_with_a_live_page_open(served: Served):
    served.health_when(200)
    served.command("createcordon", "--name", "Vicuña Mackenna", "--admin", "ana")
    served.sign_in("ana")
    with served.client.stream("GET", "/control/stream/") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert next(stream.iter_lines()) == "retry: 3000"
        code, printed = served.stop(signal.SIGTERM)
    assert (code, "Traceback" in printed) == (0, False)


def test_serve_on_a_taken_port_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with translation.override("en"), pytest.raises(CommandError, match=f"^Cannot listen on 127.0.0.1:{port} ") as e:
            call_command("serve", port=port)
        assert "Choose another port: --port 9000." in str(e.value)
