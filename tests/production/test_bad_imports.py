"""A short cut of the malformed-file corpus (``make attack`` runs the whole of it against a running site).

The corpus is made by the harness beside the checkout; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from production.models import Figure
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parents[2]
HARNESS = Path(os.environ.get("HARNESS", ROOT.parent / "shared" / "harness"))
COLUMNS = {"factory": "factory", "day": "date", "item": "indicator", "quantity": "value", "unit": "unit"}
#: One case in so many, and all of the first ones, which must be accepted.
EVERY, ALWAYS = 6, 15


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    if not (HARNESS / "bad_import.py").exists():
        pytest.skip("the harness is not beside the checkout")
    directory = tmp_path_factory.mktemp("corpus")
    config = directory / "config.json"
    good = {"factory": "Perlak", "unit": "kg"}
    config.write_text(json.dumps({"base": "http://127.0.0.1:1", "import": {"columns": COLUMNS, "good": good}}))
    command = [sys.executable, str(HARNESS / "bad_import.py"), "make", str(config), str(directory)]
    subprocess.run(command, check=True, capture_output=True)
    return directory


def answer(client, case: dict[str, str], directory: Path) -> tuple[str, list[str]]:
    """The class of the answer, and its sentences about rows."""
    before = Figure.objects.count()
    upload = SimpleUploadedFile(case["upload_name"], (directory / case["file"]).read_bytes())
    page = client.post("/import/", {"file": upload, "create_indicators": "on"})
    stored = Figure.objects.count() - before
    rows = re.findall(r'data-row="row (\d+) ([^"]*)"', page.content.decode())
    if page.status_code == 302:
        assert (case["id"], stored) == (case["id"], int(case["rows"] or stored))
        return "accepted", []
    assert (case["id"], stored) == (case["id"], 0)
    assert page.status_code in (400, 422)
    return ("row_error" if rows else "file_error"), [f"{row} {column}" for row, column in rows]


def test_malformed_files_get_a_sentence_and_store_nothing(cast: Cast, client, corpus, settings):
    settings.LANGUAGE_CODE = "en"
    client.force_login(cast.ana)
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as text:
        cases = [case for case in csv.DictReader(text) if int(case["id"]) < ALWAYS or int(case["id"]) % EVERY == 0]
    faults = []
    for case in cases:
        given, rows = answer(client, case, corpus)
        if case["expect"] != "any" and given not in case["expect"].split("|"):
            faults.append(f"{case['id']} {case['why']}: {given}, not {case['expect']}")
        elif (
            case["expect"] == "row_error"
            and case["row"]
            and f"{case['row']} {case['col']}".strip() not in " | ".join(rows)
        ):
            faults.append(f"{case['id']} {case['why']}: {rows[:3]} does not name {case['row']} {case['col']}")
    assert faults == []
