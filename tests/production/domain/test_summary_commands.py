"""``manage.py summaries`` and ``manage.py rebuild_summaries``; and the real file, summed to the last digit."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from councils.models import Territory
from production.models import Summary
from tests import builders as b
from tests import sums
from tests.conftest import Cast
from tests.sums import TODAY

COAL = Path(__file__).parents[3] / "production" / "data" / "coal_daily.csv.gz"


def summaries(*args: str) -> str:
    out = StringIO()
    call_command("summaries", *args, "--from", "2024-01-01", "--to", "2026-12-31", stdout=out)
    return out.getvalue()


@pytest.fixture
def reported(cast: Cast) -> Cast:
    b.series(cast.cristalerias, cast.bottles)
    b.series(cast.perlak, cast.bottles)
    sums.say(cast.cristalerias, TODAY, "8.25")
    sums.say(cast.perlak, TODAY, 4)
    sums.roll_up()
    return cast


def test_summaries_prints_csv_of_every_territory_of_a_level(reported: Cast):
    assert summaries("--level", "cordon", "--indicator", "envases BUENOS", "--by", "month").splitlines() == [
        "territory,sector,indicator,unit,start,value,numerator,denominator,reported,expected,simulated",
        "Cerrillos-Maipú,,Envases buenos,miles,2026-11-01,4,4,,1,30,0",
        "Vicuña Mackenna,,Envases buenos,miles,2026-11-01,8.25,8.25,,1,30,0",
    ]


def test_summaries_prints_json_of_one_territory_and_sector(reported: Cast):
    said = summaries(
        "--level",
        "nation",
        "--name",
        "chile",
        "--indicator",
        "envases buenos",
        "--sector",
        "vidrio",
        "--format",
        "json",
    )
    assert [(row["sector"], row["value"], row["reported"]) for row in json.loads(said)] == [("Vidrio", "8.25", 1)]


def test_summaries_escapes_what_a_spreadsheet_would_execute(reported: Cast):
    Territory.objects.filter(pk=reported.perlak.pk).update(name='=HYPERLINK("x")')
    assert "'=HYPERLINK" in summaries("--level", "workplace", "--indicator", "envases buenos")


@pytest.mark.parametrize("args", [("--name", "nowhere"), ("--indicator", "nothing"), ("--sector", "none")])
def test_summaries_says_what_there_is_instead(reported: Cast, args: tuple[str, str]):
    with pytest.raises(CommandError, match="«"):
        summaries("--level", "cordon", "--indicator", "envases buenos", *args)


def test_rebuild_check_exits_one_and_lists_differences(reported: Cast):
    call_command("rebuild_summaries", "--check", stdout=StringIO())
    Summary.objects.filter(territory=reported.nation, grain="week", sector__is_all=True).update(reported=9)
    out = StringIO()
    with translation.override("en"), pytest.raises(CommandError, match="1 summary differs from the reports"):
        call_command("rebuild_summaries", "--check", stdout=out)
    assert out.getvalue().startswith("Chile · Envases buenos · * · week 2026-11-16: stored Row(")
    call_command("rebuild_summaries", stdout=out)
    call_command("rebuild_summaries", "--check", stdout=out)


def test_check_finishes_roll_ups_that_wait(cast: Cast):
    b.series(cast.cristalerias, cast.bottles)
    sums.say(cast.cristalerias, TODAY, 8)
    call_command("rebuild_summaries", "--check", stdout=StringIO())
    assert Summary.objects.filter(territory=cast.nation, grain="day", sector__is_all=True).get().value == 8


@pytest.mark.skipif(not COAL.exists(), reason="the sample file is not here")
def test_coal_sums_are_those_of_the_file_exactly(db: None):
    """91,250 rows of 50 power stations: every month of every state and of the nation, to the last digit."""
    call_command(
        "import_reports", str(COAL), "--create", "--cordon-from", "sector", "--format", "json", stdout=StringIO()
    )
    call_command("rebuild_summaries", "--check", stdout=StringIO())  # rolls up what waits, and compares
    expected: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    with gzip.open(COAL, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["indicator"] in ("coal_received", "coal_consumed"):
                for place in (row["sector"], "nation"):
                    expected[place, row["indicator"], row["date"][:7]] += Decimal(row["value"])
    found = {
        ("nation" if s.territory.kind == "nation" else s.territory.name, s.indicator.name, f"{s.start:%Y-%m}"): s.value
        for s in Summary.objects.filter(
            territory__kind__in=["nation", "cordon"],
            indicator__name__in=["coal_received", "coal_consumed"],
            grain="month",
            sector__is_all=True,
        ).select_related("territory", "indicator")
    }
    assert found == expected
