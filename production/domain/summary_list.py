"""Summary list: rows as the operator's command prints them. It shows all; pages ask ``visibility``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from councils.errors import Refused
from councils.models import Territory
from councils.names import name_key
from production.models import Indicator, Sector, Summary


@dataclass(frozen=True)
class ListedSummary:
    """One line. ``value`` of a mean or a ratio is numerator / denominator, to 28 digits. ``simulated`` 1: invented."""

    territory: str
    sector: str
    indicator: str
    unit: str
    start: str
    value: str
    numerator: str
    denominator: str
    reported: int
    expected: int
    simulated: int

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def list_summaries(
    *, level: str, name: str, indicator: str, first: dt.date, last: dt.date, grain: str, sector: str
) -> Iterator[ListedSummary]:
    """Rows of ``level`` (and ``name``, empty: all) whose period begins in ``first..last``, by name, unit and time.

    ``sector`` empty: every sector together. Names are compared without case and accents.
    Raises ``Refused`` where there is no such territory, indicator or sector.
    """
    places: QuerySet[Territory] = Territory.objects.of_kind(level)
    if name:
        places = _named(places, name)
    indicators = _named(Indicator.objects.all(), indicator)
    branch = _named(Sector.objects.filter(is_all=False), sector) if sector else Sector.objects.filter(is_all=True)
    rows = Summary.objects.filter(
        territory__in=places,
        indicator__in=indicators,
        sector__in=branch,
        grain=grain,
        start__gte=first,
        start__lte=last,
    )
    ordered = rows.order_by("territory__name_key", "indicator__unit", "start", "pk")
    return _listed(ordered.select_related("territory", "indicator", "sector"))


def _listed(rows: QuerySet[Summary, Summary]) -> Iterator[ListedSummary]:
    for row in rows.iterator(chunk_size=2000):
        yield ListedSummary(
            territory=row.territory.name,
            sector="" if row.sector.is_all else row.sector.name,
            indicator=row.indicator.name,
            unit=row.indicator.unit,
            start=row.start.isoformat(),
            value=_plain(row.value),
            numerator=_plain(row.numerator),
            denominator=_plain(row.denominator),
            reported=row.reported,
            expected=row.expected,
            simulated=int(row.simulated),
        )


def _named(rows: QuerySet[Any, Any], name: str) -> QuerySet[Any, Any]:
    """Those of ``rows`` that are called so; refuses where none is."""
    found = rows.filter(name_key=name_key(name))
    if not found.exists():
        known = ", ".join(rows.order_by("name_key").values_list("name", flat=True)[:20])
        raise Refused(_("There is no «%(name)s». There is: %(known)s") % {"name": name, "known": known or "–"})
    return found


def _plain(value: Decimal | None) -> str:
    """The exact decimal without trailing zeros; nothing where there is no figure."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
