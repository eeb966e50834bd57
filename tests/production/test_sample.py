"""The sample data of the product: imported whole, exact, and again without a change."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from production.domain.import_options import ImportOptions
from production.domain.importing import Source, import_reports
from production.models import Figure, Series
from tests.builders import NOW

FILE = Path(__file__).parents[2] / "production" / "data" / "coal_daily.csv.gz"


@pytest.mark.django_db
def test_the_coal_file_is_imported_in_one_go_and_its_monthly_sums_are_exact():
    source, options = Source(FILE.name, FILE.read_bytes()), ImportOptions(create=True, cordon_from_sector=True)
    first = import_reports(source=source, options=options, by=None, at=NOW)
    assert (first.created, first.rejected, len(first.made["factory"]), len(first.made["cordon"])) == (91_250, 0, 50, 7)
    expected: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    with gzip.open(FILE, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            expected[row["sector"], row["indicator"], row["date"][:7]] += Decimal(row["value"])
    rows = (
        Figure.objects.annotate(month=TruncMonth("start"))
        .values_list("series__territory__placements__parent__name", "series__indicator__name", "month")
        .annotate(total=Sum("value"))
    )
    stored = {(state, name, f"{month:%Y-%m}"): total for state, name, month, total in rows}
    assert {key: Decimal(total) for key, total in stored.items()} == dict(expected)
    assert dict(Series.objects.values_list("indicator__name", "indicator__aggregation")) == {
        "coal_received": "sum",
        "coal_consumed": "sum",
        "plant_load_factor": "mean",
        "coal_requirement_at_norm": "mean",
        "coal_stock": "last",
    }
    again = import_reports(source=source, options=options, by=None, at=NOW)
    assert (again.created, again.corrected, again.unchanged, again.made) == (0, 0, 91_250, {})
