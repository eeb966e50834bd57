"""A site of its own to attack: its directory, its database, its Redis, its processes, on free ports.

Two shapes, the two in which the product runs: ``sqlite`` is ``manage.py serve``, one process;
``postgresql`` is gunicorn, a prefork worker and beat on a PostgreSQL cluster and a Redis that nobody else uses.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.services.conftest import BIN, ROOT, free_port, wait_until

#: The user who may run PostgreSQL where we are root, which it refuses to be run by.
SERVER_USER = "postgres"
PARTS = ("postgresql", "redis", "web", "worker", "beat")
START = 60.0


class Unavailable(Exception):
    """This machine lacks what the attack needs."""


def postgresql_bin() -> Path:
    """The directory of initdb and postgres, the newest there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise Unavailable("PostgreSQL's own programs (initdb, postgres) are not installed")
    return found[-1].parent if found else Path(str(on_path)).parent


def as_server_user() -> list[str]:
    """Words before a command that make it run as somebody else than root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--init-groups"]


class Site:
    """Processes by name. ``commands`` are shell lines, as the harness wants them."""

    def __init__(self, directory: Path, engine: str, *, https: bool = False) -> None:
        self.directory, self.engine = directory, engine
        self.port, self.redis_port, self.database_port = free_port(), free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **keep,
            "CORDON_READ_DOTENV": "0",
            "CORDON_VAR_DIR": str(directory / "var"),
            "KEY_STORE_DIR": str(directory / "keys"),
            "SECRET_KEY": "attack-" + os.urandom(40).hex(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "CORDON_HTTPS": str(int(https)),
            "LOG_LEVEL": "WARNING",
        }
        if engine == "postgresql":
            self.environment |= {
                "CORDON_MODE": "production",
                "CORDON_ALLOW_HTTP": "1",
                "CORDON_OPEN_START": "1",
                "DATABASE_URL": f"postgres://{SERVER_USER}@127.0.0.1:{self.database_port}/postgres",
                "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            }
        self.database_url = self.environment.get("DATABASE_URL", f"sqlite:///{directory}/var/cordon.sqlite3")
        #: As an operator at the shell: the trial votes refuse to run in production mode.
        self.operator = {**self.environment, "CORDON_MODE": "embedded"}
        self.commands = self._production() if engine == "postgresql" else self._embedded()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def _embedded(self) -> dict[str, str]:
        return {"web": f"exec {sys.executable} manage.py serve --port {self.port}"}

    def _production(self) -> dict[str, str]:
        cluster, server = self.directory / "cluster", " ".join([*as_server_user(), str(postgresql_bin() / "postgres")])
        options = f"-D {cluster} -k {cluster} -p {self.database_port} -c listen_addresses=127.0.0.1"
        celery, holding = f"exec {BIN / 'celery'} -A config", "CORDON_HOLDS_KEYS=1"
        return {
            # after a kill -9 the next server is refused until the last backend of the killed one has noticed
            "postgresql": f"until {server} {options}; do sleep 0.2; done",
            "redis": f"exec redis-server --port {self.redis_port} --bind 127.0.0.1 --save '' --appendonly no",
            "web": f"exec {BIN / 'gunicorn'} config.asgi:application -k asgi --bind 127.0.0.1:{self.port}"
            " --workers 2 --keep-alive 75 --graceful-timeout 3 --log-level warning",
            "worker": f"{holding} {celery} worker --pool prefork --concurrency 2 --queues clocks"
            " --without-gossip --without-mingle --loglevel WARNING",
            "beat": f"{holding} {celery} beat --loglevel WARNING",
        }

    # --- before the processes ------------------------------------------------------------------

    def prepare(self) -> None:
        """The cluster, running; tables; static files."""
        if self.engine == "postgresql":
            self._make_cluster()
            self.start("postgresql")
            if not wait_until(self.database_answers, START):
                raise Unavailable(f"PostgreSQL does not start, see {self.directory}/postgresql.log")
            self.start("redis")
            self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("migrate", "--no-input", "--verbosity", "0")

    def _make_cluster(self) -> None:
        cluster = self.directory / "cluster"
        cluster.mkdir()
        if os.geteuid() == 0:
            who = pwd.getpwnam(SERVER_USER)
            os.chown(cluster, who.pw_uid, who.pw_gid)
            self.directory.chmod(0o755)
        made = [*as_server_user(), str(postgresql_bin() / "initdb"), "-D", str(cluster), "-U", SERVER_USER]
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([*made, *options], check=True, capture_output=True, cwd=cluster)

    def database_answers(self) -> bool:
        """Whether PostgreSQL takes connections."""
        asked = [str(postgresql_bin() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.database_port)]
        return subprocess.run(asked, check=False).returncode == 0

    # --- the processes ---------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        for name in names:
            with (self.directory / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self.commands[name],
                    shell=True,
                    cwd=self.directory if name == "redis" else ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def serve(self, *, without: Sequence[str] = ()) -> None:
        """Everything that is not running yet, until a page answers; ``without`` some parts."""
        there = [name for name in PARTS if name in self.commands and name not in without]
        self.start(*(name for name in there if name not in self._running))
        if not wait_until(self.answers, START):
            raise Unavailable(f"the site does not answer, see {self.directory}/web.log")

    def answers(self) -> bool:
        try:
            return httpx.get(self.base + "/healthz", trust_env=False, timeout=2).status_code in (200, 503)
        except httpx.HTTPError:
            return False

    def is_well(self) -> bool:
        """Every part of it, in its own words."""
        return httpx.get(self.base + "/healthz", trust_env=False, timeout=5).status_code == 200

    def pid(self, name: str) -> int:
        """Of the process that a part runs under, for whoever watches it."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """As a power cut would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """All of them: pages first, the database last."""
        for name in reversed([name for name in PARTS if name in self._running]):
            process = self._running.pop(name)
            os.killpg(process.pid, signal.SIGINT if name == "postgresql" else signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    # --- an operator's hands ---------------------------------------------------------------------

    def manage(self, *words: str) -> str:
        """What ``manage.py`` printed."""
        return self._run([sys.executable, "manage.py", *words], self.environment)

    def operate(self, *words: str) -> str:
        """As ``manage``, with what production mode refuses."""
        return self._run([sys.executable, "manage.py", *words], self.operator)

    def world(self, *words: str) -> dict[str, Any]:
        """What an act of ``tests.attack.world`` said."""
        said: dict[str, Any] = json.loads(self.run_module("tests.attack.world", *words).splitlines()[-1])
        return said

    def busy(self, *words: str) -> dict[str, Any]:
        """What an act of ``tests.attack.busy_world`` said."""
        said: dict[str, Any] = json.loads(self.run_module("tests.attack.busy_world", *words).splitlines()[-1])
        return said

    def run_module(self, module: str, *words: str) -> str:
        return self._run([sys.executable, "-m", module, *words], self.operator)

    def _run(self, command: Sequence[str], environment: dict[str, str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout

    def run_script(self, path: Path) -> str:
        """A script that knows nothing of the product, with the product around it."""
        around = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        return self._run([sys.executable, str(path)], self.operator | around)

    def shell(self, *words: str) -> str:
        """A shell line, for a script that runs elsewhere, that is one of an operator's commands here."""
        given = " ".join(f"'{name}={value}'" for name, value in self.operator.items())
        return f"cd {ROOT} && env -i {given} {sys.executable} {' '.join(words)}"


@contextmanager
def site(engine: str, *, https: bool = False) -> Iterator[Site]:
    """A prepared site; nothing of it is left afterwards, unless ``ATTACK_KEEP`` is set."""
    directory = Path(tempfile.mkdtemp(prefix=f"cordon-attack-{engine}-"))
    made = Site(directory, engine, https=https)
    try:
        made.prepare()
        yield made
    finally:
        made.end()
        if "ATTACK_KEEP" not in os.environ:
            time.sleep(0.2)
            shutil.rmtree(directory, ignore_errors=True)
