"""Start: a workplace that begins alone, from a telephone, without any administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain.code_batch import MAX_CODES, PrintedCode, print_codes, request_codes
from councils.domain.founding import Founding, found_workplace
from councils.errors import Refused
from production.domain.calendar import excuse_first_day
from production.domain.indicator import define_indicator, start_series
from production.enums import Aggregation
from production.intake.units import PEOPLE
from production.models import Factory


@dataclass(frozen=True)
class Draft:
    """A figure that is already kept in the notebook. ``unit``: a symbol of ``production.intake.units``."""

    name: str
    unit: str
    kind: str


@dataclass(frozen=True)
class Started:
    """What came to be, with the codes in readable form, this once. ``codes`` is empty where nobody else works."""

    founding: Founding
    codes: list[PrintedCode]


def start_workplace(
    *, name: str, people: int, figures: Sequence[Draft], founder: str, username: str, password: str, at: dt.datetime
) -> Started:
    """The workplace, its bodies, its figures from today on, its founder, and a code for each of the others.

    All or nothing. ``password`` has been validated by the form. Raises ``Refused``: a name is taken, or
    a figure cannot be reported.
    """
    if people < 1:
        raise Refused(_("A workplace has at least one person."))
    with transaction.atomic():
        founding = found_workplace(name=name, founder=founder, username=username, password=password, at=at)
        factory = Factory.objects.create(territory=founding.workplace, workers=people)
        excuse_first_day(factory=factory, at=at)
        for figure in figures:
            _report(founding, figure, at)
        codes: list[PrintedCode] = []
        if people > 1:
            count = min(people - 1, MAX_CODES)
            batch = request_codes(workplace=founding.workplace, count=count, by=founding.founder, at=at)
            codes = print_codes(batch=batch, by=founding.founder, at=at)
    return Started(founding, codes)


def _report(founding: Founding, figure: Draft, at: dt.datetime) -> None:
    indicator = define_indicator(
        workplace=founding.workplace,
        name=figure.name,
        unit=figure.unit,
        kind=figure.kind,
        by=founding.founder,
        at=at,
        # the last head count of a period tells how many there are; adding up days would not
        aggregation=Aggregation.LAST if figure.unit == PEOPLE else "",
    )
    start_series(workplace=founding.workplace, indicator=indicator, by=founding.founder, at=at, from_on=local_day(at))
