"""``count_ballots`` and ``allocate_seats``: files in, counts out, and a sentence for every file that is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

BALLOTS = """\
4 2
-4
5 1 2 0
2 1 0
2 3 0
1 2 0
1 4 0
0
"Rosa"
"Luis"
"Elena"
"Hugo"
"Council"
"""


@pytest.fixture
def blt(tmp_path: Path) -> Path:
    path = tmp_path / "council.blt"
    path.write_text(BALLOTS)
    return path


def counted(capsys, *words: str | Path) -> dict:
    call_command(*map(str, words), "--format", "json")
    return json.loads(capsys.readouterr().out)


def test_scottish_stv_as_json(blt: Path, capsys):
    told = counted(capsys, "count_ballots", blt, "--method", "scottish-stv")
    assert (told["winners"], told["quota"], told["valid"], told["tie"]) == ([1, 2], 4, 10, None)
    assert told["stages"][1]["totals"] == {"1": "4.00000", "2": "3.14285", "3": "2.00000"}
    assert told["stages"][1]["happened"] == "surplus"


@pytest.mark.parametrize(
    ("method", "winners"), [("irv", [1]), ("plurality", [1, 3]), ("approval", [1, 2]), ("block", [1, 2])]
)
def test_other_methods(blt: Path, capsys, method: str, winners: list[int]):
    assert counted(capsys, "count_ballots", blt, "--method", method)["winners"] == winners


def test_text_names_people(blt: Path, capsys):
    call_command("count_ballots", str(blt), "--method", "scottish-stv")
    told = capsys.readouterr().out
    assert "Rosa" in told
    assert "1. Rosa (1)" in told


def test_lots_settle_what_is_tied(tmp_path: Path, capsys):
    path, lots = tmp_path / "tie.blt", tmp_path / "lots"
    path.write_text("2 1\n2 1 0\n2 2 0\n0\n")
    assert counted(capsys, "count_ballots", path)["tie"] == {"candidates": [1, 2], "for": "exclusion"}
    lots.write_text("2 1\n")
    assert counted(capsys, "count_ballots", path, "--lots", lots)["winners"] == [2]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"2 1\n3 1 5 0\n0\n", b"hello", b"2 1\n3 1 2 0\n"])
def test_a_file_that_is_none_gets_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "x.blt"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("count_ballots", str(path))


@pytest.mark.parametrize("lots", ["1 9", "1 1", "x"])
def test_lots_that_name_nobody_are_refused(blt: Path, tmp_path: Path, lots: str):
    (tmp_path / "lots").write_text(lots)
    with pytest.raises(CommandError):
        call_command("count_ballots", str(blt), "--lots", str(tmp_path / "lots"))


def test_seats_for_lists(tmp_path: Path, capsys):
    path = tmp_path / "lists.csv"
    path.write_text("list;votes;seats\nA;100;3\nB;100;3\nC;10;3\n")
    assert counted(capsys, "allocate_seats", path, "--method", "dhondt") == {
        "seats": {"A": 1, "B": 1, "C": 0},
        "ties": [{"lists": ["A", "B"], "seats": 1}],
        "awards": [{"list": "A", "average": "100"}, {"list": "B", "average": "100"}],
    }
    assert counted(capsys, "allocate_seats", path, "--seats", "2")["ties"] == []


@pytest.mark.parametrize(
    "content",
    ["", "list,votes\n", "a,b\n1,2\n", "list,votes\nA,1.5\n", "list,votes\nA,-1\n", "list,votes\nA,1\nA,2\n"],
)
def test_lists_that_are_none_get_a_sentence(tmp_path: Path, content: str):
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(CommandError):
        call_command("allocate_seats", str(path), "--seats", "2")
