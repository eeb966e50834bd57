"""The production shape: gunicorn, a prefork worker and beat as processes, on PostgreSQL and a Redis of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float = 90) -> bool:
    """Whether ``true()`` came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False


class Installation:
    """Its processes by name; each may be killed and started again."""

    def __init__(self, directory: Path) -> None:
        address = urlsplit(os.environ["DATABASE_URL"])
        self.database_url = urlunsplit(address._replace(path="/cordon_services"))
        self._server_url = urlunsplit(address._replace(path="/postgres"))
        self._directory, self._processes = directory, {}
        web, redis = free_port(), free_port()
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **keep,
            "CORDON_MODE": "production",
            "CORDON_READ_DOTENV": "0",
            "CORDON_VAR_DIR": str(directory / "var"),
            "KEY_STORE_DIR": str(directory / "keys"),
            "SECRET_KEY": "services-" + os.urandom(40).hex(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "CORDON_HTTPS": "0",
            "CORDON_ALLOW_HTTP": "1",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        }
        web_options = ["-k", "asgi", "--bind", f"127.0.0.1:{web}", "--workers", "2", "--graceful-timeout", "3"]
        self._commands = {
            "redis": ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            "web": [str(BIN / "gunicorn"), "config.asgi:application", *web_options],
            "worker": [str(BIN / "celery"), "-A", "config", "worker", "--concurrency", "2", "--queues", "clocks"],
            "beat": [str(BIN / "celery"), "-A", "config", "beat"],
        }
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{web}", trust_env=False, timeout=10)

    def make(self) -> None:
        """An empty database, static files collected, everything started."""
        with psycopg.connect(self._server_url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS cordon_services WITH (FORCE)")
            server.execute("CREATE DATABASE cordon_services")
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            done = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(done, cwd=ROOT, env=self.environment, check=True)
        for name in self._commands:
            self.start(name)

    def start(self, name: str) -> None:
        holds_keys = str(int(name in ("worker", "beat")))
        with (self._directory / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self._commands[name],
                cwd=self._directory if name == "redis" else ROOT,
                env={**self.environment, "CORDON_HOLDS_KEYS": holds_keys},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """As a power cut would: the whole group of the process at once."""
        os.killpg(self._processes[name].pid, 9)
        self._processes[name].wait()

    def stop(self, name: str) -> int:
        """As an orderly stop would; the exit code."""
        self._processes[name].terminate()
        return self._processes[name].wait(30)

    def printed(self, name: str) -> str:
        return (self._directory / f"{name}.log").read_text()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url) as database:
            return database.execute(query).fetchall()

    def down(self) -> list[str] | None:
        """Which parts /healthz calls down; None while nothing answers."""
        try:
            return [name for name, part in self.client.get("/healthz").json().items() if not part["ok"]]
        except httpx.TransportError:
            return None

    def end(self) -> None:
        self.client.close()
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()
        with psycopg.connect(self._server_url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS cordon_services WITH (FORCE)")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The production shape, running."""
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server, to start and kill one of its own")
    installation = Installation(tmp_path_factory.mktemp("services"))
    try:
        installation.make()
        yield installation
    finally:
        installation.end()
