"""In production mode the app refuses to start on an unsafe or missing setting, and names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SAFE = {
    "CORDON_MODE": "production",
    "CORDON_READ_DOTENV": "0",
    "SECRET_KEY": "p3Zk-0qf8YwXcV7bN5mL2hJ9gT4rE1sA6dU_oIyKxQzWvBnMlRtG",
    "ALLOWED_HOSTS": "cordon.example",
    "DATABASE_URL": "postgres://cordon@127.0.0.1:5432/cordon",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "KEY_STORE_DIR": "/srv/cordon-keys",
}


def start(
    var: Path, *command: str, program: tuple[str, ...] = (), **changed: str | None
) -> subprocess.CompletedProcess[str]:
    """Start Django with safe settings but for ``changed``; None leaves a setting out."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**keep, **SAFE, "CORDON_VAR_DIR": str(var), **changed}
    return subprocess.run(
        [sys.executable, *(program or ("manage.py", *(command or ["version"])))],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_start_and_pass_the_deployment_check(tmp_path: Path):
    done = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n"), done.stderr


def test_private_keys_are_for_processes_that_were_told_so(tmp_path: Path):
    asked = "from django.conf import settings; print(int(settings.HOLDS_KEYS), settings.CAST_COUNT_DIR)"
    said = [
        start(tmp_path, "shell", "--no-imports", "-c", asked, CORDON_HOLDS_KEYS=given, CAST_COUNT_DIR=counts).stdout
        for given, counts in ((None, None), ("1", "/srv/counts"))
    ]
    assert said == ["0 /srv/cordon-keys/casts\n", "1 /srv/counts\n"]


UNSAFE = [
    ("SECRET_KEY", None, "SECRET_KEY is missing"),
    ("SECRET_KEY", "short", "SECRET_KEY is missing"),
    ("SECRET_KEY", "x" * 60, "SECRET_KEY is missing, guessable"),
    ("SECRET_KEY", "embedded-only-" + "x" * 50, "SECRET_KEY is missing, guessable"),
    ("DEBUG", "1", "DEBUG is on"),
    ("CORDON_DEMO", "1", "CORDON_DEMO is on"),
    ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS is missing"),
    ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS is missing or '*'"),
    ("CORDON_HTTPS", "0", "CORDON_HTTPS is off"),
    ("CSRF_TRUSTED_ORIGINS", "http://cordon.example", "CSRF_TRUSTED_ORIGINS holds 'http://cordon.example'"),
    ("CSRF_TRUSTED_ORIGINS", "https://*.example", "CSRF_TRUSTED_ORIGINS holds 'https://*.example'"),
    ("DATABASE_URL", None, "DATABASE_URL is missing or SQLite"),
    ("DATABASE_URL", "sqlite:////tmp/cordon.sqlite3", "DATABASE_URL is missing or SQLite"),
    ("REDIS_URL", None, "REDIS_URL is missing"),
    ("REDIS_URL", "memory://", "REDIS_URL is missing or no redis://"),
    ("KEY_STORE_DIR", None, "KEY_STORE_DIR is missing"),
    ("KEY_STORE_DIR", "keys", "KEY_STORE_DIR is missing or relative"),
    ("KEY_STORE_DIR", str(ROOT / "keys"), "KEY_STORE_DIR lies inside BASE_DIR"),
    ("CORDON_LANGUAGE", "xx", "CORDON_LANGUAGE is 'xx'"),
    ("CORDON_MODE", "prod", "CORDON_MODE is 'prod'"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), UNSAFE, ids=[f"{name}={value}" for name, value, _s in UNSAFE])
def test_an_unsafe_setting_is_refused_by_name(tmp_path: Path, name: str, value: str | None, sentence: str):
    done = start(tmp_path, "check", **{name: value})
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_all_unsafe_settings_are_named_at_once(tmp_path: Path):
    done = start(tmp_path, "check", SECRET_KEY=None, REDIS_URL=None, KEY_STORE_DIR=str(tmp_path / "keys"))
    faults = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    assert [fault.split()[1] for fault in faults] == ["SECRET_KEY", "REDIS_URL", "KEY_STORE_DIR"]


@pytest.mark.parametrize(("module", "code"), [("config.asgi", 3), ("config.wsgi", 3)])
def test_a_web_process_ends_with_the_list_and_without_a_traceback(tmp_path: Path, module: str, code: int):
    done = start(tmp_path, program=("-c", f"import {module}"), REDIS_URL=None)
    assert (done.returncode, "REDIS_URL is missing" in done.stderr, "Traceback" in done.stderr) == (code, True, False)


def test_a_worker_ends_with_the_list_and_without_a_traceback(tmp_path: Path):
    done = start(tmp_path, program=(str(Path(sys.executable).with_name("celery")), "-A", "config", "beat"), DEBUG="1")
    assert (done.returncode, "DEBUG is on" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_http_is_allowed_only_in_so_many_words(tmp_path: Path):
    done = start(
        tmp_path,
        "check",
        CORDON_HTTPS="0",
        CORDON_ALLOW_HTTP="1",
        CSRF_TRUSTED_ORIGINS="http://cordon.local:8000",
    )
    assert done.returncode == 0, done.stderr


def test_embedded_needs_no_setting(tmp_path: Path):
    nothing = dict.fromkeys(SAFE) | {"CORDON_READ_DOTENV": "0"}
    assert start(tmp_path, "check", **nothing).returncode == 0


def test_embedded_does_not_serve_in_production_mode(tmp_path: Path):
    done = start(tmp_path, "serve", CORDON_LANGUAGE="en")
    assert (done.returncode, "embedded shape" in done.stderr) == (1, True)
