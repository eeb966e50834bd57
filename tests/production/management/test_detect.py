"""``manage.py detect``: what it writes, that it does not look ahead, and what it says of nonsense."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

BEGAN = dt.date(2024, 1, 1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def write(path: Path, days: int, *, last: float = 0.0) -> Path:
    """Two series, one of which changes its level on day 100; the other ends ``last`` higher."""
    rng = np.random.default_rng(7)
    lines = ["series,date,value"]
    for t in range(days):
        day = BEGAN + dt.timedelta(t)
        lines.append(f"melts,{day},{200 + 8 * rng.standard_normal() + 50 * (t >= 100):.4f}")
        lines.append(f"glass,{day},{50 + 2 * rng.standard_normal() + last * (t == days - 1):.4f}")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt") as file:
        file.write("\n".join(lines) + "\n")
    return path


def detect(path: Path, **options: object) -> list[dict[str, str]]:
    out = path.with_name("out.csv")
    call_command("detect", str(path), output=out, stdout=io.StringIO(), **options)
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_step_is_told_on_its_days(tmp_path):
    rows = detect(write(tmp_path / "a.csv.gz", 120))
    assert list(rows[0]) == ["series", "date", "kind", "probability"]
    told = [row for row in rows if row["series"] == "melts"]
    assert told[0]["date"] == (BEGAN + dt.timedelta(100)).isoformat()
    assert told[-1]["kind"] == "step"
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)


def test_the_days_after_change_nothing_of_the_days_before(tmp_path):
    whole = detect(write(tmp_path / "a.csv", 120, last=30))
    cut = (BEGAN + dt.timedelta(110)).isoformat()
    lines = (tmp_path / "a.csv").read_text().splitlines()
    (tmp_path / "b.csv").write_text("\n".join([lines[0], *[line for line in lines[1:] if line.split(",")[1] < cut]]))
    assert detect(tmp_path / "b.csv") == [row for row in whole if row["date"] < cut]


def test_a_low_threshold_tells_every_candidate(tmp_path):
    file = write(tmp_path / "a.csv", 120)
    assert len(detect(file, threshold=0.0)) > len(detect(file))
    assert detect(file, threshold=1.0) == []


def test_holidays_are_not_judged(tmp_path):
    file = write(tmp_path / "a.csv", 120, last=30)
    last = (BEGAN + dt.timedelta(119)).isoformat()
    (tmp_path / "h.csv").write_text(f"date\n{last}\n")
    assert ("glass", last) in {(row["series"], row["date"]) for row in detect(file)}
    assert ("glass", last) not in {(r["series"], r["date"]) for r in detect(file, holidays=tmp_path / "h.csv")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("serie,fecha,valor\n", "must name the columns series,date,value"),
        ("series,date,date,value\n", "must name the columns"),
        ("series,date,value\n", "has no figures"),
        ("series,date,value\na,2024-13-01,1\n", "Row 2: “2024-13-01” is not a date"),
        ("series,date,value\na,2024-01-01,1\na,2024-01-02,uno\n", "Row 3: “uno” is not a number"),
        ("series,date,value\na,2024-01-01,inf\n", "Row 2: “inf” is not a number"),
        ("series,date,value\na,2024-01-01,1\na,2024-01-01,2\n", "Row 3: a has a value for the period of 2024-01-01"),
        ("series,date,value\na,2024-01-01\n", "Row 2 has 2 cells instead of 3"),
        ("series,date,value\n,2024-01-01,3\n", "Row 2 does not say which series"),
        ("series,date,value\na,1200-01-01,3\n", "Row 2: “1200-01-01” is not a date"),
    ],
)
def test_nonsense_is_refused_with_its_row(tmp_path, text, sentence):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(CommandError, match=sentence):
        detect(tmp_path / "a.csv")


def test_files_that_are_not_text_or_not_there_are_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00\x01" * 9)
    with pytest.raises(CommandError, match="is not a text file"):
        detect(tmp_path / "a.csv")
    (tmp_path / "b.csv.gz").write_bytes(b"\x1f\x8b nothing")
    with pytest.raises(CommandError, match="cannot be opened"):
        detect(tmp_path / "b.csv.gz")
    with pytest.raises(CommandError, match="cannot be opened"):
        detect(tmp_path / "absent.csv")


def test_the_threshold_is_a_probability(tmp_path):
    with pytest.raises(CommandError, match="between 0 and 1"):
        detect(write(tmp_path / "a.csv", 30), threshold=2.0)


def test_months_and_weeks(tmp_path):
    rng = np.random.default_rng(2)
    rows = [f"stock,{2000 + t // 12}-{t % 12 + 1:02d}-15,{100 + rng.normal() + 30 * (t >= 60)}" for t in range(72)]
    (tmp_path / "m.csv").write_text("\n".join(["series,date,value", *rows]))
    told = detect(tmp_path / "m.csv", frequency="month")
    assert told[0]["date"] == "2005-01-01"
    weeks = [f"stock,{BEGAN + dt.timedelta(7 * t)},{100 + rng.normal() + 30 * (t >= 40)}" for t in range(50)]
    (tmp_path / "w.csv").write_text("\n".join(["series,date,value", *weeks]))
    assert detect(tmp_path / "w.csv", frequency="week")[0]["date"] == (BEGAN + dt.timedelta(280)).isoformat()
