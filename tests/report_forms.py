"""The report form as a person or a client fills it in."""

import datetime as dt
import re
import uuid
from decimal import Decimal

from django.urls import reverse

from production.domain.report import submit_report
from production.models import Series
from tests import builders
from tests.conftest import Cast


def url(cast: Cast, place=None) -> str:
    return reverse("report_place", args=[(place or cast.cristalerias).uuid])


def fill(form: dict[Series, str], **extra: str) -> dict[str, str]:
    return {"sender_key": str(uuid.uuid4()), **{f"f-{s.uuid.hex}": text for s, text in form.items()}, **extra}


def field(text: str, name: str) -> str:
    """The value of the input of that name."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert tag is not None, name
    value = re.search(r'value="([^"]*)"', tag.group())
    return value.group(1) if value else ""


def past(cast: Cast, series: Series, days: int = 20, value: int = 400) -> None:
    """A month of figures around ``value``."""
    for n in range(days, 0, -1):
        on = builders.NOW.date() - dt.timedelta(days=n)
        submit_report(
            workplace=cast.cristalerias,
            territory=cast.cristalerias,
            on=on,
            figures={series: (Decimal(value + n % 5), "")},
            by=cast.pedro,
            at=builders.NOW - dt.timedelta(days=n),
        )
