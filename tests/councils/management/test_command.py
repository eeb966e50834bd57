"""What all commands have in common: on a database that was never migrated a sentence, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    mine = {"CORDON_READ_DOTENV": "0", "CORDON_VAR_DIR": str(var), "CORDON_LANGUAGE": "en"}
    mine["CORDON_ADMIN_PASSWORD"] = "una clave larga"
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env={**keep, **mine}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ["createcordon", "--name", "Vicuña", "--admin", "ana"],
        ["rebuild_summaries"],
        ["import_reports", "production/data/coal_daily.csv.gz"],
        ["tally_vote", "6f1c1f86-7a5e-4f0b-9d2e-1f5b5f5f0a01"],
    ],
    ids=lambda words: words[0],
)
def test_on_a_database_without_tables_a_command_says_so(tmp_path: Path, words: list[str]):
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["CommandError: The database has no tables yet: run manage.py migrate first."]


def test_every_command_of_the_project_is_one_of_these():
    for path in ROOT.glob("*/management/commands/[a-z]*.py"):
        assert "class Command(ProjectCommand)" in path.read_text(), path


def test_who_reads_no_further_gets_no_traceback(tmp_path: Path):
    ballots = tmp_path / "council.blt"
    ballots.write_text('2 1\n2 1 0\n1 2 0\n0\n"Rosa"\n"Luis"\n"Council"\n')
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "manage.py", "count_ballots", str(ballots), "--method", "scottish-stv"]
    env = {**os.environ, "CORDON_READ_DOTENV": "0", "CORDON_VAR_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
