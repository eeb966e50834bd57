"""Role × address × method against ``authz_expect.csv``, which a person has read line by line."""

from __future__ import annotations

import re
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
        everything = [route for route in routes(world["objects"]) if re.search(only, route.path)]
        found = [_strangers(place, world, everything), _stream(place, world)]
        return all([*found, _matrix(place, world, everything, write, whole=not only), _trespasses(place)])


def _matrix(place: Site, world: dict[str, Any], everything: list[Route], write: Path | None, *, whole: bool) -> bool:
    config = {
        "roles": accounts(world, *HOME, "root"),
        "home": HOME,
        "objects": world["objects"],
        "marks": world["marks"],
        "urls": [route.as_config() for route in everything],
        "skip": list(SKIPPED),
        "expect": str(EXPECTED),
    }
    if whole:
        config["url_dump"] = str(_dump(place))
        wait_until(place.is_well)  # /healthz is in the matrix
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
    path.write_text(place.run_script(script))
    return path


def _trespasses(place: Site) -> bool:
    """What the product's own log says of all that was posted."""
    found = place.world("trespasses")["found"]
    harness.say(f"trespasses: {found or 'none'}")
    return not found


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
