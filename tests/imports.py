"""Files of reports, for tests of imports: each line a sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from production.domain.import_options import ImportOptions, Outcome
from production.domain.importing import Source, import_reports
from tests.builders import NOW

HEADER = "factory,date,indicator,unit,value"
CREATE = ImportOptions(create=True)
INDICATORS = ImportOptions(create_indicators=True)
DAY = dt.date(2026, 11, 2)
BOTTLES = [
    "Perlak,2026-11-02,Envases buenos,miles,400",
    "Perlak,2026-11-03,Envases buenos,miles,401.5",
    "Perlak,2026-11-03,Arena sílice en bodega,t,300",
]


def file(*rows: str, header: str = HEADER, name: str = "reports.csv") -> Source:
    """A file of these rows."""
    return Source(name, "\n".join([header, *rows, ""]).encode())


def run(source: Source, options: ImportOptions | None = None, **more: Any) -> Outcome:
    """Import it from the operator's shell, unless told who."""
    return import_reports(source=source, options=options or ImportOptions(), **{"by": None, "at": NOW, **more})


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Created, corrected, unchanged, rejected."""
    return outcome.created, outcome.corrected, outcome.unchanged, outcome.rejected


def reasons(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Row, column and code of every error."""
    return [(error.row, error.column, error.code) for error in outcome.errors]
