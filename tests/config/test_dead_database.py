"""A database that does not answer: pages say so with 503, static files and /healthz go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, sqlite3, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
if sys.argv[1] == "locked":
    # a patience of a tenth of a second instead of thirty
    connection.settings_dict["OPTIONS"].update(timeout=0.1, init_command="PRAGMA busy_timeout=100")
    holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "a" * 32
client.cookies["django_language"] = sys.argv[2]
pages = {}
for address in ("/", "/report/", "/accounts/login/", "/static/cordon/css/cordon.css", "/healthz"):
    if address == "/healthz":
        client.cookies.clear()  # who watches has no session
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    pages[address] = [answer.status_code, answer.get("Retry-After"), body.decode()[:3000]]
print(json.dumps(pages))
"""
DEAD = [
    ("missing", "sqlite:////nowhere/cordon.sqlite3"),
    ("locked", "sqlite:///{var}/cordon.sqlite3"),
    ("down", "postgres://cordon@127.0.0.1:1/cordon"),
]


def ask(var: Path, how: str, url: str, language: str = "en") -> dict[str, list[Any]]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    mine = {"DJANGO_SETTINGS_MODULE": "config.settings", "CORDON_READ_DOTENV": "0", "CORDON_VAR_DIR": str(var)}
    mine |= {"DATABASE_URL": url.format(var=var), "LOG_LEVEL": "CRITICAL"}
    command = [sys.executable, "-c", ASK, how, language]
    done = subprocess.run(command, cwd=ROOT, env={**keep, **mine}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("how", "url"), DEAD, ids=[how for how, _url in DEAD])
def test_pages_answer_503_and_what_needs_no_database_goes_on(tmp_path: Path, how: str, url: str):
    pages = ask(tmp_path, how, url)
    for address in ("/", "/report/", "/accounts/login/"):
        status, retry, body = pages[address]
        assert (address, status, retry) == (address, 503, "30")
        assert "The data cannot be reached now" in body and "<form" not in body
    assert pages["/static/cordon/css/cordon.css"][0] == 200
    status, _retry, body = pages["/healthz"]
    assert (status, json.loads(body)["database"]["ok"]) == (503, False)


def test_the_page_is_in_the_language_that_was_chosen(tmp_path: Path):
    status, _retry, body = ask(tmp_path, *DEAD[0], language="es")["/"]
    assert (status, '<html lang="es">' in body) == (503, True)
