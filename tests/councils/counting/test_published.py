"""Published counts: Scottish wards stage by stage, and Chilean districts. Skipped where the files are not at hand."""

from __future__ import annotations

import csv
import gzip
import io
import tarfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from councils.counting.apportionment import allocate_seats
from councils.counting.blt import read_blt
from councils.counting.stv import SCALE, count_stv

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "voting"
pytestmark = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published counts are not beside the checkout")

#: Glasgow 2017 ward 1, stage 3: the sheet says 393 where its own columns add up to 303.
TYPO = ("glasgow_2017_ward1.blt", 3, 6)


@pytest.fixture(scope="module")
def counts():
    found = {}
    with tarfile.open(PUBLISHED / "blt.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file and member.name.endswith(".blt"):
                blt = read_blt(file.read().decode())
                found[Path(member.name).name] = count_stv(candidates=blt.candidates, papers=blt.papers, seats=blt.seats)
    return found


def _table(name):
    return list(csv.DictReader(io.StringIO((PUBLISHED / name).read_text())))


def test_winners_of_every_ward(counts):
    rows = _table("winners.csv")
    assert {r["file"]: sorted(counts[r["file"]].elected) for r in rows} == {
        r["file"]: sorted(map(int, r["winner_numbers"].split())) for r in rows
    }
    assert [(counts[r["file"]].quota, counts[r["file"]].valid) for r in rows] == [
        (int(r["quota"]), int(r["valid_ballots"])) for r in rows
    ]


def test_totals_of_every_stage(counts):
    text = gzip.decompress((PUBLISHED / "stages.csv.gz").read_bytes()).decode()
    differing = []
    for r in csv.DictReader(io.StringIO(text)):
        cell = (r["file"], int(r["stage"]), int(r["candidate"]))
        if not r["official_total"]:
            continue
        counted = Decimal(counts[cell[0]].stages[cell[1] - 1].totals[cell[2]]) / SCALE
        within = 0 if r["published_decimals"] == "5" else Decimal("0.005")
        if abs(counted - Decimal(r["official_total"])) > within:
            differing.append(cell)
    assert differing == [TYPO]


def test_chilean_districts():
    districts = defaultdict(list)
    for r in _table("chile_dhondt.csv"):
        districts[r["year"], r["district"], int(r["seats"])].append(r)
    for (_year, _district, seats), rows in districts.items():
        allocation = allocate_seats({r["list"]: int(r["votes"]) for r in rows}, seats=seats, method="dhondt")
        same = allocation.seats == {r["list"]: int(r["official_seats"]) for r in rows}
        assert same == (rows[0]["plain_dhondt_reproduces"] == "1")
