"""A real server, a real browser: each journey has a country of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.builders import PASSWORD

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


class Site:
    """The running product and its operator."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")},
            "CORDON_MODE": "embedded",
            "CORDON_READ_DOTENV": "0",
            "CORDON_VAR_DIR": str(var),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=self.env, check=True)
        self.world = self.operator("make")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)], cwd=ROOT, env=self.env
        )
        for _try in range(200):
            try:
                urllib.request.urlopen(self.base + "/accounts/login/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server did not answer")

    def operator(self, act: str) -> dict[str, Any]:
        """One act of ``tests.journeys.world``."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.world", act],
            cwd=ROOT,
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def stop(self) -> int:
        """End it as Ctrl-C does; the exit code."""
        self.process.terminate()
        return self.process.wait(15)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A country with three workplaces, served."""
    site = Site(tmp_path)
    yield site
    assert site.stop() == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the machine has it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


class Visitor:
    """One person at one screen. Fails on any 4xx/5xx answer and on any message in the console."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on(
            "response", lambda r: r.status >= 400 and self.faults.append(f"{r.status} {r.request.method} {r.url}")
        )
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.faults.append(m.text))
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on("requestfailed", self._failed)

    def _failed(self, request: Any) -> None:
        if "/stream/" not in request.url:  # a live page that is left cuts its stream off
            self.faults.append(f"failed {request.url} {request.failure}")

    def go(self, path: str) -> Page:
        """Open ``path`` and check what is there."""
        self.page.goto(self.site.base + path)
        self.check()
        return self.page

    def press(self, selector: str) -> None:
        """Press a button or follow a link, then check the page it leads to."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.check()

    def check(self) -> None:
        """No fault so far, no violation of WCAG A, AA, 2.2 or best practice, no sideways scroll."""
        assert self.faults == [], self.page.url
        if self.context._options_js:  # type: ignore[attr-defined]
            found = Axe().run(self.page).response["violations"]
            assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == [], self.page.url
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} scrolls sideways by {wide}"

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.go("/accounts/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.press("main form .btn--go")


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[Any]:
    """``with visitor(width=360, language="es") as person``."""

    @contextmanager
    def enter(*, width: int = 360, language: str = "es", script: bool = True) -> Iterator[Visitor]:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        context._options_js = script  # type: ignore[attr-defined]
        context.add_cookies([{"name": "django_language", "value": language, "url": site.base}])
        try:
            yield Visitor(site, context)
        finally:
            context.close()

    return enter
