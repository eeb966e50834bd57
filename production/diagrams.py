"""State diagrams of production, generated from the transition tables of ``enums`` into ``production/README.md``.

``tests/production/test_diagrams.py`` fails when they are stale. To renew: ``python -m production.diagrams
production/README.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from councils.diagrams import renewed
from production.enums import ALERT_TRANSITIONS

MAKER = "production/diagrams.py"
TABLES: dict[str, Mapping[Any, set[Any]]] = {"alert": ALERT_TRANSITIONS}

if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text("utf-8"), TABLES, MAKER), "utf-8")
