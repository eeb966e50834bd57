"""Role × address × method against ``authz_expect.csv``, which a person has read line by line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx

from tests.attack import harness
from tests.attack.routes import SKIPPED, Route, routes
from tests.attack.site import Site, site
from tests.services.conftest import wait_until

EXPECTED = Path(__file__).with_name("authz_expect.csv")
#: Where each belongs. The keeper of the installation and the outsider belong nowhere.
HOME = {"worker_a": "A", "delegate_a": "A", "worker_b": "B"}
STREAM = "/control/stream/"


def accounts(world: dict[str, Any], *names: str) -> dict[str, Any]:
    return {"anon": None, **{name: [name, world["password"]] for name in names}}


def attack(engine: str, *, write: Path | None = None, only: str = "") -> bool:
    """Whether every cell is as expected, nobody sees a mark of the other side, and no route is left out."""
    with site(engine) as place:
        world = place.world("make")
        place.serve()
        wait_until(lambda: httpx.get(place.base + "/healthz", trust_env=False).status_code == 200)
        everything = [route for route in routes(world["objects"]) if only in route.path]
        return all([_strangers(place, world, everything), _stream(place, world), _matrix(place, world, everything, write)])


def _matrix(place: Site, world: dict[str, Any], everything: list[Route], write: Path | None) -> bool:
    config = {
        "roles": accounts(world, *HOME, "root"),
        "home": HOME,
        "objects": world["objects"],
        "marks": world["marks"],
        "urls": [route.as_config() for route in everything],
        "url_dump": str(_dump(place)),
        "skip": list(SKIPPED),
        "expect": str(EXPECTED),
    }
    return harness.run(place, "authz_matrix.py", config, *(["--write-expect", str(write)] if write else []))


def _strangers(place: Site, world: dict[str, Any], everything: list[Route]) -> bool:
    """Who belongs nowhere, superuser included, opens every page of A and sees nothing of it."""
    config = {
        "roles": accounts(world, "outsider", "root"),
        "home": {"outsider": "B", "root": "B"},
        "objects": world["objects"],
        "marks": {"A": world["marks"]["A"] + world["marks"]["B"], "B": []},
        "urls": [route.as_config() | {"methods": ["GET"]} for route in everything if "GET" in route.methods],
    }
    harness.say("-- strangers")
    return harness.run(place, "authz_matrix.py", config)


def _dump(place: Site) -> Path:
    """The project's own list of its routes."""
    script = harness.directory() / "django_urls.py"
    path = place.directory / "urls.txt"
    command = place.shell(str(script)).replace("env -i ", "env -i DJANGO_SETTINGS_MODULE=config.settings PYTHONPATH=. ")
    path.write_text(os.popen(command).read())
    return path


def _stream(place: Site, world: dict[str, Any]) -> bool:
    """The live stream is for the signed in, and says nothing but that something changed."""
    with httpx.Client(base_url=place.base, trust_env=False) as client:
        refused = client.get(STREAM)
        good = refused.status_code == 302 and "/accounts/login/" in refused.headers["location"]
        token = client.get("/accounts/login/").cookies["csrftoken"]
        given = {"login": "worker_b", "password": world["password"], "csrfmiddlewaretoken": token}
        client.post("/accounts/login/", data=given, headers={"Referer": place.base})
        with client.stream("GET", STREAM) as answer:
            first = next(answer.iter_text())
            good &= answer.status_code == 200 and "no-store" in answer.headers["cache-control"]
            good &= first == "retry: 3000\n\n"
    harness.say(f"stream: {'as expected' if good else 'FAULT'}")
    return good
