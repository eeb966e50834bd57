"""``manage.py import_reports``."""

from __future__ import annotations

import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from councils.models import Job
from production.models import Figure, Summary
from tests.builders import NOW
from tests.conftest import Cast

GOOD = "factory,date,indicator,unit,value\nPerlak,2026-11-02,Envases buenos,miles,400\n"


@pytest.fixture(autouse=True)
def at_now(settings):
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def run(tmp_path, capsys):
    """Import ``content`` and give the exit code and what was said."""

    def go(content: str, *options: str) -> tuple[int, str]:
        path = tmp_path / "a.csv"
        path.write_text(content, "utf-8")
        try:
            call_command("import_reports", str(path), *options)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return go


def test_import_reports_stores_and_runs_the_jobs_it_caused(cast: Cast, run, settings):
    settings.CELERY_BROKER_URL = "memory://"  # no worker hears of the jobs: the command runs them
    code, said = run(GOOD)
    assert (code, said.splitlines()[-1]) == (0, "1 created, 0 corrected, 0 unchanged, 0 rejected.")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Summary.objects.filter(territory=cast.nation, indicator=cast.bottles).exists()


def test_import_reports_again_changes_nothing_and_says_so(cast: Cast, run):
    run(GOOD)
    assert run(GOOD)[1].splitlines()[-2:] == [
        "0 created, 0 corrected, 1 unchanged, 0 rejected.",
        "Everything in this file was already stored.",
    ]


def test_import_reports_refuses_with_row_and_column(cast: Cast, run):
    code, said = run(GOOD + "Perlak,2026-11-03,Envases buenos,miles,x\n")
    assert (code, said.splitlines()[0], said.splitlines()[-1], Figure.objects.count()) == (
        1,
        "Row 3, column value: “x” is not a number.",
        "Nothing was stored.",
        0,
    )
    assert run(GOOD + "Perlak,2026-11-03,Envases buenos,miles,x\n", "--accept-valid")[0] == 0
    assert Figure.objects.count() == 1


def test_import_reports_as_json(cast: Cast, run):
    code, said = run(GOOD + "Perlac,2026-11-03,Envases buenos,miles,x\n", "--format", "json")
    answer = json.loads(said)
    assert (code, answer["stored"], answer["rejected"]) == (1, False, 1)
    assert [(e["row"], e["column"], e["code"]) for e in answer["errors"]] == [(3, "value", "not_a_number")]
    assert json.loads(run(GOOD, "--format", "json")[1])["created"] == 1
    assert json.loads(run("x", "--format", "json")[1])["refused"].startswith("The first row must name the columns.")


def test_import_reports_as_a_trial_stores_nothing(cast: Cast, run):
    code, said = run(GOOD.replace("Perlak", "Nueva"), "--dry-run", "--create", "--cordon-from", "sector")
    assert (code, said.splitlines()[-1], Figure.objects.count()) == (0, "Nothing was stored: this was a trial.", 0)


def test_import_reports_of_no_file(tmp_path, settings, db):
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_reports", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_reports", str(tmp_path))
    settings.IMPORT_MAX_BYTES = 5
    (tmp_path / "large.csv").write_text(GOOD)
    with pytest.raises(CommandError, match="larger than"):
        call_command("import_reports", str(tmp_path / "large.csv"))
