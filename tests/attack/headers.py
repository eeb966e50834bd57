"""Headers, cookies and markup of pages of every kind, behind a proxy that speaks https."""

from __future__ import annotations

import re

from tests.attack import harness
from tests.attack.authz import accounts
from tests.attack.routes import routes
from tests.attack.site import site
from tests.services.conftest import wait_until

PUBLIC = ("/", "/accounts/login/", "/enrol/", "/start/", "/healthz")
#: Redirects, or not pages: their own tests look at them.
NOT_PAGES = (
    "/import/confirm/",
    "/codes/{codes}/print/",
    "/territories/",
    "/accounts/",
    "/ballots.csv",
    "/export/",
    "/start/",
    "{draft}",
)


def attack(engine: str, *, only: str = "") -> bool:
    """Whether every page answers with every header, and no markup needs a weaker policy."""
    with site(engine, https=True) as place:
        world = place.world("make")
        place.serve()
        if not only:
            wait_until(place.is_well)  # /healthz is among them
        ids = world["objects"]["A"]
        opened = [r.path for r in routes(world["objects"]) if "GET" in r.methods and r.path not in PUBLIC]
        pages = [{"path": path, "role": None} for path in PUBLIC if not only or path != "/healthz"]
        for path in opened:
            if re.search(only, path) and not any(part in path for part in NOT_PAGES):
                role, status = "worker_a" if "{draft" in path else "delegate_a", 302 if path == "/report/" else 200
                pages.append({"path": path.format(**ids), "role": role, "private": True, "status": status})
        pages += [{"path": path, "role": "delegate_a", "private": True} for path in PUBLIC[:1]]
        config = {
            "roles": accounts(world, "worker_a", "delegate_a"),
            "pages": pages,
            "headers_opt": {"https": True, "forward": {"X-Forwarded-Proto": "https"}},
        }
        harness.say(f"{len(pages)} pages")
        return harness.run(place, "headers_check.py", config)
