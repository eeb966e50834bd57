"""Some six hundred malformed files against the page and against the command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.attack import harness
from tests.attack.authz import accounts
from tests.attack.site import Site, site

COUNT = Path(__file__).with_name("count.py")
#: How the pages and the command name a row; two groups, as the harness reads them.
ROW = r'"row":\s*(\d+)|\b(?:fila|row|line)\s+(\d+)'


def attack(engine: str, *, only: str = "", faces: tuple[str, ...] = ("page", "command")) -> bool:
    """Whether each file gets a sentence that names row and column, nothing half-written, never a 500."""
    with site(engine) as place:
        world = place.busy("imports")
        place.serve()
        return min([_face(place, world, face, only) for face in faces])


def _face(place: Site, world: dict[str, Any], face: str, only: str) -> bool:
    files = place.directory / f"files-{face}"
    common = {
        "columns": {"factory": "factory", "day": "date", "item": "indicator", "quantity": "value", "unit": "unit"},
        "good": {"factory": world["factory"], "unit": "kg"},
        "count_cmd": f"{sys.executable} {COUNT} {place.database_url}",
        "row_re": ROW,
    }
    page = {
        "path": "/import/",
        "field": "file",
        "extra": {"create_indicators": "on"},
        "account": accounts(world, "root")["root"],
        "accepted": [302],
    }
    command = {"cmd": place.shell("manage.py", "import_reports", "'{file}'", "--create-indicators"), "accepted": [200]}
    config = {"import": common | (page if face == "page" else command)}
    harness.say(f"-- {face}")
    harness.run(place, "bad_import.py", config, str(files), before=("make",))
    return harness.run(place, "bad_import.py", config, str(files), *(["--only", only] if only else []), before=("run",))
