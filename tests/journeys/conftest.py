"""A real server, a real browser: each journey has a country of its own.

``JOURNEY_SHOTS=directory`` keeps a picture of every page that is passed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests.builders import PASSWORD

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = os.environ.get("JOURNEY_SHOTS")
#: A phone and a desk: every page is looked at in both.
WIDTHS = (360, 1280)
expect.set_options(timeout=15_000)
#: What differs between two renderings of one page.
FLEETING = re.compile(r'[0-9a-f]{8}-[0-9a-f-]{27}|value="\w{64}"|\d+|(?<=>)[^<]+')


class Site:
    """The running product and its operator. ``var``: the directory of its database and keys."""

    def __init__(self, var: Path) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        strange = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        self.env = {name: value for name, value in os.environ.items() if name not in strange}
        self.env |= {"CORDON_MODE": "embedded", "CORDON_READ_DOTENV": "0", "CORDON_VAR_DIR": str(var)}

    def command(self, *words: str) -> str:
        """What ``python …`` prints, run beside the server."""
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def operator(self, act: str) -> dict[str, Any]:
        """One act of ``tests.journeys.world``."""
        answer: dict[str, Any] = json.loads(self.command("-m", "tests.journeys.world", act).splitlines()[-1])
        return answer

    def start(self) -> None:
        """Serve, and wait until it answers."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=self.env
        )
        for _try in range(300):
            try:
                urllib.request.urlopen(self.base + "/accounts/login/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not answer")

    def stop(self) -> int:
        """End it as a service manager does; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(15)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of an installation in which nothing is yet."""
    var = tmp_path_factory.mktemp("empty") / "var"
    Site(var).command("manage.py", "migrate", "-v0")
    return var


@pytest.fixture(scope="session")
def country(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The directory of one with four workplaces, and what ``world.make`` tells of it."""
    var = tmp_path_factory.mktemp("country") / "var"
    shutil.copytree(empty, var)
    return var, Site(var).operator("make")


@contextmanager
def _served(var: Path, copy: Path) -> Iterator[Site]:
    shutil.copytree(var, copy)
    site = Site(copy)
    try:
        site.start()
        yield site
    finally:
        code = site.stop()
    assert code == 0


@pytest.fixture
def world(country: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    """Addresses of the places and bodies of the country."""
    return country[1]


@pytest.fixture
def site(country: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[Site]:
    """The country, served."""
    with _served(country[0], tmp_path / "var") as site:
        yield site


@pytest.fixture
def empty_site(empty: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation in which nothing is yet, served."""
    with _served(empty, tmp_path / "var") as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the machine has it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One person at one screen. Every page is checked; a fault on the way fails the journey."""

    _seen: set[tuple[int, str]] = set()

    def __init__(self, site: Site, page: Page, *, width: int, script: bool) -> None:
        self.site, self.page, self.width, self.script = site, page, width, script
        self.faults: list[str] = []
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")
        if response.request.is_navigation_request() and response.status < 300:
            policy = response.headers.get("content-security-policy", "")
            if "default-src 'self'" not in policy or "unsafe" in policy:
                self.faults.append(f"policy of {response.url}: {policy}")

    def _failed(self, request: Request) -> None:
        if not request.url.endswith("/stream/"):  # a live page that is left cuts its stream off
            self.faults.append(f"failed: {request.url} {request.failure}")

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

    def refused(self, status: int, act: Callable[[], Any]) -> None:
        """Do ``act``, which the server must answer with ``status``; the page that says so is checked too."""
        with self.page.expect_navigation() as going:
            act()
        assert going.value.status == status
        assert [fault for fault in self.faults if not re.match(rf"{status} |console: .* {status} ", fault)] == []
        self.faults.clear()
        self.check()

    def check(self) -> None:
        """No fault so far; in both widths no sideways scroll, and nothing against WCAG that axe can find."""
        assert self.faults == [], self.page.url
        for width in WIDTHS if self.script else ():
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} at {width}"
            page = width, FLEETING.sub("", self.page.content())
            if page not in self._seen:
                self._seen.add(page)
                self._look(width)
        self.page.set_viewport_size({"width": self.width, "height": 800})

    def _look(self, width: int) -> None:
        if SHOTS:
            name = re.sub(r"[^a-z]+", "-", FLEETING.sub("", self.page.url[len(self.site.base) :]))
            path = Path(SHOTS) / f"{len(self._seen):03}-{self.language}-{width}{name}.png"
            self.page.screenshot(path=path, full_page=True, caret="initial")  # hiding the caret needs an inline style
        found = Axe().run(self.page).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found] == [], self.page.url

    @property
    def language(self) -> str:
        return str(self.page.get_attribute("html", "lang"))

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Through the page, as everyone."""
        self.go("/accounts/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.press("main form .btn--go")


Enter = Callable[..., AbstractContextManager[Visitor]]


@pytest.fixture
def visitor(browser: Browser) -> Enter:
    """``with visitor(site, "elena", width=360, language="es") as elena``; without a name nobody is signed in."""

    @contextmanager
    def enter(
        site: Site, username: str = "", *, width: int = 360, language: str = "es", script: bool = True
    ) -> Iterator[Visitor]:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.base}])
        try:
            person = Visitor(site, context.new_page(), width=width, script=script)
            if username:
                person.sign_in(username)
            yield person
            assert person.faults == []
        finally:
            context.close()

    return enter
